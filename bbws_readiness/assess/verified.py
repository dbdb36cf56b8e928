"""Answers checks that only AWS or GitHub can tell, where an output of theirs was handed in."""

from __future__ import annotations

from bbws_readiness.assess.assessment import Verified
from bbws_readiness.model.model import Model

PLAN_OUTPUT = "plan-output"


def verified(model: Model) -> tuple[Verified, ...]:
    """What is no longer open, in the order of the rulebook. A plan that was made of other files answers nothing."""
    plan = model.plan_output
    if plan is None or plan.differences:
        return ()
    text = f"The Terraform plan for {model.environment.upper()}: {plan.figures}"
    return (Verified(PLAN_OUTPUT, "AWS", text, plan.at),)
