"""Git facts of real repositories, and of hostile ones that must not run anything."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.git import command as git_command
from bbws_readiness.model.repository import Repository
from bbws_readiness.parsers.git import read_repository, without_credentials
from bbws_readiness.reader import Reader
from tests.cases import each
from tests.checkouts import git


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """One commit on `main` with two files."""
    root = tmp_path / "project"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    (root / "a.txt").write_text("a\n")
    (root / "ä b.txt").write_text("b\n")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "One")
    return root


def read(root: Path) -> Repository:
    return read_repository(root, Reader(root))


def facts(repository: Repository) -> list[Fact]:
    names = ("commit", "branch", "changed_files", "tags", "all_tags", "tracked", "remote")
    return [getattr(repository, name) for name in names]


def reason(fact: Fact) -> str:
    assert isinstance(fact.value, Unknown), fact
    return fact.value.reason


def test_clean_checkout(checkout: Path) -> None:
    found = read(checkout)
    assert found.commit.get() == git(checkout, "rev-parse", "HEAD")
    assert found.branch.get() == "main"
    assert found.changed_files.get() == ()
    assert found.tags.get() == found.all_tags.get() == ()
    assert found.tracked.get() == ("a.txt", "ä b.txt")
    assert reason(found.remote) == "no remote is called origin"
    assert (found.changelog, found.changelog_versions) == (None, ())
    assert {str(fact.at) for fact in facts(found)} == {".git"}


def test_changed_and_untracked_files(checkout: Path) -> None:
    (checkout / "a.txt").write_text("changed\n")
    (checkout / "new").mkdir()
    (checkout / "new" / "ü\n.txt").write_text("")
    (checkout / ".gitignore").write_text("*.log\n")
    (checkout / "x.log").write_text("")
    (checkout / "ä b.txt").unlink()
    assert read(checkout).changed_files.get() == (".gitignore", "a.txt", "new/ü\n.txt", "ä b.txt")


def test_tags(checkout: Path) -> None:
    git(checkout, "tag", "v1.0.0-sit")
    git(checkout, "commit", "--quiet", "--allow-empty", "-m", "Two")
    git(checkout, "tag", "-a", "-m", "Release", "v1.1.0")
    git(checkout, "config", "column.ui", "always")
    found = read(checkout)
    assert found.tags.get() == ("v1.1.0",)
    assert found.all_tags.get() == ("v1.0.0-sit", "v1.1.0")


def commit(root: Path, path: str, text: str = "") -> str:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", path)
    return git(root, "rev-parse", "HEAD")


@pytest.mark.parametrize("outputs", ["deployments", "docs/out[1]", ":(top)x", "-n"])
def test_committing_the_documents_leaves_the_commit_and_its_tags(checkout: Path, outputs: str) -> None:
    assessed = git(checkout, "rev-parse", "HEAD")
    git(checkout, "tag", "v1.0.0-sit")
    commit(checkout, f"{outputs}/brief.md")
    git(checkout, "tag", "-a", "-m", "Release", "v1.0.0")
    head = commit(checkout, f"{outputs}/index.md")
    found = read_repository(checkout, Reader(checkout), outputs=outputs)
    assert found.commit.get() == assessed
    assert found.tags.get() == ("v1.0.0", "v1.0.0-sit")
    assert read(checkout).commit.get() == head
    assert read(checkout).tags.get() == ()


def test_what_is_committed_beside_the_documents_is_another_commit(checkout: Path) -> None:
    git(checkout, "tag", "v1.0.0-sit")
    commit(checkout, "deployments/brief.md")
    (checkout / "deployments" / "index.md").write_text("")
    removed = "a.txt"
    (checkout / removed).unlink()
    head = commit(checkout, "deployments/report.md")
    commit(checkout, "deployments/brief.md", "again")
    found = read_repository(checkout, Reader(checkout), outputs="deployments")
    assert (found.commit.get(), found.tags.get()) == (head, ())


def test_a_merge_is_the_commit_that_it_brings(checkout: Path) -> None:
    git(checkout, "checkout", "--quiet", "-b", "change")
    changed = commit(checkout, "a.txt", "changed")
    git(checkout, "checkout", "--quiet", "main")
    commit(checkout, "deployments/brief.md")
    git(checkout, "merge", "--quiet", "-m", "Merge", "change")
    assert read_repository(checkout, Reader(checkout), outputs="deployments").commit.get() == changed


@pytest.mark.parametrize("outputs", ["", ".", "deployments"])
def test_where_all_are_documents_the_last_commit_counts(tmp_path: Path, outputs: str) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path, "deployments/brief.md")
    head = commit(tmp_path, "deployments/index.md")
    assert read_repository(tmp_path, Reader(tmp_path), outputs=outputs).commit.get() == head


def test_detached_head(checkout: Path) -> None:
    git(checkout, "checkout", "--quiet", "--detach")
    found = read(checkout)
    assert found.commit.known
    assert reason(found.branch) == "no branch is checked out"


def test_no_commit_yet(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    found = read(tmp_path)
    assert reason(found.commit) == reason(found.tags) == reason(found.changed_files) == "the checkout has no commit yet"
    assert found.branch.get() == "main"


def test_not_the_top_of_a_checkout(checkout: Path) -> None:
    inner = checkout / "inner"
    inner.mkdir()
    assert {reason(fact) for fact in facts(read(inner))} == {"the project is not the top of a git checkout"}


def test_linked_git_folder(checkout: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / ".git").symlink_to(checkout / ".git")
    assert reason(read(other).commit) == "the git folder of the project is a symbolic link, which is not followed"


def test_worktree(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "worktree", "add", "--quiet", str(tmp_path / "tree"))
    assert "linked worktree" in reason(read(tmp_path / "tree").commit)


def test_broken_git_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert reason(read(tmp_path).commit) == "git does not accept the .git folder of the project"


def test_git_is_absent(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert {reason(fact) for fact in facts(read(checkout))} == {"git is not installed"}


def test_git_inside_the_project_is_not_run(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = trap(checkout / "git", checkout)
    monkeypatch.setenv("PATH", str(checkout))
    assert "lies inside the project" in reason(read(checkout).commit)
    assert not marker.exists()


def test_git_that_hangs(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(slow.parent))
    monkeypatch.setattr(git_command, "TIMEOUT_SECONDS", 0.2)
    assert reason(read(checkout).commit) == "git does not accept the .git folder of the project"


def trap(program: Path, checkout: Path) -> Path:
    """An executable that leaves a marker when anything runs it."""
    marker = checkout.parent / "ran"
    program.write_text(f'#!/bin/sh\ntouch "{marker}"\ncat\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return marker


@pytest.mark.parametrize(
    ("setting", "status_known"),
    [
        ("core.fsmonitor", True),
        ("core.pager", True),
        ("core.sshCommand", True),
        ("diff.external", True),
        ("gpg.program", True),
        ("alias.status", True),
        ("core.editor", True),
        ("filter.evil.clean", False),
        ("filter.evil.process", False),
    ],
)
def test_nothing_in_the_configuration_runs(checkout: Path, setting: str, status_known: bool) -> None:
    (checkout / ".gitattributes").write_text("*.txt filter=evil diff=evil\n")
    (checkout / ".git" / "info" / "attributes").write_text("*.txt filter=evil\n")
    git(checkout, "remote", "add", "origin", "ext::sh -c touch% /tmp/never")
    marker = trap(checkout.parent / "trap", checkout)
    git(checkout, "config", setting, ("!" if setting.startswith("alias") else "") + str(checkout.parent / "trap"))
    os.utime(checkout / "a.txt", (1, 1))
    found = read_repository(checkout, Reader(checkout), outputs="deployments")
    assert not marker.exists()
    assert found.commit.known
    assert found.changed_files.known is status_known
    assert reason(found.remote) == "the remote is a path of this machine"


def test_filters_of_an_included_file_count(checkout: Path) -> None:
    (checkout / "more.cfg").write_text('[filter "evil"]\n\tclean = touch ran\n')
    git(checkout, "config", "include.path", "../more.cfg")
    assert "defines filters" in reason(read(checkout).changed_files)


def test_hooks_do_not_run(checkout: Path) -> None:
    marker = trap(checkout / ".git" / "hooks" / "post-index-change", checkout)
    os.utime(checkout / "a.txt", (1, 1))
    assert read(checkout).changed_files.get() == ()
    assert not marker.exists()


def test_an_embedded_repository_is_not_entered(checkout: Path) -> None:
    inner = checkout / "inner"
    inner.mkdir()
    git(inner, "init", "--quiet")
    marker = trap(checkout.parent / "trap", checkout)
    git(inner, "config", "core.fsmonitor", str(checkout.parent / "trap"))
    git(inner, "commit", "--quiet", "--allow-empty", "-m", "Inner")
    marker.unlink(missing_ok=True)
    git(checkout, "-c", "advice.addEmbeddedRepo=false", "add", "inner")
    marker.unlink(missing_ok=True)
    assert read(checkout).tracked.get() == ("a.txt", "inner", "ä b.txt")
    assert not marker.exists()


def test_a_worktree_elsewhere_is_overridden(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "config", "core.worktree", str(tmp_path))
    assert read(checkout).changed_files.get() == ()


def test_the_index_is_not_written(checkout: Path) -> None:
    os.utime(checkout / "a.txt", (1, 1))
    before = (checkout / ".git" / "index").read_bytes()
    read(checkout)
    assert (checkout / ".git" / "index").read_bytes() == before


@each(
    ("url", "shown"),
    [
        ("https://github.com/acme/shipments.git", "https://github.com/acme/shipments.git"),
        ("https://user:token@github.com/acme/shipments.git", "https://github.com/acme/shipments.git"),
        ("https://token@github.com:8443/acme/x?private_token=y#z", "https://github.com:8443/acme/x"),
        ("ssh://git@github.com/acme/x.git", "ssh://github.com/acme/x.git"),
        ("git@github.com:acme/shipments.git", "git@github.com:acme/shipments.git"),
        ("token@github.com:acme/shipments.git", "github.com:acme/shipments.git"),
        ("/home/someone/shipments", None),
        ("../shipments", None),
        ("file:///home/someone/shipments", None),
        ("C:\\Users\\someone", None),
        ("ext::sh -c id", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_remote(url: str, shown: str | None) -> None:
    assert without_credentials(url) == shown


def test_remote_of_a_checkout(checkout: Path) -> None:
    git(checkout, "remote", "add", "origin", "https://me:secret@github.com/acme/x.git")
    found = read(checkout).remote
    assert found.get() == "https://github.com/acme/x.git"
    assert "secret" not in repr(read(checkout))
    assert str(checkout) not in repr(read(checkout))


def test_changelog(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## [v1.1.0-sit] - 2026-01-13\n\ntext 9.9.9\n\n```\n# 7.0.0\n```\n\n1.0.0 (first)\n-----\n\n"
        "<!--\n## 8.0.0\n-->\n## Unreleased\n"
    )
    found = read(tmp_path)
    assert found.changelog is not None
    assert (found.changelog.get(), found.changelog.at.path) == ("CHANGELOG.md", "CHANGELOG.md")
    assert [(fact.get(), fact.at.line) for fact in found.changelog_versions] == [("v1.1.0-sit", 3), ("1.0.0", 11)]


def test_changelog_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "CHANGES.md").write_bytes(b"\xff\xfe")
    found = read(tmp_path)
    assert found.changelog is not None
    assert "not UTF-8" in reason(found.changelog)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_changelog_and_remote(tmp_path: Path, text: str) -> None:
    (tmp_path / "CHANGELOG.md").write_text(text, encoding="utf-8", newline="")
    for fact in read(tmp_path).changelog_versions:
        assert 1 <= fact.at.line <= text.count("\n") + 1
    without_credentials(text)
