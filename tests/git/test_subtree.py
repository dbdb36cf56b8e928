"""A folder of a commit looks like a folder of the disk, and nothing outside of it is seen."""

from pathlib import Path

import pytest

from bbws_readiness.git.command import Git, open_git
from bbws_readiness.git.revision import resolve
from bbws_readiness.git.subtree import Subtree
from bbws_readiness.git.tree import TreeReader
from bbws_readiness.source import EntryKind, Refused, Source
from tests.checkouts import commit, needs_git

pytestmark = needs_git


@pytest.fixture
def subtree(tmp_path: Path) -> Subtree:
    root = tmp_path / "repository"
    root.mkdir()
    (root / "project").mkdir()
    (root / "project" / "link.tf").symlink_to("main.tf")
    commit(root, {"project/main.tf": "a\n", "project/modules/x/main.tf": "b\n", "secret.txt": "c\n"})
    asked = open_git(root)
    assert isinstance(asked, Git)
    return Subtree(TreeReader(asked, resolve(asked, "main")), "project")


def test_paths_are_relative_to_the_folder(subtree: Subtree) -> None:
    read = subtree.read("modules/x/main.tf")
    assert isinstance(read, Source)
    assert (read.path, read.text) == ("modules/x/main.tf", "b\n")
    assert subtree.entries(".") == {"main.tf": EntryKind.FILE, "modules": EntryKind.FOLDER}
    assert subtree.listdir("modules") == ("x",)
    assert (subtree.lies_at("main.tf"), subtree.lies_at("modules")) == (EntryKind.FILE, EntryKind.FOLDER)


@pytest.mark.parametrize("path", ["../secret.txt", "modules/../../secret.txt", "/secret.txt", "no.tf", "link.tf"])
def test_what_is_not_below_it_is_not_there(subtree: Subtree, path: str) -> None:
    read = subtree.read(path)
    assert isinstance(read, Refused)
    assert not subtree.exists(path)
    assert isinstance(subtree.lies_at(path), Refused)
    assert isinstance(subtree.entries(path), Refused)
