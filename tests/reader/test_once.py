"""A tree that changes meanwhile gives one answer, or none."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bbws_readiness.codes import Code
from bbws_readiness.reader import Limits, Reader, system
from bbws_readiness.source import EntryKind, Refused, Source
from tests.reader.tree import CANARY, write


def test_the_first_answer_is_kept(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", b"one")
    reader = Reader(tmp_path)
    first, missing, listed = reader.read("main.tf"), reader.read("none.tf"), reader.entries("")
    write(tmp_path, "main.tf", b"two")
    write(tmp_path, "none.tf")
    assert reader.read("main.tf") is first
    assert reader.read("./main.tf") is first
    assert reader.read("none.tf") is missing
    assert reader.entries("") is listed
    assert not reader.exists("none.tf")
    assert reader.sources == (first,)


def test_a_fingerprint_is_of_now_and_keeps_nothing(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", b"one")
    reader = Reader(tmp_path)
    first = reader.read("main.tf")
    assert isinstance(first, Source)
    assert reader.fingerprint("main.tf") == (first.size, first.sha256)
    write(tmp_path, "main.tf", b"other")
    write(tmp_path, "no_text.tf", b"\xff")
    now = reader.fingerprint("main.tf")
    assert (now, reader.read("main.tf")) == ((5, hashlib.sha256(b"other").hexdigest()), first)
    assert reader.fingerprint("no_text.tf") == (1, hashlib.sha256(b"\xff").hexdigest())
    (tmp_path / "link.tf").symlink_to(tmp_path / "main.tf")
    refused = reader.fingerprint("link.tf")
    assert isinstance(refused, Refused)
    assert refused.code is Code.LINK
    assert reader.sources == (first,)


def test_what_was_let_go_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", b"one")
    reader = Reader(tmp_path)
    first = reader.read("main.tf")
    write(tmp_path, "main.tf", b"two")
    reader.forget()
    assert reader.sources == ()
    assert reader.read("main.tf") != first


def test_what_was_not_listed_does_not_appear(tmp_path: Path) -> None:
    reader = Reader(write(tmp_path, "a/main.tf"))
    assert reader.walk().files == ("a/main.tf",)
    write(tmp_path, "a/late.tf")
    late = reader.read("a/late.tf")
    assert isinstance(late, Refused)
    assert late.code is Code.MISSING


def test_what_was_listed_and_is_gone_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a/b/main.tf")
    write(tmp_path, "main.tf")
    reader = Reader(tmp_path)
    assert (reader.listdir(""), reader.listdir("a")) == (("a", "main.tf"), ("b",))
    (tmp_path / "main.tf").unlink()
    (tmp_path / "a").rename(tmp_path / "c")
    for told in (reader.read("main.tf"), reader.entries("a/b")):
        assert isinstance(told, Refused)
        assert (told.code, told.summary) == (Code.CHANGED, "vanished while the project was read")
    assert reader.lies_at("a/b") is EntryKind.FOLDER


@pytest.mark.parametrize(("added", "words"), [(10, "changed while it was read"), (100, "grew past 50 bytes")])
def test_growth_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, added: int, words: str) -> None:
    write(tmp_path, "main.tf", b"x" * 20)
    really = os.read

    def read(file: int, most: int) -> bytes:
        with (tmp_path / "main.tf").open("ab") as other:
            other.write(b"y" * added)
        return really(file, most)

    monkeypatch.setattr(system.os, "read", read)
    answer = Reader(tmp_path, limits=Limits(file_bytes=50)).read("main.tf")
    assert isinstance(answer, Refused)
    assert (answer.code, words in answer.summary) == (Code.CHANGED, True)


def test_a_size_that_is_not_true_is_told() -> None:
    answer = Reader(Path("/proc/self")).read("status")
    assert isinstance(answer, Refused)
    assert answer.code is Code.CHANGED


_SWAPPING = """
import os, sys
os.chdir(sys.argv[1])
while True:
    for name in ("main.tf", "folder"):
        os.rename(name, name + ".kept")
        os.symlink(os.path.join("..", "outside", name), name)
        os.unlink(name)
        os.rename(name + ".kept", name)
"""


def test_a_link_that_comes_and_goes_is_never_followed(tmp_path: Path) -> None:
    for path in ("main.tf", "folder/main.tf"):
        write(tmp_path, f"project/{path}", b"inside")
        write(tmp_path, f"outside/{path}", CANARY.encode())
    seen: dict[str, int] = {}
    with subprocess.Popen([sys.executable, "-c", _SWAPPING, str(tmp_path / "project")]) as swapping:
        try:
            for _ in range(100_000):
                for path in ("main.tf", "folder/main.tf"):
                    read = Reader(tmp_path / "project").read(path)
                    answer = read.text if isinstance(read, Source) else read.code.name
                    seen[answer] = seen.get(answer, 0) + 1
                if seen.get("LINK", 0) > 1500 and seen.get("inside", 0) > 1500:
                    break
        finally:
            swapping.kill()
    assert CANARY not in seen
    assert {"inside", "LINK"} <= seen.keys() <= {"inside", "LINK", "MISSING", "CHANGED"}
