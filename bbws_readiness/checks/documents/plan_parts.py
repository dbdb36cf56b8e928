"""Whether a promotion plan has every part that a deployment needs, and one list of approvers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.unknown import plan_in_question
from bbws_readiness.checks.wording import amount, places
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Fact
from bbws_readiness.model.model import Model
from bbws_readiness.model.plans import Plan
from bbws_readiness.model.portfolio import project_alias
from bbws_readiness.source import Location


class _Approvers(Struct, frozen=True):
    """One place that says who approves."""

    words: str
    roles: tuple[Fact[str], ...]

    @property
    def names(self) -> Mapping[str, str]:
        """The roles as written, by their names in lower case."""
        return {role.get().casefold(): role.get() for role in self.roles}


def disagreeing_approvers(question: Question) -> CheckResult:
    """PLN005: one answer per place that names approvers, held against the footer, else against the first place."""
    plan = plan_in_question(question)
    if isinstance(plan, CheckResult):
        return plan
    lists = [found for found in _lists(question, plan) if found.roles]
    if len(lists) < 2:
        return question.not_applicable("approvers are named in one place at most", plan.at)
    reference, *others = lists
    observations = [_against(reference, other) for other in others]
    failed = [seen.values["difference"] for seen in observations if seen.outcome is Outcome.FAIL]
    return CheckResult(tuple(observations), summary={"differences": "; ".join(failed) or "none"})


def _lists(question: Question, plan: Plan) -> Iterator[_Approvers]:
    """Every list of approvers, the footer first."""
    yield _Approvers("footer", plan.approvers)
    by_environment: dict[str, list[Fact[str]]] = {}
    for step in plan.steps:
        by_environment.setdefault(step.environment, []).extend(step.approvers)
    for environment, roles in by_environment.items():
        yield _Approvers(f"approval steps {environment.upper()}".strip(), tuple(roles))
    yield _Approvers("sign-off criteria", plan.sign_off_roles)
    yield _Approvers("approval matrix", _matrix(question.model, plan, question.config.organisation))


def _matrix(model: Model, plan: Plan, organisation: str) -> tuple[Fact[str], ...]:
    """The row of the approval matrix for this plan: by its id or by a spelling of its project."""
    stated = [plan.project.or_none() if plan.project else "", plan.short_name]
    own = {project_alias(name, organisation) for name in stated if name}
    plan_id = plan.plan_id.or_none() if plan.plan_id else None
    for document in model.portfolio:
        for row in document.approvals:
            name = row.plan.get()
            if name == plan_id or project_alias(name, organisation) in own:
                return row.approvers
    return ()


def _against(reference: _Approvers, other: _Approvers) -> Observation:
    missing = sorted(name for key, name in reference.names.items() if key not in other.names)
    more = sorted(name for key, name in other.names.items() if key not in reference.names)
    parts = [f"{reference.words} also {', '.join(missing)}"] if missing else []
    parts += [f"{other.words} also {', '.join(more)}"] if more else []
    roles = ", ".join(dict.fromkeys(role.get() for role in other.roles))
    expected = ", ".join(role.get() for role in reference.roles)
    at = other.roles[0].at
    values = {"roles": roles, "difference": "; ".join(parts), "reference": reference.words}
    return Observation(
        Outcome.FAIL if parts else Outcome.PASS,
        other.words,
        at,
        values,
        expected=expected,
        actual=roles,
        related=(Related(reference.roles[0].at, f"{reference.words}: {expected}"),),
    )


def incomplete_plan(question: Question) -> CheckResult:
    """PLN006: one answer per part that a promotion to the environment needs."""
    plan = plan_in_question(question)
    if isinstance(plan, CheckResult):
        return plan
    environment = question.environment
    if environment in texts(question, "without-promotion") or _is_deployed(plan, environment):
        return question.not_applicable(f"the plan does not promote to {environment}", plan.at)
    observations = []
    for part, found in _parts(plan, environment).items():
        values = {"part": part, "target": environment.upper(), "figure": amount(len(found), "place")}
        if found:
            observations.append(Observation(Outcome.PASS, part, found[0], {**values, "where": places(found[:1])}))
        else:
            at = _expected_at(plan, part)
            observations.append(Observation(Outcome.FAIL, part, at, values, expected=part, actual="none"))
    missing = [seen.subject for seen in observations if seen.outcome is Outcome.FAIL]
    summary = {"parts": ", ".join(missing) or "none", "target": environment.upper()}
    return CheckResult(tuple(observations), summary=summary)


def _is_deployed(plan: Plan, environment: str) -> bool:
    """Whether the plan starts from this environment: its row says so, and nothing is planned for it."""
    row = next((one for one in plan.environments if one.name == environment), None)
    status = (row.status.or_none() or "") if row and row.status else ""
    planned = any(found for part, found in _parts(plan, environment).items() if part not in SHARED)
    return status.casefold().startswith("deployed") and not planned


SHARED = ("environment row", "approvers")
"""Parts that a plan may have for an environment without promoting to it."""

EXPECTED_IN = {
    "environment row": ("table of Environments", "section Environments"),
    "deployment date": ("timeline", "section Promotion Timeline"),
    "checklist": ("heading Pre-Deployment Checklist", "section Phase"),
    "validation": ("heading Post-Deployment Validation", "section Phase"),
    "rollback": ("section Rollback Procedures", "below Rollback Procedures"),
    "success criteria": ("section Success Criteria", "below Success Criteria"),
    "approvers": ("footer line Approval Required By",),
}
"""Words of the gaps that the parser tells, from which the place of a missing part is taken."""


def _parts(plan: Plan, environment: str) -> Mapping[str, Sequence[Location]]:
    """Where the plan has each part for the environment; empty where it has none."""
    dates = plan.dates.get(environment)
    lists = [one for one in plan.checklists if one.environment == environment and one.items]
    rollback = environment if plan.rollback.get(environment) else ""
    return {
        "environment row": [one.at for one in plan.environments if one.name == environment],
        "deployment date": [dates.deployment.at] if dates and dates.deployment else [],
        "checklist": [one.at for one in lists if one.parent.casefold().startswith("pre-deployment checklist")],
        "validation": list(plan.validations.get(environment, ())),
        "rollback": [plan.rollback_at.get(rollback, plan.at)] if plan.rollback.get(rollback) else [],
        "success criteria": [one.at for one in plan.success if one.environment == environment],
        "approvers": [*(one.at for one in plan.approvers), *_step_approvers(plan, environment)],
    }


def _step_approvers(plan: Plan, environment: str) -> list[Location]:
    return [role.at for step in plan.steps if step.environment == environment for role in step.approvers]


def _expected_at(plan: Plan, part: str) -> Location:
    """Where the parser expected the part, else the plan."""
    for words in EXPECTED_IN[part]:
        for what, at in plan.missing:
            if words in what:
                return at
    return plan.at
