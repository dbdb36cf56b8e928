"""Budgets hold exactly, are checked before the expensive step, and what lies beyond is counted."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from bbws_readiness.codes import Code
from bbws_readiness.reader import LIMITS, Limits, Reader
from bbws_readiness.source import Refused, Source
from tests.cases import each
from tests.reader.tree import write

MIB = 1024 * 1024


@each(("size", "read"), [(9, True), (10, True), (11, False)])
def test_bytes_of_a_file(tmp_path: Path, size: int, read: bool) -> None:
    answer = Reader(write(tmp_path, "a", b"x" * size), limits=Limits(file_bytes=10)).read("a")
    assert isinstance(answer, Source) is read


@each(("size", "read"), [(MIB - 1, True), (MIB, True), (MIB + 1, False)])
def test_bytes_of_a_file_really(tmp_path: Path, size: int, read: bool) -> None:
    assert isinstance(Reader(write(tmp_path, "a", b"x" * size)).read("a"), Source) is read


@each(("last", "code"), [(9, None), (10, None), (11, Code.TOO_MANY_BYTES)])
def test_bytes_of_all_files(tmp_path: Path, last: int, code: Code | None) -> None:
    for name, size in {"a": 60, "b": 30, "c": last}.items():
        write(tmp_path, name, b"x" * size)
    reader = Reader(tmp_path, limits=Limits(total_bytes=100))
    answers = [reader.read(name) for name in "abca"]
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert [(one.at.path, one.code) for one in refused] == ([("c", code)] if code else [])


def test_bytes_of_all_files_really(tmp_path: Path) -> None:
    for number in range(17):
        write(tmp_path, f"{number:02}", b"x" * (MIB if number < 16 else 1))
    reader = Reader(tmp_path)
    answers = [reader.read(f"{number:02}") for number in range(17)]
    assert [isinstance(answer, Source) for answer in answers] == [True] * 16 + [False]


@each(("files", "beyond"), [(4, ""), (5, ""), (6, "1 more was"), (9, "4 more were")])
def test_files_of_a_walk(tmp_path: Path, files: int, beyond: str) -> None:
    for number in range(files):
        write(tmp_path, f"{number % 2}/{number}")
    walk = Reader(tmp_path, limits=Limits(files=5)).walk()
    assert len(walk.files) == min(files, 5)
    told = [f"more than 5 files; {beyond} not looked at"] if beyond else []
    assert [(one.at.path, one.summary) for one in walk.closed] == [(".", text) for text in told]


@each(("files", "code"), [(4, None), (5, None), (6, Code.TOO_MANY_FILES)])
def test_files_that_are_read(tmp_path: Path, files: int, code: Code | None) -> None:
    for number in range(files):
        write(tmp_path, str(number))
    reader = Reader(tmp_path, limits=Limits(files=5))
    answers = [reader.read(str(number)) for number in range(files)]
    assert [answer.code for answer in answers if isinstance(answer, Refused)] == ([code] if code else [])


@each("names", [9, 10, 11])
def test_names_in_all_folders(tmp_path: Path, names: int) -> None:
    for number in range(names - 2):
        write(tmp_path, f"b/{number}")
    write(tmp_path, "a")
    walk = Reader(tmp_path, limits=Limits(names=10)).walk()
    assert ("b" in walk.folders) is (names <= 10)
    assert [(one.at.path, one.code) for one in walk.closed] == ([("b", Code.TOO_MANY_FILES)] if names > 10 else [])


@each("limits", [Limits(depth=3), LIMITS])
@each("more", [-1, 0, 1])
def test_depth(tmp_path: Path, limits: Limits, more: int) -> None:
    path = "d/" * (limits.depth + more) + "a"
    reader = Reader(write(tmp_path, path), limits=limits)
    walk = reader.walk()
    assert walk.files == ((path,) if more <= 0 else ())
    told = [("/".join(["d"] * (limits.depth + 1)), Code.TOO_DEEP_FOLDER)] if more > 0 else []
    assert [(one.at.path, one.code) for one in walk.closed] == told
    assert isinstance(reader.read(path), Source) is (more <= 0)


@each("limits", [Limits(path_bytes=200), LIMITS])
@each("more", [-1, 0, 1])
def test_length_of_a_path(tmp_path: Path, limits: Limits, more: int) -> None:
    folders = "".join(f"{'f' * 99}/" for _ in range(limits.path_bytes // 100 - 1))
    path = folders + "é" * 10 + "x" * (limits.path_bytes + more - len(folders) - 20)
    reader = Reader(write(tmp_path, path), limits=limits)
    walk = reader.walk()
    assert walk.files == ((path,) if more <= 0 else ())
    assert [one.code for one in walk.refused] == ([Code.BAD_PATH] if more > 0 else [])
    assert isinstance(reader.read(path), Source) is (more <= 0)


def test_a_walk_is_ordered_and_passes_by_what_is_no_input(tmp_path: Path) -> None:
    for path in ("b/z.tf", "a.tf", "b/a.tf", "node_modules/x.tf", ".git/config", "b/c/d.tf", "b/.Terraform/x", "x.pem"):
        write(tmp_path, path)
    walk = Reader(tmp_path).walk()
    assert walk.files == ("a.tf", "x.pem", "b/a.tf", "b/z.tf", "b/c/d.tf")
    assert walk.folders == ("b", "b/c")
    assert (walk.refused, walk.closed, walk.twins) == ((), (), ())


def test_a_walk_tells_what_it_passed_by(tmp_path: Path) -> None:
    write(tmp_path, "vendor/.git/HEAD")
    write(tmp_path, ".aws/config")
    os.mkfifo(tmp_path / "main.tf")
    (tmp_path / "environments").symlink_to("/")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.tf"))).write_bytes(b"")
    walk = Reader(tmp_path).walk()
    assert walk.files == ()
    assert sorted((one.at.path, one.code.name) for one in walk.refused) == [
        ("\\udcff.tf", "BAD_PATH"),
        ("environments", "LINK"),
        ("main.tf", "NOT_REGULAR"),
    ]
    assert sorted((one.at.path, one.code.name) for one in walk.closed) == [
        (".aws", "NEVER_READ"),
        ("vendor", "NESTED_REPOSITORY"),
    ]


def test_twins_are_read_both_and_told(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "é.tf") for form in ("NFC", "NFD"))
    for path in ("a/main.tf", "a/Main.tf", "b/main.tf", composed, decomposed):
        write(tmp_path, path, path.encode())
    reader = Reader(tmp_path)
    walk = reader.walk()
    assert set(walk.twins) == {(decomposed, composed), ("a/Main.tf", "a/main.tf")}
    read = [reader.read(path) for path in walk.files]
    assert [one.text for one in read if isinstance(one, Source)] == list(walk.files)
