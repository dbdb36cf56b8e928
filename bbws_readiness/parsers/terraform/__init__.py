"""Describes an evaluated Terraform configuration with the nouns that every source uses."""

from bbws_readiness.parsers.terraform.describe import TerraformDescription, describe_settings, describe_terraform
from bbws_readiness.parsers.terraform.tables import logical_name

__all__ = ["TerraformDescription", "describe_settings", "describe_terraform", "logical_name"]
