"""Reads readiness.yaml: what an organisation says about a project, found upward of it and checked word by word."""

from bbws_readiness.config.base import config_in_force, load_config_of_base
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
    "load_config_of_base",
    "policy_source",
]
