"""A kind of thing that rules can ask about, with the fields by which they address it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from bbws_readiness.disclosure import WITHHELD, names_secret
from bbws_readiness.fact import Fact, Undetermined, Unknown
from bbws_readiness.model.model import Model
from bbws_readiness.source import Location

MAX_SHOWN = 200
"""Characters of a value that a finding quotes."""


class Field(Struct, frozen=True):
    """One field of a noun."""

    type: str
    """`text`, `number`, `boolean`, `list`, or `map`, whose values are named behind a dot: `tags.Owner`."""
    says: str
    """What it tells, for the documentation."""
    read: Callable[[Any], object]
    """From the noun's item: a `Fact`, plain data, or None when nothing is said. A map is a mapping of such, or a
    function from the rest of the path to one; it may let `Undetermined` escape."""
    free: bool = False
    """Whoever wrote the project chose name and value, so that a name may tell of a secret."""


class Subject(Struct, frozen=True):
    """One thing of a kind."""

    name: str
    at: Location
    item: Any


class Noun(Struct, frozen=True):
    """A kind of thing in the model."""

    word: str
    """`table`, as rules and sentences call one of them."""
    says: str
    """What it is, for the documentation."""
    fields: Mapping[str, Field]
    find: Callable[[Model], Iterable[Subject]]
    gap: Callable[[Model], Undetermined | None] = lambda model: None
    """Why there may be more of them than were read; None when all were."""
    switches: bool = False
    """Its booleans are switches: a sentence calls them on and off."""

    def subjects(self, model: Model) -> tuple[Subject, ...]:
        """All of them in the order of their source, each under a name of its own."""
        seen: dict[str, int] = {}
        found = []
        for subject in self.find(model):
            seen[subject.name] = number = seen.get(subject.name, 0) + 1
            found.append(Subject(f"{subject.name} ({number})", subject.at, subject.item) if number > 1 else subject)
        return tuple(found)

    def field(self, path: str) -> Field | None:
        """The field that a path such as `billing_mode` or `tags.Owner` leads to, or None."""
        name, dot, rest = path.partition(".")
        found = self.fields.get(name)
        return found if found and bool(dot and rest) is (found.type == "map") else None


class Reading(Struct, frozen=True):
    """What a field says of one subject."""

    value: object
    """Plain data: text, number, boolean, a tuple of texts, or None when nothing is said."""
    at: Location
    shown: str
    """The value for a person; withheld when its name tells of a secret."""


def read(noun: Noun, subject: Subject, path: str) -> Reading:
    """What the field at `path`, which the noun must have, says; raises `Undetermined` when that is unknown."""
    name, _, rest = path.partition(".")
    field = noun.fields[name]
    found = field.read(subject.item)
    if field.type == "map":
        found = found(rest) if callable(found) else found.get(rest) if isinstance(found, Mapping) else None
    at = found.at if isinstance(found, Fact) else subject.at
    value = _plain(found.get() if isinstance(found, Fact) else found)
    secret = field.free and (names_secret(rest or name) or names_secret(subject.name.rpartition(".")[2]))
    return Reading(value, at, WITHHELD if secret and value is not None else shown(value, switch=noun.switches))


def shown(value: object, *, switch: bool = False) -> str:
    """A value for a person: `not set`, `true` (`on` for a switch), `a, b`."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return ("on" if value else "off") if switch else ("true" if value else "false")
    text = ", ".join(map(shown, value)) or "none" if isinstance(value, tuple) else str(value)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def facts(values: Iterable[Fact[Any]] | None) -> Fact[object] | None:
    """Several facts as one fact about their list; unknown when one of them is. None when there are none."""
    listed = tuple(values or ())
    if not listed:
        return None
    unknown = next((fact for fact in listed if isinstance(fact.value, Unknown)), None)
    return unknown or Fact(tuple(fact.get() for fact in listed), listed[0].at)


def listed(pairs: Iterable[tuple[str, Location, Any]]) -> Iterator[Subject]:
    """Subjects of names, places and items."""
    return (Subject(name, at, item) for name, at, item in pairs)


def _plain(value: object) -> object:
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(_plain(one) for one in value)
    if isinstance(value, Mapping):
        return tuple(f"{key}={shown(_plain(one))}" for key, one in value.items())
    return value
