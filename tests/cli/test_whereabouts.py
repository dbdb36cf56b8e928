"""Where a project lies in its repository, with and without git and the workspace of a step."""

from pathlib import Path

import pytest

from bbws_readiness.cli.whereabouts import WORKSPACE, prefix_of, stated_prefix
from tests.cases import each

CASES = [
    (["."], "", "", ""),
    (["."], "a/b", "", "a/b"),
    (["."], "a/b", ".", "a/b"),
    (["a"], "a/b", ".", "b"),  # checked out into a folder of the workspace
    ([".", "a"], "a/b", ".", "a/b"),  # a submodule: the paths of the outer repository count
    ([".", "a"], "a/b", "", "b"),
    ([".", "a"], "a/b", "c", "b"),
    ([], "a/b", ".", "a/b"),
    ([], "a/b", "a/b", ""),
    ([], "a/b", "a/b/c", ""),
    ([], "a/b", "", ""),
]
"""The folders with `.git`, the project, the workspace when it is set, and what is expected."""


@each(("checkouts", "project", "workspace", "expected"), CASES)
def test_it_never_climbs_out(
    checkouts: list[str],
    project: str,
    workspace: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for folder in (*checkouts, project, workspace):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    for folder in checkouts:
        (tmp_path / folder / ".git").mkdir()
    monkeypatch.setenv(WORKSPACE, str(tmp_path / workspace) if workspace else "")
    assert prefix_of(tmp_path / project) == expected
    monkeypatch.chdir(tmp_path / project)
    assert prefix_of(Path()) == expected


@each("workspace", ["relative", "..", "/", "/\x00", "/nowhere/at/all"])
def test_a_workspace_that_tells_nothing(workspace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    if "\0" not in workspace:
        monkeypatch.setenv(WORKSPACE, workspace)
    assert prefix_of(tmp_path) == ""


def test_outside_of_a_repository_the_caller_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WORKSPACE, raising=False)
    assert prefix_of(tmp_path, outside="here") == "here"


def test_a_path_that_nobody_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"": "", ".": "", "a/b": "a/b", "./a//b/": "a/b", "a/..": "", "../a": "", "/w/s/a/b": "a/b", "/w/s": ""}
    monkeypatch.setenv(WORKSPACE, "/w/s")
    assert {text: stated_prefix(Path(text)) for text in words} == words
    assert stated_prefix(Path("/elsewhere")) == ""
    monkeypatch.delenv(WORKSPACE)
    assert stated_prefix(Path("/w/s/a/b")) == ""
