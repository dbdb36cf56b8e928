"""What the reader reads, what it refuses, and how it says so."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bbws_readiness.codes import Code
from bbws_readiness.reader import LIMITS, Reader
from bbws_readiness.source import EntryKind, Location, Refused, Source
from tests.reader.tree import write

MIB = 1024 * 1024

REFUSED = [
    ("missing.tf", None, Code.MISSING, "no such file"),
    ("a.tf/b.tf", None, Code.MISSING, "no such file"),
    (".", None, Code.NOT_REGULAR, "not a regular file"),
    ("folder", None, Code.NOT_REGULAR, "not a regular file"),
    ("../outside.tf", b"x", Code.OUTSIDE, "leaves the project"),
    ("folder/../../outside.tf", None, Code.OUTSIDE, "leaves the project"),
    ("folder/../a.tf", None, Code.OUTSIDE, "leaves the project"),
    ("/etc/passwd", None, Code.OUTSIDE, "leaves the project"),
    ("//etc/passwd", None, Code.OUTSIDE, "leaves the project"),
    ("a\0b", None, Code.BAD_PATH, "NUL"),
    ("x" * 1025, None, Code.BAD_PATH, "longer than 1024 bytes"),
    ("x" * 300, None, Code.UNREADABLE, "file name too long (ENAMETOOLONG)"),
    ("d/" * 33 + "x", None, Code.TOO_DEEP_FOLDER, "deeper than 32"),
    (".git/config", b"x", Code.NEVER_READ, "never entered"),
    (".GIT/Config", b"x", Code.NEVER_READ, "never entered"),
    (".git", b"gitdir: /elsewhere", Code.NEVER_READ, "never entered"),
    ("a/.Terraform/x", b"x", Code.NEVER_READ, "never entered"),
    ("terraform.tfstate", b"{}", Code.NEVER_READ, "never read"),
    ("terraform.tfstate.d/sit/x", b"{}", Code.NEVER_READ, "never read"),
    ("sit.TFSTATE.123.backup", b"{}", Code.NEVER_READ, "never read"),
    ("sit.tfplan", b"{}", Code.NEVER_READ, "never read"),
    ("deploy.PEM", b"k", Code.NEVER_READ, "never read"),
    (".env", b"k", Code.NEVER_READ, "never read"),
    (".env.sit", b"k", Code.NEVER_READ, "never read"),
    ("home/.netrc", b"k", Code.NEVER_READ, "never read"),
    (".aws/config", b"k", Code.NEVER_READ, "never read"),
    ("Credentials", b"k", Code.NEVER_READ, "never read"),
    ("id_rsa", b"k", Code.NEVER_READ, "never read"),
    ("ID_ed25519_sk.old", b"k", Code.NEVER_READ, "never read"),
    ("vendor/main.tf", b"", Code.NESTED_REPOSITORY, "a repository of its own"),
    ("bare/main.tf", b"", Code.NESTED_REPOSITORY, "a repository of its own"),
    ("wide.tf", "a".encode("utf-16"), Code.NOT_UTF8, "looks like UTF-16"),
    ("latin.tf", b"a\nb\xe9", Code.NOT_UTF8, "not UTF-8 (byte 0xe9)"),
    ("nul.tf", b"a\nb\0", Code.NUL, "NUL byte"),
    ("big.tf", b"x" * (MIB + 1), Code.TOO_LARGE, f"larger than {MIB} bytes"),
    ("large.json", b"version https://git-lfs.github.com/spec/v1\noid x\n", Code.LFS_POINTER, "Git LFS pointer"),
    ("crlf.json", b"version https://git-lfs.github.com/spec/v1\r\noid x\n", Code.LFS_POINTER, "Git LFS pointer"),
    ("program.tf", b"\x7fELF\x02", Code.NOT_TEXT, "not a text but a program"),
    ("archive.tf", b"PK\x03\x04", Code.NOT_TEXT, "not a text but a zip archive"),
    ("packed.tf", b"\x1f\x8b\x08", Code.NOT_TEXT, "not a text but a gzip archive"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    write(root, "a.tf")
    write(root, "folder/b.tf")
    write(root, "vendor/.git", b"gitdir: ../.git/modules/vendor")
    for part in ("HEAD", "objects/x", "refs/x"):
        write(root, f"bare/{part}")
    return root


@pytest.mark.parametrize(
    ("path", "data", "code", "reason"), REFUSED, ids=[row[0][:24].replace("\0", "NUL") for row in REFUSED]
)
def test_refuses(root: Path, path: str, data: bytes | None, code: Code, reason: str) -> None:
    if data is not None:
        write(root, path, data)
    answer = Reader(root).read(path)
    assert isinstance(answer, Refused)
    assert (answer.code, reason in answer.summary) == (code, True), answer
    assert "\0" not in answer.at.path or code is Code.BAD_PATH


LITERAL = [
    "a\\b.tf",
    "C:\\x.tf",
    "..\\..\\x.tf",
    "-rf.tf",
    "~",
    "a\nb.tf",
    "a\x1b[2J.tf",
    ".git.",
    ".git ",
    "...",
    "é.tf",
]
"""Names that mean something elsewhere, and nothing here."""


@pytest.mark.parametrize("name", [*LITERAL, "n" * 252 + ".tf", "id_mapping.tf", "credentials.tf", "monkey"])
def test_odd_names_are_names(root: Path, name: str) -> None:
    reader = Reader(write(root, name, b"here"))
    assert name in reader.walk().files
    answer = reader.read(name)
    assert isinstance(answer, Source)
    assert (answer.path, answer.text) == (name, "here")


def test_text_size_and_byte_order_mark(root: Path) -> None:
    source = Reader(write(root, "main.tf", b"\xef\xbb\xbfx = 1\r\ny = 2\n")).read("./main.tf")
    assert isinstance(source, Source)
    assert (source.path, source.text, source.size) == ("main.tf", "x = 1\r\ny = 2\n", 16)


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"a\nbc\xe9", 2, 3),
        (b"\xef\xbb\xbf\xc3\xa9\xe9", 1, 2),
        (b"a\n\xc3\xa9\0", 2, 2),
        (b"\0", 1, 1),
        ("a".encode("utf-16"), 1, 1),
    ],
)
def test_says_where_a_byte_is_wrong(root: Path, data: bytes, line: int, column: int) -> None:
    answer = Reader(write(root, "main.tf", data)).read("main.tf")
    assert isinstance(answer, Refused)
    assert answer.at == Location("main.tf", line, column)


@pytest.mark.parametrize("path", ["linked.tf", "links/b.tf", "links/../a.tf", "loop", "loop/x", "nowhere"])
def test_follows_no_link(root: Path, path: str) -> None:
    (root / "linked.tf").symlink_to(root / "a.tf")
    (root / "links").symlink_to(root / "folder")
    (root / "loop").symlink_to("loop")
    (root / "nowhere").symlink_to("none")
    reader = Reader(root)
    for found in (reader.read(path), reader.lies_at(path), reader.entries(path)):
        assert isinstance(found, Refused)
        assert found.code in (Code.LINK, Code.OUTSIDE)
    assert not reader.exists(path)
    assert reader.listdir("links") == ()


def test_devices_pipes_and_sockets_are_refused_at_once(root: Path, tmp_path: Path) -> None:
    os.mkfifo(root / "pipe")
    listening = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(root)  # the name of a socket must be short
    try:
        listening.bind("socket")
    finally:
        os.chdir(here)
        listening.close()
    answers = {name: Reader(root).read(name) for name in ("pipe", "socket")}
    answers["null"] = Reader(Path("/dev")).read("null")
    assert {answer.code for answer in answers.values() if isinstance(answer, Refused)} == {Code.NOT_REGULAR}
    assert all(not isinstance(answer, Source) for answer in answers.values())


def test_a_huge_sparse_file_is_refused_by_its_size(root: Path) -> None:
    os.truncate(write(root, "main.tf") / "main.tf", 100 * MIB)
    answer = Reader(root).read("main.tf")
    assert isinstance(answer, Refused)
    assert answer.code is Code.TOO_LARGE


def test_the_words_of_the_system() -> None:
    answer = Reader(Path("/proc/self")).read("mem")
    assert isinstance(answer, Refused)
    assert (answer.code, answer.summary) == (Code.UNREADABLE, "cannot be read: input/output error (EIO)")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_forbidden_folders_are_told(root: Path) -> None:
    (root / "folder").chmod(0)
    try:
        listed = Reader(root).entries("folder")
    finally:
        (root / "folder").chmod(0o755)
    assert isinstance(listed, Refused)
    assert listed.summary == "cannot be read: permission denied (EACCES)"


def test_running_out_of_descriptors_is_told(root: Path) -> None:
    program = (
        "import os, resource, sys; from pathlib import Path; from bbws_readiness.reader import Reader\n"
        "reader = Reader(Path(sys.argv[1])); reader.exists('a.tf')\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
        "while True:\n"
        "    try: os.dup(0)\n"
        "    except OSError: break\n"
        "print(reader.read('a.tf').summary, reader.walk().closed[0].summary, sep='|')\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(root)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "|".join(["cannot be read: too many open files (EMFILE)"] * 2)


def test_a_missing_root_has_nothing(tmp_path: Path) -> None:
    reader = Reader(tmp_path / "none")
    assert isinstance(reader.read("a.tf"), Refused)
    assert reader.listdir("") == ()


def test_what_lies_where(root: Path) -> None:
    os.mkfifo(root / "pipe")
    (root / "link").symlink_to("a.tf")
    reader = Reader(root)
    assert reader.entries("") == {
        "a.tf": EntryKind.FILE,
        "bare": EntryKind.FOLDER,
        "folder": EntryKind.FOLDER,
        "link": EntryKind.LINK,
        "pipe": EntryKind.OTHER,
        "vendor": EntryKind.FOLDER,
    }
    assert reader.lies_at("folder/b.tf") is EntryKind.FILE
    assert reader.lies_at("") is EntryKind.FOLDER
    assert (reader.is_directory("folder"), reader.is_directory("a.tf"), reader.exists("pipe")) == (True, False, False)
    assert reader.listdir("folder") == ("b.tf",)
    assert isinstance(reader.entries("a.tf"), Refused)


def test_repositories_may_be_entered_when_somebody_named_them(root: Path) -> None:
    write(root, "vendor/plan.md", b"# x\n")
    source = Reader(root, prefix="../", enters_repositories=True).read("vendor/plan.md")
    assert isinstance(source, Source)
    assert source.path == "../vendor/plan.md"


def test_the_limits_are_those_of_the_documentation() -> None:
    assert (LIMITS.file_bytes, LIMITS.total_bytes, LIMITS.files) == (MIB, 16 * MIB, 2000)
    assert (LIMITS.depth, LIMITS.path_bytes) == (32, 1024)
