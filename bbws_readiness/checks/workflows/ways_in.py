"""Whether every way into an environment is guarded as well as the best one."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.workflows.gates import Gate, gate_of, reviewed
from bbws_readiness.checks.workflows.runs import (
    Apply,
    applies_in_question,
    deployments,
    elsewhere,
    file_name,
    hidden_parts,
)
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Undetermined, Unknown

_MANUAL = "workflow_dispatch"


class Door(Struct, frozen=True):
    """One job that applies, with what has to be passed before it does."""

    apply: Apply
    gate: Gate | None
    reviewed: Outcome
    confirmed: bool | None
    """Whether a typed text is compared; None where nobody starts the workflow by hand."""

    @property
    def label(self) -> str:
        return self.apply.visit.label

    @property
    def unknown(self) -> Undetermined | None:
        """Why it cannot be compared with others."""
        if self.gate and isinstance(self.gate.environment.value, Unknown):
            return Undetermined(self.gate.environment.value.reason, self.gate.environment.at)
        if self.reviewed is Outcome.UNDETERMINED:
            return Undetermined("whether the plan that it applies was reviewed is not told", self.apply.command.at)
        return None

    @property
    def strength(self) -> tuple[bool, bool, bool, bool]:
        """What can be compared of two doors: larger is stronger. A gate of its own is more than the target's name."""
        named = self.gate is not None
        apart = named and self.gate is not None and self.gate.job != self.apply.visit.job.id
        return (named, self.reviewed is Outcome.PASS, apart, self.confirmed is not False)


def bypassed_gate(question: Question) -> CheckResult:
    """WFL004: one answer where there is one door or all are alike, else one per door."""
    found = applies_in_question(question)
    if isinstance(found, CheckResult):
        return found
    doors = [_door(question, own) for own in found if not elsewhere(question.model, own[0])]
    unknown = [undetermined(door.label, reason) for door in doors if (reason := door.unknown)]
    if not doors or (unknown and len(doors) > 1):
        return CheckResult(tuple(unknown)) if doors else question.not_applicable("no job applies to it by name")
    best = max(doors, key=lambda door: door.strength)
    answers = tuple(_compared(door, best) for door in doors)
    return CheckResult((*answers, *hidden_parts(question.model), *_unseen(question, found)))


def _door(question: Question, own: Sequence[Apply]) -> Door:
    starter = own[0].visit.chain[0][0]
    by_hand = any(trigger.or_none() in (_MANUAL, None) for trigger in starter.triggers)
    asked = any(visit.workflow.confirmation is not None for visit in own[0].run)
    return Door(own[0], gate_of(question.model, own[0]), reviewed(own), asked if by_hand else None)


def _compared(door: Door, best: Door) -> Observation:
    at = door.apply.command.at
    lacking = _lacking(door, best)
    if door is best or not lacking:
        gate = door.gate.name if door.gate else "no environment"
        return Observation(Outcome.PASS, door.label, at, {"gate": gate})
    values = {"lacking": ", ".join(lacking), "best": best.label}
    note = (Related(best.apply.command.at, "the better guarded way in"),)
    return Observation(Outcome.FAIL, door.label, at, values, "equal gates", ", ".join(lacking), related=note)


def _lacking(door: Door, best: Door) -> list[str]:
    """What the best door asks for and this one does not."""
    found = []
    if best.gate is not None and door.gate is None:
        found.append(f"no {best.gate.name}")
    elif best.gate is not None and door.gate is not None and best.gate.name != door.gate.name:
        found.append(f"environment {door.gate.name}, not {best.gate.name}")
    if best.reviewed is Outcome.PASS and door.reviewed is not Outcome.PASS:
        found.append("no reviewed plan")
    if best.confirmed and door.confirmed is False:
        found.append("no typed confirmation")
    return found


def _unseen(question: Question, found: Sequence[Sequence[Apply]]) -> tuple[Observation, ...]:
    """Workflows that reach the environment and in which no apply is seen, though a script of them may apply."""
    seen = {own[0].visit.chain[0][0].path for own in found}
    others = [workflow for workflow in deployments(question.model) if workflow.path not in seen]
    return tuple(
        undetermined(file_name(workflow), Undetermined("a script of it may apply, which is not read", step.at))
        for workflow in others
        for job in workflow.jobs
        for step in job.steps
        if step.may_apply
    )
