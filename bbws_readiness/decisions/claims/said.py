"""What one source says about one noun, made comparable: subjects with their aspects, and the numbers it states."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.source import Location, SourceKind

DEFAULT_WINDOW = 35
"""Days that point-in-time recovery reaches back where no window is set; the service's own default."""


class Noun(StrEnum):
    """What a claim can be about. The values are the words of the grammar."""

    TABLES = "tables"
    INDEXES = "indexes"
    KEYS = "keys"
    RECOVERY = "recovery"
    STREAMS = "streams"
    BACKUPS = "backups"
    ENCRYPTION = "encryption"
    NAMES = "names"
    ENVIRONMENTS = "environments"
    OUTPUTS = "outputs"
    WORKFLOWS = "workflows"

    @property
    def facet(self) -> str:
        """The facet whose authority is right about it."""
        return _FACETS.get(self, self.value)


_FACETS = {Noun.NAMES: "naming", Noun.BACKUPS: "backup", Noun.ENVIRONMENTS: "environment", Noun.WORKFLOWS: "workflow"}

SOURCES = (
    SourceKind.TERRAFORM,
    SourceKind.SCHEMAS,
    SourceKind.PLAN,
    SourceKind.README,
    SourceKind.SCRIPT,
    SourceKind.WORKFLOWS,
)
"""The sources that a claim can name, in the order in which messages name them."""

PLURAL = frozenset({SourceKind.SCHEMAS, SourceKind.WORKFLOWS})


class Subject(Struct, frozen=True):
    """One table, index, environment or output in the words of one source."""

    at: Location
    aspects: Mapping[str, str] = field(default_factory=dict)
    """What the source says of it; an aspect it does not speak of is absent."""
    table: str = ""
    """The table it belongs to; empty for what belongs to none."""
    unknown: str = ""
    """Why an aspect cannot be told from the files."""

    @classmethod
    def of(cls, at: Location, table: str = "", **facts: Fact[str] | Fact[bool] | Fact[int] | None) -> Subject:
        """From facts: those that are None are left out, and an unknown one makes the whole uncertain."""
        told = {name: fact.value for name, fact in facts.items() if fact is not None}
        unknown = next((value.reason for value in told.values() if isinstance(value, Unknown)), "")
        known = {name: _word(value) for name, value in told.items() if not isinstance(value, Unknown)}
        return cls(at, known, table, unknown)


class Stated(Struct, frozen=True):
    """A number that a source states without a list."""

    number: int
    at: Location
    table: str = ""
    """The table whose number it is; empty for the whole project."""


class Said(Struct, frozen=True):
    """All that one source says about one noun."""

    source: SourceKind
    noun: Noun
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    listed: bool = False
    """The subjects are a list of what there is, so that it can be counted."""
    whole: bool = True
    """What the list does not name is denied: the source was read whole and its list is closed."""
    numbers: tuple[Stated, ...] = ()
    unknown: str = ""
    """Why there may be more than is listed."""
    origin: Location | None = None
    """Where the source stands, for a source whose list is empty."""

    @property
    def silent(self) -> bool:
        """Whether it says nothing at all about the noun."""
        return not self.listed and not self.subjects and not self.numbers

    @property
    def certain(self) -> bool:
        """Whether nothing that it says depends on what the files cannot tell."""
        return self.whole and not self.unknown and not any(one.unknown for one in self.subjects.values())

    def of(self, table: str) -> Said:
        """What it says of one table alone."""
        subjects = {name: one for name, one in self.subjects.items() if table in (one.table, name)}
        numbers = tuple(replace(one, table="") for one in self.numbers if one.table == table)
        return replace(self, subjects=subjects, numbers=numbers)

    @property
    def counts(self) -> tuple[Stated, ...]:
        """Every number that it gives for the whole: stated ones, the length of its list, the sum over its tables."""
        found = [one for one in self.numbers if not one.table]
        if self.listed:
            at = next(iter(self.places), None)
            found += [Stated(len(self.subjects), at)] if at else []
        elif parts := [one for one in self.numbers if one.table]:
            found.append(Stated(sum(one.number for one in parts), parts[0].at))
        return tuple(found)

    @property
    def places(self) -> tuple[Location, ...]:
        """Where it says so: its list, else its numbers."""
        listed = tuple(dict.fromkeys(one.at for one in self.subjects.values()))
        stated = tuple(dict.fromkeys(one.at for one in self.numbers))
        return listed or stated or ((self.origin,) if self.origin else ())

    @property
    def canonical(self) -> list[object]:
        """All of it without places, in an order of its own."""
        subjects = sorted((name, sorted(one.aspects.items()), one.unknown) for name, one in self.subjects.items())
        numbers = sorted({(one.table, one.number) for one in self.numbers})
        return [self.source.value, self.noun.value, self.listed, subjects, numbers, self.whole, self.unknown]


def digest_of(saids: Iterable[Said]) -> str:
    """Twelve hex digits that change when one of the sources says something else, wherever its lines stand."""
    return digest_of_text(json.dumps([said.canonical for said in saids], ensure_ascii=False))


def digest_of_text(text: str) -> str:
    """Twelve hex digits of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _word(value: object) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)
