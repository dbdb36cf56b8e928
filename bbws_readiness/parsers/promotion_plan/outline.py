"""Knows which parts every promotion plan has, and where a missing one was expected."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.model.plans import Plan
from bbws_readiness.parsers.promotion_plan.markdown import Document, Section
from bbws_readiness.source import Location

SECTIONS = (
    "Project Overview",
    "Environments",
    "Promotion Timeline",
    "Phase 1",
    "Phase 2",
    "Phase 3",
    "Rollback Procedures",
    "Success Criteria",
    "Monitoring & Alerts",
    "Contacts & Escalation",
    "Documentation",
    "Change Log",
)
"""The headings of level two, in their order; of a phase only what stands before the colon."""

BELOW = (
    ("Phase 1", ("Pre-Deployment Checklist", "Deployment Steps", "Post-Deployment Validation")),
    ("Phase 2", ("Week 1: Integration Testing",)),
    ("Phase 3", ("Pre-Deployment Checklist", "Deployment Steps", "Post-Deployment Validation")),
    ("Rollback Procedures", ("SIT Rollback", "PROD Rollback", "Rollback Triggers")),
    ("Success Criteria", ("SIT Success", "PROD Success")),
    ("Monitoring & Alerts", ("CloudWatch Alarms", "CloudWatch Dashboards")),
    ("Documentation", ("Deployment Artifacts", "Post-Deployment")),
)
"""The headings of level three that every plan has below those of level two."""

DEEPEST = (
    ("Phase 1", ("Environment Verification", "Code Preparation", "Dependencies")),
    ("Phase 1", ("Step 1: Pre-deployment Verification", "Step 3: Terraform Plan")),
    ("Phase 3", ("Production Readiness", "PROD Environment Verification", "Change Management")),
    ("Phase 3", ("Production Monitoring",)),
)
"""The headings of level four that every plan has somewhere below those of level two."""

TABLES = ("Project Overview", "Environments", "CloudWatch Alarms", "Contacts & Escalation", "Change Log")
"""The sections that hold a table."""


def second_level_key(section: Section) -> str:
    """The heading of level two that a section belongs to, a phase without its title; empty when there is none."""
    heading = section.above(2)
    if heading is None:
        return ""
    return heading.key.partition(":")[0].strip() if heading.key.startswith("phase ") else heading.key


def missing_parts(document: Document, plan: Plan) -> Iterator[tuple[str, Location]]:
    """What every plan has and this one lacks: a heading, a table, the timeline, a line of the header or the footer."""
    starts = _starts(document)
    yield from _missing_header(document, plan)
    for position, title in enumerate(SECTIONS):
        if title.casefold() not in starts:
            later = (starts[after.casefold()] for after in SECTIONS[position + 1 :] if after.casefold() in starts)
            yield f"section {title}", document.source.at(next(later, _last_line(document)))
    for level, groups in ((3, BELOW), (4, DEEPEST)):
        for above, titles in groups:
            yield from _missing_below(document, starts, above, titles, level)
    for title in TABLES:
        section = document.section(title)
        if section and section.heading and section.grid is None:
            yield f"table of {title}", document.source.at(section.heading.line)
    timeline = document.section("Promotion Timeline")
    if timeline and timeline.heading and timeline.diagram is None:
        yield "timeline (an untagged fence)", document.source.at(timeline.heading.line)
    for name, found in (("Plan Status", plan.footer_status), ("Approval Required By", plan.approvers)):
        if not found:
            yield f"footer line {name}", document.source.at(_last_line(document))


def known_sections(document: Document) -> int:
    """How many of `SECTIONS` the document has."""
    return sum(title.casefold() in _starts(document) for title in SECTIONS)


def _starts(document: Document) -> dict[str, int]:
    """The line of each heading of level two, by its key; the first of two with one key."""
    starts: dict[str, int] = {}
    for section in document.sections:
        if section.heading and section.heading.level == 2:
            starts.setdefault(second_level_key(section), section.heading.line)
    return starts


def _missing_header(document: Document, plan: Plan) -> Iterator[tuple[str, Location]]:
    lines = (
        ("Project", plan.project),
        ("Plan ID", plan.plan_id),
        ("Created", plan.created),
        ("Owner", plan.owner),
        ("Status", plan.status),
    )
    for name, found in lines:
        if found is None:
            yield f"header line {name}", document.source.at(1)


def _missing_below(
    document: Document, starts: dict[str, int], above: str, titles: tuple[str, ...], level: int
) -> Iterator[tuple[str, Location]]:
    if above.casefold() not in starts:
        return
    present = {
        section.heading.key
        for section in document.sections
        if section.heading and section.heading.level == level and second_level_key(section) == above.casefold()
    }
    for title in titles:
        if title.casefold() not in present:
            yield f"heading {title} below {above}", document.source.at(starts[above.casefold()])


def _last_line(document: Document) -> int:
    return max(1, document.source.line_count)
