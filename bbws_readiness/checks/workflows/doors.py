"""Whether every way into an environment is guarded alike: on the job that applies, by branch, by one workflow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.workflows.runs import Apply, Visit, applies_in_question, file_name
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Fact, Undetermined, Unknown, known_text
from bbws_readiness.model.workflows import Job, Workflow
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, SourceKind


def gate_on_wrong_job(question: Question) -> CheckResult:
    """WFL003: one answer per job that applies."""
    found = applies_in_question(question)
    if isinstance(found, CheckResult):
        return found
    return CheckResult(tuple(_named_on_apply(own[0]) for own in found))


def _named_on_apply(apply: Apply) -> Observation:
    visit, own = apply.visit, apply.visit.job.environment
    if own is None:
        elsewhere = [before.job for before in apply.before if before.job.environment]
        names = ", ".join(dict.fromkeys(job.id for job in elsewhere))
        values = {"where": f"environment only on job {names}" if names else "no job names an environment"}
        notes = tuple(Related(job.at, "names an environment") for job in elsewhere)
        at = visit.job.at
        return Observation(Outcome.FAIL, visit.label, at, values, "an environment", "none", related=notes)
    if isinstance(own.value, Unknown):
        return undetermined(visit.label, Undetermined(own.value.reason, own.at))
    return Observation(Outcome.PASS, visit.label, own.at, {"name": own.value})


def duplicate_workflow(question: Question) -> CheckResult:
    """WFL010: one answer for all workflows, or one per workflow that another equals in name or content."""
    model = question.model
    unread = model.unread.get(SourceKind.WORKFLOWS)
    workflows = sorted(model.workflows or (), key=lambda workflow: workflow.path)
    observations = list(_duplicates(workflows))
    if unread:
        observations.append(undetermined("workflows", Undetermined("a workflow could not be read", unread)))
    if observations:
        return CheckResult(tuple(observations))
    if not workflows:
        return question.not_applicable("the project has no workflows")
    values = {"count": str(len(workflows))}
    return CheckResult((Observation(Outcome.PASS, "workflows", workflows[0].at, values),))


def _duplicates(workflows: Sequence[Workflow]) -> Iterator[Observation]:
    for position, later in enumerate(workflows):
        for earlier in workflows[:position]:
            same = later.sha256 == earlier.sha256
            if not same and later.name != earlier.name:
                continue
            subject = f"{file_name(earlier)}, {file_name(later)}"
            values = {"first": file_name(earlier), "second": file_name(later), "name": later.name}
            expected, actual = "one workflow", "the same content" if same else "the same name"
            note = (Related(earlier.at, "the other one"),)
            wording = "" if same else "same-name"
            yield Observation(Outcome.FAIL, subject, later.at, values, expected, actual, related=note, wording=wording)
            break


_SPEAKS_OF_BRANCH = regex(
    r"\bgithub\.(?:ref|ref_name|ref_type|ref_protected|base_ref|event\.workflow_run\.head_branch)\b|\bGITHUB_REF\w*",
    re.IGNORECASE,
)
_EVERY = frozenset({"*", "**", "refs/heads/**", "refs/heads/*", "refs/*", "refs/**"})


def unguarded_branch(question: Question) -> CheckResult:
    """WFL011: one answer per job that applies, because a guard of another workflow guards only that one."""
    found = applies_in_question(question)
    if isinstance(found, CheckResult):
        return found
    return CheckResult(tuple(_guarded(own[0]) for own in found))


def _guarded(apply: Apply) -> Observation:
    visit = apply.visit
    for workflow, at in ((workflow, workflow.branches) for workflow, _ in visit.chain):
        if at:
            return _restricted(apply, workflow, at)
    starter = visit.chain[0][0]
    if starter.triggers and all(trigger.or_none() == "release" for trigger in starter.triggers):
        return Observation(Outcome.PASS, visit.label, starter.triggers[0].at, {"branches": "published releases"})
    if dead := _dead_guard(apply):
        values = {"text": dead[0]}
        return Observation(Outcome.FAIL, visit.label, dead[1], values, "a guard", "never holds", wording="dead")
    if place := _spoken_of(apply):
        reason = "a condition or script speaks of the branch, in a form that is not followed"
        return undetermined(visit.label, Undetermined(reason, place))
    if hidden := next((before for before in apply.before if before.hidden), None):
        return undetermined(visit.label, Undetermined(hidden.hidden, hidden.job.at))
    return Observation(Outcome.FAIL, visit.label, apply.command.at, {}, "a guard", "none")


def _dead_guard(apply: Apply) -> tuple[str, Location] | None:
    """A condition on the branch, of the applying job or one before it, that no branch can meet."""
    for visit in (apply.visit, *apply.before):
        for workflow, job in visit.chain:
            for owner, text, at in workflow.dead_guards:
                if owner == job.id:
                    return text, at
    return None


def _restricted(apply: Apply, workflow: Workflow, branches: Sequence[Fact[str]]) -> Observation:
    """The answer that the branches of one workflow of the chain give."""
    at = branches[0].at
    names = [fact.or_none() for fact in branches]
    label = apply.visit.label
    if any(name in _EVERY for name in names):
        return Observation(Outcome.FAIL, label, at, {}, "a guard", "every branch")
    guard = workflow.job(workflow.branch_guard)
    if guard is not None and not (obeyed(apply.visit, workflow, guard.id) and _in_time(apply, workflow, guard, at)):
        values = {"job": guard.id}
        return Observation(Outcome.FAIL, label, at, values, "a guard", "not obeyed", wording="unbound")
    if any(name is None for name in names):
        return undetermined(label, Undetermined("the branches are named by an expression", at))
    return Observation(Outcome.PASS, label, at, {"branches": ", ".join(name for name in names if name)})


def _in_time(apply: Apply, workflow: Workflow, guard: Job, at: Location) -> bool:
    """Whether a step that fails keeps the apply from being run: not behind it, nor in a job that may fail."""
    if guard.condition is not None and guard.condition.at == at:
        return True
    own = next((job for flow, job in apply.visit.chain if flow.path == workflow.path), None)
    if own is None or own.id != guard.id:
        return not guard.continue_on_error
    return at.path != apply.command.at.path or at.line <= apply.command.at.line


def obeyed(visit: Visit, workflow: Workflow, guard: str) -> bool:
    """Whether the applying job stays undone when the condition of `guard` does not hold."""
    own = next((job for flow, job in visit.chain if flow.path == workflow.path), None)
    if own is None or own.id == guard:
        return True
    pending, seen = [own], {own.id}
    while pending:
        job = pending.pop()
        for need in job.needs:
            name = need.or_none() or ""
            if name not in job.bound_to or name in seen:
                continue
            if name == guard:
                return True
            seen.add(name)
            pending += [found] if (found := workflow.job(name)) else []
    return False


def _spoken_of(apply: Apply) -> Location | None:
    """Where the applying job, or one before it, works with the branch."""
    for visit in (apply.visit, *apply.before):
        for _, job in visit.chain:
            if job.condition and _SPEAKS_OF_BRANCH.search(job.condition.or_none() or ""):
                return job.condition.at
        for step in visit.job.steps:
            for fact in (step.condition, step.run):
                text = known_text(fact)
                decides = fact is step.condition or "exit" in text
                if fact and decides and _SPEAKS_OF_BRANCH.search(text):
                    return fact.at
    return None
