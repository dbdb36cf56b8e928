"""Whether a failed plan, apply or check fails the run."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.workflows.runs import Visit, deployments, hidden_parts, visits, without_deployment
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Fact, Undetermined, Unknown, known_text
from bbws_readiness.model.workflows import Fate, Job, Status, Step
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_ORDER = (Outcome.FAIL, Outcome.UNDETERMINED, Outcome.PASS)
_ENDS = regex(r"\bexit [1-9]|\bcore\.setFailed\b|^[ \t]*false[ \t\r]*$", re.MULTILINE)


def masked_failure(question: Question) -> CheckResult:
    """WFL006: one answer per plan, apply and check of a job, the worst where a job has several of a kind."""
    if nothing := without_deployment(question):
        return nothing
    found: dict[str, Observation] = {}
    for workflow in deployments(question.model):
        for visit in visits(question.model, workflow):
            for seen in _of_job(question, visit):
                known = found.get(seen.subject)
                if known is None or _ORDER.index(seen.outcome) < _ORDER.index(known.outcome):
                    found[seen.subject] = seen
    observations = (*found.values(), *hidden_parts(question.model))
    if not observations:
        at = deployments(question.model)[0].at
        return question.not_applicable("no step of the workflow plans, applies or checks", at)
    return CheckResult(observations)


def _of_job(question: Question, visit: Visit) -> Iterator[Observation]:
    watched = [words.split() for words in texts(question, "watched")]
    scripts = frozenset(posixpath.basename(script.path) for script in question.model.scripts)
    for position, step in enumerate(visit.job.steps):
        for status in step.statuses:
            if name := _watched(status.words, watched, scripts):
                yield _judged(visit, position, name, status)
        if not step.statuses and (name := _named_in(step, watched)):
            reason = step.unread or f"the shell {step.shell} is not read" if step.shell else step.unread
            yield undetermined(f"{visit.label}: {name}", Undetermined(reason or "the script is not read", step.at))


def _watched(words: Sequence[str], watched: Sequence[Sequence[str]], scripts: frozenset[str]) -> str:
    """What of the list the command is, or the validation script that it runs; empty when it is neither."""
    program = posixpath.basename(words[0])
    for wanted in watched:
        if program == wanted[0] and set(wanted[1:]) <= set(words[1:]):
            return " ".join(wanted)
    called = next((base for word in words if (base := posixpath.basename(word)) in scripts), "")
    if called:
        return called
    if program in ("bash", "sh", "eval") and (name := _mentioned(" ".join(words), watched)):
        return f"{program} with {name}"
    return ""


def _named_in(step: Step, watched: Sequence[Sequence[str]]) -> str:
    return _mentioned(step.script, watched)


def _mentioned(text: str, watched: Sequence[Sequence[str]]) -> str:
    for wanted in watched:
        if re.search(r"\b" + r"\s[^\n]{0,200}?".join(map(re.escape, wanted)) + r"\b", text):
            return " ".join(wanted)
    return ""


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
