"""Where an environment lies: its account and region, by the most telling source that says so."""

from __future__ import annotations

from bbws_readiness.config import Config
from bbws_readiness.fact import Fact
from bbws_readiness.model.model import Model
from bbws_readiness.source import SourceKind


def stated(model: Model, config: Config, field: str) -> Fact[str] | None:
    """Account or region of the environment: as configured, else Terraform, workflow, plan, README; None if unsaid."""
    settings = config.environments.get(model.environment)
    configured = getattr(settings, field) if settings else ""
    if configured:
        at = config.at(f"environments.{model.environment}.{field}")
        return Fact(configured, at) if at else None
    if field == "account" and model.configuration and model.configuration.allowed_accounts:
        return model.configuration.allowed_accounts[0]
    if field == "region" and model.configuration and model.configuration.provider_region:
        return model.configuration.provider_region
    if model.workflow and (fact := model.workflow.account if field == "account" else model.workflow.region):
        return fact
    for kind in (SourceKind.PLAN, SourceKind.README):
        described = model.described_environment(kind)
        stated = (described.account if field == "account" else described.region) if described else None
        if stated:
            return stated
    return None
