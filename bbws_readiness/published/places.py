"""Takes a published document apart: the lines that are ours, and the places in which people write.

A place is told by its mark at the beginning of a line, never by the Markdown around it: a fence or a comment that
somebody left open in a note swallows nothing.

    - [x] What to do <!-- task:KEY -->          the tick, and every line below it that is indented
      <!-- given:KEY --> ... <!-- end given:KEY -->    is ours again, though indented
    <!-- notes:KEY --> ... <!-- end notes:KEY -->      every line in between
"""

from __future__ import annotations

import re
from hashlib import sha256

from msgspec import Struct

from bbws_readiness.memory import remembered
from bbws_readiness.patterns import regex

STILL_FOUND = " - **done, still found**"
"""Stands in the line of a task that is ticked while its finding is open."""

TASK = regex(r"(?P<words>\S.*) <!-- task:(?P<key>[\w/:. -]+?) -->[ \t]*")
"""Its words end with `STILL_FOUND` where that stands in the line."""
BLOCK = regex(r"<!-- notes:(?P<key>[\w/:. -]+?) -->[ \t]*")
_TICK = regex(r"(?P<before>[-*+] \[)(?P<tick>[xX])(?P<after>\] )")
_GIVEN = regex(r"[ \t]+<!-- given:(?P<key>[\w/:. -]+?) -->[ \t]*")
_HEADING = regex(r"#{1,6}[ \t]+(?P<title>.*\S)")
_NUMBERED = regex(r"(?:\S{1,8} )?Action \d{1,9}: ")
_BOX = regex(r"[-*+] \[ \] ")


class Line(Struct, frozen=True, gc=False):
    """A line of ours, with what people may change in it taken out."""

    number: int
    text: str


class Note(Struct, frozen=True):
    """What people wrote in one place, line by line as they wrote it; no blank line at its end."""

    place: str
    """`task:KEY` or `notes:KEY`."""
    title: str
    """The task, or the heading above the block, in the Markdown of the document."""
    lines: tuple[str, ...]


class Parts(Struct, frozen=True):
    """A document, taken apart."""

    ours: tuple[Line, ...]
    """All lines that are not blank and not people's, in order."""
    ticks: dict[str, bool]
    """Per key of a box whether it is ticked; of a key that stands twice, whether one of them is."""
    notes: tuple[Note, ...]
    """In the order of their places, only those that hold something."""
    places: frozenset[str]
    """All places of the document, empty ones too."""

    @property
    def digest(self) -> str:
        """SHA-256 of our lines: the same whatever people write in their places, and whatever ends the lines."""
        return sha256("\n".join([line.text for line in self.ours]).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def digests(self) -> tuple[str, ...]:
        """Of each of our lines the first six hexadecimal digits of its SHA-256."""
        return tuple([_short_digest(line.text) for line in self.ours])


@remembered
def _short_digest(line: str) -> str:
    """Most lines stand in several documents of a set, or in those of other projects."""
    return sha256(line.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def parts_of(text: str) -> Parts:
    """The parts of a document; never fails, whatever the text is."""
    return _Taker(lines_of(text)).run()


def lines_of(text: str) -> list[str]:
    """The lines as editors count them, without CR at their ends; no other character ends a line."""
    lines = text.split("\n")
    return [line.removesuffix("\r") for line in lines] if "\r" in text else lines


def is_blank(line: str) -> bool:
    """Whether a line shows nothing."""
    return not line.strip(" \t\r")


def is_indented(line: str) -> bool:
    """Whether a line belongs to the box above it."""
    return line[:1] in (" ", "\t") and not is_blank(line)


def trimmed(lines: list[str]) -> tuple[str, ...]:
    """Without the blank lines at the end."""
    end = len(lines)
    while end and is_blank(lines[end - 1]):
        end -= 1
    return tuple(lines[:end])


def end_of(lines: list[str], start: int, mark: str) -> int | None:
    """The position of the line that is `mark`, from `start` on."""
    for position in range(start, len(lines)):
        if lines[position].rstrip(" \t") == mark:
            return position
    return None


def region_after(lines: list[str], start: int) -> int:
    """Where the lines end that belong to the box before `start`: blank and indented ones, the last not blank."""
    end = position = start
    while position < len(lines) and (is_blank(lines[position]) or is_indented(lines[position])):
        position += 1
        end = position if not is_blank(lines[position - 1]) else end
    return end


def given_in(lines: list[str], start: int, end: int, key: str) -> tuple[int, int] | None:
    """From where to where the box of `key` has lines that are ours, with the blank lines before them."""
    for position in range(start, end):
        found = _GIVEN.fullmatch(lines[position])
        if found and found["key"] == key:
            indent = lines[position][: lines[position].index("<")]
            closing = end_of(lines[:end], position, f"{indent}<!-- end given:{key} -->")
            if closing is None:
                return None
            while position > start and is_blank(lines[position - 1]):
                position -= 1
            return position, closing + 1
    return None


class _Taker:
    """Goes through the lines once."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._ours: list[Line] = []
        self._ticks: dict[str, bool] = {}
        self._notes: list[Note] = []
        self._places: set[str] = set()
        self._title = ""

    def run(self) -> Parts:
        position = 0
        for marked in [number for number, line in enumerate(self._lines) if "<!-- " in line]:
            if marked < position:  # it belongs to a place before it
                continue
            self._without_places(position, marked)
            line = self._lines[marked]
            if found := BLOCK.fullmatch(line):
                position = self._block(marked, found["key"])
            elif found := TASK.fullmatch(line):
                position = self._task(marked, found)
            else:
                position = marked
        self._without_places(position, len(self._lines))
        return Parts(tuple(self._ours), self._ticks, tuple(self._notes), frozenset(self._places))

    def _without_places(self, start: int, end: int) -> None:
        """Lines of ours, of which none is the beginning of a place."""
        lines = self._lines[start:end]
        self._ours += [
            Line(number, shown) for number, line in enumerate(lines, start + 1) if (shown := line.rstrip(" \t\r"))
        ]
        headings = (line for line in reversed(lines) if line.startswith("#"))
        if heading := next(filter(None, map(_HEADING.match, headings)), None):
            title = heading["title"]
            numbered = _NUMBERED.match(title)
            self._title = title[numbered.end() :] if numbered else title

    def _own(self, position: int, text: str | None = None) -> None:
        shown = (self._lines[position] if text is None else text).rstrip(" \t\r")
        if shown:
            self._ours.append(Line(position + 1, shown))

    def _note(self, place: str, title: str, lines: list[str]) -> None:
        self._places.add(place)
        kept = trimmed(lines)
        if kept:
            self._notes.append(Note(place, title, kept))

    def _block(self, start: int, key: str) -> int:
        end = end_of(self._lines, start + 1, f"<!-- end notes:{key} -->")
        self._own(start)
        if end is None:
            # Somebody took the end mark away: what is surely ours, a heading or another block, ends it.
            end = start + 1
            while end < len(self._lines) and not (
                _HEADING.match(self._lines[end]) or BLOCK.fullmatch(self._lines[end])
            ):
                end += 1
            self._note(f"notes:{key}", self._title, self._lines[start + 1 : end])
            return end
        self._note(f"notes:{key}", self._title, self._lines[start + 1 : end])
        self._own(end)
        return end + 1

    def _task(self, start: int, found: re.Match[str]) -> int:
        key, words = found["key"], found["words"].removesuffix(STILL_FOUND)
        tick = _TICK.match(words)
        self._ticks[key] = self._ticks.get(key, False) or tick is not None
        plain = f"{tick['before']} {tick['after']}{words[tick.end() :]}" if tick else words
        self._own(start, f"{plain} <!-- task:{key} -->")
        end = region_after(self._lines, start + 1)
        given = given_in(self._lines, start + 1, end, key)
        notes = self._lines[start + 1 : end]
        if given:
            for position in range(*given):
                self._own(position)
            notes = [*self._lines[start + 1 : given[0]], *self._lines[given[1] : end]]
        box = _BOX.match(plain)
        self._note(f"task:{key}", plain[box.end() :] if box else plain, notes)
        return end
