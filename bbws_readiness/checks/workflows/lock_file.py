"""Whether plan and apply are bound to the same providers by a lock file that git tracks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from bbws_readiness.checks.unknown import NO_TERRAFORM, undetermined
from bbws_readiness.checks.workflows.runs import Apply, Visit, applies, unseen_applies, without_deployment
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Fact, Undetermined, known_text
from bbws_readiness.model.model import Model
from bbws_readiness.model.workflows import TerraformCommand
from bbws_readiness.source import Location

LOCK_FILE = ".terraform.lock.hcl"

_UPLOAD, _DOWNLOAD = "actions/upload-artifact", "actions/download-artifact"


def ignored_lock_file(question: Question) -> CheckResult:
    """STA005: one answer, about the lock file of the root that the environment's workflows plan and apply.

    Asked only where plan and apply stand in different jobs. A tracked file passes even where a line ignores it,
    because git goes on tracking it.
    """
    model = question.model
    if model.configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    if nothing := without_deployment(question):
        return nothing
    found = [apply for own in applies(model) for apply in own if _here(model, apply.command)]
    if not found:
        return unseen_applies(question)
    pairs = [(planning, apply) for apply in found for planning in _planning(model, apply)]
    if not pairs:
        hidden = [visit for apply in found for visit in apply.before if visit.hidden]
        if hidden:
            unseen = Undetermined(f"where the plan is made cannot be seen: {hidden[0].hidden}", hidden[0].job.at)
            return CheckResult((undetermined(_path(model), unseen),))
        return question.not_applicable("plan and apply do not run in separate jobs", found[0].command.at)
    answers = [_answer(model, planning, apply) for planning, apply in pairs]
    for outcome in (Outcome.FAIL, Outcome.UNDETERMINED):
        if worst := next((answer for answer in answers if answer.outcome is outcome), None):
            return CheckResult((worst,))
    return CheckResult((answers[0],))


def _path(model: Model) -> str:
    directory = model.configuration.directory if model.configuration else ""
    return posixpath.normpath(posixpath.join(directory, LOCK_FILE))


def _here(model: Model, command: TerraformCommand) -> bool:
    """Whether the command works in the assessed root, or may do so."""
    return model.configuration is not None and command.directory.or_none() in (None, model.configuration.directory)


def _planning(model: Model, apply: Apply) -> Iterator[Visit]:
    """The other jobs before the apply that plan the same root."""
    for visit in apply.before:
        if any(_here(model, command) for _, command in visit.commands("plan")):
            yield visit


def _answer(model: Model, planning: Visit, apply: Apply) -> Observation:
    path = _path(model)
    tracked = model.repository.tracked if model.repository else None
    known = tracked.or_none() if tracked else None
    if tracked and known is not None and path in known:
        return Observation(Outcome.PASS, path, Location(path, 0))
    if handed := _handed_over(path, planning, apply):
        return handed
    if not _inits(model, apply):
        reason = "the job that applies is not seen to run init, so that its providers may be those of the plan"
        return undetermined(path, Undetermined(reason, apply.command.at))
    rule = model.ignores.rule_for(path)
    if rule is None and known is None:
        at = tracked.at if tracked else Location(".", 0)
        return undetermined(path, Undetermined(f"nothing ignores it, and whether git tracks it: {_why(tracked)}", at))
    why = f"ignored by {rule.at.path}" if rule else "not tracked" if path in model.files else "there is none"
    values = {"why": why, "plan": planning.job.id, "apply": apply.visit.job.id}
    notes = [
        Related(command.at, f"job {visit.job.id} runs init")
        for visit in (planning, apply.visit)
        for _, command in list(visit.commands("init"))[:1]
    ]
    at = rule.at if rule else apply.command.at
    return Observation(Outcome.FAIL, path, at, values, expected="tracked", actual=why, related=tuple(notes))


def _why(tracked: Fact[tuple[str, ...]] | None) -> str:
    try:
        if tracked:
            tracked.get()
    except Undetermined as unknown:
        return unknown.reason
    return "git was not asked"


def _inits(model: Model, apply: Apply) -> bool:
    return any(
        _here(model, command) and position <= apply.position for position, command in apply.visit.commands("init")
    )


def _handed_over(path: str, planning: Visit, apply: Apply) -> Observation | None:
    """The answer where the job that applies gets the lock file of the plan job; None where it does not seem to."""
    fetched = any(True for _ in apply.visit.job.using(_DOWNLOAD, before=apply.position))
    for upload in planning.job.using(_UPLOAD):
        text = known_text(upload.with_.get("path"))
        lines = [posixpath.normpath(line.strip()) for line in text.splitlines() if line.strip()]
        named = any(line.endswith(LOCK_FILE) for line in lines)
        hidden = known_text(upload.with_.get("include-hidden-files")).lower() == "true"
        whole = hidden and any(line == "." or f"{path}/".startswith(f"{line}/") for line in lines)
        if fetched and hidden and (named or whole):
            note = (Related(upload.at, "keeps the lock file"),)
            return Observation(Outcome.PASS, path, upload.at, {"job": planning.job.id}, wording="handed", related=note)
        if named:
            reason = "the plan job keeps it as an artifact, which may leave out hidden files or not be fetched"
            return undetermined(path, Undetermined(reason, upload.at))
    for step in apply.visit.job.steps[: apply.position]:
        if any(LOCK_FILE in (fact.or_none() or "") for fact in (step.run, *step.with_.values()) if fact):
            return undetermined(path, Undetermined("the job that applies may fetch it here", step.at))
    return None
