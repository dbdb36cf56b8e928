"""Several assessments as one JSON, in the shape that `portfolio.schema.json` publishes."""

from __future__ import annotations

from typing import Any

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.assess.portfolio import Member, Portfolio
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
    return member.assessment.verdict.value if member.assessment else None


def _member(member: Member) -> dict[str, Any]:
    assessment, failure = member.assessment, member.failure
    return {
        "path": member.path,
        "name": member.name,
        "slug": assessment.slug if assessment else None,
        "verdict": _verdict(member),
        "reason": assessment.reason if assessment else portfolio_words.NOT_ASSESSED,
        "error": {"code": str(failure.code), "message": str(failure)} if failure else None,
        "score": _score(assessment) if assessment else None,
        "issues": {severity.value: len(assessment.issues_of(severity)) for severity in Severity}
        if assessment
        else None,
        "decisions": len(assessment.decisions) if assessment else None,
        "schedule": _schedule(assessment) if assessment else None,
        "needs": list(member.needs),
    }


def _score(assessment: Assessment) -> int | float:
    value = assessment.score.value
    return int(value) if value == value.to_integral_value() else float(value)


def _schedule(assessment: Assessment) -> dict[str, Any]:
    schedule, planned = assessment.schedule, assessment.schedule.planned
    return {
        "ready_at": schedule.ready_at.isoformat() if schedule.ready_at else None,
        "planned": planned.moment.begins().isoformat() if planned.moment else None,
        "kept": planned.kept,
    }
