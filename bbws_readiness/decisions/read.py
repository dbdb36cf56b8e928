"""Reads the decision log of a project, or of a base, into entries, with every fault told where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.decisions.entry import Entry
from bbws_readiness.errors import MAX_PROBLEMS, Diagnostic, DiagnosticSeverity
from bbws_readiness.source import Refused, Source

MAX_ENTRIES = 50_000
"""A log of more entries cannot be read."""


class Log(Struct, frozen=True):
    """A decision log as far as it could be read."""

    path: str
    """Relative to the project."""
    source: Source | None = None
    """None when there is no log, or it was refused."""
    entries: tuple[Entry, ...] = ()
    """In the order of the log, malformed ones too; none when the log as a whole cannot be read."""
    error: Diagnostic | None = None
    """Why the log as a whole cannot be read, so that it settles nothing."""
    faults: tuple[Diagnostic, ...] = ()
    """What is wrong with single entries, by place; an entry with several faults has one for each."""
    more: int = 0
    """Faults beyond those told."""


def read_log(path: str, read: Source | Refused) -> Log:
    """The log that was read at `path`; a file that is not there is an empty log."""
    if isinstance(read, Refused):
        return Log(path, error=None if read.code is Code.MISSING else Diagnostic.of_refusal(read))
    from bbws_readiness.decisions.document import Fault

    try:
        items = list(islice(_entries(read), MAX_ENTRIES + 1))
    except Fault as fault:
        return Log(path, read, error=fault.diagnostic)
    if len(items) > MAX_ENTRIES:
        summary = f"more than {MAX_ENTRIES} decisions"
        hint = "begin a new log with those in force"
        error = Diagnostic(DiagnosticSeverity.ERROR, summary, read.at(1), hint, code=Code.DECISION_LOG)
        return Log(path, read, error=error)
    faults = [fault for _, told in items for fault in told]
    entries, twice = _without_twins([entry for entry, _ in items])
    told = sorted((*faults, *twice), key=lambda one: (one.at, one.summary))
    return Log(path, read, tuple(entries), faults=tuple(told[:MAX_PROBLEMS]), more=max(len(told) - MAX_PROBLEMS, 0))


def _entries(source: Source) -> Iterator[tuple[Entry, Sequence[Diagnostic]]]:
    from bbws_readiness.decisions.document import read_items
    from bbws_readiness.decisions.members import entry_of

    for item in read_items(source):
        yield entry_of(source, item)


def _without_twins(entries: Sequence[Entry]) -> tuple[list[Entry], list[Diagnostic]]:
    """The entries with those out of force that share an id, and one error per entry that repeats one."""
    first: dict[str, Entry] = {}
    twice: dict[str, Diagnostic] = {}
    told = []
    for entry in entries:
        earlier = first.setdefault(entry.id, entry) if entry.id else entry
        if earlier is not entry:
            summary = f'the id "{entry.id}" stands twice, at line {earlier.at.line} and line {entry.at.line}'
            hint = "give the later one another id; until then neither settles anything"
            fault = Diagnostic(DiagnosticSeverity.ERROR, summary, entry.at, hint, code=Code.DECISION_TWICE)
            twice.setdefault(entry.id, fault)
            told.append(fault)
    if not twice:
        return list(entries), []
    return [
        replace(entry, fault=entry.fault or twice[entry.id].summary) if entry.id in twice else entry
        for entry in entries
    ], told


def is_error_of(log: Log, diagnostic: Diagnostic) -> bool:
    """Whether a fault makes the log as a whole doubtful, so that nothing may be called ready on it."""
    return diagnostic is log.error or diagnostic.code is Code.DECISION_TWICE
