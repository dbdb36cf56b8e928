"""Every promise names tests, and there are such tests."""

from __future__ import annotations

import ast
import json
import re
import shutil
from datetime import datetime
from pathlib import Path

from bbws_readiness.parsers.assemble import MAX_DIAGNOSTICS
from bbws_readiness.pipeline import assess_project
from tests.cases import each

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "guarantees.md"
ROW = re.compile(r"^\| (?P<number>G\d+) \| (?P<promise>[^|]+) \| (?P<proof>[^|]+) \|(?P<limits>[^|]*)\|$", re.MULTILINE)
A_TEST = re.compile(r"`(?P<path>tests/[\w/]+\.py)::(?P<name>test_\w+)`")
ROWS = {row["number"]: row for row in ROW.finditer(PAGE.read_text(encoding="utf-8"))}
NUMBERS = [f"G{number}" for number in range(1, 23)]
NOT_YET: set[str] = set()
"""Those that concern what does not exist yet."""


def test_every_guarantee_has_its_row() -> None:
    assert list(ROWS) == NUMBERS


@each("number", NUMBERS)
def test_a_guarantee_is_proven_or_not_applicable(number: str) -> None:
    proof = ROWS[number]["proof"]
    assert bool(A_TEST.search(proof)) == (number not in NOT_YET)
    assert ("not applicable yet" in proof) == (number in NOT_YET)


@each("named", sorted({match[0].strip("`") for match in A_TEST.finditer(PAGE.read_text("utf-8"))}))
def test_the_named_test_exists(named: str) -> None:
    path, _, name = named.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_pages_know_each_other() -> None:
    assert "docs/guarantees.md" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(SECURITY.md)" in readme
    assert "(docs/guarantees.md)" in readme


def test_what_is_cut_is_counted(tmp_path: Path) -> None:
    project = shutil.copytree(ROOT / "tests" / "rules" / "projects" / "shipments", tmp_path / "shipments")
    outside = {
        "tableName": "a",
        "properties": {f"p{n}": {"$ref": f"https://a/{n}"} for n in range(MAX_DIAGNOSTICS + 7)},
    }
    (project / "schemas" / "a.schema.json").write_text(json.dumps(outside))
    found = assess_project(project, "sit", as_of=datetime(2026, 3, 4)).diagnostics
    told = [one for one in found if one.at.path == "schemas/a.schema.json"]
    assert len(told) == MAX_DIAGNOSTICS + 1
    assert re.fullmatch(r"and \d+ more", next(one.summary for one in told if one.summary.startswith("and ")))
