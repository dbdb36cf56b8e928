"""Adds up the configured monthly prices for what Terraform declares, and what a decision would add."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bbws_readiness.assess.assessment import Cost, CostLine, Issue
from bbws_readiness.config import Config
from bbws_readiness.engine.finding import Standing
from bbws_readiness.model.model import Model
from bbws_readiness.source import Location

BACKUP_RULE = "BKP001"
"""The rule whose open defect says that the authority demands backups."""


def monthly_cost(model: Model, config: Config, issues: Sequence[Issue]) -> Cost:
    """The estimate for the assessed environment; backups count when they are declared, or demanded by the authority."""
    demanded = any(issue.rule.code == BACKUP_RULE and issue.standing is Standing.DEFECT for issue in issues)
    lines = []
    for number, price in enumerate(config.prices.lines.get(model.environment, ())):
        counted = price.when != "backups" or bool(model.backup.plans) or demanded
        at = config.at(f"prices.environments.{model.environment}.{number}") or Location("readiness.yaml", 0)
        lines.append(CostLine(price.item, _quantity(price.quantity_of, model), price.low, price.high, counted, at))
    counting = [line for line in lines if line.counted]
    return Cost(
        lines=tuple(lines),
        low=sum((line.low for line in counting), Decimal(0)),
        high=sum((line.high for line in counting), Decimal(0)),
        currency=config.prices.currency,
        as_of=config.prices.as_of.isoformat() if config.prices.as_of else "",
    )


def _quantity(noun: str, model: Model) -> int:
    tables = model.terraform_tables or ()
    match noun:
        case "indexes":
            return sum(len(table.indexes or ()) for table in tables)
        case "recovery":
            return sum(1 for table in tables if table.recovery and table.recovery.or_none())
        case "streams":
            return sum(1 for table in tables if table.streams and table.streams.enabled.or_none())
        case _:
            return len(tables)
