"""Tells in which account and region an environment is deployed, as far as code and configuration say it."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.config import Config
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.model import Model
from bbws_readiness.source import Location

ACCOUNT_SETTINGS = ("aws_account_id", "account_id", "expected_account_id", "expected_account", "aws_account", "account")
"""Variables that hold the account, where the provider does not guard one."""

REGION_SETTINGS = ("aws_region", "region", "primary_region", "aws_default_region")


def account_of(model: Model, config: Config) -> Fact[str]:
    """The account: what the provider guards decides, then a variable, the workflow, readiness.yaml."""
    guarded = model.configuration.allowed_accounts if model.configuration else ()
    return _first([*_guarded(model, guarded), *_stated(model, config, "account", ACCOUNT_SETTINGS)], model, "account")


def region_of(model: Model, config: Config) -> Fact[str]:
    """The region: that of the provider decides, then a variable, the workflow, readiness.yaml."""
    own = model.configuration.provider_region if model.configuration else None
    return _first([*([own] if own else []), *_stated(model, config, "region", REGION_SETTINGS)], model, "region")


def _guarded(model: Model, allowed: tuple[Fact[str], ...]) -> list[Fact[str]]:
    """The allowed account; of several the one that a variable is set to, for only one can be meant."""
    if len(allowed) <= 1:
        return list(allowed)
    settings = model.configuration.variables if model.configuration else ()
    values = {variable.value.or_none() for variable in settings}
    chosen = [fact for fact in allowed if fact.or_none() in values]
    return chosen if len(chosen) == 1 else []


def _stated(model: Model, config: Config, aspect: str, names: tuple[str, ...]) -> Iterator[Fact[str]]:
    variables = {one.name.lower(): one for one in (model.configuration.variables if model.configuration else ())}
    for name in names:
        if name in variables and isinstance(variables[name].value.value, str):
            yield variables[name].value.map(str)
    workflow = model.workflow
    if workflow and (fact := workflow.account if aspect == "account" else workflow.region):
        yield fact
    settings = config.environments.get(model.environment)
    if configured := getattr(settings, aspect, ""):
        path = f"environments.{model.environment}"
        yield Fact(configured, config.at(f"{path}.{aspect}") or config.at(path) or Location("readiness.yaml", 0))


def _first(stated: list[Fact[str]], model: Model, aspect: str) -> Fact[str]:
    """The first that is known; else the first, whose reason and place say what is missing."""
    place = Location(model.configuration.directory or "." if model.configuration else ".", 0)
    silent: Fact[str] = Fact(Unknown("no file states it"), place)
    return next((fact for fact in stated if fact.or_none()), stated[0] if stated else silent)
