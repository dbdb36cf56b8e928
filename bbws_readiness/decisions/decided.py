"""What came of the entries of a decision log in one assessment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import force_setattr

from bbws_readiness.decisions.entry import Drift, Entry, State
from bbws_readiness.engine.finding import Finding
from bbws_readiness.errors import Diagnostic, one_line
from bbws_readiness.source import Location


class Ruling(Struct, frozen=True):
    """What comes of an entry as a whole, or of one of its findings."""

    state: State
    note: str = ""
    """Why it has no effect."""
    hint: str = ""
    """The way out."""


class Claim(Struct, frozen=True):
    """A piece of evidence, and where it stands today."""

    claim: str
    places: tuple[str, ...]
    """`path:line`: of today when it was examined, else as recorded."""
    at: tuple[Location, ...] = ()
    """The same, as places; empty when it was not examined."""


class Decided(Struct, frozen=True):
    """An entry with what came of it."""

    entry: Entry
    state: State
    note: str = ""
    """Why it has no effect, or less than it says; empty when all of it holds."""
    hint: str = ""
    """The way out; empty when none is needed."""
    settles: tuple[Finding, ...] = ()
    """The failures that it settles now, in the order of all lists, without those that they explain."""
    opens: tuple[Finding, ...] = ()
    """The failures that it is about and does not settle, and nothing else does."""
    evidence: tuple[Claim, ...] = ()
    replaced: bool = False
    """Whether something else settles all that it is about."""

    def __post_init__(self) -> None:
        """Whoever shows a note, it is short and has no line ends."""
        force_setattr(self, "note", one_line(self.note))
        force_setattr(self, "hint", one_line(self.hint))

    @property
    def key(self) -> str:
        """What `Finding.settled_by` holds."""
        return self.entry.id

    @property
    def kind(self) -> str:
        """As written; empty when it cannot be read."""
        return self.entry.kind.value if self.entry.kind else ""

    @property
    def on(self) -> date | None:
        """The day it was decided; None when it cannot be read."""
        return self.entry.on

    @property
    def rules(self) -> tuple[str, ...]:
        """Codes of the rules it is about, each once: of the findings where they are told, else as written."""
        known = {one.fingerprint: one.rule.code for one in (*self.settles, *self.opens)}
        named = (known.get(one.fingerprint, one.rule) for one in self.entry.findings)
        return tuple(dict.fromkeys(code for code in named if code))

    @property
    def drifts(self) -> tuple[Drift, ...]:
        """The drifts of documents that it settles as a whole, what is still to come too, each once."""
        return tuple(dict.fromkeys(one.drift for one in self.entry.findings if one.drift))

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """What it settles, or would settle were it in force, each once, in the order written.

        For the drift of a document these are the failures of today.
        """
        return tuple(dict.fromkeys(self._fingerprints()))

    def _fingerprints(self) -> Iterator[str]:
        drifts: dict[Drift | None, list[str]] = {}
        for one in (*self.settles, *self.opens):
            drifts.setdefault(Drift.of(one), []).append(one.fingerprint)
        for reference in self.entry.findings:
            if reference.fingerprint:
                yield reference.fingerprint
            elif reference.drift:
                yield from drifts.pop(reference.drift, ())


class Decisions(Struct, frozen=True):
    """The decision log of a project as one assessment sees it."""

    path: str = ""
    """Of the log, relative to the project; empty when it was not looked for."""
    listed: tuple[Decided, ...] = ()
    """In the order of the log: the entries of this environment, and those that cannot be told to be of another."""
    notices: tuple[Diagnostic, ...] = ()
    """What is wrong with the log and its entries, and what they no longer settle, by place."""
    errors: tuple[Diagnostic, ...] = ()
    """Those of the notices that keep from READY: the log cannot be read, or two entries have one id."""
    settled: int = 0
    """How many findings are settled, with those that they explain."""

    def of(self, state: State) -> tuple[Decided, ...]:
        """The entries of one state."""
        return tuple(one for one in self.listed if one.state is state)
