"""What a second process notes is used by the first, and kept only as far as the first would have kept it itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bbws_readiness.cache import current
from bbws_readiness.cache.bundle import ADDED, Bundle
from bbws_readiness.cache.codec import Codec
from bbws_readiness.cache.current import close_store, is_first_run, note_results, open_store, store
from bbws_readiness.cache.noted import Entry, unpacked
from bbws_readiness.cache.results import kept
from bbws_readiness.source import Source
from tests.cases import each

PLAIN = Codec([])
SECRET = "AKIAIOSFODNN7EXAMPLE0"


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    close_store()


def source(text: str, path: str = "a.txt") -> Source:
    return Source(path, text, len(text), "")


@kept("words", lambda: PLAIN)
def words(source: Source) -> object:
    """What is joined stands nowhere in the text."""
    return "".join(source.text.split()) if "+" in source.text else tuple(source.text.split())


@kept("odd", lambda: PLAIN)
def odd(_: Source) -> object:
    return object()


def noted(*sources: Source) -> list[Entry]:
    note = note_results()
    for one in sources:
        words(one)
        odd(one)
    return unpacked(note.packed())


def opened(place: Path) -> None:
    open_store({"XDG_CACHE_HOME": str(place / "cache")}, [place / "project"])


def given(entries: list[Entry]) -> None:
    for kind, key, data, is_kept in entries:
        (store().put if is_kept else store().lend)(kind, key, data)


def written(place: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (place / "cache").rglob("*") if path.is_file())


@each(
    ("text", "is_kept"),
    [("one two three", True), ("one + two", True), (f"+ {SECRET[:8]} {SECRET[8:]}", False)],
)
def test_what_was_noted_is_used_and_kept_without_secrets(
    text: str,
    is_kept: bool,
    tmp_path: Path,
) -> None:
    made = words(source(text))
    entries = noted(source(text))
    assert [entry[3] for entry in entries] == [is_kept]
    opened(tmp_path)
    given(entries)
    kind, key, _, _ = entries[0]
    assert store().get(kind, key)
    assert words(source(text)) == made
    close_store()
    assert SECRET.encode() not in written(tmp_path)
    opened(tmp_path)
    assert (store().get(kind, key) is not None) is is_kept
    assert words(source(text)) == made


def test_no_more_is_kept_than_the_first_process_would_add() -> None:
    sources = [source("+ " + "é" * 1000 + f" {number}", f"{number}.txt") for number in range(2 * ADDED // 1000)]
    entries = noted(*sources)
    assert len(entries) == len(sources)
    assert ADDED <= sum(len(data) for _, _, data, is_kept in entries if is_kept) <= ADDED * 1.1
    assert any(not is_kept for *_, is_kept in entries)


def test_what_is_lent_is_gone_with_the_run(tmp_path: Path) -> None:
    opened(tmp_path)
    store().lend("words", "0" * 64, b"lent")
    assert store().get("words", "0" * 64) == b"lent"
    opened(tmp_path)
    assert store().get("words", "0" * 64) is None
    assert b"lent" not in written(tmp_path)


def test_a_first_run_is_one_that_finds_nothing_and_may_leave_something(tmp_path: Path) -> None:
    assert not is_first_run(), "nothing is kept"
    opened(tmp_path)
    assert is_first_run()
    words(source("one"))
    assert is_first_run()
    opened(tmp_path)
    assert not is_first_run()
    folder = next(path for path in (tmp_path / "cache").iterdir() if path.is_dir())
    close_store()
    os.chmod(folder, 0o755)  # noqa: PTH101 - what others may read is not used
    opened(tmp_path)
    assert not is_first_run()
    note_results()
    assert not is_first_run()
    assert not isinstance(current.store(), Bundle)
