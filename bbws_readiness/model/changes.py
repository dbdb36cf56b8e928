"""What a saved Terraform plan would do to what is deployed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct, field

from bbws_readiness.errors import Diagnostic
from bbws_readiness.model.tables import Table
from bbws_readiness.source import Location


class Effect(StrEnum):
    """What happens to a resource."""

    NOTHING = "nothing"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DESTROY = "destroy"
    FORGET = "forget"
    """It leaves the state and stays where it is."""


class Change(Struct, frozen=True):
    """The planned change of one managed resource."""

    address: str
    type: str
    effect: Effect
    at: Location
    name: str = ""
    """Its physical name before, or afterwards where it is new; empty when it has none or it is sensitive."""
    forced_by: Mapping[str, str] = field(default_factory=dict)
    """The arguments that force the replacement, to the change in words; empty text where values are not shown."""


class PlanOutput(Struct, frozen=True):
    """A plan that Terraform made and printed as JSON."""

    at: Location
    changes: tuple[Change, ...] = ()
    """Ordered by address; data sources are not among them."""
    tables: tuple[Table, ...] = ()
    """The tables that will be there afterwards."""
    complete: bool = True
    """False when Terraform put off a part of it."""
    place: Mapping[str, str] = field(default_factory=dict)
    """The root variables that tell for which environment and account it was made, as it has them."""
    differences: tuple[Diagnostic, ...] = ()
    """Where it does not describe the files: it was made of others."""

    def count(self, *effects: Effect) -> int:
        """How many resources have one of the effects."""
        return sum(change.effect in effects for change in self.changes)

    @property
    def figures(self) -> str:
        """The line that Terraform prints under a plan: `3 to add, 0 to change, 1 to destroy`."""
        add = self.count(Effect.CREATE, Effect.REPLACE)
        destroy = self.count(Effect.DESTROY, Effect.REPLACE)
        return f"{add} to add, {self.count(Effect.UPDATE)} to change, {destroy} to destroy"

    def of(self, effects: Iterable[Effect]) -> tuple[Change, ...]:
        """The changes with one of the effects."""
        wanted = frozenset(effects)
        return tuple(change for change in self.changes if change.effect in wanted)
