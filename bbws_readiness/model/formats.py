"""How far a Terraform file keeps the canonical layout."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.fact import Fact
from bbws_readiness.source import Location


class FileFormat(Struct, frozen=True):
    """The layout of one file."""

    path: str
    at: Location
    lines: Fact[tuple[int, ...]]
    """The numbers of the lines that `terraform fmt` would write otherwise, ordered; unknown where that is not known."""
