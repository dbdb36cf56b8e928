"""Reads a promotion plan, the Markdown file in which a team says what it will deploy, when and how."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import known_text
from bbws_readiness.model.plans import Plan
from bbws_readiness.model.portfolio import project_alias
from bbws_readiness.parsers.promotion_plan import checklists, commands, demands, details, overview, registers
from bbws_readiness.parsers.promotion_plan.counts import read_counts
from bbws_readiness.parsers.promotion_plan.header_and_footer import (
    TITLE_PREFIX,
    Footer,
    Header,
    read_criticals,
    read_footer,
    read_header,
)
from bbws_readiness.parsers.promotion_plan.markdown import Document, read_markdown
from bbws_readiness.parsers.promotion_plan.names import read_names
from bbws_readiness.parsers.promotion_plan.outline import (
    known_sections,
    missing_parts,
    with_usual_headings,
    without_footer,
)
from bbws_readiness.parsers.promotion_plan.reading import Reading
from bbws_readiness.parsers.promotion_plan.steps import read_steps
from bbws_readiness.parsers.promotion_plan.timeline import Calendar, read_calendar
from bbws_readiness.source import Source

__all__ = ["is_plan", "parse_plan", "project_alias"]

ENVIRONMENTS = ("dev", "sit", "prod", "dr")
TYPICAL_SECTIONS = 5
"""A document without the title is taken for a plan when it has so many of the sections that every plan has."""


def is_plan(source: Source) -> bool:
    """Whether the content is that of a promotion plan: its title, or its typical sections."""
    document = read_markdown(source)
    return isinstance(document, Document) and _is_plan(document)


def parse_plan(
    source: Source,
    *,
    environments: Sequence[str] = ENVIRONMENTS,
    project_folder: str = "",
    environment: str = "",
) -> tuple[Plan, tuple[Diagnostic, ...]]:
    """What the plan states, and what is wrong with it as a document.

    `project_folder` (by default what the header says) tells where a `cd` of the plan leads. `environment` is the one
    that is assessed: of two full names of a table its own counts, and only its own names say what they are called
    there. Without it any environment's name does. A file that is no plan gives an empty Plan and one error.
    """
    at = source.at(1 if source.text else 0)
    document = read_markdown(source)
    if isinstance(document, Diagnostic):
        return Plan(source.path, at), (document,)
    if not _is_plan(document):
        summary = "not a promotion plan"
        detail = 'a plan starts with "# Promotion Plan: <name>" and has sections such as "Project Overview"'
        return Plan(source.path, at), (Diagnostic(DiagnosticSeverity.ERROR, summary, at, detail, code=Code.NOT_A_PLAN),)
    names = tuple(dict.fromkeys(name.casefold() for name in (*environments, environment) if name))
    document, renamed = with_usual_headings(without_footer(document))
    plan, diagnostics = _parse(Reading(document, names), project_folder, environment.casefold())
    return plan, tuple(sorted((*diagnostics, *renamed), key=lambda found: (found.at, found.summary)))


def _is_plan(document: Document) -> bool:
    main = next((section.heading for section in document.sections if section.heading), None)
    titled = main is not None and main.level == 1 and main.key.startswith(TITLE_PREFIX)
    return titled or known_sections(document) >= TYPICAL_SECTIONS


def _parse(reading: Reading, project_folder: str, environment: str) -> tuple[Plan, tuple[Diagnostic, ...]]:
    header, footer = read_header(reading), read_footer(reading)
    folder = project_folder or known_text(header.project)
    changes = registers.read_changes(reading)
    written = header.created.or_none() if header.created else None
    calendar = read_calendar(reading, written, [(fact.get(), phase) for fact, phase, _ in changes])
    rows = overview.read_overview(reading)
    names = read_names(reading, rows, environment)
    plan = replace(
        _with_calendar(_frame(reading, header, footer), calendar),
        overview=rows,
        environments=registers.read_environments(reading),
        tables=tuple(names.tables),
        consumed_tables=tuple(names.consumed),
        resources=tuple(names.resources),
        file_groups=tuple(names.groups),
        workflows=overview.read_workflows(reading, rows.get("ci/cd workflows")),
        counts=read_counts(reading, rows),
        contacts=registers.read_contacts(reading),
        dashboards=registers.read_dashboards(reading),
        change_log=changes,
    )
    if plan.wave is None and "wave" in rows:
        plan = replace(plan, wave=rows["wave"].text)
    plan = _with_details(plan, reading)
    plan = _with_commands(_with_demands(_with_checklists(plan, reading), reading, footer), reading, folder)
    plan = replace(plan, missing=tuple(missing_parts(reading.document, plan)))
    more = [*names.diagnostics, *commands.read_faults(reading), *reading.document.diagnostics]
    return plan, _diagnostics(plan, header, calendar, more)


def _frame(reading: Reading, header: Header, footer: Footer) -> Plan:
    source = reading.document.source
    return Plan(
        path=source.path,
        at=source.at(1),
        title=header.title,
        short_name=header.short_name,
        project=header.project,
        plan_id=header.plan_id,
        created=header.created,
        owner=header.owner,
        status=header.status,
        footer_status=footer.status,
        approvers=footer.approvers,
        wave=footer.wave,
        criticals=read_criticals(reading, footer),
    )


def _with_details(plan: Plan, reading: Reading) -> Plan:
    return replace(
        plan,
        alarms=registers.read_alarms(reading),
        alarm_rows=registers.read_alarm_rows(reading),
        widgets=registers.read_widgets(reading),
        change_notes=registers.read_change_notes(reading),
        notes=details.read_notes(reading),
        next_steps=details.read_next_steps(reading),
        components=details.read_components(reading),
        labelled=details.read_labelled(reading),
        named_workflows=details.read_named_workflows(reading),
    )


def _with_calendar(plan: Plan, calendar: Calendar) -> Plan:
    return replace(
        plan,
        dates=calendar.dates,
        phases=tuple(calendar.phases),
        timeline=tuple(calendar.rows),
        weeks=tuple(calendar.weeks),
        dated_headings=tuple(calendar.headings),
    )


def _with_checklists(plan: Plan, reading: Reading) -> Plan:
    ticked, still_open = checklists.count_boxes(reading)
    return replace(
        plan,
        checklists=checklists.read_checklists(reading),
        success=checklists.read_success(reading),
        sign_off_roles=checklists.read_sign_off_roles(reading),
        rollback=checklists.read_rollback(reading),
        rollback_at=checklists.read_rollback_places(reading),
        validations=checklists.read_validations(reading),
        ticked=ticked,
        open_boxes=still_open,
    )


def _with_demands(plan: Plan, reading: Reading, footer: Footer) -> Plan:
    backups = demands.read_backups(reading)
    return replace(
        plan,
        backup=backups.terms,
        backup_vault=next(commands.read_vaults(reading), None),
        backup_asked_at=tuple(backups.asked_at),
        backup_asks=backups.asks,
        requirements=demands.read_requirements(reading),
        release=demands.read_release(reading),
        dependencies=demands.read_dependencies(reading, footer),
        independent=demands.read_independence(reading, footer),
        critical_dependencies=demands.read_critical_dependencies(reading),
        external_needs=demands.read_external_needs(reading),
        blocks=demands.read_blocks(reading, footer),
    )


def _with_commands(plan: Plan, reading: Reading, folder: str) -> Plan:
    sections = reading.document.sections
    told = [commands.read_commands(reading, section, folder) for section in sections]
    return replace(
        plan,
        steps=read_steps(reading, told),
        commands=tuple(chain.from_iterable(told)),
        named_tables=tuple(found for section in sections for found in commands.read_table_names(reading, section)),
    )


def _diagnostics(plan: Plan, header: Header, calendar: Calendar, more: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    absent = (
        Diagnostic(DiagnosticSeverity.WARNING, f"the plan has no {what}", where, code=Code.PLAN_PART)
        for what, where in plan.missing
    )
    everything = [*header.diagnostics, *calendar.diagnostics, *more, *absent]
    return tuple(sorted(everything, key=lambda diagnostic: (diagnostic.at, diagnostic.summary)))
