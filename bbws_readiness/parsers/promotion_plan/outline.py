"""Knows which parts every promotion plan has, and where a missing one was expected."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.model.plans import Plan
from bbws_readiness.parsers.promotion_plan.headings import Heading, key_of
from bbws_readiness.parsers.promotion_plan.markdown import Block, Document, Grid, Paragraph, Section
from bbws_readiness.patterns import regex
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
    ("Phase 2", ("Integration Testing",)),
    ("Phase 3", ("Pre-Deployment Checklist", "Deployment Steps", "Post-Deployment Validation")),
    ("Rollback Procedures", ("SIT Rollback", "PROD Rollback", "Rollback Triggers")),
    ("Success Criteria", ("SIT Success", "PROD Success")),
    ("Monitoring & Alerts", ("CloudWatch Alarms", "CloudWatch Dashboards")),
    ("Documentation", ("Deployment Artifacts", "Post-Deployment")),
)
"""The headings of level three that every plan has below those of level two; `Week 1:` may stand before them."""

DEEPEST = (
    ("Phase 1", ("Environment Verification", "Code Preparation", "Dependencies")),
    ("Phase 1", ("Step 1: Pre-deployment Verification", "Step 3: Terraform Plan")),
    ("Phase 3", ("Production Readiness", "PROD Environment Verification", "Change Management")),
    ("Phase 3", ("Production Monitoring",)),
)
"""The headings of level four that every plan has somewhere below those of level two."""

TABLES = ("Project Overview", "Environments", "CloudWatch Alarms", "Contacts & Escalation", "Change Log")
"""The sections that hold a table."""


OTHER_WORDS = {
    "overview": "Project Overview",
    "environment": "Environments",
    "target environments": "Environments",
    "timeline": "Promotion Timeline",
    "schedule": "Promotion Timeline",
    "rollback": "Rollback Procedures",
    "rollback plan": "Rollback Procedures",
    "rollback procedure": "Rollback Procedures",
    "acceptance criteria": "Success Criteria",
    "monitoring": "Monitoring & Alerts",
    "monitoring & alerting": "Monitoring & Alerts",
    "contacts": "Contacts & Escalation",
    "contacts & escalations": "Contacts & Escalation",
    "changelog": "Change Log",
    "change history": "Change Log",
}
"""Other words for headings of level two, as they are compared."""

OTHER_WORDS_BELOW = {
    "pre-deployment": "Pre-Deployment Checklist",
    "pre-deployment checks": "Pre-Deployment Checklist",
    "deployment": "Deployment Steps",
    "deployment procedure": "Deployment Steps",
    "post-deployment checks": "Post-Deployment Validation",
    "post-deployment verification": "Post-Deployment Validation",
    "alarms": "CloudWatch Alarms",
    "dashboards": "CloudWatch Dashboards",
}
"""Other words for headings of level three in a phase or below the monitoring."""

_WEEK = regex(r"^week[ ]\d{1,2}[ ]?:[ ]?")


def with_usual_headings(document: Document) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The document with its headings in the usual words, and a warning for each that was written otherwise.

    A heading stays as it is where the usual one is there as well.
    """
    written = {(second_level_key(one), one.heading.key) for one in document.sections if one.heading}
    renamed: dict[int, Heading] = {}
    told = []
    sections = []
    for section in document.sections:
        if renamed:
            section = replace(section, headings=tuple(renamed.get(one.line, one) for one in section.headings))
        heading = section.heading
        usual = _usual(section, heading) if heading else ""
        above = key_of(usual) if heading and heading.level == 2 else second_level_key(section)
        if heading and usual and (above, key_of(usual)) not in written:
            renamed[heading.line] = replace(heading, title=usual)
            summary = f'the heading "{heading.title[:60]}" is read as "{usual}"'
            at = document.place(heading.line, heading.title)
            told.append(Diagnostic(DiagnosticSeverity.WARNING, summary, at, "write it so", code=Code.PLAN_PART))
            section = replace(section, headings=(*section.headings[:-1], renamed[heading.line]))
        sections.append(section)
    return replace(document, sections=tuple(sections)), tuple(told)


def without_footer(document: Document) -> Document:
    """The document with what stands below its last rule in a section of its own, which has no heading."""
    last = document.sections[-1]
    rule = max((line for line in document.rules if last.heading and line > last.heading.line), default=0)
    if not rule:
        return document
    above = tuple(block for block in last.blocks if _first_line(block) < rule)
    footer = Section((), last.blocks[len(above) :])
    return replace(document, sections=(*document.sections[:-1], replace(last, blocks=above), footer))


def _first_line(block: Block) -> int:
    match block:
        case Grid():
            return block.header.line
        case Paragraph():
            return block.lines[0].number if block.lines else 0
        case _:
            return block.line


def _usual(section: Section, heading: Heading) -> str:
    if heading.level == 2:
        return OTHER_WORDS.get(heading.key, "")
    above = section.above(2)
    if heading.level != 3 or above is None or not (above.phase or above.key == key_of("Monitoring & Alerts")):
        return ""
    return OTHER_WORDS_BELOW.get(heading.key, "")


def second_level_key(section: Section) -> str:
    """The heading of level two that a section belongs to, a phase without its title; empty when there is none."""
    heading = section.above(2)
    if heading is None:
        return ""
    return f"phase {heading.phase}" if heading.phase else heading.key


def missing_parts(document: Document, plan: Plan) -> Iterator[tuple[str, Location]]:
    """What every plan has and this one lacks: a heading, a table, the timeline, a line of the header or the footer."""
    starts = _starts(document)
    yield from _missing_header(document, plan)
    for position, title in enumerate(SECTIONS):
        if key_of(title) not in starts:
            later = (starts[key_of(after)] for after in SECTIONS[position + 1 :] if key_of(after) in starts)
            yield f"section {title}", document.source.at(next(later, _last_line(document)))
    below = _below(document)
    for level, groups in ((3, BELOW), (4, DEEPEST)):
        for above, titles in groups:
            if (line := starts.get(key_of(above))) is not None:
                present = below.get((level, key_of(above)), ())
                absent = (title for title in titles if key_of(title) not in present)
                yield from ((f"heading {title} below {above}", document.source.at(line)) for title in absent)
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
    starts = _starts(document)
    return sum(key_of(title) in starts for title in SECTIONS)


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


def _below(document: Document) -> dict[tuple[int, str], set[str]]:
    """The keys of all headings, by their level and the heading of level two that they stand below."""
    found: dict[tuple[int, str], set[str]] = {}
    for section in document.sections:
        if heading := section.heading:
            found.setdefault((heading.level, second_level_key(section)), set()).add(_WEEK.sub("", heading.key))
    return found


def _last_line(document: Document) -> int:
    return max(1, document.source.line_count)
