"""Says whether an assessment passes the gates that a pipeline sets, and which one stops it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.engine.finding import Standing
from bbws_readiness.engine.rule import Severity

if TYPE_CHECKING:
    from bbws_readiness.compare.baseline import Told


class Threshold(StrEnum):
    """What makes the command fail, loosest last but one: each threshold includes those before it."""

    BLOCKER = "blocker"
    """A verdict of BLOCKED."""
    DECISION = "decision"
    """Any verdict but READY."""
    HIGH = "high"
    """As `decision`, and any high issue, even one that is only a document's."""
    MEDIUM = "medium"
    LOW = "low"
    NEVER = "never"
    """Nothing that was found; what could not be assessed still fails."""


_REACHED = {
    Threshold.HIGH: Severity.HIGH,
    Threshold.MEDIUM: Severity.MEDIUM,
    Threshold.LOW: Severity.LOW,
}

PASSES_NONE = "what could not be assessed passes no gate"
MOST = 3
"""More keys of one stop than this are counted."""


class Gate(Struct, frozen=True):
    """What an assessment must come to; `Gate()` stops whatever is not READY."""

    fail_on: Threshold = Threshold.DECISION
    fail_on_new: bool = False
    """Only what the baseline does not have counts for `fail_on`; without a baseline everything is new."""
    min_score: Decimal = Decimal(0)
    min_coverage: Decimal = Decimal(0)
    """Percent of all checks."""


class Stop(Struct, frozen=True):
    """One gate that an assessment does not pass."""

    setting: str
    """`fail-on`, `fail-on-new`, `min-score` or `min-coverage`."""
    text: str
    """`score 72.5 is below 80`."""


class Passage(Struct, frozen=True):
    """What the gates make of an assessment."""

    exit_code: int
    """0 passes, 1 does not, 4 could not be assessed (whatever the gates)."""
    stops: tuple[Stop, ...] = ()
    """The gates that it does not pass, beside a verdict that says so itself."""


def passage(assessment: Assessment, gate: Gate) -> Passage:
    """Which gates the assessment passes.

    UNDETERMINED never passes: what cannot be told may be new, and a score counts only what was found. The stops then
    name `fail-on-new` or the minimum that could not be held against it. Nor does a known blocker pass beside a needed
    fact that cannot be told. A verdict that fails by itself needs no word.
    """
    if assessment.verdict is Verdict.UNDETERMINED:
        return Passage(4, tuple(_undetermined(gate)))
    stops = [*_new(assessment, gate), *_minima(assessment, gate)]
    told = not gate.fail_on_new and exit_code(assessment, gate.fail_on) == 1
    if told and assessment.verdict is Verdict.READY:
        stops.insert(0, Stop("fail-on", _gravest(assessment)))
    if not told and not stops and any(fact.needed for fact in assessment.not_verified):
        return Passage(4, (_untold(assessment, gate),))
    return Passage(int(told or bool(stops)), tuple(stops))


def exit_code(assessment: Assessment, threshold: Threshold) -> int:
    """0 passes, 1 not ready, 4 could not be assessed (whatever the threshold)."""
    severities = (issue.severity for issue in assessment.issues)
    return threshold_code(
        assessment.verdict, severities, threshold, told=not any(fact.needed for fact in assessment.not_verified)
    )


def threshold_code(verdict: Verdict, severities: Iterable[Severity], threshold: Threshold, *, told: bool) -> int:
    """The same, of the verdict and the severities of the open issues; `told` when the files tell every needed fact."""
    if verdict is Verdict.UNDETERMINED:
        return 4
    if threshold is Threshold.NEVER:
        return 0 if told else 4
    if verdict is Verdict.BLOCKED:
        return 1
    if threshold is Threshold.BLOCKER:
        return 0
    if verdict is not Verdict.READY:
        return 1
    reached = _REACHED.get(threshold)
    return int(reached is not None and any(severity.rank <= reached.rank for severity in severities))


def percentage(assessment: Assessment) -> Decimal:
    """How many of a hundred checks could be determined; 0 when there are none."""
    coverage = assessment.coverage
    return Decimal(100 * coverage.determined) / coverage.total if coverage.total else Decimal(0)


def reaches(threshold: Threshold, standing: Standing | None, severity: Severity | None) -> bool:
    """Whether one issue, finding or open decision alone makes a run fail at that threshold."""
    if threshold is Threshold.NEVER:
        return False
    if standing is Standing.DECISION or severity is None:
        return threshold is not Threshold.BLOCKER
    if standing is Standing.DEFECT:
        if severity is Severity.CRITICAL:
            return True
        if severity is Severity.HIGH:
            return threshold is not Threshold.BLOCKER
    reached = _REACHED.get(threshold)
    return reached is not None and severity.rank <= reached.rank


def _undetermined(gate: Gate) -> Iterator[Stop]:
    """The gates beyond the threshold that were asked for."""
    asked = {
        "fail-on-new": gate.fail_on_new,
        "min-score": gate.min_score > 0,
        "min-coverage": gate.min_coverage > 0,
    }
    name = next((name for name, wanted in asked.items() if wanted), "")
    if name:
        yield Stop(name, PASSES_NONE)


def _untold(assessment: Assessment, gate: Gate) -> Stop:
    """The stop of a BLOCKED project whose blockers would pass: what cannot be told may hide others."""
    needed = [fact for fact in assessment.not_verified if fact.needed]
    facts = "1 needed fact" if len(needed) == 1 else f"{len(needed)} needed facts"
    place = next((f" ({fact.at})" for fact in needed if fact.at), "")
    setting = "fail-on-new" if gate.fail_on_new else "fail-on"
    return Stop(setting, f"{facts} could not be determined{place}; {PASSES_NONE}")


def _new(assessment: Assessment, gate: Gate) -> Iterator[Stop]:
    """The stop by what the baseline does not have, at or above the threshold."""
    if not gate.fail_on_new:
        return
    if assessment.baseline is None:
        if exit_code(assessment, gate.fail_on) == 1:
            yield Stop("fail-on-new", "there is no baseline yet, so everything is new")
        return
    keys = [key for key, told in assessment.baseline.told.items() if _stops(assessment, told, key, gate.fail_on)]
    if keys:
        shown = ", ".join(keys[:MOST]) + (f" and {len(keys) - MOST} more" if len(keys) > MOST else "")
        yield Stop("fail-on-new", f"not in the baseline: {shown}")


def _stops(assessment: Assessment, told: Told, key: str, threshold: Threshold) -> bool:
    from bbws_readiness.compare.baseline import Since

    if told.since is Since.KNOWN:
        return False
    if told.since is Since.NEW:
        issue = next((one for one in assessment.issues if one.rule.code == key), None)
        standing, severity = (issue.standing, issue.severity) if issue else (Standing.DECISION, None)
        return reaches(threshold, standing, severity)
    new = set(told.findings)
    return any(reaches(threshold, one.standing, one.severity) for one in assessment.findings if one.fingerprint in new)


def _minima(assessment: Assessment, gate: Gate) -> Iterator[Stop]:
    score, reached = assessment.score.value, percentage(assessment)
    if score < gate.min_score:
        yield Stop("min-score", f"score {_number(score)} is below {_number(gate.min_score)}")
    if reached < gate.min_coverage:
        coverage = f"{assessment.coverage.determined} of {assessment.coverage.total}"
        # Rounded down, so that what is below never looks like what it is below of.
        shown = _number(reached.quantize(Decimal("0.1"), rounding="ROUND_DOWN"))
        yield Stop("min-coverage", f"coverage {coverage} is {shown} %, below {_number(gate.min_coverage)} %")


def _gravest(assessment: Assessment) -> str:
    issue = min(assessment.issues, key=lambda one: one.severity.rank)
    number = len(assessment.issues_of(issue.severity))
    return f"{number} {issue.severity.value} {'issue' if number == 1 else 'issues'}"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"
