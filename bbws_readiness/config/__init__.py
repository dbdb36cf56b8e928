"""Reads readiness.yaml: what an organisation says about a project, found upward of it and checked word by word."""

from __future__ import annotations

from pathlib import Path

from bbws_readiness.config.load import CONFIG_NAMES, find_config, load_config
from bbws_readiness.config.policy import Policy, PolicyChange, PolicyFiles, PolicySource, find_git_root, policy_source
from bbws_readiness.config.problems import InvalidConfiguration
from bbws_readiness.config.settings import (
    AUTHORITIES,
    FACETS,
    WEEK,
    Calendar,
    Config,
    ContactSettings,
    EnvironmentSettings,
    GateSettings,
    PriceLine,
    Prices,
    ReaderGroup,
    Review,
    RiskRating,
    RuleSettings,
    Sources,
    Weights,
    Window,
)

__all__ = [
    "AUTHORITIES",
    "CONFIG_NAMES",
    "FACETS",
    "WEEK",
    "Calendar",
    "Config",
    "ContactSettings",
    "EnvironmentSettings",
    "GateSettings",
    "InvalidConfiguration",
    "Policy",
    "PolicyChange",
    "PolicyFiles",
    "PolicySource",
    "PriceLine",
    "Prices",
    "ReaderGroup",
    "Review",
    "RiskRating",
    "RuleSettings",
    "Sources",
    "Weights",
    "Window",
    "config_in_force",
    "find_config",
    "find_git_root",
    "load_config",
    "policy_source",
]


def config_in_force(project: Path, base: str | None, *, path: Path | None = None) -> Config:
    """The configuration of the checkout, or with `base` the one that this revision holds for it.

    Raises what `load_config` or `load_config_of_base` raises.
    """
    if base is None:
        return load_config(project, path=path)
    from bbws_readiness.config.base import load_config_of_base

    return load_config_of_base(project, base, path=path)
