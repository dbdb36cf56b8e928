"""AWS Backup as Terraform declares it, and as documents ask for it."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.model.tables import BackupTerms
from bbws_readiness.source import Location


class Backup(Struct, frozen=True):
    """The backup resources of the Terraform configuration taken together."""

    vaults: tuple[Location, ...] = ()
    plans: tuple[Location, ...] = ()
    selections: tuple[Location, ...] = ()
    roles: tuple[Location, ...] = ()
    """Where each selection names the role that AWS Backup works with."""
    covered: frozenset[str] = frozenset()
    """Logical names of the tables that a selection covers, by ARN reference or wildcard."""
    coverage_unknown: str = ""
    """Why it cannot be told what is covered (selection by tags that are unknown); empty when it can."""
    terms: tuple[BackupTerms, ...] = ()
    """One per backup plan rule."""
