"""Which gate stops an assessment, and that the issues alone say so wherever the verdict does."""

from datetime import datetime
from decimal import Decimal
from functools import cache

from msgspec.structs import replace

from bbws_readiness.assess.assessment import Assessment, NotVerified, Verdict
from bbws_readiness.assess.gate import Gate, Threshold, exit_code, passage, percentage, reaches
from bbws_readiness.baseline import with_baseline
from bbws_readiness.engine.finding import Standing
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.machine import to_json
from bbws_readiness.source import Location, Source
from tests.cases import each
from tests.example import MANY_FAULTS, assessed

UNDETERMINED = "undetermined"
HIDING = "hiding"
"""As b, with a workflow that cannot be read: what it held would be new."""
HIDDEN = NotVerified("missing-gate", "", "", "", Location("deploy.yml", 1), gating=True)


@cache
def assessment(name: str) -> Assessment:
    """A reading of the example, `many` for the example with a fault for every deep rule, or one without an answer."""
    if name == UNDETERMINED:
        return replace(assessed("c"), verdict=Verdict.UNDETERMINED)
    if name == HIDING:
        return replace(assessed("b"), not_verified=(HIDDEN,))
    return assess_project(MANY_FAULTS, "sit", as_of=datetime(2026, 3, 4)) if name == "many" else assessed(name)


def since(name: str, earlier: str) -> Assessment:
    """One assessment with another as its baseline."""
    return with_baseline(assessment(name), Source("main.json", to_json(assessment(earlier)), 1, ""))


@each("name", ["a", "b", "c", "many", HIDING, UNDETERMINED])
@each("threshold", Threshold)
def test_what_reaches_a_threshold_is_what_fails_there(name: str, threshold: Threshold) -> None:
    judged = assessment(name)
    code = exit_code(judged, threshold)
    assert passage(judged, Gate(threshold)).exit_code == code
    if code != 4:
        reached = any(reaches(threshold, one.standing, one.severity) for one in judged.issues)
        reached |= any(reaches(threshold, Standing.DECISION, None) for _ in judged.decisions)
        assert code == int(reached)
    # Without a baseline everything is new.
    assert passage(judged, Gate(threshold, fail_on_new=True)).exit_code == code


# Assessment, baseline, gate; then the exit code and the settings that stop it with words of what is told.
STOPS = {
    "ready": ("c", "", Gate(), 0, {}),
    "ready with low issues": ("c", "", Gate(Threshold.LOW), 1, {"fail-on": "2 low issues"}),
    "the verdict says it itself": ("b", "", Gate(), 1, {}),
    "score": ("c", "", Gate(min_score=Decimal("95.5")), 1, {"min-score": "score 95 is below 95.5"}),
    "score reached": ("c", "", Gate(min_score=Decimal(95)), 0, {}),
    "coverage": (
        "c",
        "",
        Gate(min_coverage=Decimal("80.6")),
        1,
        {"min-coverage": "coverage 62 of 77 is 80.5 %, below 80.6 %"},
    ),
    "coverage reached": ("c", "", Gate(min_coverage=Decimal("80.5")), 0, {}),
    "both minima": (
        "b",
        "",
        Gate(Threshold.NEVER, min_score=Decimal(1), min_coverage=Decimal(100)),
        1,
        {"min-score": "score 0 is below 1", "min-coverage": "below 100 %"},
    ),
    "nothing new": ("b", "b", Gate(Threshold.LOW, fail_on_new=True), 0, {}),
    "a known blocker and a low score": (
        "b",
        "b",
        Gate(fail_on_new=True, min_score=Decimal(10)),
        1,
        {"min-score": "score 0 is below 10"},
    ),
    "new where nobody had said who is right": (
        "b",
        "a",
        Gate(fail_on_new=True),
        1,
        {"fail-on-new": "not in the baseline: TBL001"},
    ),
    "new, and below the threshold": ("c", "b", Gate(Threshold.DECISION, fail_on_new=True), 0, {}),
    "new, and nothing fails": ("b", "a", Gate(Threshold.NEVER, fail_on_new=True), 0, {}),
    "no baseline yet": ("b", "", Gate(fail_on_new=True), 1, {"fail-on-new": "no baseline yet"}),
    "blocked anyhow": (HIDING, "", Gate(), 1, {}),
    "a known blocker, and what may be new": (
        HIDING,
        "b",
        Gate(fail_on_new=True),
        4,
        {"fail-on-new": "1 needed fact could not be determined (deploy.yml:1); what could not be assessed passes no"},
    ),
    "nothing stops it, and something is hidden": (HIDING, "", Gate(Threshold.NEVER), 4, {"fail-on": "passes no gate"}),
    "no answer": (UNDETERMINED, "", Gate(), 4, {}),
    "no answer, and new alone counts": (UNDETERMINED, "c", Gate(fail_on_new=True), 4, {"fail-on-new": "passes no"}),
    "no answer, whatever the score": (UNDETERMINED, "", Gate(min_score=Decimal(1)), 4, {"min-score": "passes no gate"}),
}


@each("name", STOPS)
def test_stops(name: str) -> None:
    judged, earlier, gate, code, told = STOPS[name]
    result = passage(since(judged, earlier) if earlier else assessment(judged), gate)
    assert result.exit_code == code
    assert [stop.setting for stop in result.stops] == list(told)
    for stop in result.stops:
        assert told[stop.setting] in stop.text


def test_a_baseline_lets_pass_and_never_stops() -> None:
    """What passes without one passes with any, and all that is known passes."""
    for name in ("a", "b", "c"):
        for earlier in ("a", "b", "c"):
            held = since(name, earlier)
            for threshold in Threshold:
                new = passage(held, Gate(threshold, fail_on_new=True)).exit_code
                assert new <= exit_code(held, threshold)
                assert new == 0 or earlier != name


def test_what_nothing_is_asked_of_covers_nothing() -> None:
    coverage = replace(assessed("c").coverage, determined=0, total=0)
    empty = replace(assessed("c"), coverage=coverage)
    assert percentage(empty) == 0
    assert passage(empty, Gate(min_coverage=Decimal("0.1"))).exit_code == 1
