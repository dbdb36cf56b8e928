"""Notes that have lost their place: how they stand under `Kept notes`, and how they are read back from there.

    <!-- kept:task:KEY -->
    ### The task, as it was called
    (empty)
    what people wrote, line by line
    <!-- end kept:task:KEY -->

What else people write in that block stays in front of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from bbws_readiness.patterns import regex
from bbws_readiness.published.places import Note, end_of, is_blank, trimmed

PLACE = "notes:kept"
"""The block in the action items."""
HOMELESS = "A task that is no longer known"
"""Title of a note whose place had none."""

_BEGIN = regex(r"<!-- kept:(?P<place>(?:task|notes):[\w/:. -]+?) -->[ \t]*")
_MARK = regex(r"\\*<!-- (?:end )?(?:kept|notes):")
_TITLE = "### "


def read(lines: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """What people wrote in the block themselves, and the notes that were moved there."""
    all_lines = list(lines)
    free: list[str] = []
    notes: list[Note] = []
    position = 0
    while position < len(all_lines):
        found = _BEGIN.fullmatch(all_lines[position])
        if found is None:
            free.append(all_lines[position])
            position += 1
            continue
        closing = end_of(all_lines, position + 1, f"<!-- end kept:{found['place']} -->")
        end = closing
        if end is None:
            following = (n for n in range(position + 1, len(all_lines)) if _BEGIN.fullmatch(all_lines[n]))
            end = next(following, len(all_lines))
        notes.append(_entry(found["place"], all_lines[position + 1 : end]))
        position = end + (closing is not None)
    return trimmed(free), tuple(note for note in notes if note.lines)


def _entry(place: str, lines: list[str]) -> Note:
    title = HOMELESS
    if lines and lines[0].startswith(_TITLE):
        title = lines.pop(0).removeprefix(_TITLE).strip() or HOMELESS
        if lines and is_blank(lines[0]):
            lines.pop(0)
    return Note(place, title, tuple(_opened(line, place) for line in trimmed(lines)))


def written(free: Iterable[str], notes: Iterable[Note]) -> list[str]:
    """The lines of the block; `read` gives the same again."""
    lines = list(trimmed(list(free)))
    for note in notes:
        if lines:
            lines.append("")
        lines += [f"<!-- kept:{note.place} -->", _TITLE + (note.title or HOMELESS), ""]
        lines += [_closed(line) for line in note.lines]
        lines.append(f"<!-- end kept:{note.place} -->")
    return lines


def _closed(line: str) -> str:
    """A line that looks like a mark of ours gets a backslash, which Markdown does not show, as long as it is here."""
    return "\\" + line if _MARK.match(line) else line


def _opened(line: str, place: str) -> str:
    """Without that backslash, unless the line would end the very place to which it goes back."""
    if not line.startswith("\\") or not _MARK.match(line) or line[1:].rstrip(" \t") == f"<!-- end {place} -->":
        return line
    return line[1:]
