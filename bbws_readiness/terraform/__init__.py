"""The Terraform language: evaluates configurations from their files alone, and says what it cannot know."""

from bbws_readiness.terraform.configuration import evaluate_configuration
from bbws_readiness.terraform.results import (
    Attribute,
    BackendSettings,
    Block,
    Body,
    Evaluation,
    FileReader,
    ProviderConfiguration,
    RemoteModule,
    RequiredProvider,
    ResourceInstance,
    TfvarsEntry,
    VariableState,
)
from bbws_readiness.terraform.session import Session
from bbws_readiness.terraform.values import Value
from bbws_readiness.terraform.variables import Passed, parse_tfvars

__all__ = [
    "Attribute",
    "BackendSettings",
    "Block",
    "Body",
    "Evaluation",
    "FileReader",
    "Passed",
    "ProviderConfiguration",
    "RemoteModule",
    "RequiredProvider",
    "ResourceInstance",
    "Session",
    "TfvarsEntry",
    "Value",
    "VariableState",
    "evaluate_configuration",
    "parse_tfvars",
]
