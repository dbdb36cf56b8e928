"""Tells the critical findings with their differences by name, and all open issues by priority."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bbws_readiness.assess.assessment import Issue
from bbws_readiness.engine.finding import Finding, Standing
from bbws_readiness.engine.rule import Kind, Severity
from bbws_readiness.model.tables import Index, Table
from bbws_readiness.render.encode.markdown import Markdown, code, codes, say
from bbws_readiness.render.encode.markdown import table as markdown_table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import figures
from bbws_readiness.render.views.checks import evidence
from bbws_readiness.render.views.report.facts import difference, named
from bbws_readiness.render.wording import PRIORITIES
from bbws_readiness.source import SourceKind

INDEXES = "indexes"
MATCH = "MATCH"


class CriticalFinding(Struct, frozen=True):
    """One critical issue."""

    title: str
    action: Markdown
    table: Markdown
    """Expected and actual, a row per subject."""
    difference: tuple[Markdown, ...]
    """The differences by name, where sets were compared."""
    impact: str
    notes: tuple[Markdown, ...]
    """The findings that this issue explains."""
    indexes: tuple[IndexDifference, ...]
    """One entry when the issue is about indexes."""


class IndexDifference(Struct, frozen=True):
    """The index sets of every table, one source against Terraform."""

    title: str
    table: Markdown


def critical_findings(frame: Frame) -> tuple[CriticalFinding, ...]:
    """All critical issues, in the order of every list."""
    return tuple(_critical(frame, issue) for issue in frame.assessment.issues_of(Severity.CRITICAL))


def _critical(frame: Frame, issue: Issue) -> CriticalFinding:
    """Only what will be deployed: a document that differs as well stands under the drift."""
    findings = [one for one in issue.findings if one.standing is not Standing.DRIFT] or list(issue.findings)
    first = findings[0]
    rows = [
        (
            code(finding.subject),
            finding.expected or finding.rule.holds,
            finding.actual or finding.message,
            evidence(frame, finding),
        )
        for finding in findings
    ]
    built = any(side.source is SourceKind.TERRAFORM for side in first.sides)
    actual = "Actual (per terraform)" if built else "Actual"
    headings = ("Subject", f"Expected{expected_label(first)}", actual, "Evidence")
    return CriticalFinding(
        title=issue.title,
        action=figures.action_reference(frame.assessment.action(issue.action)),
        table=markdown_table(headings, rows),
        difference=tuple(_differences(frame, issue, findings)),
        impact=issue.rule.risk.text if issue.rule.risk else issue.rule.why,
        notes=tuple(frame.cited(say("{} {}", code(one.rule.code), one.message), one.at) for one in issue.evidence),
        indexes=index_differences(frame, first.authority) if issue.rule.facet == INDEXES else (),
    )


def expected_label(finding: Finding) -> str:
    """` (per plan)`: the source that asks, as far as it is known."""
    if finding.authority:
        return f" (per {finding.authority!s})"
    if finding.rule.kind is Kind.DEMAND and finding.sides:
        return f" (per {', '.join(str(side.source) for side in finding.sides)})"
    return " (per rule)" if finding.rule.kind in (Kind.ALONE, Kind.SELF) else ""


def _differences(frame: Frame, issue: Issue, findings: list[Finding]) -> Iterator[Markdown]:
    """Set differences between the source that is right and Terraform: of all tables, or per subject."""
    authority = findings[0].authority
    model = frame.assessment.model
    if issue.rule.facet == "tables" and authority:
        expected = frozenset(table.name for table in model.tables_of(authority) or ())
        actual = frozenset(table.name for table in model.terraform_tables or ())
        yield say("tables - {}", difference(expected, actual))
        return
    for finding in findings:
        says = {side.source: side.says for side in finding.sides}
        right = says.get(finding.authority) if finding.authority else None
        built = says.get(SourceKind.TERRAFORM)
        if isinstance(right, frozenset) and isinstance(built, frozenset):
            yield say("{} - {}", code(finding.subject), difference(right, built))


def index_differences(frame: Frame, authority: SourceKind | None) -> tuple[IndexDifference, ...]:
    """The index sets of `authority` against Terraform; without one, of every source that lists indexes.

    What nobody has declared right is a claim, and a table that only a claim names is another question.
    """
    kinds = [authority] if authority else [SourceKind.PLAN, SourceKind.SCHEMAS, SourceKind.SCRIPT]
    word = "expected" if authority else "claimed"
    found = []
    for kind in kinds:
        rows = _index_rows(frame, kind, claimed=not authority)
        if kind is not SourceKind.TERRAFORM and rows:
            source = str(kind)
            sides = (f"{word.capitalize()} (per {source})", "Actual (terraform)", f"Only {word}", "Only actual")
            table = markdown_table(("Table", *sides, "Status", "Source"), rows)
            found.append(IndexDifference(f"{source} against terraform", table))
    return tuple(found)


def _index_rows(frame: Frame, kind: SourceKind, *, claimed: bool) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for comparison in frame.assessment.model.compared_tables():
        said, built = comparison.side(kind), comparison.side(SourceKind.TERRAFORM)
        if said is None or said.index_names is None or (claimed and built is None):
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
                index_status(said, built),
                frame.places([said.at] + ([built.at] if built else [])),
            )
        )
    return rows


def index_status(said: Table, built: Table | None) -> str:
    """MATCH means names and, where both speak of them, keys and projections."""
    if built is None:
        return "MISSING"
    if built.index_names is None:
        return "not determinable from the files"
    if said.index_names != built.index_names:
        return "DIFFERENT NAMES"
    theirs = {index.name.or_none(): index for index in built.indexes or ()}
    same = all(_same_keys(index, theirs[index.name.or_none()]) for index in said.indexes or ())
    return MATCH if same else "DIFFERENT KEYS"


def _same_keys(one: Index, other: Index) -> bool:
    if not (one.speaks_of_keys and other.speaks_of_keys):
        return True
    return all(
        (mine.name.or_none() if mine else None) == (theirs.name.or_none() if theirs else None)
        for mine, theirs in ((one.partition_key, other.partition_key), (one.sort_key, other.sort_key))
    )


class OpenIssues(Struct, frozen=True):
    """The issues of one priority."""

    title: str
    table: Markdown


def issues_by_priority(frame: Frame) -> tuple[OpenIssues, ...]:
    """The four priorities in order: every open issue, so that their numbers are those of every document."""
    return tuple(
        OpenIssues(PRIORITIES[severity], _issues_table(frame, frame.assessment.issues_of(severity)))
        for severity in Severity
    )


def drift(frame: Frame) -> Markdown:
    """Every statement of a document that contradicts the authority: it blocks nothing, and has to be edited."""
    actions = {one.fingerprint: action.number for action in frame.assessment.actions for one in action.edits}
    rows = [
        (
            frame.place(finding.at),
            code(finding.subject),
            finding.actual or finding.message,
            finding.expected or "-",
            code(finding.rule.code),
            actions.get(finding.fingerprint, Markdown("-")),
        )
        for finding in frame.assessment.findings
        if finding.open and finding.standing is Standing.DRIFT
    ]
    return markdown_table(("Document", "Subject", "Says", "Must say", "Rule", "Action"), rows, right=frozenset({5}))


def _issues_table(frame: Frame, issues: tuple[Issue, ...]) -> Markdown:
    rows = []
    for issue in issues:
        action = frame.assessment.action(issue.action)
        places = frame.places(finding.at for finding in issue.findings)
        number = say("{}", action.number)
        rows.append((code(issue.rule.code), issue.title, codes(issue.subjects), issue.rule.why, number, places))
    return markdown_table(("Rule", "Issue", "Subjects", "Impact", "Action", "Evidence"), rows, right=frozenset({4}))
