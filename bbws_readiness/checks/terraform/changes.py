"""What a plan, or a change of the configuration, would destroy of what is deployed."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from bbws_readiness.checks.wording import amount
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.model.changes import Change, Effect, PlanOutput

NO_BASE = (
    "no base given: neither an earlier version (--since, --base, or since in readiness.yaml) "
    "nor Terraform's own plan (--plan-json)"
)


def replacing_change(question: Question) -> CheckResult:
    """TBL005: neither the plan nor the change since the earlier version replaces a resource that holds something.

    What the plan tells of a resource is told once; the plan alone tells what is destroyed.
    """
    plan, earlier = question.model.plan_output, question.model.earlier
    if plan is None and earlier is None:
        return question.not_applicable(NO_BASE)
    harmless = question.parameters.get("harmless", ())
    patterns = [str(pattern) for pattern in harmless] if isinstance(harmless, list | tuple) else []
    told = _told_by_plan(plan, patterns) if plan else []
    failed = {seen.subject for seen in told if seen.outcome is Outcome.FAIL}
    since: list[Observation] = []
    if earlier:
        from bbws_readiness.checks.terraform.replaced import replaced_since

        since = replaced_since(question, earlier, patterns)
    return CheckResult((*told, *(seen for seen in since if seen.subject not in failed)))


def _told_by_plan(plan: PlanOutput, patterns: Sequence[str]) -> list[Observation]:
    found = [
        _lost(change)
        for change in plan.of([Effect.DESTROY, Effect.REPLACE])
        if not any(fnmatchcase(change.type, pattern) for pattern in patterns)
    ]
    if not plan.complete:
        found.append(_doubt("the rest of the plan", plan, "Terraform put off a part of the plan"))
    elif plan.differences and not found:
        number = amount(len(plan.differences), "point")
        found.append(_doubt("plan", plan, f"it does not describe these files: they differ in {number}"))
    return found or [_nothing_lost(plan)]


def _doubt(subject: str, plan: PlanOutput, reason: str) -> Observation:
    return Observation(Outcome.UNDETERMINED, subject, plan.at, {"reason": reason})


def _lost(change: Change) -> Observation:
    destroyed = change.effect is Effect.DESTROY
    because = ", ".join(f"{name} {values}".rstrip() for name, values in change.forced_by.items())
    named = f' "{change.name}"' if change.name else ""
    return Observation(
        Outcome.FAIL,
        change.address,
        change.at,
        {
            "effect": "destroyed" if destroyed else "replaced",
            "named": named,
            "because": f" ({because})" if because else "",
        },
        expected="kept as it is",
        actual="destroyed" if destroyed else f"destroyed and built anew{f': {because}' if because else ''}",
    )


def _nothing_lost(plan: PlanOutput) -> Observation:
    values = {"figures": plan.figures, "number": amount(len(plan.changes), "resource")}
    return Observation(Outcome.PASS, "plan", plan.at, values)
