"""An earlier version of the Terraform configuration, as far as it is needed to tell what the present one replaces."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bbws_readiness.model.resources import Resource
from bbws_readiness.source import Location


class Earlier(Struct, frozen=True):
    """The resources that were declared for the same environment."""

    label: str
    """What messages call it: `main (4f3c2a1b0d9e)`, `sit_assessment.json`."""
    at: Location
    resources: tuple[Resource, ...] = ()
    """Ordered by address."""
    told: Mapping[str, frozenset[str]] | None = None
    """The arguments that are told, by resource type; None when all of all types are."""
    gap: str = ""
    """Why there may be more resources than those; empty when there are not."""
    moved: tuple[tuple[str, str], ...] = ()
    """What `moved` blocks of the present version say: the address before, the address now."""
    released: tuple[str, ...] = ()
    """The addresses that `removed` blocks of the present version take out of the state without destroying anything."""
