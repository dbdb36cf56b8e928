"""What was made of the rules is used as long as it is what these very files say."""

import shutil
from pathlib import Path

import pytest

from bbws_readiness.engine.prepared import FILE, packed, rule_files_in
from bbws_readiness.engine.rule_files import rule_files
from bbws_readiness.reader import Reader
from bbws_readiness.resources import data_root

RULE = "rules/TBL001-missing-table.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Folder of some rules, and of what was made of them."""
    for name in (RULE, "rules/outside.yaml", "rules/checklist.yaml", "rules/remedies/tables.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(data_root() / name, tmp_path / name)
    (tmp_path / FILE).write_bytes(packed(rule_files(Reader(tmp_path)), tmp_path))
    return tmp_path


def test_it_says_what_the_files_say(root: Path) -> None:
    found = rule_files_in(root, root)
    assert found == rule_files(Reader(root))
    assert found is not None
    assert str(found.rules[0].at) == f"{RULE}:1"


def test_all_our_rules_survive(tmp_path: Path) -> None:
    read = rule_files(Reader(data_root()))
    (tmp_path / FILE).write_bytes(packed(read, data_root()))
    assert rule_files_in(tmp_path, data_root()) == read
    assert (tmp_path / FILE).read_bytes() == packed(read, data_root())


def edited(root: Path) -> None:
    path = root / RULE
    path.write_text(path.read_text().replace("minutes: ", "minutes: 1"))


def added(root: Path) -> None:
    shutil.copy(data_root() / "rules/TBL002-unplanned-table.yaml", root / "rules")


def renamed(root: Path) -> None:
    (root / RULE).rename(root / "rules/TBL001-other.yaml")


def remedied(root: Path) -> None:
    path = root / "rules/remedies/tables.yaml"
    path.write_text(path.read_text() + "\n")


def gone(root: Path) -> None:
    (root / FILE).unlink()


def cut(root: Path) -> None:
    (root / FILE).write_bytes((root / FILE).read_bytes()[:-1])


def other(root: Path) -> None:
    whole = (root / FILE).read_bytes()
    (root / FILE).write_bytes(whole[:32] + b"\x80")


def spoilt(root: Path) -> None:
    """Still of the form, and with other words."""
    whole = (root / FILE).read_bytes()
    (root / FILE).write_bytes(whole.replace(b"plan", b"plqn"))


@pytest.mark.parametrize("change", [spoilt, edited, added, renamed, remedied, gone, cut, other])
def test_it_is_not_used_after_a_change(root: Path, change: object) -> None:
    assert rule_files_in(root, root) is not None
    assert callable(change)
    change(root)
    assert rule_files_in(root, root) is None
