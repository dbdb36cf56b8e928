"""Whether the jobs that tell how a deployment went tell the truth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.workflows.runs import Visit, applies, hidden_parts, without_deployment
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.workflows import Step
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_RESULT = regex(r"\bneeds\s*(?:\.[\w*-]+|\[[^\]]{1,80}\])\s*\.\s*result\b|\btoJSON\(\s*needs\b", re.IGNORECASE)
_OWN = regex(r"\bjob\s*(?:\.\s*status\b|\[\s*'status'\s*\])", re.IGNORECASE)
"""How the telling job itself goes, which says nothing about the job that applied."""
_OWN_COMPARED = regex(
    rf"{_OWN.pattern}[\s\}}\"']{{0,20}}[!=]==?\s{{0,20}}[\"']?\w+|\b\w{{1,20}}[\"']?\s{{0,20}}[!=]==?[\s\"'${{]{{0,20}}{_OWN.pattern}",
    re.IGNORECASE,
)
_DEPLOYMENT = regex(r"\b(?:deploy\w*|appl(?:y|ied)|released?|terraform|roll(?:ed)?[ -]?out)\b", re.IGNORECASE)
_TELLING = frozenset({"echo", "printf", "cat", "curl", "gh", "jq", "date", "exit", "true", ":", "[", "[[", "test"})
"""Programs of a job that only tells something."""
_WORD = r"(success|failure|cancelled|skipped)"
_COMPARED = (
    regex(rf"(?:[!=]==?|(?<=\s)=(?=\s)|=~|\b-eq\b)\s{{0,40}}[\"'`]?\s{{0,40}}{_WORD}\b"),
    regex(rf"[\"']{_WORD}[\"']\s*[!=]==?"),
    regex(rf"\bcontains\([^\n]{{0,200}}?,\s*['\"]{_WORD}['\"]", re.IGNORECASE),
    regex(rf"^[ \t]*(?:case .{{1,80}} in[ \t]{{1,20}})?\(?[\"']?{_WORD}[\"']?(?:[ \t]*\|[^)\n]*)?\)", re.MULTILINE),
    regex(rf"\|\s*[\"']?{_WORD}[\"']?(?=\s*[|)])"),
)
_PROGRAM = regex(r"\b(?:python3?|node|ruby|perl)\s|\b(?:bash|sh)\s+[^-\s]|(?:^|\s)\./", re.MULTILINE)
_CLAIM = regex(r"\bsucce(?:ss(?:ful(?:ly)?)?|eded)\b", re.IGNORECASE)
_ACTOR = r"(?:github\.(?:triggering_)?actor|GITHUB_(?:TRIGGERING_)?ACTOR)\b"
_APPROVED_BY = r"\b(?:approve(?:d[ _-]{0,2}by|r)|approval by)(?!\w)[^\w\n]{0,24}"
_APPROVER = regex(_APPROVED_BY + _ACTOR, re.IGNORECASE)
_NAMED_APPROVER = regex(r"approve(?:d_?by|r)", re.IGNORECASE)
_HELD_ACTOR = regex(_ACTOR, re.IGNORECASE)


def misleading_summary(question: Question) -> CheckResult:
    """WFL012: one answer per job that tells the outcome of an apply, one per job that names an approver."""
    if nothing := without_deployment(question):
        return nothing
    found: dict[str, Observation] = {}
    reporting: dict[str, Visit] = {}
    for own in applies(question.model):
        for visit in own[0].run:
            if at := _called_approver(visit):
                name, says = f"{visit.label}, approver", ("the reviewer", "github.actor")
                found.setdefault(name, Observation(Outcome.FAIL, name, at, {}, *says, wording="approver"))
        reporting |= {visit.label: visit for visit in own[0].after if _reports(visit)}
    for label, visit in reporting.items():
        found[label] = _judged(visit)
    observations = (*found.values(), *hidden_parts(question.model))
    if not observations:
        return question.not_applicable("no job tells the outcome of an apply")
    return CheckResult(observations)


def _reports(visit: Visit) -> bool:
    """Whether the job tells an outcome: it reads results, or says success although it runs after a failure too."""
    if any(_RESULT.search(text) for text, _ in _texts(visit)):
        return True
    if _waits(visit):
        return False
    return _own_status(visit) is not None or any(_CLAIM.search(text) for text, _ in _said(visit))


def _own_status(visit: Visit) -> Location | None:
    """Where the job tells its own status for that of the deployment.

    A job that does work of its own may tell how that went, as long as it does not speak of the deployment.
    """
    idle = all(_only_tells(step) for step in visit.job.steps)
    for step in visit.job.steps:
        texts = list(_within(step))
        place = next((at for text, at in texts if _OWN.search(text)), None)
        if place and (idle or any(_DEPLOYMENT.search(text) for text in (step.name, *(text for text, _ in texts)))):
            return place
    return None


def _only_tells(step: Step) -> bool:
    if step.uses is not None:
        return any(_OWN.search(text) for text, _ in _within(step))
    return all(command.words[0] in _TELLING for command in step.commands)


def _waits(visit: Visit) -> bool:
    """Whether the job runs only when every needed job has succeeded."""
    return all((need.or_none() or "") in visit.job.bound_to for need in visit.job.needs)


def _judged(visit: Visit) -> Observation:
    label, at = visit.label, visit.job.at
    if _waits(visit):
        return Observation(Outcome.PASS, label, at, {"how": "runs after success only"})
    compared = {word for text, _ in _texts(visit) for word in _compared(_OWN_COMPARED.sub("", text))}
    reads = any(_RESULT.search(text) for text, _ in _texts(visit))
    own = _own_status(visit)
    if own and not reads:
        return Observation(Outcome.FAIL, label, own, {}, "the result of the apply", "job.status", wording="own-status")
    if own and ("success" not in compared or _holds_own(visit)):
        return undetermined(label, Undetermined("it tells its own status beside the result of another job", own))
    if "success" in compared:
        return Observation(Outcome.PASS, label, at, {"how": "tests for success"})
    missing = [word for word in ("cancelled", "skipped") if word not in compared]
    expected = "a test for success"
    if "failure" in compared and missing:
        values = {"missing": " and ".join(missing)}
        return Observation(Outcome.FAIL, label, at, values, expected, "a test for failure only")
    if compared:
        return Observation(Outcome.PASS, label, at, {"how": "tests for every other outcome"})
    if program := next((place for text, place in _said(visit) if _PROGRAM.search(text)), None):
        return undetermined(label, Undetermined("the result is handed to a program that is not followed", program))
    claim = next((place for text, place in _said(visit) if _CLAIM.search(text)), None)
    if claim:
        return Observation(Outcome.FAIL, label, claim, {}, expected, "success in any case", wording="unconditional")
    how = "prints the result as it is" if reads else "claims nothing"
    return Observation(Outcome.PASS, label, at, {"how": how})


def _holds_own(visit: Visit) -> bool:
    """Whether a variable holds the job's own status: what compares it is not told from what compares a result."""
    held = (fact.or_none() or "" for step in visit.job.steps for fact in step.environment_variables.values())
    return any(map(_OWN.search, held))


def _compared(text: str) -> Iterator[str]:
    for pattern in _COMPARED:
        for match in pattern.finditer(text):
            yield match[1].lower()


def _called_approver(visit: Visit) -> Location | None:
    """Where the person who started the run is called the one who approved it."""
    for text, at in _texts(visit):
        if _APPROVER.search(text):
            return at
    for owner in (visit.job.environment_variables, *(step.environment_variables for step in visit.job.steps)):
        for name, fact in owner.items():
            held = fact.or_none() or ""
            if not _HELD_ACTOR.search(held):
                continue
            if _NAMED_APPROVER.search(name):
                return fact.at
            spoken = re.compile(rf"{_APPROVED_BY}{re.escape(name)}\b", re.IGNORECASE)
            if printed := next((place for text, place in _said(visit) if spoken.search(text)), None):
                return printed
    return None


def _texts(visit: Visit) -> Iterator[tuple[str, Location]]:
    """Everything the job says, conditions and variables included."""
    job = visit.job
    yield from _of(job.condition)
    for fact in job.environment_variables.values():
        yield from _of(fact)
    for step in job.steps:
        yield from _within(step)


def _within(step: Step) -> Iterator[tuple[str, Location]]:
    """Everything the step says."""
    yield from _of(step.condition)
    for fact in step.environment_variables.values():
        yield from _of(fact)
    yield from _spoken(step)


def _said(visit: Visit) -> Iterator[tuple[str, Location]]:
    """What its steps run and hand to actions."""
    for step in visit.job.steps:
        yield from _spoken(step)


def _spoken(step: Step) -> Iterator[tuple[str, Location]]:
    yield from _of(step.run)
    for fact in step.with_.values():
        yield from _of(fact)


def _of(fact: Fact[str] | None) -> Iterator[tuple[str, Location]]:
    text = fact.or_none() if fact else None
    if fact and text:
        yield text, fact.at
