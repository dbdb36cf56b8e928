"""Writing loses nothing: whatever fails or ends a run, each document is the old file or the complete new one."""

import errno
import hashlib
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.codes import Code
from bbws_readiness.errors import CannotWrite, NotWritten
from bbws_readiness.process import environment
from bbws_readiness.process.signals import Interrupted, arrived
from bbws_readiness.render.frame import Document
from bbws_readiness.render.write import STALE_SECONDS, TEMPORARY, probe, probe_file, write_documents, write_text
from tests.cases import each

NAMES = ("a.md", "c.json")
ERRORS = (errno.ENOSPC, errno.EIO, errno.EINTR, errno.EACCES, errno.EDQUOT)

CALLS = ("open", "write", "fsync", "rename", "replace", "close", "mkdir", "unlink", "remove", "link", "symlink")
CALLS += ("stat", "lstat", "fstat", "listdir", "scandir", "access", "fchmod", "chmod", "utime", "truncate", "ftruncate")
"""Every function of `os` by which a writer could touch a disk."""


def documents(text: str) -> tuple[Document, ...]:
    return tuple(Document(name, f"{name} {text}\n" * 50) for name in NAMES)


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def expected(text: str) -> dict[str, str]:
    return {document.path: document.text for document in documents(text)}


def assert_old_or_new(folder: Path) -> None:
    for name, text in contents(folder).items():
        assert text in (expected("old")[name], expected("new")[name]), name


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with documents of an earlier run."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "main.tf").write_text("locals {}\n")
    write_documents(root / "deployments", documents("old"), project=root)
    return root


class Faults:
    """Counts the calls of a run by name; the call of number `failing` fails instead of being made."""

    def __init__(self, patch: pytest.MonkeyPatch, failing: int = -1, number: int = 0) -> None:
        self.made: list[str] = []
        self._failing = failing
        self._errno = number
        for name in CALLS:
            patch.setattr(os, name, self._watched(name, getattr(os, name)))

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.made.append(name)
            if len(self.made) - 1 != self._failing:
                return real(*arguments, **options)
            if name == "close":
                real(*arguments, **options)
            raise OSError(self._errno, os.strerror(self._errno))

        return call


@pytest.mark.parametrize("number", ERRORS, ids=[errno.errorcode[number] for number in ERRORS])
def test_any_call_may_fail(project: Path, number: int) -> None:
    folder = project / "deployments"
    with pytest.MonkeyPatch.context() as patch:
        good = Faults(patch)
        write_documents(folder, documents("old"), project=project)
    assert {"open", "write", "fsync", "rename", "close"} <= set(good.made)
    inputs = hashlib.sha256((project / "main.tf").read_bytes()).digest()
    failed = 0
    for failing in range(len(good.made)):
        for name, text in expected("old").items():
            (folder / name).write_text(text)
        with pytest.MonkeyPatch.context() as patch:
            Faults(patch, failing, number)
            try:
                write_documents(folder, documents("new"), project=project)
            except NotWritten as error:
                failed += 1
                assert (error.exit_code, str(error.code)) == (5, "E601")
                assert os.strerror(number).lower() in error.line
                assert "\n" not in error.line
            else:
                assert good.made[failing] in ("close", "mkdir", "lstat", "listdir"), f"{failing}: nothing was told"
        assert_old_or_new(folder)
        assert hashlib.sha256((project / "main.tf").read_bytes()).digest() == inputs
    assert failed >= 3 * len(NAMES)


def test_short_writes_are_continued(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data)[:7]))
    write_documents(project / "deployments", documents("new"), project=project)
    assert contents(project / "deployments") == expected("new")


@pytest.mark.parametrize("answer", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_cannot_sync_is_written_to(
    project: Path, monkeypatch: pytest.MonkeyPatch, answer: int
) -> None:
    def fsync(handle: int) -> None:
        raise OSError(answer, os.strerror(answer))

    monkeypatch.setattr(os, "fsync", fsync)
    write_documents(project / "deployments", documents("new"), project=project)
    assert contents(project / "deployments") == expected("new")


@pytest.mark.parametrize("interruption", [Interrupted(130), Interrupted(143), MemoryError()], ids=repr)
@pytest.mark.parametrize("call", ["open", "write", "fsync", "rename"])
def test_an_interruption_leaves_no_temporary(
    project: Path, monkeypatch: pytest.MonkeyPatch, call: str, interruption: BaseException
) -> None:
    real = getattr(os, call)

    def interrupted(*arguments: Any, **options: Any) -> Any:
        done = real(*arguments, **options)
        if isinstance(interruption, MemoryError):
            raise interruption
        arrived(interruption)
        return done

    monkeypatch.setattr(os, call, interrupted)
    with pytest.raises(type(interruption)):
        write_documents(project / "deployments", documents("new"), project=project)
    monkeypatch.undo()
    assert_old_or_new(project / "deployments")
    if call == "rename" and isinstance(interruption, Interrupted):
        assert contents(project / "deployments") == expected("new"), "what has begun to take its place is finished"


def odd(kind: str, path: Path, victim: Path) -> None:
    match kind:
        case "link":
            path.symlink_to(victim)
        case "broken link":
            path.symlink_to(victim / "nowhere")
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)


@pytest.mark.parametrize("kind", ["link", "broken link", "folder", "pipe"])
def test_a_target_that_is_no_file_stays(project: Path, tmp_path: Path, kind: str) -> None:
    folder = project / "deployments"
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (folder / "c.json").unlink()
    odd(kind, folder / "c.json", victim)
    before = (folder / "c.json").lstat()
    with pytest.raises(CannotWrite) as early:
        probe(folder, project=project, names=lambda name: name == "c.json")
    with pytest.raises(NotWritten) as late:
        write_documents(folder, documents("new"), project=project)
    assert (early.value.code, early.value.exit_code) == (Code.OUTPUT_NOT_REGULAR, 2)
    assert (late.value.code, late.value.exit_code) == (Code.OUTPUT_NOT_REGULAR, 5)
    after = (folder / "c.json").lstat()
    assert (before.st_ino, stat.S_IFMT(before.st_mode)) == (after.st_ino, stat.S_IFMT(after.st_mode))
    assert victim.read_text() == "mine"
    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)
    assert (folder / "a.md").read_text() == expected("old")["a.md"]


@each("steps", ["deployments", "docs/out", "docs/out/deeper"])
def test_links_of_the_project_are_not_followed(tmp_path: Path, steps: str) -> None:
    root, victim = tmp_path / "project", tmp_path / "victim"
    (root / "docs").mkdir(parents=True)
    victim.mkdir()
    (root / "deployments").symlink_to(victim)
    (root / "docs" / "out").symlink_to(victim, target_is_directory=True)
    for act in (
        lambda: probe(root / steps, project=root),
        lambda: write_documents(root / steps, documents("new"), project=root),
    ):
        with pytest.raises(CannotWrite) as refused:
            act()
        assert "link" in str(refused.value)
    assert not list(victim.iterdir())


def test_a_link_that_the_user_made_elsewhere_is_followed(project: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "mine").symlink_to(tmp_path / "real")
    (tmp_path / "to_project").symlink_to(project)
    for directory in (tmp_path / "mine", tmp_path / "mine" / "inner", tmp_path / "to_project" / "deployments"):
        probe(directory, project=project)
        write_documents(directory, documents("new"), project=project)
        assert set(contents_of_files(directory)) == set(NAMES)


def contents_of_files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.is_file()]


def test_a_folder_that_is_swapped_for_a_link_is_not_followed(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    real = os.rename

    def swapped(*arguments: Any, **options: Any) -> None:
        if not (project / "moved").exists():
            real(project / "deployments", project / "moved")
            (project / "deployments").symlink_to(victim)
        real(*arguments, **options)

    monkeypatch.setattr(os, "rename", swapped)
    write_documents(project / "deployments", documents("new"), project=project)
    assert not list(victim.iterdir())
    assert contents(project / "moved") == expected("new")


UNUSABLE: list[tuple[str, Callable[[Path], object], str]] = [
    ("a file", lambda path: path.write_text("mine"), "is not a directory"),
    ("a pipe", lambda path: os.mkfifo(path), "is not a directory"),
    ("a link to a file", lambda path: path.symlink_to("/etc/hostname"), "is not a directory"),
    ("under a file", lambda path: path.write_text("mine"), "is not a directory"),
    ("a device", lambda path: path.symlink_to("/dev/null"), "is not a directory"),
]


@each(("kind", "make", "words"), UNUSABLE, ids=[row[0] for row in UNUSABLE])
def test_probing_finds_what_is_no_folder(tmp_path: Path, kind: str, make: Callable[[Path], object], words: str) -> None:
    make(tmp_path / "out")
    directory = tmp_path / "out" / "inner" if kind.startswith("under") else tmp_path / "out"
    with pytest.raises(CannotWrite, match=words) as refused:
        probe(directory)
    assert (refused.value.code, refused.value.exit_code) == (Code.OUTPUT_FOLDER, 2)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_probing_finds_what_is_read_only(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    for directory in (tmp_path, tmp_path / "inner"):
        with pytest.raises(CannotWrite, match="not writable"):
            probe(directory)


def test_probing_makes_nothing(tmp_path: Path) -> None:
    probe(tmp_path / "a" / "b")
    probe_file(tmp_path / "c.md")
    assert not list(tmp_path.iterdir())
    with pytest.raises(CannotWrite, match="does not exist"):
        probe_file(tmp_path / "a" / "c.md")


@each("name", ["", ".", "..", "../x.md", "inner/x.md", "/x.md", "x\0.md"])
def test_a_document_has_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotWritten):
        write_documents(tmp_path / "out", (Document(name, "x"),))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_rights_are_those_of_the_umask(tmp_path: Path, mask: int) -> None:
    former = os.umask(mask)
    try:
        write_text(tmp_path / "a.md", "x")
    finally:
        os.umask(former)
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o666 & ~mask


def test_bytes_are_utf_8_with_plain_line_ends(tmp_path: Path) -> None:
    write_text(tmp_path / "a.md", "é\n✅ \udc80\n")
    assert (tmp_path / "a.md").read_bytes() == b"\xc3\xa9\n\xe2\x9c\x85 \\udc80\n"


def test_credentials_of_the_environment_are_not_written(tmp_path: Path) -> None:
    environment.remember({"hunter2hunter2"})
    try:
        write_text(tmp_path / "a.md", "x hunter2hunter2 y\n")
    finally:
        environment.remember(set())
    assert (tmp_path / "a.md").read_text() == "x (withheld) y\n"


def test_only_our_own_old_temporaries_are_cleared_away(project: Path, tmp_path: Path) -> None:
    folder = project / "deployments"
    victim = tmp_path / "victim"
    victim.write_text("mine")
    old = time.time() - 2 * STALE_SECONDS
    stale, fresh, alien, link = (
        folder / name
        for name in (
            ".readiness-0123456789abcdef.tmp",
            ".readiness-0123456789abcdee.tmp",
            ".readiness-notes.tmp",
            ".readiness-0123456789abcded.tmp",
        )
    )
    for path in (stale, fresh, alien):
        path.write_text("half")
    link.symlink_to(victim)
    for path in (stale, alien, link):
        os.utime(path, (old, old), follow_symlinks=False)
    write_documents(folder, documents("new"), project=project)
    left = {path.name for path in folder.iterdir()} - set(NAMES)
    assert left == {fresh.name, alien.name, link.name}
    assert victim.read_text() == "mine"


WRITER = """
import signal, sys
from pathlib import Path
from bbws_readiness.process.signals import Interrupted, handled
from bbws_readiness.render.frame import Document
from bbws_readiness.render.write import write_documents

# A suite that was started with `&` or nohup ignores them, and so would this: the test would wait for ever.
for number in (signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
folder, letters, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
try:
    with handled():
        print("begun", flush=True)
        for number in range(rounds):
            letter = letters[number % len(letters)]
            write_documents(folder, [Document(f"{name}.md", letter * 100_000) for name in range(4)])
except Interrupted as ended:
    sys.exit(ended.exit_code)
"""


def writer(folder: Path, letters: str, rounds: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", WRITER, str(folder), letters, str(rounds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    return process


def assert_whole(folder: Path) -> None:
    for path in folder.glob("*.md"):
        text = path.read_text()
        assert len(text) == 100_000, path.name
        assert len(set(text)) == 1, path.name


def test_a_run_that_is_killed_leaves_whole_files(tmp_path: Path) -> None:
    chance = random.Random(7)
    for _ in range(6):
        process = writer(tmp_path, "xy", 100_000)
        time.sleep(chance.uniform(0.005, 0.06))
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert_whole(tmp_path)
    for path in tmp_path.iterdir():
        assert path.suffix == ".md" or TEMPORARY.fullmatch(path.name)
        os.utime(path, (0, 0))
    write_documents(tmp_path, (Document("0.md", "x" * 100_000),))
    assert all(path.suffix == ".md" for path in tmp_path.iterdir())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_run_that_is_asked_to_end_clears_up(tmp_path: Path, number: signal.Signals, code: int) -> None:
    chance = random.Random(number)
    for _ in range(2):
        process = writer(tmp_path, "xy", 100_000)
        time.sleep(chance.uniform(0.005, 0.06))
        process.send_signal(number)
        process.communicate()
        assert process.returncode == code
        assert_whole(tmp_path)
        assert all(path.suffix == ".md" for path in tmp_path.iterdir())


def test_runs_at_the_same_time_never_mix(tmp_path: Path) -> None:
    processes = [writer(tmp_path, letter, 15) for letter in "abcd"]
    while any(process.poll() is None for process in processes):
        assert_whole(tmp_path)
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.md", "1.md", "2.md", "3.md"]
    assert_whole(tmp_path)


FULL = """
import json, sys
from pathlib import Path
from bbws_readiness.errors import NotWritten
from bbws_readiness.render.frame import Document
from bbws_readiness.render.write import write_documents

folder = Path(sys.argv[1])
write_documents(folder, [Document("a.md", "old"), Document("b.md", "old")])
try:
    write_documents(folder, [Document("a.md", "new"), Document("b.md", "n" * 200_000)])
    told = "nothing"
except NotWritten as error:
    told = error.line
print(json.dumps([told, {path.name: path.read_text() for path in folder.iterdir()}]))
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    script = 'mount -t tmpfs -o size=64k none "$1" 2>/dev/null || exit 77; exec "$2" -P -c "$3" "$1"'
    result = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", str(tmp_path), sys.executable, FULL],
        capture_output=True,
        text=True,
    )
    if result.returncode == 77 or "unshare" in result.stderr:
        pytest.skip("no disk may be mounted here")
    assert result.returncode == 0, result.stderr
    told, files = json.loads(result.stdout)
    assert told == f"E601: {tmp_path.name}: no space left on device; free space, or use --output-dir"
    assert files == {"a.md": "old", "b.md": "old"}
