"""Tells the critical findings with their differences by name, and all open issues by priority."""

from __future__ import annotations

from dataclasses import dataclass

from bbws_readiness.assess.assessment import Issue
from bbws_readiness.engine.finding import Finding, Standing
from bbws_readiness.engine.rule import Kind, Severity
from bbws_readiness.model.tables import Index, Table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.markdown import Markdown, bullets, code, codes, joined, say
from bbws_readiness.render.markdown import table as markdown_table
from bbws_readiness.render.views import figures
from bbws_readiness.render.views.report.checks import evidence
from bbws_readiness.render.views.report.facts import difference, named
from bbws_readiness.render.wording import PRIORITIES, SOURCES, STANDINGS
from bbws_readiness.source import SourceKind

INDEXES = "indexes"


@dataclass(frozen=True, slots=True)
class CriticalFinding:
    """One critical issue."""

    title: str
    action: Markdown
    difference: Markdown
    impact: str
    notes: tuple[Markdown, ...]
    """The findings that this issue explains."""
    indexes: tuple[IndexDifference, ...]
    """One entry when the issue is about indexes."""


@dataclass(frozen=True, slots=True)
class IndexDifference:
    """The index sets of every table, one source against Terraform."""

    title: str
    table: Markdown


def critical_findings(frame: Frame) -> tuple[CriticalFinding, ...]:
    """All critical issues, in the order of every list."""
    return tuple(_critical(frame, issue) for issue in frame.assessment.issues_of(Severity.CRITICAL))


def _critical(frame: Frame, issue: Issue) -> CriticalFinding:
    first = issue.findings[0]
    asking = expected_label(first)
    rows = [
        (
            code(finding.subject),
            finding.expected or finding.rule.holds,
            finding.actual or finding.message,
            _by_name(finding),
            evidence(frame, finding),
        )
        for finding in issue.findings
    ]
    return CriticalFinding(
        title=issue.title,
        action=figures.action_reference(frame.assessment.action(issue.action)),
        difference=markdown_table(
            ("Subject", f"Expected{asking}", "Actual (per terraform)", "Difference by name", "Evidence"), rows
        ),
        impact=issue.rule.risk.text if issue.rule.risk else issue.rule.why,
        notes=tuple(frame.cited(say("{} {}", code(one.rule.code), one.message), one.at) for one in issue.evidence),
        indexes=index_differences(frame, first.authority) if issue.rule.facet == INDEXES else (),
    )


def expected_label(finding: Finding) -> str:
    """` (per plan)`: the source that asks, as far as it is known."""
    if finding.authority:
        return f" (per {SOURCES[finding.authority]})"
    if finding.rule.kind is Kind.DEMAND and finding.sides:
        return f" (per {', '.join(SOURCES[side.source] for side in finding.sides)})"
    return " (per rule)" if finding.rule.kind in (Kind.ALONE, Kind.SELF) else ""


def _by_name(finding: Finding) -> Markdown:
    """The set difference between the source that is right and Terraform; a dash when these are not sets."""
    says = {side.source: side.says for side in finding.sides}
    expected = says.get(finding.authority) if finding.authority else None
    actual = says.get(SourceKind.TERRAFORM)
    if isinstance(expected, frozenset) and isinstance(actual, frozenset):
        return difference(expected, actual)
    return Markdown("-")


def index_differences(frame: Frame, authority: SourceKind | None) -> tuple[IndexDifference, ...]:
    """The index sets of `authority` against Terraform; without one, of every source that lists indexes."""
    kinds = [authority] if authority else [SourceKind.PLAN, SourceKind.SCHEMAS, SourceKind.SCRIPT]
    found = []
    for kind in kinds:
        rows = _index_rows(frame, kind)
        if kind is not SourceKind.TERRAFORM and rows:
            word = SOURCES[kind]
            sides = (f"Expected (per {word})", "Actual (terraform)")
            headings = ("Table", *sides, "Only expected", "Only actual", "Status", "Source")
            found.append(IndexDifference(f"{word} against terraform", markdown_table(headings, rows)))
    return tuple(found)


def _index_rows(frame: Frame, kind: SourceKind) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for comparison in frame.assessment.model.compared_tables():
        said, built = comparison.side(kind), comparison.side(SourceKind.TERRAFORM)
        if said is None or said.index_names is None:
            continue
        expected = said.index_names
        actual = built.index_names if built else frozenset()
        rows.append(
            (
                code(comparison.name),
                named(expected),
                Markdown("table not declared") if built is None else named(actual),
                codes(sorted(expected - actual)) if actual is not None else Markdown("-"),
                codes(sorted(actual - expected)) if actual is not None else Markdown("-"),
                _index_status(said, built),
                frame.places([said.at] + ([built.at] if built else [])),
            )
        )
    return rows


def _index_status(said: Table, built: Table | None) -> str:
    """MATCH means names and, where both speak of them, keys and projections."""
    if built is None:
        return "MISSING"
    if built.index_names is None:
        return "not determinable from the files"
    if said.index_names != built.index_names:
        return "DIFFERENT NAMES"
    theirs = {index.name.or_none(): index for index in built.indexes or ()}
    same = all(_same_keys(index, theirs[index.name.or_none()]) for index in said.indexes or ())
    return "MATCH" if same else "DIFFERENT KEYS"


def _same_keys(one: Index, other: Index) -> bool:
    if not (one.speaks_of_keys and other.speaks_of_keys):
        return True
    return all(
        (mine.name.or_none() if mine else None) == (theirs.name.or_none() if theirs else None)
        for mine, theirs in ((one.partition_key, other.partition_key), (one.sort_key, other.sort_key))
    )


@dataclass(frozen=True, slots=True)
class OpenIssues:
    """The issues of one priority."""

    title: str
    table: Markdown


def issues_by_priority(frame: Frame) -> tuple[OpenIssues, ...]:
    """The four priorities in order, defects only."""
    return tuple(
        OpenIssues(
            PRIORITIES[severity],
            _issues_table(
                frame,
                [issue for issue in frame.assessment.issues_of(severity) if issue.standing is not Standing.DRIFT],
            ),
        )
        for severity in Severity
    )


def drift(frame: Frame) -> Markdown:
    """Issues of documents that contradict the authority: they block nothing."""
    drifting = [issue for issue in frame.assessment.issues if issue.standing is Standing.DRIFT]
    return _issues_table(frame, drifting)


def _issues_table(frame: Frame, issues: list[Issue]) -> Markdown:
    rows = []
    for issue in issues:
        action = frame.assessment.action(issue.action)
        places = frame.places(finding.at for finding in issue.findings)
        number = say("{}", action.number)
        rows.append((code(issue.rule.code), issue.title, codes(issue.subjects), issue.rule.why, number, places))
    return markdown_table(("Rule", "Issue", "Subjects", "Impact", "Action", "Evidence"), rows, right=frozenset({4}))


def settled(frame: Frame) -> Markdown:
    """What recorded decisions have settled, with the standing it would have."""
    rows = [
        (
            code(finding.settled_by),
            say("{} {}", code(finding.rule.code), finding.message),
            STANDINGS[finding.standing] if finding.standing else Markdown("-"),
            evidence(frame, finding),
        )
        for finding in frame.assessment.findings
        if finding.settled_by
    ]
    return markdown_table(("Decision", "Finding", "Standing", "Evidence"), rows)


def documents_to_edit(frame: Frame, findings: tuple[Finding, ...]) -> Markdown:
    """The exact edits: place, what stands there, what has to."""
    items = [
        say("{}: {}", joined([frame.place(finding.at)]), finding.message)
        if not finding.expected
        else say("{}: says {}; must say {}", frame.place(finding.at), finding.actual, finding.expected)
        for finding in findings
    ]
    return bullets(items)
