"""Which inputs of two assessments differ, and what kind of cause each difference is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import basename

from bbws_readiness.compare.changes import AuthorityChange, Cause, DecidedChange, InputChange
from bbws_readiness.compare.read import file_of
from bbws_readiness.compare.snapshot import DecidedState, InputState, Snapshot
from bbws_readiness.source import CODE, SourceKind

LOG = "readiness-decisions.yaml"
"""The usual name of the decision log."""

_CODE = {kind.value for kind in (*CODE, SourceKind.GIT)}


def changed_inputs(before: Snapshot, after: Snapshot) -> tuple[InputChange, ...]:
    """Every file that came, went or has another content, by path."""
    old, new = ({one.path: one for one in snapshot.inputs} for snapshot in (before, after))
    logs = {file_of(entry.at) for entry in (*before.decided, *after.decided)}
    found = []
    for path in sorted({*old, *new}):
        was, now = old.get(path), new.get(path)
        if was is None or now is None or was.sha256 != now.sha256:
            found.append(InputChange(was, now, _cause((now or was), logs)))
    return tuple(found)


def _cause(one: InputState | None, logs: set[str]) -> Cause:
    if one is None:
        raise AssertionError("a change has at least one side")
    if one.path in logs or basename(one.path) == LOG:
        return Cause.DECISIONS
    if one.kind == SourceKind.CONFIGURATION.value:
        return Cause.CONFIGURATION
    return Cause.CODE if one.kind in _CODE else Cause.DOCUMENTS


def changed_authority(before: Snapshot, after: Snapshot) -> tuple[AuthorityChange, ...]:
    """Every facet with another authority, `default` first, then by name."""
    named = {*before.authority, *after.authority}
    facets = sorted(named, key=lambda facet: (facet != "default", facet))
    changes = (AuthorityChange(facet, before.authority_of(facet), after.authority_of(facet)) for facet in facets)
    return tuple(change for change in changes if change.before != change.after)


def changed_decisions(before: Snapshot, after: Snapshot) -> tuple[DecidedChange, ...]:
    """Every entry of the log that came, went, or is not what it was, in the order of the logs."""
    old, new = dict(_numbered(before.decided)), dict(_numbered(after.decided))
    changes = (DecidedChange(old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new]))
    return tuple(change for change in changes if _told(change.before) != _told(change.after))


def _numbered(entries: Iterable[DecidedState]) -> Iterator[tuple[tuple[str, int], DecidedState]]:
    """Each entry under its id and how many have had that id before: an id that stands twice is malformed, not lost."""
    seen: dict[str, int] = {}
    for entry in entries:
        seen[entry.id] = seen.get(entry.id, 0) + 1
        yield (entry.id, seen[entry.id]), entry


def same_entry(was: DecidedState, now: DecidedState) -> bool:
    """Whether people have written the same, whatever has come of it."""
    return _written(was) == _written(now)


def _told(entry: DecidedState | None) -> object:
    return entry and (*_written(entry), entry.state, entry.rules)


def _written(entry: DecidedState) -> tuple[object, ...]:
    return (
        *(entry.id, entry.kind, entry.by, entry.on, entry.until, entry.reason, entry.environments),
        tuple(one.claim for one in entry.evidence),
    )
