"""Several assessments as one JSON, in the shape that `portfolio.schema.json` publishes."""

from __future__ import annotations

from typing import Any

from bbws_readiness.assess.portfolio import Figures, Member, Portfolio
from bbws_readiness.engine.rule import Severity
from bbws_readiness.render import portfolio_words
from bbws_readiness.render.encode.json import to_json
from bbws_readiness.render.frame import Document
from bbws_readiness.render.machine import finding_data, without_secrets

FORMAT = "bbws-readiness-portfolio/1"
"""Changes when a reader of the old shape could misread the new one."""
PATTERN = "{environment}_portfolio.json"
"""Its name beside the document."""


def portfolio_json(portfolio: Portfolio) -> str:
    """The document's text: two-space indent, keys in a fixed order, nothing invisible, with a final newline."""
    return to_json(without_secrets(portfolio_data(portfolio)), indent=True) + "\n"


def portfolio_twin(portfolio: Portfolio) -> Document:
    """The JSON as a file."""
    return Document(PATTERN.format(environment=portfolio.environment), portfolio_json(portfolio))


def portfolio_data(portfolio: Portfolio) -> dict[str, Any]:
    """Plain data; projects are told by their path, places of a finding are relative to its project."""
    return {
        "format": FORMAT,
        "environment": portfolio.environment,
        "as_of": portfolio.as_of.isoformat(),
        "verdict": portfolio.verdict.value,
        "projects": [_member(member) for member in portfolio.members],
        "failures": [
            {"project": member.path, "code": str(member.failure.code), "message": str(member.failure)}
            for member in portfolio.members
            if member.failure
        ],
        "findings": [{"project": member.path, **finding_data(finding)} for member, finding in portfolio.findings],
        "blocked": [
            {
                "project": member.path,
                "waits_for": [
                    {
                        "project": one.path,
                        "verdict": _verdict(portfolio.member(one.path)),
                        "through": list(one.through),
                    }
                    for one in member.blocked_by
                ],
            }
            for member in portfolio.blocked
        ],
    }


def _verdict(member: Member) -> str | None:
    return member.figures.verdict.value if member.figures else None


def _member(member: Member) -> dict[str, Any]:
    figures, failure = member.figures, member.failure
    return {
        "path": member.path,
        "name": member.name,
        "slug": figures.slug if figures else None,
        "verdict": _verdict(member),
        "reason": figures.reason if figures else portfolio_words.NOT_ASSESSED,
        "error": {"code": str(failure.code), "message": str(failure)} if failure else None,
        "score": _score(figures) if figures else None,
        "issues": {severity.value: figures.issues[severity] for severity in Severity} if figures else None,
        "decisions": figures.decisions if figures else None,
        "schedule": _schedule(figures) if figures else None,
        "needs": list(member.needs),
    }


def _score(figures: Figures) -> int | float:
    value = figures.score
    return int(value) if value == value.to_integral_value() else float(value)


def _schedule(figures: Figures) -> dict[str, Any]:
    return {
        "ready_at": figures.ready_at.isoformat() if figures.ready_at else None,
        "planned": figures.planned.isoformat() if figures.planned else None,
        "kept": figures.kept,
    }
