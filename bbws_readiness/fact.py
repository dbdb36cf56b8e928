"""A value as a source states it, with the place that says so, or the reason why it is not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct

from bbws_readiness.source import Location

T = TypeVar("T")
U = TypeVar("U")


class Unknown(Struct, frozen=True, gc=False):
    """No value can be told from the files, and why: `a computed attribute of aws_kms_key.main`."""

    reason: str


class Undetermined(Exception):
    """A check asked for a value that is unknown; the engine turns it into an UNDETERMINED outcome."""

    def __init__(self, reason: str, at: Location) -> None:
        self.reason = reason
        self.at = at
        super().__init__(f"{at}: {reason}")

    def alone(self) -> Undetermined:
        """Itself, for whoever keeps it: without the frames that it came through, which hold the whole project."""
        return self.with_traceback(None)


class Fact(Struct, Generic[T], frozen=True, gc=False):
    """One statement of one source. Absence of a statement is `None` in its place, never a Fact."""

    value: T | Unknown
    at: Location
    """The line that says it: the token itself stands on this line, or the block whose silence means a default."""
    via: tuple[Location, ...] = ()
    """The lines the value came through, nearest first: variable, default, tfvars."""

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return not isinstance(self.value, Unknown)

    def get(self) -> T:
        """The value; raises `Undetermined` with the reason and the place when it is unknown."""
        if isinstance(self.value, Unknown):
            raise Undetermined(self.value.reason, self.at)
        return self.value

    def or_none(self) -> T | None:
        """The value, or None when it is unknown."""
        value = self.value
        return None if isinstance(value, Unknown) else value

    def map(self, change: Callable[[T], U]) -> Fact[U]:
        """The same statement with `change` applied to its value; an unknown stays the same unknown."""
        if isinstance(self.value, Unknown):
            return Fact(self.value, self.at, self.via)
        return Fact(change(self.value), self.at, self.via)


def known_text(fact: Fact[str] | None) -> str:
    """The text as far as it is known: empty where it is unknown, and where nothing is stated."""
    return (fact.or_none() or "") if fact else ""
