"""Every hostile input ends in an answer: one line per fault, nothing executed, nothing leaked, never READY."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cases import each
from tests.data import data
from tests.hostile.catalogue import HERE, Case, cases
from tests.hostile.check import Runner, faults, perform

ROWS: dict[str, str] = data(HERE / "rows.yaml")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_hostile_input(case: Case, runner: Runner, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if case.only == "root" and os.geteuid() != 0:
        pytest.skip("only root can make this input")
    if case.known:
        request.applymarker(pytest.mark.xfail(reason=case.known, strict=True))
    result = perform(case, tmp_path / "case", runner)
    found = list(faults(case, result))
    assert not found, "\n" + "\n".join(found)


@each("row", ROWS)
def test_row_has_a_case(row: str) -> None:
    assert any(case.row == row for case in cases())


def test_case_names_a_row_that_there_is() -> None:
    assert {case.row for case in cases() if case.row} <= set(ROWS)
