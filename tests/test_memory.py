"""What is remembered of a file is forgotten when a file that was read for it says something else."""

from __future__ import annotations

import hashlib

from bbws_readiness.memory import BYTES, FILES, Read, ReadTogether, forget_texts, remembered
from bbws_readiness.source import Source


def source(text: str, path: str = "a") -> Source:
    return Source(path, text, len(text), hashlib.sha256(text.encode()).hexdigest())


class Told:
    """Joins a file with `b`, and counts how often it was asked."""

    def __init__(self) -> None:
        self.memory: ReadTogether[Source, str] = ReadTogether()
        self.asked = 0

    def of(self, first: Source, beside: Source | None) -> str:
        return self.memory.answer(
            first, first, lambda path: beside if path == "b" else None, lambda read: self.join(first, read)
        )

    def join(self, first: Source, read: Read) -> str:
        self.asked += 1
        second = read("b") if "b" in first.text else None
        return first.text + (second.text if second else "")


def test_asked_once_while_all_files_stay_the_same() -> None:
    told = Told()
    answers = [
        told.of(source("a with b: "), beside) for beside in (source("1", "b"), source("1", "b"), None, source("2", "b"))
    ]
    assert answers == ["a with b: 1", "a with b: 1", "a with b: ", "a with b: 2"]
    assert told.asked == 3


def test_what_was_not_read_does_not_matter() -> None:
    told = Told()
    assert [told.of(source("alone"), beside) for beside in (source("1", "b"), None)] == ["alone", "alone"]
    assert told.asked == 1


def test_large_files_and_old_ones_are_not_kept() -> None:
    told = Told()
    for _ in range(2):
        told.of(source("x" * (BYTES + 1)), None)
    assert told.asked == 2
    for number in (*range(FILES + 1), FILES, 0):
        told.of(source(str(number)), None)
    assert told.asked == 2 + FILES + 2


def test_short_texts_are_remembered_until_they_are_forgotten() -> None:
    asked: list[str] = []
    answer = remembered(lambda text: asked.append(text) or len(asked))
    assert [answer("a"), answer("b"), answer("a")] == [1, 2, 1]
    forget_texts()
    assert [answer("a"), answer("a")] == [3, 3]


def test_what_is_equal_to_a_text_is_not_taken_for_it() -> None:
    class Marked(str):
        __slots__ = ()

    answer = remembered(lambda text: text)
    assert [type(answer(text)) for text in (Marked("a"), "a", Marked("a"))] == [Marked, str, Marked]
