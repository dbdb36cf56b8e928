"""git is started with care: bounded, without a pager, and never for what only looks like a checkout."""

import subprocess
from pathlib import Path

import pytest

from bbws_readiness.fact import Unknown
from bbws_readiness.git import command
from bbws_readiness.git.command import Git, open_git
from tests.checkouts import arm, commit, git, needs_git, trap

pytestmark = needs_git


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    commit(root, {"a.txt": "a\n" * 1000})
    return root


def opened(root: Path) -> Git:
    found = open_git(root)
    assert isinstance(found, Git)
    return found


def reason(answer: object) -> str:
    assert isinstance(answer, Unknown)
    return answer.reason


def test_an_answer_is_bounded_in_bytes(checkout: Path) -> None:
    asked = opened(checkout)
    assert asked.ask_bytes("cat-file", "blob", "HEAD:a.txt", most=2000) == b"a\n" * 1000
    assert reason(asked.ask_bytes("cat-file", "blob", "HEAD:a.txt", most=1999)) == "git printed more than 1999 bytes"


def test_a_git_that_never_stops_printing_is_ended(tmp_path: Path, checkout: Path) -> None:
    endless = tmp_path / "bin" / "git"
    endless.parent.mkdir()
    endless.write_text("#!/bin/sh\nexec yes\n")
    endless.chmod(0o755)
    assert reason(Git(endless, checkout).ask_bytes("status", most=100_000)) == "git printed more than 100000 bytes"


def test_all_answers_share_one_time(tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setattr(command, "TIMEOUT_SECONDS", 0.2)
    asked = Git(slow, checkout)
    assert reason(asked.ask("status")) == "git gave no answer in 0.2 seconds"
    assert reason(asked.ask("status")) == "git gave no answer in 0.2 seconds"


def test_a_failure_is_told_in_our_words(checkout: Path) -> None:
    assert reason(opened(checkout).ask("cat-file", "-t", "0" * 40)) == "git cat-file failed"


@pytest.mark.parametrize("kind", ["nothing", "file", "link"])
def test_nothing_is_started_without_a_git_folder(
    tmp_path: Path, checkout: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "other"
    root.mkdir()
    if kind == "file":
        (root / ".git").write_text(f"gitdir: {checkout}/.git\n")
    elif kind == "link":
        (root / ".git").symlink_to(checkout / ".git")
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a program was started"))
    assert isinstance(open_git(root), Unknown)


def test_a_bare_repository_in_the_folder_is_not_taken_for_its_git_folder(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    git(root, "init", "--quiet", "--bare")
    arm_bare = root / "config"
    arm_bare.write_text(arm_bare.read_text() + f"[core]\n\tfsmonitor = touch {tmp_path}/ran\n")
    assert reason(open_git(root)) == "there is no git folder"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "question",
    [
        ("status", "--porcelain=v1"),
        ("rev-parse", "--verify", "HEAD"),
        ("ls-tree", "HEAD"),
        ("config", "--list"),
        ("for-each-ref", "--format=%(refname)"),
        ("ls-files", "--cached"),
        ("cat-file", "blob", "HEAD:a.txt"),
    ],
    ids=lambda question: question[0],
)
def test_no_setting_of_the_repository_runs_anything(tmp_path: Path, checkout: Path, question: tuple[str, ...]) -> None:
    arm(checkout, tmp_path / "ran")
    (checkout / "a.txt").write_text("changed\n")
    assert isinstance(opened(checkout).ask(*question), str)
    assert not (tmp_path / "ran").exists()


def test_the_trap_of_these_tests_catches_a_careless_git(tmp_path: Path, checkout: Path) -> None:
    arm(checkout, tmp_path / "ran")
    git(checkout, "-c", f"core.worktree={checkout}", "status", "--porcelain")
    assert (tmp_path / "ran").exists()


def test_a_missing_object_is_not_fetched(tmp_path: Path, checkout: Path) -> None:
    marker = tmp_path / "ran"
    blob = git(checkout, "rev-parse", "HEAD:a.txt")
    (checkout / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    git(checkout, "config", "core.repositoryFormatVersion", "1")
    git(checkout, "config", "extensions.partialClone", "origin")
    git(checkout, "config", "remote.origin.url", f"ext::{trap(tmp_path / 'trap', marker)}")
    git(checkout, "config", "remote.origin.promisor", "true")
    git(checkout, "config", "protocol.ext.allow", "always")
    assert reason(opened(checkout).ask("cat-file", "blob", blob)) == "git cat-file failed"
    assert not marker.exists()
    with pytest.raises(subprocess.CalledProcessError):
        git(checkout, "cat-file", "blob", blob)
    assert marker.exists(), "a careless git would have run the remote's program"
