"""Puts what people wrote back into freshly rendered documents."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bbws_readiness.patterns import regex
from bbws_readiness.published import kept
from bbws_readiness.published.people import People
from bbws_readiness.published.places import BLOCK, STILL_FOUND, TASK, given_in, lines_of, parts_of, region_after


def woven(text: str, people: People, *, is_home: bool, still_found: Collection[str]) -> str:
    """A rendered document with ticks, and in the home of notes with those too.

    `still_found` are the keys of boxes whose findings are open. What has no place in the home any more stands under
    its `Kept notes`. A document without anything from people comes out as it is.
    """
    if not (people.ticks or people.notes or people.free or "\r" in text):
        return text
    return _Weaver(text, people, is_home, still_found).run()


class _Weaver:
    def __init__(self, text: str, people: People, is_home: bool, still_found: Collection[str]) -> None:
        self._text = text
        self._lines = lines_of(text)
        self._people = people
        self._is_home = is_home
        self._still_found = still_found
        self._places = parts_of(text).places
        self._told: set[str] = set()
        self._result: list[str] = []

    def run(self) -> str:
        position = 0
        while position < len(self._lines):
            line = self._lines[position]
            marked = "<!-- " in line
            if marked and (found := TASK.fullmatch(line)):
                position = self._task(position, found)
            elif marked and self._is_home and (found := BLOCK.fullmatch(line)):
                self._result.append(line)
                self._insert(self._block(found["key"]), line, f"<!-- end notes:{found['key']} -->")
                position += 2
            else:
                self._result.append(line)
                position += 1
        return self._text if self._result == self._text.split("\n") else "\n".join(self._result)

    def _task(self, start: int, found: re.Match[str]) -> int:
        key, line = found["key"], self._lines[start]
        if key in self._people.ticks:
            line = "- [x] " + line.removeprefix("- [ ] ")
            if key in self._still_found:
                mark = f" <!-- task:{key} -->"
                line = line.removesuffix(mark) + STILL_FOUND + mark
        self._result.append(line)
        end = start + 1
        if given := given_in(self._lines, end, region_after(self._lines, end), key):
            self._result += self._lines[end : given[1]]
            end = given[1]
        note = self._people.note(f"task:{key}")
        if self._is_home and note and note.place not in self._told:
            self._told.add(note.place)
            self._insert(note.lines, "- [ ] a box")
        return end

    def _block(self, key: str) -> Sequence[str]:
        place = f"notes:{key}"
        if place == kept.PLACE:
            notes = self._people.notes or {}
            return kept.written(self._people.free, [notes[one] for one in notes if one not in self._places])
        note = self._people.note(place)
        if note is None or place in self._told:
            return ()
        self._told.add(place)
        return note.lines

    def _insert(self, lines: Sequence[str], before: str, *after: str) -> None:
        """What people wrote, and where it leaves a fence open, its end, for whoever reads; `before` says in what."""
        self._result += [*lines, *after]
        if closing := closing_of(before, lines, *after):
            self._result.append(closing)


_OPENS = regex(r"[`~]{3}|<[!?a-zA-Z]")


def closing_of(before: str, lines: Sequence[str], *after: str) -> str:
    """The line that ends what `lines` leave open, so that a heading after them is one; empty when nothing is open."""
    text = "\n".join(lines)
    if not _OPENS.search(text):
        return ""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark")
    for closing in ("", *_closings(text)):
        tokens = reader.parse("\n".join((before, *lines, *after, closing, "", f"# {_PROBE}", "")))
        if any(token.type == "inline" and token.content == _PROBE and token.level == 1 for token in tokens):
            return closing
    return ""


_PROBE = "what follows"


def _closings(text: str) -> list[str]:
    longest = {mark: max((len(run) for run in re.findall(f"{mark}+", text)), default=0) for mark in "`~"}
    fences = [mark * length for mark, length in longest.items() if length >= 3]
    return [*fences, "-->", "?>", "]]>", "</pre>", "</script>", "</style>", "</textarea>"]
