"""The answers of a check that cannot tell: there is nothing to ask, a fact is unknown, or a file was not read."""

from __future__ import annotations

from collections.abc import Iterable

from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.footprint import Neighbours
from bbws_readiness.model.model import Model
from bbws_readiness.model.plans import Plan
from bbws_readiness.source import Location, SourceKind

NO_TERRAFORM = "the project has no Terraform configuration"


def only_github_tells(unknown: Undetermined) -> str:
    """`GitHub` when the value lies in a secret or variable there, else empty."""
    return "GitHub" if "known to GitHub only" in unknown.reason else ""


def undetermined(subject: str, unknown: Undetermined) -> Observation:
    """The undetermined observation for a subject, marked when only GitHub can tell."""
    reason = {"reason": unknown.reason}
    return Observation(Outcome.UNDETERMINED, subject, unknown.at, reason, needs=only_github_tells(unknown))


def unheard(model: Model, kinds: Iterable[SourceKind]) -> Undetermined | None:
    """Why one of the sources may say more than was read, or None when all of them were read whole."""
    for kind in kinds:
        if kind in model.unread:
            return Undetermined(f"a file of the source {kind} could not be read", model.unread[kind])
    return None


def terraform_gap(model: Model) -> Undetermined | None:
    """Why the configuration may say more than was read; None when it was read whole or there is none."""
    configuration = model.configuration
    if configuration is None or configuration.complete:
        return None
    if model.layout and (problem := model.layout.problem):
        return Undetermined(problem.summary, problem.at)
    errors = configuration.errors
    at = errors[0].at if errors else Location(configuration.directory or ".", 0)
    return Undetermined("a file of the Terraform configuration could not be read", at)


def nothing_said(question: Question, kinds: Iterable[SourceKind], reason: str) -> CheckResult:
    """The answer where no source says anything to a rule: not applicable, unless one of them could not be read."""
    if unknown := unheard(question.model, kinds):
        return CheckResult((undetermined("project", unknown),))
    return question.not_applicable(reason)


def plan_in_question(question: Question) -> Plan | CheckResult:
    """The promotion plan, or the answer of a rule about it where there is none."""
    if question.model.plan is not None:
        return question.model.plan
    return nothing_said(question, [SourceKind.PLAN], "the project has no promotion plan")


def neighbours_in_question(question: Question) -> Neighbours | CheckResult:
    """The projects beside this one, at least one, or the answer of a rule about them where none is known."""
    around = question.model.neighbours
    if around is None or not around.count:
        return question.not_applicable("no other project is known beside this one")
    return around


def others_in_question(question: Question) -> Neighbours | CheckResult:
    """What is known around this project, of others or of documents about several, or the answer where nothing is."""
    around = question.model.neighbours
    if around is None or not (around.count or question.model.portfolio):
        return question.not_applicable("no other project and no document about several is known")
    return around


def no_policies(question: Question) -> CheckResult | None:
    """The answer of a rule about policies where there is none to look at.

    Raises `Undetermined` when a file that seems to hold one could not be read.
    """
    access = question.model.access
    if access.unread:
        raise Undetermined("a policy file could not be read", access.unread)
    return None if access.documents else question.not_applicable("no policy files in the repository")
