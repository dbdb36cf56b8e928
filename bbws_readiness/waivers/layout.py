"""The comments of one file, what stands around them, and the lines that each of them is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from msgspec import Struct


class Comment(Struct, frozen=True):
    """One comment; lines count from 1."""

    text: str
    """Without the signs that make it a comment."""
    first: int
    last: int


class Extent(Struct, frozen=True):
    """The lines from `first` to `last`, or the whole file."""

    first: int
    last: int
    whole: bool = False

    def covers(self, line: int) -> bool:
        """Whether it reaches the line; line 0, which stands for a file as a whole, only as the whole file."""
        return self.whole or self.first <= line <= self.last


class Layout(Struct, frozen=True, dict=True):
    """What a language's own reading of a file tells about its comments."""

    lines: Sequence[str]
    comments: Sequence[Comment]
    """In the order of the file."""
    code: Collection[int]
    """The lines on which anything but a comment stands."""
    spans: Mapping[int, int]
    """First line to last line of every block, entry, statement or section that begins its line; they nest."""
    loose: bool = False
    """Blank lines do not part a comment from what follows it, as between blocks of Markdown."""

    def extent(self, comment: Comment) -> Extent | None:
        """The lines the comment is about, or None when nothing follows it."""
        if any(line in self.code for line in range(comment.first, comment.last + 1)):
            return Extent(comment.first, comment.last)
        following = self._following[comment.last + 1]
        above_all = comment.first < self._first_code
        if above_all and (self.loose or following not in self.code):
            return Extent(0, len(self.lines), whole=True)
        if following not in self.code:
            return None
        return Extent(following, max(self.spans.get(following, following), following))

    def anchor(self, extent: Extent) -> tuple[str, ...]:
        """The first lines of everything around the extent, outermost first, and its own; empty for a whole file."""
        if extent.whole:
            return ()
        around = [first for first, last in self._ordered_spans if first < extent.first <= last]
        return tuple(self._line(number) for number in (*around, extent.first))

    @cached_property
    def _ordered_spans(self) -> Sequence[tuple[int, int]]:
        return sorted(self.spans.items())

    @cached_property
    def _first_code(self) -> int:
        return min(self.code, default=len(self.lines) + 1)

    @cached_property
    def _ends(self) -> Mapping[int, int]:
        """First to last line of the comments that share no line with anything else."""
        return {
            one.first: one.last
            for one in self.comments
            if not any(line in self.code for line in range(one.first, one.last + 1))
        }

    @cached_property
    def _following(self) -> Sequence[int]:
        """Per line the first one from it on that no comment takes; one more than there are at the end."""
        end = len(self.lines) + 1
        following = list(range(end + 1))
        for line in range(end - 1, 0, -1):
            if line in self._ends:
                following[line] = following[min(self._ends[line] + 1, end)]
            elif self.loose and line not in self.code:
                following[line] = following[line + 1]
        return following

    def _line(self, number: int) -> str:
        return " ".join(self.lines[number - 1].split()) if 0 < number <= len(self.lines) else ""
