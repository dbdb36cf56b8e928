"""What is at stake in everything that is open, with its likelihood and impact."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.config import Config
from bbws_readiness.engine.rule import Rule, Severity


class OpenRisk(Struct, frozen=True):
    """The risk of one open issue or decision."""

    rule: Rule
    about: str
    """The title of the issue, or the question of the decision."""
    text: str
    severity: Severity | None
    """None for a decision."""
    likelihood: str
    """`LOW`, `MEDIUM`, `HIGH`, or empty when nobody has rated it."""
    impact: str
    """Like `likelihood`."""
    action: str
    """Key of the action that ends it."""


def open_risks(assessment: Assessment) -> tuple[OpenRisk, ...]:
    """One per open issue, then one per open decision, whose rule carries a risk, in the order of every list."""
    config = assessment.config
    issues = [(one.rule, one.title, one.severity, one.action) for one in assessment.issues]
    decisions = [(one.rules[0], one.question, None, one.key) for one in assessment.decisions]
    return tuple(
        OpenRisk(rule, about, rule.risk.text, severity, *rating(config, rule), action)
        for rule, about, severity, action in (*issues, *decisions)
        if rule.risk
    )


def rating(config: Config, rule: Rule) -> tuple[str, str]:
    """Likelihood and impact of a rule's risk in capitals: as configured, else as the rule rates them, else empty."""
    own = config.risk_ratings.get(rule.code) or config.risk_ratings.get(rule.slug)
    likelihood = (own.likelihood if own else "") or (rule.risk.likelihood if rule.risk else "") or ""
    impact = (own.impact if own else "") or (rule.risk.impact if rule.risk else "") or ""
    return likelihood.upper(), impact.upper()
