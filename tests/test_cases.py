"""A table of cases is one test, and it tells as much as one test of each case would."""

from __future__ import annotations

import inspect
import os
from pathlib import Path

import pytest

from tests import cases
from tests.cases import each


@each("number", [1, 20, 3, 40])
def below_ten(number: int) -> None:
    assert number < 10, f"{number} is too much"


@each(("left", "right"), [("a", 1), pytest.param("b", 2, id="named")])
@each("times", [1, 2, 3], ids=lambda times: f"x{times}")
def odd_together(left: str, right: int, times: int) -> None:
    assert right * times % 2


def test_every_case_that_fails_is_named_and_the_others_run() -> None:
    with pytest.raises(BaseExceptionGroup, match="2 of 4 cases fail: 20; 40") as told:
        below_ten()
    assert [str(error).splitlines()[0] for error in told.value.exceptions] == ["20 is too much", "40 is too much"]
    assert [error.__notes__ for error in told.value.exceptions] == [["case '20'"], ["case '40'"]]


def test_every_combination_is_a_case() -> None:
    with pytest.raises(BaseExceptionGroup, match="2 of 2 cases fail: a-1-x2; named-x1; named-x2; named-x3"):
        odd_together()


def test_what_is_not_an_assertion_counts_too() -> None:
    @each("fails", [lambda: pytest.fail("so"), lambda: [][0], lambda: None])  # type: ignore[misc]
    def run(fails) -> None:
        fails()

    with pytest.raises(BaseExceptionGroup, match="2 of 3 cases fail"):
        run()


def test_cases_of_a_group_run_together_and_no_others() -> None:
    @each("number", [1, 2, 3, 4], by=lambda number: number % 2)
    def run(number: int) -> None:
        raise ValueError(number)

    (mark,) = run.pytestmark  # type: ignore[attr-defined]
    assert (mark.args[0], list(mark.args[1])) == ("group", ["1", "0"])
    assert list(inspect.signature(run).parameters) == ["group"]
    with pytest.raises(BaseExceptionGroup, match="2 of 2 cases fail: 2; 4"):
        run(group="0")


def test_a_case_leaves_nothing_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @each("name", ["a", "b"])
    def run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert list(tmp_path.iterdir()) == []
        assert "READINESS_CASE" not in os.environ
        (tmp_path / name).touch()
        monkeypatch.setenv("READINESS_CASE", name)

    assert list(inspect.signature(run).parameters) == ["tmp_path", "monkeypatch"]
    run(tmp_path=tmp_path, monkeypatch=monkeypatch)
    assert "READINESS_CASE" not in os.environ


def test_only_the_cases_that_are_asked_for_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "WANTED", ["4"])
    with pytest.raises(BaseExceptionGroup, match="1 of 1 cases fail: 40"):
        below_ten()
    monkeypatch.setattr(cases, "WANTED", ["5"])
    with pytest.raises(pytest.skip.Exception):
        below_ten()


def test_it_is_skipped_when_every_case_is() -> None:
    @each("reason", ["dark", "late"])
    def run(reason: str) -> None:
        pytest.skip(reason)

    with pytest.raises(pytest.skip.Exception, match="dark: dark; late: late"):
        run()


def test_a_table_that_it_cannot_run_is_refused() -> None:
    with pytest.raises(ValueError, match="case 0 has marks"):
        each("number", [pytest.param(1, marks=pytest.mark.xfail)])
    with pytest.raises(ValueError, match="below_ten takes no word"):
        each("word", ["a"])(below_ten)
