"""A target is held, missed, or not measured; its figure is made of paired rounds."""

import pytest

from benchmarks.measure import Race
from benchmarks.results import Results, from_json, to_json
from benchmarks.targets import TARGETS, Target, lines
from tests.benchmarks.made import Figures, results

FIRST, CHECKOV, SECOND = "assess, first run", "checkov", "assess, second run"


def target(name: str) -> Target:
    (found,) = (one for one in TARGETS if one.name == name)
    return found


CASES: list[tuple[str, Figures, str, str]] = [
    (
        "`readiness --version` / bare interpreter",
        {"start": {"readiness --version": [(0.08, 20)], "python -c pass": [(0.02, 10)]}},
        "4.00",
        "held",
    ),
    (
        "the example / checkov",
        {"example": {FIRST: [(1, 60)] * 2, CHECKOV: [(5, 180)] * 2}},
        "0.20",
        "missed",
    ),
    # Of three rounds of which one was disturbed, the middle ratio counts: 0.1, 0.1 and 0.9.
    (
        "the example / checkov",
        {"example": {FIRST: [(1, 60), (9, 60), (2, 60)], CHECKOV: [(10, 180), (10, 180), (20, 180)]}},
        "0.10",
        "held",
    ),
    ("the example / checkov", {"example": {FIRST: [(1, 60)]}}, "-", "not measured"),
    ("the example / trivy", {}, "-", "not measured"),
    ("memory, the example / checkov", {"example": {FIRST: [(1, 90)], CHECKOV: [(5, 180)]}}, "0.50", "missed"),
    (
        "second run / first, files unchanged",
        {"example": {FIRST: [(1, 60)], SECOND: [(0.6, 60)]}},
        "0.60",
        "held",
    ),
    ("per table, at 1,000 / at 100", {"growth": {"100 tables": [(1, 60)], "1000 tables": [(10, 60)]}}, "1.00", "held"),
    (
        "per table, at 1,000 / at 100",
        {"growth": {"100 tables": [(1, 60)], "1000 tables": [(12, 60)]}},
        "1.20",
        "missed",
    ),
    (
        "a further project in one process / a run of its own",
        {"process": {"assess": [(1, 60)], "one in one process": [(1.5, 60)], "21 in one process": [(5.5, 60)]}},
        "0.20",
        "held",
    ),
    (
        "200 projects, one of them broken, on two cores",
        {"portfolio": {"200, one broken": [(21, 60)]}},
        "21.00 s",
        "missed",
    ),
    (
        "1,000 projects, one worker / two",
        {"many": {"1000, one worker": [(180, 60)], "1000, two workers": [(100, 60)]}},
        "1.80",
        "held",
    ),
    (
        "1,000 projects, one worker / two",
        {"many": {"1000, one worker": [(160, 60)], "1000, two workers": [(100, 60)]}},
        "1.60",
        "missed",
    ),
]


@pytest.mark.parametrize(("name", "figures", "figure", "verdict"), CASES)
def test_verdict(name: str, figures: Figures, figure: str, verdict: str) -> None:
    measured = results(figures)
    assert (target(name).measured(measured), target(name).verdict(measured)) == (figure, verdict)


@pytest.mark.parametrize(
    ("failed", "others", "verdict"),
    [
        ({FIRST}, {CHECKOV}, ("failed", "missed")),
        ({CHECKOV}, {FIRST}, ("-", "not measured")),
        ({FIRST}, set(), ("-", "not measured")),
        (set(), {FIRST}, ("-", "not measured")),
    ],
    ids=["ours failed", "the other failed", "ours failed and the other is not here", "the other is not here"],
)
def test_a_failed_run_of_ours_is_a_missed_target(failed: set[str], others: set[str], verdict: tuple[str, str]) -> None:
    samples = results({"tables-1000": {name: [(1, 60)] for name in others}}).races["tables-1000"].samples
    measured = Results({"tables-1000": Race(samples, dict.fromkeys(failed, "ended with exit code 4"))})
    one = target("1,000 tables / checkov")
    assert (one.measured(measured), one.verdict(measured)) == verdict


def test_every_target_has_one_line_and_without_figures_none_is_held_or_missed() -> None:
    printed = lines(Results())
    assert len(printed) == len(TARGETS) == len({one.name for one in TARGETS})
    for one, line in zip(TARGETS, printed, strict=True):
        assert line.startswith(one.name)
        assert line.endswith(f"{one.limit:<8}  not measured")


def test_every_target_has_a_figure_of_the_runs_that_there_are() -> None:
    every: dict[str, dict[str, list[tuple[float, float]]]] = {
        case: {name: [(1, 1)] for name in names}
        for case, names in {
            "start": ("readiness --version", "python -c pass"),
            "example": (FIRST, SECOND, CHECKOV, "trivy", "terraform plan"),
            "tables-1000": (FIRST, CHECKOV),
            "files-100": (FIRST, CHECKOV),
            "growth": ("100 tables", "1000 tables"),
            "process": ("assess", "one in one process", "21 in one process"),
            "portfolio": ("200, one broken",),
            "many": ("1000, one worker", "1000, two workers", "100, two workers"),
        }.items()
    }
    assert [one.name for one in TARGETS if one.verdict(results(every)) == "not measured"] == []


def test_results_survive_their_file() -> None:
    measured = results({"example": {FIRST: [(1, 60), (2, 61)]}})
    assert from_json(to_json(measured)) == measured
