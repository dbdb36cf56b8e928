"""What keeps the silence of a document from meaning anything: a part of it that could not be read."""

from __future__ import annotations

from collections.abc import Iterable

from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.plans import Plan
from bbws_readiness.source import SourceKind


def unheard(model: Model, kinds: Iterable[SourceKind]) -> Undetermined | None:
    """Why one of the sources may say more than was read, or None when all of them were read whole."""
    for kind in kinds:
        if kind in model.unread:
            return Undetermined(f"a file of the source {kind} could not be read", model.unread[kind])
    return None


def nothing_said(question: Question, kinds: Iterable[SourceKind], reason: str) -> CheckResult:
    """The answer where no source says anything to a rule: not applicable, unless one of them could not be read."""
    if unknown := unheard(question.model, kinds):
        seen = Observation(Outcome.UNDETERMINED, "project", unknown.at, {"reason": unknown.reason})
        return CheckResult((seen,))
    return question.not_applicable(reason)


def plan_in_question(question: Question) -> Plan | CheckResult:
    """The promotion plan, or the answer of a rule about it where there is none."""
    if question.model.plan is not None:
        return question.model.plan
    return nothing_said(question, [SourceKind.PLAN], "the project has no promotion plan")
