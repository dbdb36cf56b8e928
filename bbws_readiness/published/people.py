"""Puts together what people wrote into all documents of a set, and says where each of it belongs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.published import kept
from bbws_readiness.published.places import Note, Parts


class People(Struct, frozen=True):
    """What people wrote, by the stable keys of tasks."""

    ticks: frozenset[str] = frozenset()
    """Keys of the boxes that are ticked, of tasks that no longer exist too."""
    notes: Mapping[str, Note] | None = None
    """By place; None is none."""
    free: tuple[str, ...] = ()
    """What stands under `Kept notes` and was not moved there."""

    def note(self, place: str) -> Note | None:
        """What belongs to a place."""
        return (self.notes or {}).get(place)


def gathered(home: str, documents: Mapping[str, Parts], recorded: Collection[str]) -> People:
    """What people wrote into `documents` (by name), of which `home` is the one where notes belong.

    `recorded` are the keys that were ticked when the documents were written. A box that somebody has changed in one
    document is changed in all of them. The same note found twice is one.
    """
    order = sorted(documents, key=lambda name: (name != home, name))
    notes: dict[str, Note] = {}
    free: tuple[str, ...] = ()
    for name in order:
        moved: tuple[Note, ...] = ()
        for note in documents[name].notes:
            if note.place == kept.PLACE:
                own, moved = kept.read(note.lines)
                free = _joined(free, own)
            else:
                _add(notes, note)
        for note in moved:
            _add(notes, note)
    return People(_ticked([documents[name] for name in order], recorded), notes, free)


def _add(notes: dict[str, Note], note: Note) -> None:
    known = notes.get(note.place)
    notes[note.place] = replace(known, lines=_joined(known.lines, note.lines)) if known else note


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Both with a blank line between them; what the first holds already is not said again."""
    if not first or not second:
        return first or second
    if _holds(first, second):
        return first
    return (*first, "", *second)


def _holds(lines: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(
        tuple(lines[start : start + len(wanted)]) == tuple(wanted) for start in range(len(lines) - len(wanted) + 1)
    )


def _ticked(documents: Sequence[Parts], recorded: Collection[str]) -> frozenset[str]:
    """Three ways: a box that differs from the record somewhere was changed by hand there, and that counts."""
    states: dict[str, list[bool]] = {key: [] for key in recorded}
    for parts in documents:
        for key, ticked in parts.ticks.items():
            states.setdefault(key, []).append(ticked)
    known = frozenset(recorded)
    return frozenset(key for key, seen in states.items() if (all(seen) if key in known else any(seen)))
