"""What was measured is kept case by case, and only what belongs together is told together."""

import json
from argparse import Namespace
from functools import partial
from pathlib import Path

import pytest

from benchmarks.kept import Kept, together
from benchmarks.results import Imports, Results
from benchmarks.run import Part, _run, _todo
from tests.benchmarks.made import results

MACHINE = {"date": "2026-01-07", "readiness": "1.0, tree 0123456789ab"}
TODAY = Results(results({"example": {"checkov": [(1, 60)]}}).races, machine=MACHINE, rounds={"example": 1})
OPTIONS = Namespace(only=None, fresh=False)


def part(key: str, measure: object = None, rounds: int = 1) -> Part:
    return Part(key, key, rounds, 10, measure)  # type: ignore[arg-type]


def test_a_case_is_there_again_for_the_same_tree_machine_and_day(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    Kept(folder, MACHINE).put("example", TODAY)
    assert [path.name for path in folder.iterdir()] == ["example.json"]
    assert Kept(folder, MACHINE).of("example") == TODAY
    assert Kept(folder, MACHINE).of("start") is None
    for name in MACHINE:
        assert Kept(folder, MACHINE | {name: "another"}).of("example") is None


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"races": {}}), json.dumps({"races": {"a": 1}})])
def test_what_is_no_result_is_not_there(tmp_path: Path, text: str) -> None:
    (tmp_path / "example.json").write_text(text)
    assert Kept(tmp_path, MACHINE).of("example") is None


def test_cases_are_told_together() -> None:
    imports = Results(imports=(Imports("--version", 1, 2, 3),), rounds={"imports": 3}, others={"imports": 0.5})
    found = together([TODAY, imports], MACHINE, "cpu")
    assert (found.races, found.imports, found.clock) == (TODAY.races, imports.imports, "cpu")
    assert (found.rounds, found.others) == ({"example": 1, "imports": 3}, {"imports": 0.5})


def test_what_was_done_before_an_interruption_is_kept(tmp_path: Path) -> None:
    def interrupted(_rounds: int) -> Results:
        raise KeyboardInterrupt

    kept = Kept(tmp_path, MACHINE)
    parts = [part("example", lambda _: TODAY), part("start", interrupted), part("growth", lambda _: TODAY)]
    with pytest.raises(KeyboardInterrupt):
        _run(parts, kept, MACHINE, "wall")
    found = kept.of("example")
    assert found and (found.races, found.rounds) == (TODAY.races, {"example": 1})
    assert (kept.of("start"), kept.of("growth")) == (None, None)


@pytest.mark.parametrize(
    ("options", "todo"),
    [
        ({}, ["start", "growth"]),
        ({"fresh": True}, ["example", "start", "growth"]),
        ({"only": ["example"]}, ["example"]),
    ],
    ids=["goes on", "fresh", "only"],
)
def test_what_is_kept_with_as_many_rounds_is_not_measured_again(
    tmp_path: Path, options: dict[str, object], todo: list[str]
) -> None:
    kept = Kept(tmp_path, MACHINE)
    for key, rounds in (("example", 5), ("growth", 1)):
        kept.put(key, together([TODAY, Results(rounds={key: rounds})], MACHINE, "wall"))
    parts = list(map(partial(part, rounds=3), ("example", "start", "growth")))
    wanted = Namespace(**(vars(OPTIONS) | options))
    assert [one.key for one in _todo(parts, kept, wanted)] == todo
