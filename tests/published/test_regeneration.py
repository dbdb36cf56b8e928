"""Over many runs with changing inputs nothing that people write is lost, said twice, or moved a second time."""

import random
from pathlib import Path

from bbws_readiness.published.places import lines_of, parts_of
from tests.published.folders import BRIEF, HOME, INDEX, REPORT, SUMMARY, at_day, contents, prepared, publish, reading

EDITS_A_ROUND = 13
ROUNDS = "abcbacab"
"""The readings of the example: each has tasks that the others have not."""
DOCUMENTS = (HOME, SUMMARY, BRIEF, REPORT, INDEX)
MATERIAL = (
    *("  plain words", "  ```", "  ~~~text", "  <!-- never closed", "  - [ ] mine", "    deeper", "\ta tab", ""),
    *("  - [x] a tick in a note <!-- task:tables/decide -->", "  # a heading", "  <pre>", "  | a | b |", "  > quoted"),
    *("  ünïcödé 🎉 \u2028 and \x0b", "  ---", "  <!-- end notes:kept -->", "  hard break  ", "  \\<!-- notes:x -->"),
    *("  <!-- given:zz/yy -->", "  ***", "  [label]: https://example.invalid", " one space", "  `open"),
)


class People:
    """Edits documents at random and remembers what must be there from then on."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.directory = directory
        self.chance = random.Random(seed)
        self.notes: list[tuple[str, list[str]]] = []
        """Place and lines, the first of them like no other."""
        self.ticks: dict[str, bool] = {}
        self.made = 0

    def edit(self) -> None:
        """A few edits, each in one document only; no box twice, which would be no edit."""
        touched: set[str] = set()
        for _ in range(EDITS_A_ROUND):
            path = self.directory / self.chance.choice(DOCUMENTS)
            lines = lines_of(path.read_bytes().decode())
            match self.chance.choice(("tick", "note", "note", "block")):
                case "tick":
                    self._tick(path.name, lines, touched)
                case "note":
                    self._note(lines)
                case _:
                    path = self.directory / HOME
                    lines = lines_of(path.read_bytes().decode())
                    self._block(lines)
            ending = self.chance.choice(("\n", "\n", "\r\n"))
            path.write_bytes(ending.join(lines).encode())
            self.made += 1

    def _tick(self, name: str, lines: list[str], touched: set[str]) -> None:
        boxes = [(n, key) for n, key in boxes_of(lines) if key not in touched]
        position, key = self.chance.choice(boxes)
        touched.add(key)
        now = lines[position].startswith("- [ ]")
        lines[position] = ("- [x]" if now else "- [ ]") + lines[position][5:]
        self.ticks[key] = now

    def _note(self, lines: list[str]) -> None:
        position, key = self.chance.choice(boxes_of(lines))
        note = self._text("  ")
        lines[position + 1 : position + 1] = note
        self.notes.append((f"task:{key}", note))

    def _block(self, lines: list[str]) -> None:
        ends = [(n, line) for n, line in enumerate(lines) if line.startswith("<!-- end notes:")]
        position, mark = self.chance.choice(ends)
        note = [line.removeprefix("  ") for line in self._text("")]
        note = [line for line in note if not line.startswith("<!-- end notes:kept")]
        lines[position:position] = note
        self.notes.append((mark.removeprefix("<!-- end ").removesuffix(" -->"), note))

    def _text(self, indent: str) -> list[str]:
        count = self.chance.randrange(4)
        return [
            f"{indent}note {len(self.notes)} of a person.",
            *self.chance.choices(MATERIAL[:-1], k=count),
            f"{indent}.",
        ]


def boxes_of(lines: list[str]) -> list[tuple[int, str]]:
    """Position and key of every box with a key, outside of notes."""
    text = "\n".join(lines)
    ours = {line.number for line in parts_of(text).ours}
    return [
        (n, line.rpartition("<!-- task:")[2].removesuffix(" -->"))
        for n, line in enumerate(lines)
        if n + 1 in ours and line.startswith("- [") and line.endswith(" -->")
    ]


def test_a_hundred_edits_survive(tmp_path: Path) -> None:
    directory = tmp_path / "deployments"
    publish(directory, reading(ROUNDS[0]))
    people = People(directory, seed=20260107)
    moved = 0
    for number, name in enumerate(ROUNDS, start=1):
        people.edit()
        assessment = at_day(reading(name), number)
        result = publish(directory, assessment)
        assert not result.edits, [edit.excerpt for edit in result.edits]
        before = contents(directory)
        assert not prepared(directory, assessment).changed, "a second run has nothing to write"
        assert contents(directory) == before
        moved += judge(directory, people)
    assert people.made >= 100
    assert moved >= 5, "some tasks went away with their notes"


def judge(directory: Path, people: People) -> int:
    """Every note once, whole, in its place; every box as it was left. Gives how many notes wait for their task."""
    texts = {name: lines_of((directory / name).read_bytes().decode()) for name in DOCUMENTS}
    home = parts_of("\n".join(texts[HOME]))
    everything = [line for lines in texts.values() for line in lines]
    waiting = 0
    for place, lines in people.notes:
        assert everything.count(lines[0]) == 1, f"{lines[0]!r} stands {everything.count(lines[0])} times"
        start = texts[HOME].index(lines[0])
        there = texts[HOME][start : start + len(lines)]
        is_home = place in home.places
        shown = [line.lstrip("\\") for line in there] == [line.lstrip("\\") for line in lines]
        assert there == lines or (shown and not is_home), (place, there, lines)
        if is_home:
            mine = next(note for note in home.notes if note.place == place)
            assert lines[0] in mine.lines, f"{lines[0]!r} has left {place}"
        else:
            waiting += 1
            assert start > texts[HOME].index("<!-- notes:kept -->")
    for name, lines in texts.items():
        for key, ticked in parts_of("\n".join(lines)).ticks.items():
            assert ticked is people.ticks.get(key, False), f"{key} in {name}"
    return waiting
