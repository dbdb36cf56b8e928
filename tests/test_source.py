"""The confined reader: what it reads, what it refuses, and how it says so."""

import os
from pathlib import Path

import pytest

from bbws_readiness.source import MAX_FILE_BYTES, Location, Reader, Refused, Source


def write(root: Path, path: str, data: bytes = b"x = 1\n") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(data)


def test_reads_text_with_size_and_lines(tmp_path: Path) -> None:
    write(tmp_path, "a/main.tf", b"\xef\xbb\xbfx = 1\r\ny = 2\n")
    source = Reader(tmp_path).read("a/main.tf")
    assert isinstance(source, Source)
    assert source.text == "x = 1\r\ny = 2\n"
    assert source.lines[:2] == ("x = 1", "y = 2")
    assert (source.size, source.line_count) == (16, 2)
    assert source.at(2, 3) == Location("a/main.tf", 2, 3)


REFUSED = [
    ("missing.tf", None, "no such file"),
    ("../outside.tf", b"x", "leaves the project"),
    ("/etc/passwd", None, "leaves the project"),
    ("a\0b", None, "leaves the project"),
    ("x" * 1100, None, "leaves the project"),
    (".git/config", b"x", "never entered"),
    (".GIT/config", b"x", "never entered"),
    ("terraform.tfstate", b"{}", "never read"),
    ("sit.tfplan", b"{}", "never read"),
    ("deploy.pem", b"k", "never read"),
    (".env", b"k", "never read"),
    (".env.sit", b"k", "never read"),
    ("id_rsa", b"k", "never read"),
    ("wide.tf", "a".encode("utf-16"), "looks like UTF-16"),
    ("latin.tf", b"a\nb\xe9", "not UTF-8 (byte 0xe9)"),
    ("nul.tf", b"a\nb\0", "NUL byte"),
    ("big.tf", b"x" * (MAX_FILE_BYTES + 1), f"larger than {MAX_FILE_BYTES}"),
]


@pytest.mark.parametrize(("path", "data", "reason"), REFUSED, ids=[row[0][:20].replace("\0", "NUL") for row in REFUSED])
def test_refuses(tmp_path: Path, path: str, data: bytes | None, reason: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    if data is not None:
        write(root, path, data)
    answer = Reader(root).read(path)
    assert isinstance(answer, Refused)
    assert reason in answer.summary


def test_says_where_a_byte_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, "latin.tf", b"a\nbc\xe9")
    answer = Reader(tmp_path).read("latin.tf")
    assert isinstance(answer, Refused)
    assert answer.at == Location("latin.tf", 2, 3)


def test_follows_no_link(tmp_path: Path) -> None:
    write(tmp_path, "outside/main.tf")
    root = tmp_path / "project"
    root.mkdir()
    (root / "main.tf").symlink_to(tmp_path / "outside" / "main.tf")
    (root / "linked").symlink_to(tmp_path / "outside")
    reader = Reader(root)
    for path in ("main.tf", "linked/main.tf"):
        answer = reader.read(path)
        assert isinstance(answer, Refused)
        assert "symbolic link" in answer.summary
        assert not reader.exists(path)
    assert list(reader.walk()) == []


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "main.tf")
    answer = Reader(tmp_path).read("main.tf")
    assert isinstance(answer, Refused)
    assert answer.summary == "not a regular file"


def test_first_answer_is_kept(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", b"one")
    reader = Reader(tmp_path)
    first = reader.read("main.tf")
    write(tmp_path, "main.tf", b"two")
    assert reader.read("main.tf") is first
    assert reader.sources == (first,)


def test_walk_is_ordered_and_bounded(tmp_path: Path) -> None:
    for path in ("b/z.tf", "a.tf", "b/a.tf", "node_modules/x.tf", ".git/config", "b/c/d.tf"):
        write(tmp_path, path)
    reader = Reader(tmp_path)
    assert list(reader.walk()) == ["a.tf", "b/a.tf", "b/z.tf", "b/c/d.tf"]
    assert list(reader.walk(max_files=2)) == ["a.tf", "b/a.tf"]


def test_prefix_is_shown_and_not_opened(tmp_path: Path) -> None:
    write(tmp_path, "04_plan.md", b"# x\n")
    source = Reader(tmp_path, prefix="../plans/").read("04_plan.md")
    assert isinstance(source, Source)
    assert source.path == "../plans/04_plan.md"
