"""What the first look at a project leaves behind: what others must know of it, and what it asks about others."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.checks.tables.declared import declared_tables
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.footprint import Footprint
from bbws_readiness.pipeline import ReadProject
from bbws_readiness.siblings.footprint import footprint_of
from bbws_readiness.source import Location


class Sighting(Struct, frozen=True):
    """A project that was read for one environment, without its model."""

    footprint: Footprint
    """Placed in the project itself."""
    slug: str
    organisation: str = ""
    environments: tuple[str, ...] = ()
    """All that the project knows, in its order."""
    apart: tuple[str, ...] = ()
    """The folders in it that its configuration names as projects of their own."""
    mentioned: tuple[str, ...] = ()
    """The projects that documents about several draw arrows between, as they call them."""
    missing: tuple[str, ...] = ()
    """The tables that documents name and it does not declare."""


def sighting_of(read: ReadProject) -> Sighting:
    """What the others must know of a project that was read, and what it asks about them."""
    model, project = read.model, read.project
    ends = [end for document in model.portfolio for edge in document.edges for end in (edge.source, edge.target)]
    named = {name for tables in model.named_tables.values() for name in tables}
    declared = declared_tables(model)
    return Sighting(
        footprint_of(project, model, read.config),
        project.slug,
        read.config.organisation,
        tuple(model.environments),
        tuple(read.config.portfolio.projects),
        tuple(sorted({name for end in ends if (name := end.or_none())})),
        tuple(sorted(named - declared.names if declared else named)),
    )


def unseen(name: str) -> Sighting:
    """The same of a project that could not be read: its name alone, and that it may be anything."""
    at = Location(".", 0)
    unknown: Fact[str] = Fact(Unknown("nothing of it could be read"), at)
    return Sighting(Footprint(name, "", (name,), at=at, gap=unknown, states_gap=unknown), name)
