"""Whether an approval stands before every apply, and whether what is applied is the plan that was approved."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.workflows.runs import (
    Apply,
    Visit,
    applies_in_question,
    deployments,
    file_name,
    serves_others,
    visits,
)
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Fact, Undetermined, Unknown, known_text
from bbws_readiness.model.model import Model
from bbws_readiness.model.workflows import Job, Step, Workflow, called_path, serves_only_others
from bbws_readiness.patterns import regex

_ALL_UNKNOWN = regex(r"\sapply\s(?:.*\s)?(?:\$\{?\w+\}?|\$\{\{[^{}]*\}\})$")
"""An apply whose last word is one variable or expression: it may be a plan file, or options."""
_OTHER_TRANSPORT = regex(r"\bs3 (?:cp|sync)\b|\bgh run download\b|^actions/cache")


class Gate(Struct, frozen=True):
    """A job that waits for a GitHub environment."""

    environment: Fact[str]
    job: str

    @property
    def name(self) -> str:
        """The environment's name as far as it is known."""
        return self.environment.or_none() or "an environment named by an expression"


def missing_gate(question: Question) -> CheckResult:
    """WFL002: one answer per job that applies, and per job that only destroys."""
    found = applies_in_question(question)
    destroying = tuple(_destructions(question.model))
    if isinstance(found, CheckResult):
        return CheckResult((*found.observations, *destroying)) if destroying else found
    observations = (*(_guarded(question, own[0]) for own in found), *destroying, *_unclear(question.model))
    summary = {"gates": ", ".join(dict.fromkeys(o.values["gate"] for o in observations if "gate" in o.values))}
    return CheckResult(observations, summary=summary)


def _destructions(model: Model) -> Iterator[Observation]:
    """The jobs that destroy and do not apply; here the environment of the job itself is a gate: there is no plan."""
    for workflow in deployments(model):
        for visit in visits(model, workflow):
            command = next((command for _, command in visit.commands("destroy")), None)
            if command is None or serves_others(model, visit.job) or any(True for _ in visit.commands("apply")):
                continue
            own = visit.job.environment
            if gate := _gate_before(model, visit, obeying=True) or (Gate(own, visit.job.id) if own else None):
                yield _passed(visit, gate)
            elif hidden := next((one for one in visits(model, workflow) if one.hidden and one.precedes(visit)), None):
                yield undetermined(visit.label, Undetermined(hidden.hidden, hidden.job.at))
            else:
                expected = "an environment before destroy"
                yield Observation(Outcome.FAIL, visit.label, command.at, {}, expected, "no gate", wording="destroys")


def gate_of(model: Model, apply: Apply) -> Gate | None:
    """The gate that the apply has to wait for: one before its job, else the environment that the job names itself."""
    if gate := _gate_before(model, apply.visit, obeying=True):
        return gate
    own = apply.visit.job.environment
    return Gate(own, apply.visit.job.id) if own is not None else None


def reviewed(applies_of_job: Sequence[Apply]) -> Outcome:
    """Whether every apply of the job is given the plan that an earlier job made."""
    return _worst(applies_of_job).outcome


def _unclear(model: Model) -> Iterator[Observation]:
    """The jobs that seem to apply in a way that is not followed: in another shell, or through another program."""
    for workflow in deployments(model):
        for visit in visits(model, workflow):
            step = next((step for step in visit.job.steps if step.may_apply), None)
            if step is not None:
                reason = (
                    f"{step.applies_in} applies" if step.applies_in else "a script of it may apply, which is not read"
                )
                yield undetermined(visit.label, Undetermined(reason, step.at))
    yield from _elsewhere(model)


def _elsewhere(model: Model) -> Iterator[Observation]:
    """Workflows that name no environment and run a program of the project which applies, to wherever."""
    known = {workflow.path for workflow in deployments(model)}
    others = set(model.environments) - {model.environment}
    for workflow in model.workflows or ():
        named = {(fact.or_none() or "").lower() for fact in workflow.constants.values()}
        if workflow.path in known or workflow.environment is not None or named & others:
            continue
        for job in workflow.jobs:
            if step := next((step for step in job.steps if _hides_apply(step, workflow)), None):
                reason = f"{step.applies_in or step.at.path} applies, to which environment is not told"
                yield undetermined(f"{file_name(workflow)}: {job.id}", Undetermined(reason, step.at))


def _hides_apply(step: Step, workflow: Workflow) -> bool:
    """Whether a program of the project applies, where the workflow's own text does not say so."""
    elsewhere = step.at.path != workflow.path and any(command.verb == "apply" for command in step.terraform)
    return bool(step.applies_in) or elsewhere


def _guarded(question: Question, apply: Apply) -> Observation:
    """A gate before the job comes first; then an environment that the job names itself.

    The target's own environment is named for its secrets and rules by many jobs. It is a gate only where an earlier
    job has made the plan: otherwise the approval would come before there is anything to approve.
    """
    model, visit, at = question.model, apply.visit, apply.command.at
    own = visit.job.environment
    planned = any(True for earlier in apply.before for _ in earlier.commands("plan"))
    targets = own is not None and own.or_none() in (None, question.environment)
    if gate := _gate_before(model, visit, obeying=True):
        return _passed(visit, gate)
    if own is not None and (planned or not targets):
        if targets and (passed_over := _gate_before(model, visit, obeying=False)):
            reason = f"it starts even when {passed_over.name} refuses; whether its own environment asks anybody"
            return undetermined(visit.label, Undetermined(f"{reason} is known to GitHub only", at))
        return _passed(visit, Gate(own, visit.job.id))
    expected = "an environment before apply"
    if own is not None:
        values = {"gate": Gate(own, visit.job.id).name}
        return Observation(
            Outcome.FAIL, visit.label, at, values, expected, "planned and applied at once", wording="unplanned"
        )
    if gate := _gate_before(model, visit, obeying=False):
        values = {"gate": gate.name}
        return Observation(
            Outcome.FAIL, visit.label, at, values, expected, f"{gate.name}, not obeyed", wording="unbound"
        )
    hidden = next((earlier for earlier in apply.before if earlier.hidden), None)
    if hidden:
        return undetermined(visit.label, Undetermined(hidden.hidden, hidden.job.at))
    needs = [need.or_none() or "an earlier job" for need in visit.job.needs]
    if not needs:
        return Observation(Outcome.FAIL, visit.label, at, {}, expected, "no gate", wording="ungated-start")
    return Observation(Outcome.FAIL, visit.label, at, {"before": ", ".join(needs)}, expected, "no gate")


def _passed(visit: Visit, gate: Gate) -> Observation:
    """The answer for a gate; one whose name cannot be told may have none, and then nobody is asked."""
    if isinstance(gate.environment.value, Unknown):
        return undetermined(visit.label, Undetermined(gate.environment.value.reason, gate.environment.at))
    values = {"gate": gate.name, "job": gate.job}
    return Observation(Outcome.PASS, visit.label, gate.environment.at, values)


def _gate_before(model: Model, visit: Visit, *, obeying: bool) -> Gate | None:
    """A gate that the job, or a job that calls it, has to wait for.

    With `obeying` only one whose refusal keeps the job from starting.
    """
    for workflow, job in reversed(visit.chain):
        if gate := _gate_among_needs(model, workflow, job, set(), obeying=obeying):
            return gate
    return None


def _gate_among_needs(model: Model, workflow: Workflow, job: Job, seen: set[str], *, obeying: bool) -> Gate | None:
    for need in job.needs:
        earlier = workflow.job(need.or_none() or "")
        if earlier is None or earlier.id in seen or (obeying and not _holds(workflow, job, earlier)):
            continue
        seen.add(earlier.id)
        if earlier.environment is not None and not (obeying and earlier.continue_on_error):
            return Gate(earlier.environment, earlier.id)
        if gate := _gate_of_call(model, workflow, earlier, obeying=obeying):
            return gate
        if gate := _gate_among_needs(model, workflow, earlier, seen, obeying=obeying):
            return gate
    return None


def _holds(workflow: Workflow, job: Job, earlier: Job) -> bool:
    """Whether a refusal of the earlier job keeps the job from starting.

    A condition that only asks for the absence of a failure is met by a job that is skipped, too.
    """
    if earlier.id in job.bound_to:
        return True
    return earlier.id in job.stopped_by and not _can_be_passed_by(workflow, earlier)


def _gate_of_call(model: Model, owner: Workflow, job: Job, *, obeying: bool) -> Gate | None:
    """A gate in a workflow that the job calls: the call is over only when all jobs there are.

    It succeeds too when the gate is skipped there and another job is not; `obeying` leaves out a gate that can be.
    """
    if serves_only_others(owner, job, model.environment, model.environments):
        return None
    path = called_path(job.uses)
    for workflow in model.workflows or ():
        if workflow.path == path:
            for inner in workflow.jobs:
                if inner.environment and not (obeying and _can_be_passed_by(workflow, inner)):
                    return Gate(inner.environment, inner.id)
    return None


def _can_be_passed_by(workflow: Workflow, gate: Job) -> bool:
    """Whether the gate may be skipped, or refused without a failure."""
    pending, seen = [gate], {gate.id}
    while pending:
        job = pending.pop()
        if job.condition is not None:
            return True
        found = [earlier for need in job.needs if (earlier := workflow.job(need.or_none() or ""))]
        pending += [earlier for earlier in found if earlier.id not in seen]
        seen |= {earlier.id for earlier in found}
    return gate.continue_on_error


def unreviewed_plan(question: Question) -> CheckResult:
    """WFL005: one answer per job that applies, the worst of its applies."""
    found = applies_in_question(question)
    if isinstance(found, CheckResult):
        return found
    return CheckResult(tuple(_worst(own) for own in found))


def _worst(applies_of_job: Sequence[Apply]) -> Observation:
    before = applies_of_job[0].before
    answers = [_handed_over(apply, before) for apply in applies_of_job]
    for outcome in (Outcome.FAIL, Outcome.UNDETERMINED):
        if found := next((answer for answer in answers if answer.outcome is outcome), None):
            return found
    return answers[0]


def _handed_over(apply: Apply, before: Sequence[Visit]) -> Observation:
    label, command = apply.visit.label, apply.command
    expected = "the plan file of an earlier job"
    if command.plan_file is None:
        approve = " (-auto-approve)" if command.auto_approve else ""
        return Observation(Outcome.FAIL, label, command.at, {"approve": approve}, expected, "no plan file")
    values = {"file": command.plan_file.or_none() or "a plan file"}
    planning = [visit for visit in before if any(plan.plan_file for _, plan in visit.commands("plan"))]
    if not planning:
        if hidden := next((visit for visit in before if visit.hidden), None):
            return undetermined(label, Undetermined(hidden.hidden, hidden.job.at))
        here = any(position <= apply.position and plan.plan_file for position, plan in apply.visit.commands("plan"))
        wording, actual = (
            ("same-job", "a plan of the same job") if here else ("no-plan", "a plan file of unknown origin")
        )
        return Observation(Outcome.FAIL, label, command.at, values, expected, actual, wording=wording)
    if handed := _artifact_between(planning, apply):
        visit, upload, download = handed
        if _planned_anew(apply, download):
            actual = "a plan of the same job"
            return Observation(Outcome.FAIL, label, command.at, values, expected, actual, wording="same-job")
        if other := _other_file(planning, apply):
            return undetermined(label, other)
        values |= {"artifact": _artifact(upload) or "artifact", "job": visit.job.id}
        note = (Related(upload.at, "keeps the plan"), Related(download.at, "fetches the plan"))
        return Observation(Outcome.PASS, label, command.at, values, related=note)
    if other := _other_transport(apply):
        return undetermined(label, other)
    return Observation(Outcome.FAIL, label, command.at, values, expected, "no artifact", wording="not-handed-over")


def _planned_anew(apply: Apply, download: Step) -> bool:
    """Whether the job plans into the file that it has fetched before it applies it."""
    fetched = apply.visit.job.steps.index(download)
    saved = apply.command.plan_file
    return saved is not None and any(
        fetched < position <= apply.position
        and plan.at < apply.command.at
        and saved.known
        and plan.plan_file
        and plan.plan_file.known
        and _named_alike(plan.plan_file, saved)
        for position, plan in apply.visit.commands("plan")
    )


def _other_file(planning: Sequence[Visit], apply: Apply) -> Undetermined | None:
    """Why the applied file may be none that the planning jobs save; None when it is one, or cannot be told."""
    saved, applied = apply.command.plan_file, apply.visit.job.steps[: apply.position + 1]
    if saved is not None and isinstance(saved.value, Unknown) and _ALL_UNKNOWN.search(apply.command.text):
        return Undetermined(f"what is applied is not known: {saved.value.reason}", apply.command.at)
    plans = [plan.plan_file for visit in planning for _, plan in visit.commands("plan") if plan.plan_file]
    if saved is None or any(_named_alike(plan, saved) for plan in plans):
        return None
    if saved.known and any(posixpath.basename(saved.get()) in step.script for step in applied[:-1]):
        return None
    return Undetermined("no earlier job saves a plan under the name of the file that is applied", apply.command.at)


def _named_alike(one: Fact[str] | None, other: Fact[str]) -> bool:
    """Whether two plan files may have one name; of a name that is not known nothing can be told."""
    if one is None:
        return False
    if not (one.known and other.known):
        return True
    return posixpath.basename(one.get()) == posixpath.basename(other.get())


def _artifact(step: Step) -> str:
    """The artifact's name as written, empty when the step gives none."""
    return known_text(step.with_.get("name"))


def _artifact_between(planning: Sequence[Visit], apply: Apply) -> tuple[Visit, Step, Step] | None:
    """The planning job, its upload and the download before the apply, of an artifact that both name alike."""
    kept: dict[str, tuple[Visit, Step]] = {}
    for visit in planning:
        for upload in visit.job.using("actions/upload-artifact"):
            kept.setdefault(_artifact(upload) or "artifact", (visit, upload))
    for download in apply.visit.job.using("actions/download-artifact", before=apply.position):
        wanted = _artifact(download)
        pattern = download.with_.get("pattern")
        if wanted:
            name = wanted if wanted in kept else None
        else:
            # Without a name everything is fetched, or everything that fits the pattern.
            glob = (pattern.or_none() or "*") if pattern else "*"
            name = next((name for name in kept if fnmatch.fnmatchcase(name, glob)), None)
        if name is not None:
            return (*kept[name], download)
    return None


def _other_transport(apply: Apply) -> Undetermined | None:
    """Signs that the plan travels otherwise than as an artifact of the run."""
    for step in apply.visit.job.steps[: apply.position]:
        for fact in (step.run, step.uses):
            if fact is not None and _OTHER_TRANSPORT.search(fact.or_none() or ""):
                return Undetermined("the plan file may be fetched here, from where nobody can tell what it is", step.at)
    return None
