"""How far a Terraform file keeps the canonical layout."""

from __future__ import annotations

from dataclasses import dataclass

from bbws_readiness.fact import Fact
from bbws_readiness.source import Location


@dataclass(frozen=True, slots=True)
class FileFormat:
    """The layout of one file."""

    path: str
    at: Location
    lines: Fact[tuple[int, ...]]
    """The numbers of the lines that `terraform fmt` would write otherwise, ordered; unknown where that is not known."""
