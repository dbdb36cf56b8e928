"""What a README claims about the project."""

from __future__ import annotations

from dataclasses import dataclass

from bbws_readiness.fact import Fact
from bbws_readiness.model.environments import Environment
from bbws_readiness.model.tables import Count, Table
from bbws_readiness.source import Location


@dataclass(frozen=True, slots=True)
class Readme:
    """Claims of one README. Features are claims about every table (`streams`, `recovery`, `on-demand`)."""

    path: str
    at: Location
    title: str = ""
    tables: tuple[Table, ...] = ()
    counts: tuple[Count, ...] = ()
    environments: tuple[Environment, ...] = ()
    features: tuple[Fact[str], ...] = ()
    """Normalised words: `on-demand`, `recovery`, `streams`, `backup`."""
    stream_view_type: Fact[str] | None = None
