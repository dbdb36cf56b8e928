"""What was made of a file is made again as soon as anything differs that it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bbws_readiness.cache.codec import Codec
from bbws_readiness.cache.current import close_store, open_store
from bbws_readiness.cache.results import kept, recalled_with
from bbws_readiness.source import Source

PLAIN = Codec([])


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    reopen(tmp_path)
    yield tmp_path
    close_store()


def reopen(place: Path) -> None:
    """As the next run does."""
    open_store({"XDG_CACHE_HOME": str(place / "cache")}, [place / "project"])


def source(text: str, path: str = "a.txt") -> Source:
    return Source(path, text, len(text), "")


def test_the_same_file_is_worked_on_once(place: Path) -> None:
    calls = []

    @kept("words", lambda: PLAIN)
    def words(source: Source, least: int) -> tuple[str, ...]:
        calls.append(source.path)
        return tuple(word for word in source.text.split() if len(word) >= least)

    for _ in range(2):
        assert words(source("one three"), 4) == ("three",)
        reopen(place)
    assert len(calls) == 1
    assert words(source("one three"), 3) == ("one", "three")
    assert words(source("one four"), 4) == ("four",)
    assert words(source("one three", "b.txt"), 4) == ("three",)
    assert len(calls) == 4


def test_a_run_adds_so_much_of_a_kind_and_the_next_one_more(place: Path) -> None:
    calls: list[str] = []

    @kept("numbers", lambda: PLAIN)
    def numbers(source: Source) -> tuple[str, ...]:
        calls.append(source.path)
        return tuple(source.text.split())

    @kept("sizes", lambda: PLAIN)
    def size(source: Source) -> str:
        calls.append("size")
        return str(len(source.text))

    text = " ".join(map(str, range(10_000, 15_000)))
    made = []
    for _ in range(4):
        calls.clear()
        assert {numbers(source(text, f"{name}.txt")) for name in range(6)} == {tuple(text.split())}
        assert size(source(text)) == "29999"
        made.append(len(calls))
        reopen(place)
    assert made[0] == 7
    assert 0 < made[1] < 6
    assert made[-1] == 0


def test_what_cannot_be_kept_is_made_anew(place: Path) -> None:
    calls = []

    @kept("words", lambda: PLAIN)
    def unusual(source: Source) -> set[str]:
        calls.append(source.path)
        return {source.text}

    assert (unusual(source("a")), unusual(source("a"))) == ({"a"}, {"a"})
    assert len(calls) == 2


def test_files_that_were_read_for_it_are_read_again_and_no_others(place: Path) -> None:
    """Which files a run has read is told in its result, so it must not depend on the cache."""
    files = {"a": "b c", "b": "", "c": "", "d": ""}

    def run() -> tuple[str, list[str], bool]:
        reopen(place)
        asked: list[str] = []
        made: list[bool] = []

        def read(path: str) -> Source | None:
            if path not in asked:
                asked.append(path)
            return source(files[path], path) if path in files else None

        def make(noted: object) -> str:
            made.append(True)
            first = noted("a")  # type: ignore[operator]
            names = first.text.split() if first else []
            return "+".join(noted(name).text if name in files else "?" for name in names)  # type: ignore[operator]

        found = recalled_with("calls", lambda: PLAIN, source("main"), "", read, make)
        return found, asked, bool(made)

    assert run() == ("+", ["a", "b", "c"], True)
    assert run() == ("+", ["a", "b", "c"], False)
    files["c"] = "new"
    assert run() == ("+new", ["a", "b", "c"], True)
    files["a"] = "d"
    assert run() == ("", ["a", "d"], True)
    assert run() == ("", ["a", "d"], False)
    del files["a"]
    assert run() == ("", ["a"], True)
