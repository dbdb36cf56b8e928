"""An earlier commit comes out as a checkout of its own, and nothing of it reaches beyond that."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from bbws_readiness.fact import Unknown
from bbws_readiness.git import private
from bbws_readiness.git.command import Git, open_git
from bbws_readiness.git.private import TooLarge, lay_out
from bbws_readiness.git.revision import BaseUnavailable, resolve
from tests.cases import each
from tests.checkouts import ENVIRONMENT, commit, git, needs_git

pytestmark = needs_git


def opened(root: Path) -> Git:
    found = open_git(root)
    assert not isinstance(found, Unknown), found.reason
    return found


def laid_out(root: Path, target: Path, name: str = "main", **options: str) -> Git:
    source = opened(root)
    target.mkdir()
    lay_out(source, resolve(source, name), target, **options)
    return opened(target)


@pytest.fixture(params=["plain", 'with "quotes" and spaces \\ ', "line\nend"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Two commits with a tag each; the second one is checked out and removes what the first one has."""
    folder = tmp_path / str(request.param)
    commit(folder, {"project/main.tf": "# one\n", "project/run.sh": "exit\n"})
    (folder / "project" / "run.sh").chmod(0o755)
    (folder / "project" / "link").symlink_to("/etc/passwd")
    commit(folder, {})
    git(folder, "tag", "v1")
    git(folder, "checkout", "--quiet", "-b", "change")
    git(folder, "rm", "--quiet", "-r", "project")
    commit(folder, {"README.md": "two\n"})
    git(folder, "tag", "-a", "-m", "Two", "v2")
    return folder


def test_it_is_what_a_checkout_would_be(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    made = laid_out(root, target, branch="main", remote='https://e.x/"a"')
    assert (target / "project" / "main.tf").read_text() == "# one\n"
    assert os.access(target / "project" / "run.sh", os.X_OK)
    assert (target / "project" / "link").readlink() == Path("/etc/passwd")
    assert made.ask("status", "--porcelain") == ""
    assert made.ask("symbolic-ref", "--short", "HEAD") == "main\n"
    assert made.ask("rev-parse", "HEAD") == f"{git(root, 'rev-parse', 'main')}\n"
    assert made.ask("for-each-ref", "refs/tags") == f"{git(root, 'for-each-ref', 'refs/tags')}\n"
    assert made.ask("tag", "--points-at", "HEAD") == "v1\n"
    assert made.ask("config", "--get", "remote.origin.url") == 'https://e.x/"a"\n'
    assert isinstance(made.ask("config", "--get-regexp", "alias"), Unknown)


def test_without_a_branch_none_is_checked_out(tmp_path: Path) -> None:
    commit(tmp_path / "root", {"a": "1"})
    made = laid_out(tmp_path / "root", tmp_path / "target")
    assert isinstance(made.ask("symbolic-ref", "--quiet", "HEAD"), Unknown)
    assert made.ask("rev-list", "--count", "HEAD") == "1\n"


def test_a_shallow_clone_has_its_tip(tmp_path: Path) -> None:
    commit(tmp_path / "root", {"a": "1"})
    commit(tmp_path / "root", {"a": "2"})
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{tmp_path / 'root'}", "shallow")
    made = laid_out(tmp_path / "shallow", tmp_path / "target")
    assert made.ask("rev-list", "--count", "HEAD") == "1\n"
    assert (tmp_path / "target" / "a").read_text() == "2"


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "root"
    commit(root, {"a": "x" * 60, "b": "x" * 40})
    for number, (limit, most, fits) in enumerate([(2, 100, True), (1, 100, False), (2, 99, False)]):
        monkeypatch.setattr(private, "MAX_FILES", limit)
        monkeypatch.setattr(private, "MAX_BYTES", most)
        if fits:
            laid_out(root, tmp_path / f"target{number}")
        else:
            with pytest.raises(TooLarge):
                laid_out(root, tmp_path / f"target{number}")
            assert list((tmp_path / f"target{number}").iterdir()) == []


def made_of(root: Path, command: str, *arguments: str, given: str) -> str:
    """What git prints that is given a text."""
    line = ["git", command, *arguments]
    done = subprocess.run(line, cwd=root, env=ENVIRONMENT, input=given, text=True, capture_output=True, check=True)
    return done.stdout.strip()


@each("name", [".git", "..", ".GIT"])
def test_a_tree_that_no_git_would_make_stays_where_it_is(tmp_path: Path, name: str) -> None:
    root = tmp_path / "root"
    commit(root, {"a": "1"})
    inner = made_of(root, "mktree", given=f"100755 blob {git(root, 'rev-parse', 'main:a')}\tconfig")
    evil = git(root, "commit-tree", "-m", "Evil", made_of(root, "mktree", given=f"040000 tree {inner}\t{name}"))
    with pytest.raises(BaseUnavailable):
        laid_out(root, tmp_path / "target", evil)
    assert not (tmp_path / "config").exists()
    assert (tmp_path / "target" / ".git" / "config").read_text().startswith("[core]")


def test_a_link_is_no_way_out(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    commit(root, {"a": "1"})
    outside.mkdir()
    link = made_of(root, "hash-object", "-w", "--stdin", given=str(outside))
    inner = made_of(root, "mktree", given=f"100644 blob {git(root, 'rev-parse', 'main:a')}\tb")
    both = made_of(root, "mktree", given=f"120000 blob {link}\tfolder\n040000 tree {inner}\tfolder")
    with suppress(BaseUnavailable):
        laid_out(root, tmp_path / "target", git(root, "commit-tree", "-m", "Evil", both))
    assert list(outside.iterdir()) == []
