"""Whether a failed plan, apply or check fails the run."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.workflows.runs import Visit, deployments, hidden_parts, visits, without_deployment
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Fact, Undetermined, Unknown, known_text
from bbws_readiness.model.workflows import Fate, Job, Status
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_ORDER = (Outcome.FAIL, Outcome.UNDETERMINED, Outcome.PASS)
_ENDS = regex(r"\bexit [1-9]|\bcore\.setFailed\b|^[ \t]*false[ \t\r]*$", re.MULTILINE)


class _Wanted(Struct, frozen=True):
    """A command whose failure counts."""

    text: str
    program: str
    operands: frozenset[str]
    pattern: re.Pattern[str]
    """Where a text seems to run it."""

    @staticmethod
    def of(text: str) -> _Wanted:
        words = text.split()
        pattern = r"\b" + r"\s[^\n]{0,200}?".join(map(re.escape, words)) + r"\b"
        return _Wanted(" ".join(words), words[0], frozenset(words[1:]), re.compile(pattern))


class _Watched(Struct, frozen=True):
    """The commands and the validation scripts whose failures count."""

    wanted: tuple[_Wanted, ...]
    scripts: frozenset[str]
    """Without their folders."""

    def named(self, words: Sequence[str]) -> str:
        """What of the list the command is, or the validation script that it runs; empty when it is neither."""
        program = words[0].rpartition("/")[2]
        for wanted in self.wanted:
            if program == wanted.program and wanted.operands <= set(words[1:]):
                return wanted.text
        for word in words if self.scripts else ():
            if (base := word.rpartition("/")[2]) in self.scripts:
                return base
        if program in ("bash", "sh", "eval") and (name := self.mentioned(" ".join(words))):
            return f"{program} with {name}"
        return ""

    def mentioned(self, text: str) -> str:
        """What of the list the text seems to run; empty for nothing."""
        for wanted in self.wanted:
            if wanted.program in text and wanted.pattern.search(text):
                return wanted.text
        return ""


def masked_failure(question: Question) -> CheckResult:
    """WFL006: one answer per plan, apply and check of a job, the worst where a job has several of a kind."""
    if nothing := without_deployment(question):
        return nothing
    found: dict[str, Observation] = {}
    watched = _Watched(
        tuple(_Wanted.of(words) for words in texts(question, "watched") if words.strip()),
        frozenset(posixpath.basename(script.path) for script in question.model.scripts),
    )
    for workflow in deployments(question.model):
        for visit in visits(question.model, workflow):
            for seen in _of_job(watched, visit):
                known = found.get(seen.subject)
                if known is None or _ORDER.index(seen.outcome) < _ORDER.index(known.outcome):
                    found[seen.subject] = seen
    observations = (*found.values(), *hidden_parts(question.model))
    if not observations:
        at = deployments(question.model)[0].at
        return question.not_applicable("no step of the workflow plans, applies or checks", at)
    return CheckResult(observations)


def _of_job(watched: _Watched, visit: Visit) -> Iterator[Observation]:
    for position, step in enumerate(visit.job.steps):
        for status in step.statuses:
            if name := watched.named(status.words):
                yield _judged(visit, position, name, status)
        if not step.statuses and (name := watched.mentioned(step.script)):
            reason = step.unread or f"the shell {step.shell} is not read" if step.shell else step.unread
            yield undetermined(f"{visit.label}: {name}", Undetermined(reason or "the script is not read", step.at))


def _judged(visit: Visit, position: int, name: str, status: Status) -> Observation:
    """The script first, then the step, then the job: each of them can let a failure pass."""
    subject = f"{visit.label}: {name}"
    step = visit.job.steps[position]
    if " with " in name:
        reason = "it runs in a shell of its own, whose script is not followed"
        return undetermined(subject, Undetermined(reason, status.at))
    if status.fate is Fate.SWALLOWED:
        return _masked(subject, status.at, status.reason)
    if status.fate is Fate.UNCLEAR:
        return undetermined(subject, Undetermined(status.reason, status.at))
    answers = (_tolerated(subject, step.tolerated, "step"), _tolerated(subject, visit.job.tolerated, "job"))
    for answer, owner in zip(answers, ("step", "job"), strict=True):
        if answer is not None and not (owner == "step" and _made_up_for(visit.job, position)):
            return answer
    return Observation(Outcome.PASS, subject, status.at)


def _masked(subject: str, at: Location, reason: str) -> Observation:
    return Observation(Outcome.FAIL, subject, at, {"how": reason}, "a failure ends the run", reason)


def _tolerated(subject: str, said: Fact[bool] | None, owner: str) -> Observation | None:
    if said is None or said.value is False:
        return None
    if isinstance(said.value, Unknown):
        return undetermined(subject, Undetermined(said.value.reason, said.at))
    return _masked(subject, said.at, f"continue-on-error of the {owner}")


def _made_up_for(job: Job, position: int) -> bool:
    """Whether a later step asks for the outcome of this one and ends with an error."""
    identifier = job.steps[position].id
    if not identifier:
        return False
    asked = re.compile(rf"\bsteps\.{re.escape(identifier)}\.(?:outcome\b|outputs\.exitcode\b)")
    succeeded = re.compile(rf"\bsteps\.{re.escape(identifier)}\.outcome\s*==\s*'(?:success|skipped|cancelled)'")
    for step in job.steps[position + 1 :]:
        condition = known_text(step.condition)
        if succeeded.search(condition):
            continue
        script = step.script
        handed = " ".join(fact.or_none() or "" for fact in step.environment_variables.values())
        if _ENDS.search(script) and asked.search(f"{condition} {script} {handed}"):
            return True
    return False
