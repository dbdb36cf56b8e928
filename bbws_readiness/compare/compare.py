"""Holds two assessments of one project and environment against each other."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bbws_readiness.compare.causes import Causes
from bbws_readiness.compare.changes import Changes, InputChange, IssueChange, Kind
from bbws_readiness.compare.inputs import changed_authority, changed_decisions, changed_inputs
from bbws_readiness.compare.pairs import Pair, pairs_of
from bbws_readiness.compare.runs import TwoRuns
from bbws_readiness.compare.snapshot import Snapshot
from bbws_readiness.errors import NotComparable


def compare(before: Snapshot, after: Snapshot) -> Changes:
    """Everything that differs, with causes that follow from what both say and never from a guess.

    The points of all changes, less `floor`, are exactly the difference of the scores. Raises `NotComparable` for
    assessments of different projects or environments.
    """
    _require_alike(before, after)
    inputs = changed_inputs(before, after)
    authority = changed_authority(before, after)
    tool = (_tool(before), _tool(after))
    issues = tuple(_judged(TwoRuns(before, after), inputs))
    return Changes(
        before=before,
        after=after,
        issues=issues,
        inputs=inputs,
        authority=authority,
        decided=changed_decisions(before, after),
        tool=None if tool[0] == tool[1] else tool,
        floor=sum((change.points for change in issues), Decimal(0)) - (after.score - before.score),
    )


def _require_alike(before: Snapshot, after: Snapshot) -> None:
    if before.slug != after.slug:
        raise NotComparable(
            f'the earlier assessment is of the project "{before.slug}", the later of "{after.slug}"',
            hint="compare assessments of one project",
        )
    if before.environment != after.environment:
        raise NotComparable(
            f'the earlier assessment is for "{before.environment}", the later for "{after.environment}"',
            hint="compare assessments for one environment",
        )


def _tool(snapshot: Snapshot) -> str:
    return f"{snapshot.tool_version} ({snapshot.rulebook})" if snapshot.rulebook else snapshot.tool_version


def _judged(runs: TwoRuns, inputs: tuple[InputChange, ...]) -> Iterator[IssueChange]:
    causes = Causes(runs, inputs)
    deducted, deducts = _points(runs.before), _points(runs.after)
    for pair in pairs_of(runs):
        points = (deducted[pair.before.key] if pair.before else Decimal(0)) - (
            deducts[pair.after.key] if pair.after else Decimal(0)
        )
        kind = _kind(pair, points, runs)
        told = causes.of(pair, kind)
        yield IssueChange(
            kind=kind,
            key=pair.key,
            before=pair.before,
            after=pair.after,
            causes=told.causes,
            why=told.why,
            decisions=told.decisions,
            points=points,
            within=pair.within,
        )


def _points(snapshot: Snapshot) -> dict[str, Decimal]:
    points = {issue.key: Decimal(0) for issue in snapshot.issues}
    for line in snapshot.ledger:
        points[line.key] += line.points
    return points


def _kind(pair: Pair, points: Decimal, runs: TwoRuns) -> Kind:
    old, new = runs.subjects
    if pair.after and any(old.was_settled(new.finding(one)) for one in pair.after.findings):
        return Kind.REINSTATED
    if pair.within:
        return Kind.RECLASSIFIED
    if pair.before and pair.after:
        same = (pair.before.key, pair.before.severity, pair.before.standing) == (
            *(pair.after.key, pair.after.severity, pair.after.standing),
        )
        return Kind.UNCHANGED if same and not points else Kind.RECLASSIFIED
    if pair.unanswered:
        return Kind.NOT_COMPARABLE
    return Kind.RESOLVED if pair.before else Kind.NEW
