"""Score, coverage and cost of an assessment for the JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bbws_readiness.assess.assessment import Cost, Coverage, Score


def score_data(score: Score) -> dict[str, Any]:
    """The score with every line of its ledger."""
    return {
        "value": number(score.value),
        "start": 100,
        "ledger": [
            {
                "key": line.key,
                "label": line.label,
                "severity": line.severity.value if line.severity else "decision",
                "points": number(line.points),
            }
            for line in score.ledger
        ],
    }


def coverage_data(coverage: Coverage) -> dict[str, Any]:
    """How many answers there are, in all and by area."""
    return {
        "determined": coverage.determined,
        "total": coverage.total,
        "outside": coverage.outside,
        "areas": [
            {
                "area": area.area,
                "passed": area.passed,
                "failed": area.failed,
                "decisions": area.decisions,
                "not_verified": area.not_verified,
                "not_applicable": area.not_applicable,
            }
            for area in coverage.areas
        ],
    }


def cost_data(cost: Cost) -> dict[str, Any]:
    """The price with its lines; bounds are numbers of the currency."""
    return {
        "currency": cost.currency,
        "low": number(cost.low),
        "high": number(cost.high),
        "as_of": cost.as_of or None,
        "lines": [
            {
                "item": line.item,
                "quantity": line.quantity,
                "low": number(line.low),
                "high": number(line.high),
                "counted": line.counted,
                "at": str(line.at),
            }
            for line in cost.lines
        ],
    }


def number(value: Decimal) -> int | float:
    """A number as JSON writes it: whole ones without a point."""
    return int(value) if value == value.to_integral_value() else float(value)
