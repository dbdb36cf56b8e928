"""Whether the workflows that a promotion plan names exist and take what it passes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from bbws_readiness.checks.unknown import plan_in_question, undetermined, unheard
from bbws_readiness.checks.wording import listed, places
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related, Side
from bbws_readiness.errors import near_name
from bbws_readiness.fact import Fact
from bbws_readiness.model.model import Model
from bbws_readiness.model.plan_commands import WorkflowStart
from bbws_readiness.model.plans import Plan
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.source import Location, SourceKind

BY_HAND = "workflow_dispatch"


def unknown_workflow(question: Question) -> CheckResult:
    """PLN003: one answer per workflow that the plan names, and one more per start that passes wrong inputs."""
    plan = plan_in_question(question)
    if isinstance(plan, CheckResult):
        return plan
    model = question.model
    if not model.workflows and SourceKind.WORKFLOWS not in model.unread:
        return question.not_applicable("the project has no workflows")
    named: dict[str, list[Fact[str]]] = {}
    for fact in _named(plan):
        named.setdefault(_stem(fact.get()), []).append(fact)
    if not named:
        return question.not_applicable("the plan names no workflow")
    observations = [_exists(model, name, facts) for name, facts in sorted(named.items())]
    for start in _starts(plan):
        if workflow := _find(model, start.name.get()):
            observations += _inputs(workflow, start)
    failed = list(dict.fromkeys(seen.subject for seen in observations if seen.outcome is Outcome.FAIL))
    return CheckResult(tuple(observations), summary={"names": ", ".join(failed) or "none"})


def _named(plan: Plan) -> Iterator[Fact[str]]:
    yield from plan.workflows
    yield from plan.named_workflows
    yield from (start.name for start in _starts(plan))


def _starts(plan: Plan) -> Iterator[WorkflowStart]:
    return (command.starts for command in plan.commands if command.starts)


def _stem(name: str) -> str:
    path = PurePosixPath(name)
    return path.stem if path.suffix in (".yml", ".yaml") else name


def _find(model: Model, name: str) -> Workflow | None:
    """The workflow whose file is called so, else the one with that name."""
    wanted = _stem(name)
    for workflow in model.workflows or ():
        if PurePosixPath(workflow.path).stem == wanted:
            return workflow
    return next((workflow for workflow in model.workflows or () if workflow.name == name), None)


def _exists(model: Model, name: str, facts: Sequence[Fact[str]]) -> Observation:
    at = facts[0].at
    where = places(dict.fromkeys(fact.at for fact in facts))
    found = _find(model, facts[0].get())
    if found:
        return Observation(Outcome.PASS, name, at, {"path": found.path, "where": where})
    if unread := unheard(model, [SourceKind.WORKFLOWS]):
        return undetermined(name, unread)
    known = [PurePosixPath(workflow.path).stem for workflow in model.workflows or ()]
    near = near_name(name, known)
    values = {"near": f" (near: {near})" if near else f"; there are {listed(known)}", "where": where}
    folder = Location((model.workflows or ())[0].path.rpartition("/")[0], 0)
    return Observation(
        Outcome.FAIL,
        name,
        at,
        values,
        expected=f"one of {listed(known)}",
        actual=name,
        sides=(
            Side(SourceKind.WORKFLOWS, frozenset(known), listed(known), (folder,)),
            Side(SourceKind.PLAN, name, f"{name} exists", (at,)),
        ),
        related=tuple(Related(fact.at, f"plan: {name}") for fact in facts[1:]),
    )


def _inputs(workflow: Workflow, start: WorkflowStart) -> Iterator[Observation]:
    """What GitHub refuses: a workflow that nobody can start, an input that is required or unknown."""
    subject, at = _stem(start.name.get()), start.name.at
    triggers = {trigger.or_none() for trigger in workflow.triggers}
    if BY_HAND not in triggers and None not in triggers:
        yield _refused(subject, workflow, at, "a start by hand", "a trigger for it", workflow.at, "not-by-hand")
        return
    given = {fact.get() for fact in start.inputs}
    declared = {one.name: one for one in workflow.inputs}
    for name in sorted(given - declared.keys()):
        yield _refused(subject, workflow, at, f"input {name}", "its declaration", workflow.at, "unknown-input")
    if start.inputs_known:
        for name, one in declared.items():
            if one.required and one.default is None and name not in given:
                yield _refused(subject, workflow, at, f"no input {name}", f"-f {name}=…", one.at, "missing-input")


def _refused(
    subject: str, workflow: Workflow, at: Location, actual: str, expected: str, there: Location, wording: str
) -> Observation:
    asked = Side(SourceKind.WORKFLOWS, "refused", f"refuses it: {actual}", (there,))
    return Observation(
        Outcome.FAIL,
        subject,
        at,
        {"input": actual.rpartition(" ")[2], "path": workflow.path, "where": str(there)},
        expected=expected,
        actual=actual,
        sides=(asked, Side(SourceKind.PLAN, "started", f"starts it with {actual}", (at,))),
        wording=wording,
    )
