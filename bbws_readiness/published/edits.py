"""Finds what people changed in published documents outside the places that are theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from bbws_readiness.published.places import Line, Parts
from bbws_readiness.published.record import Written
from bbws_readiness.render.wording import counted
from bbws_readiness.source import Location

MAX_EXCERPT = 12
"""Lines of one document that are shown."""
MAX_STEPS = 4_000_000
"""Lines on both sides multiplied; beyond it the differences are not looked for one by one."""


class Edit(Struct, frozen=True):
    """One document that would lose something if it were written."""

    at: Location
    """The first changed line; line 0 when the document as a whole is meant."""
    what: str
    excerpt: tuple[str, ...] = ()
    """`12: + text` for a line that was added or changed, `12: - text` for one of ours that is gone, in their order.

    Untrusted text, to be encoded by whoever prints it.
    """


def edit_of(path: str, parts: Parts, written: Written | None, *, known: Mapping[str, str]) -> Edit:
    """What was changed in the document shown as `path`, whose lines are no longer those that were `written`.

    `known` gives the text of lines by their digests, as far as they are known.
    """
    if written is None:
        return Edit(Location(path, 0), "no earlier run is known to have written this file")
    blocks = _blocks(parts.digests, written.lines)
    changes = list(_changes(blocks, written.lines, parts.ours, known))
    if not changes:
        return Edit(Location(path, 0), "changed by hand outside the places for people")
    first = changes[0][0]
    number = sum(max(end - start, old_end - old_start) for start, end, old_start, old_end in blocks)
    shown = tuple(f"{number}: {sign} {text}" for number, sign, text in changes[:MAX_EXCERPT])
    if len(changes) > MAX_EXCERPT:
        shown = (*shown, f"{first}: and {len(changes) - MAX_EXCERPT} more lines")
    return Edit(
        Location(path, first), f"{counted(number, 'line')} changed by hand outside the places for people", shown
    )


def _changes(
    blocks: Iterable[_Block], then: Sequence[str], lines: Sequence[Line], known: Mapping[str, str]
) -> Iterator[tuple[int, str, str]]:
    """Line number, sign and text of each difference."""
    for start, end, old_start, old_end in blocks:
        at = lines[start].number if start < len(lines) else (lines[-1].number if lines else 1)
        # First what would be lost.
        for line in lines[start:end]:
            yield line.number, "+", line.text
        for digest in then[old_start:old_end]:
            yield at, "-", known.get(digest, "(a line of ours)")


_Block: TypeAlias = tuple[int, int, int, int]


def _blocks(now: Sequence[str], then: Sequence[str]) -> list[_Block]:
    """Where the two differ: from and to in `now`, from and to in `then`."""
    from difflib import SequenceMatcher

    head = 0
    while head < min(len(now), len(then)) and now[head] == then[head]:
        head += 1
    tail = 0
    while tail < min(len(now), len(then)) - head and now[-1 - tail] == then[-1 - tail]:
        tail += 1
    middle, old = now[head : len(now) - tail], then[head : len(then) - tail]
    if not middle and not old:
        return []
    if len(middle) * len(old) > MAX_STEPS:
        return [(head, head + len(middle), head, head + len(old))]
    matcher = SequenceMatcher(None, middle, old, autojunk=False)
    return [
        (head + start, head + end, head + old_start, head + old_end)
        for tag, start, end, old_start, old_end in matcher.get_opcodes()
        if tag != "equal"
    ]
