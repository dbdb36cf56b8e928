"""Policies and trusts of AWS roles, from files and from Terraform."""

from bbws_readiness.parsers.access.declared import declared_access
from bbws_readiness.parsers.access.files import read_access

__all__ = ["declared_access", "read_access"]
