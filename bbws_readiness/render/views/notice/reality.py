"""States what the files say now about the question of an earlier issue: facts of this assessment, with their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from bbws_readiness.compare.changes import Changes, IssueChange
from bbws_readiness.engine.finding import Finding, Status
from bbws_readiness.model.model import TABLE_SOURCES
from bbws_readiness.model.tables import Table
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, code, codes, joined, say
from bbws_readiness.render.frame import MAX_PLACES, Frame
from bbws_readiness.render.views import declared, nouns, statuses
from bbws_readiness.render.views.checks import is_place
from bbws_readiness.render.views.report import facts as words
from bbws_readiness.render.views.report.findings import MATCH, index_status
from bbws_readiness.source import Location, SourceKind

VALIDATED = "VAL002"
"""The rule that looks for a validation behind the apply."""

MAX_FINDINGS = 3
"""More answers than this are counted instead of told."""


class Reality(Struct, frozen=True):
    """What holds now."""

    short: Markdown
    """For a table: one phrase without places."""
    facts: tuple[Markdown, ...]
    """The same in full, each with its lines."""


def reality(frame: Frame, changes: Changes, change: IssueChange) -> Reality:
    """The facts about what the issue is about; where its facet has none of its own, what its rule says now."""
    facet = _facet(changes, change)
    told = FACTS[facet](frame) if facet in FACTS and not nouns.unread(frame) else None
    return told or _answers(frame, changes, change)


def _facet(changes: Changes, change: IssueChange) -> str:
    for issue, snapshot in ((change.before, changes.before), (change.after, changes.after)):
        known = {one.fingerprint: one.facet for one in snapshot.findings}
        facets = [known[mark] for mark in (issue.findings if issue else ()) if mark in known]
        if facets:
            return facets[0]
    return ""


def _answers(frame: Frame, changes: Changes, change: IssueChange) -> Reality:
    """What the rules of the issue answer now: of what remains, else about the same, else at all."""
    findings = _same_question(frame, changes, change)
    if not findings:
        nothing = Markdown("its rule was not asked in this run")
        return Reality(nothing, (nothing,))
    status = Markdown(wording.STATUSES[findings[0].status])
    told = [frame.told(one.message, one.at) for one in findings[:MAX_FINDINGS]]
    if len(findings) > MAX_FINDINGS:
        told.append(say("{} more alike", len(findings) - MAX_FINDINGS))
    return Reality(say("{}: {}", status, findings[0].message), (say("{}: {}", status, told[0]), *told[1:]))


def _same_question(frame: Frame, changes: Changes, change: IssueChange) -> list[Finding]:
    everything = frame.assessment.findings
    remaining = set(change.after.findings if change.after else ())
    if found := [one for one in everything if one.fingerprint in remaining]:
        return found
    before = change.before
    rules = set(before.rules) if before else set()
    asked = sorted((one for one in everything if one.rule.code in rules), key=lambda one: one.order)
    marks = set(before.findings) if before else set()
    subjects = {one.subject for one in changes.before.findings if one.fingerprint in marks}
    for same in (
        [one for one in asked if one.fingerprint in marks],
        [one for one in asked if one.subject in subjects],
    ):
        if same:
            return same
    return asked


def _tables(frame: Frame) -> Reality | None:
    model = frame.assessment.model
    built = model.terraform_tables or ()
    names = {one.name for one in built}
    speaking = {kind: tables for kind in TABLE_SOURCES if (tables := model.tables_of(kind)) is not None}
    alike = [kind for kind, tables in speaking.items() if {one.name for one in tables} == names]
    if not built or not alike:
        return None
    alike.sort(key=lambda kind: kind is not SourceKind.TERRAFORM)
    count, among = wording.counted(len(names), "table"), wording.counted(len(alike), "source")
    places = [speaking[kind][0].at for kind in alike]
    facts = [_with_places(frame, say("{} in {}: {}", count, wording.sources(alike), codes(sorted(names))), places)]
    for kind, tables in speaking.items():
        if kind not in alike:
            beyond = [one for one in tables if one.name not in names]
            lacking = sorted(names - {one.name for one in tables})
            parts = [say("only there {}", codes(one.name for one in beyond))] if beyond else []
            parts += [say("not there {}", codes(lacking))] if lacking else []
            told = say("{} names {}: {}", wording.sources([kind]), len(tables), joined(parts, "; "))
            facts.append(_with_places(frame, told, [one.at for one in beyond or tables]))
    return Reality(say("{} in {}", count, among), tuple(facts))


def _indexes(frame: Frame) -> Reality | None:
    model = frame.assessment.model
    built = [one for one in model.terraform_tables or () if one.indexes is not None]
    number = sum(len(one.indexes or ()) for one in built)
    if not built:
        return None
    total = f"{wording.counted(number, 'index')} on {wording.counted(len(built), 'table')}"
    per_table = joined(say("{} {}", code(one.name), len(one.indexes or ())) for one in built)
    first = [one.indexes[0].at for one in built if one.indexes]
    facts = [_with_places(frame, say("{} in terraform: {}", total, per_table), first)]
    short: list[str] = [total]
    for kind in TABLE_SOURCES:
        tables = {one.name: one for one in model.tables_of(kind) or ()}
        if kind is SourceKind.TERRAFORM or all(one.indexes is None and not one.index_count for one in tables.values()):
            continue
        told, places, equal = _against(kind, tables, {one.name: one for one in built})
        facts.append(_with_places(frame, told, places))
        if equal:
            short.append(told)
    return Reality(joined(short, "; "), tuple(facts))


def _against(
    kind: SourceKind, said: Mapping[str, Table], built: Mapping[str, Table]
) -> tuple[Markdown, list[Location], bool]:
    """How a source's indexes compare with Terraform's, where it says so, and whether they are equal."""
    source = str(kind)
    differing = [name for name, one in built.items() if name not in said or not _equal(said[name], one)]
    beyond = [name for name in said if name not in built and (said[name].indexes or said[name].index_count)]
    if not differing and not beyond:
        full = all(index.speaks_of_keys for one in said.values() for index in one.indexes or ())
        listed = all(one.indexes is not None for one in said.values())
        extent = "equal, keys included" if full and listed else "equal by name" if listed else "equal in number"
        return say("{} {}", source, extent), [_index_place(one) for one in said.values()], True
    parts = [say("differs on {}", codes(differing))] if differing else []
    parts += [say("also speaks of {}", codes(beyond))] if beyond else []
    places = [_index_place(said[name]) for name in (*differing, *beyond) if name in said]
    return say("{} {}", source, joined(parts, "; ")), places, False


def _equal(said: Table, built: Table) -> bool:
    if said.indexes is not None:
        return index_status(said, built) == MATCH
    stated = said.index_count.or_none() if said.index_count else None
    return stated is None or stated == len(built.indexes or ())


def _index_place(one: Table) -> Location:
    if one.index_count:
        return one.index_count.at
    return one.indexes[0].at if one.indexes else one.at


def _names(frame: Frame) -> Reality | None:
    built = [one for one in frame.assessment.model.terraform_tables or () if one.full_name.known]
    if not built:
        return None
    carrying = [one for one in built if one.full_name.or_none() != one.name]
    others = [one for one in built if one not in carrying]
    verb = "carries" if len(carrying) == 1 else "carry"
    short = say("{} of {} names {} the environment", len(carrying), len(built), verb)
    facts = [
        _with_places(frame, say("{}: {}", label, codes(one.full_name.or_none() for one in group)), places)
        for label, group in (("with the environment", carrying), ("without it", others))
        if group and (places := [one.full_name.at for one in group])
    ]
    return Reality(short, (short, *facts))


def _backup(frame: Frame) -> Reality | None:
    built = frame.assessment.model.terraform_tables or ()
    on = [one for one in built if one.recovery and one.recovery.or_none() is True]
    if not built:
        return None
    share = say("recovery on {} of {}", len(on), len(built))
    windows = joined(dict.fromkeys(_window(one) for one in on), " and ")
    recovery = say("{}, {}", share, windows) if on else share
    backup = nouns.backup_declared(frame)
    none = not (frame.assessment.model.backup.vaults or frame.assessment.model.backup.plans)
    facts = [
        _with_places(frame, recovery, [one.recovery.at for one in on if one.recovery]),
        say("AWS Backup in terraform: {}", backup),
    ]
    for kind in (SourceKind.PLAN, SourceKind.SCHEMAS):
        if (asked := nouns.backup_demand(frame, kind)) is not None:
            facts.append(say("asked for by {}: {}", str(kind), asked))
    return Reality(say("{}; {}", recovery, Markdown("no AWS Backup" if none else "AWS Backup declared")), tuple(facts))


def _window(one: Table) -> Markdown:
    if one.recovery_days is None:
        return Markdown("default window 35 days")
    return say("window {} days", words.value(one.recovery_days))


def _recovery(frame: Frame) -> Reality | None:
    told = _backup(frame)
    return Reality(told.facts[0], told.facts[:1]) if told else None


def _streams(frame: Frame) -> Reality | None:
    built = frame.assessment.model.terraform_tables or ()
    if not built:
        return None
    short = say("streams {}", declared.declared(frame).streams)
    places = [one.streams.enabled.at for one in built if one.streams]
    return Reality(short, (_with_places(frame, short, places),))


def _validation(frame: Frame) -> Reality | None:
    model = frame.assessment.model
    scripts = [
        (one, "any environment" if one.takes_environment else (known or "no known environment").upper())
        for one in model.scripts
        for known in [one.environment.or_none() if one.environment else None]
    ]
    if not scripts and model.workflow is None:
        return None
    only = "" if model.script else " only"
    shown = f"script for {wording.listed([who for _, who in scripts])}{only}" if scripts else "no script"
    facts = [say("{} is for {} ({})", frame.path(one.path), who, frame.place(one.at)) for one, who in scripts]
    parts = [shown]
    checked = statuses.findings_of(frame, VALIDATED)
    if checked and model.workflow:
        status = statuses.status_of(frame, VALIDATED)
        told = statuses.first_of(frame, [one for one in checked if one.status is status])
        facts.append(say("{}: {}", statuses.shown(status), told))
        parts.append("workflow validates after the apply" if status is Status.PASS else "no validation after the apply")
    return Reality(joined(parts, "; "), tuple(facts) or (joined(parts, "; "),))


def _with_places(frame: Frame, told: Markdown, places: Iterable[Location]) -> Markdown:
    known = [at for at in places if is_place(at)]
    return say("{} ({})", told, frame.places(known, most=MAX_PLACES)) if known else told


FACTS: Mapping[str, Callable[[Frame], Reality | None]] = {
    "tables": _tables,
    "indexes": _indexes,
    "naming": _names,
    "backup": _backup,
    "recovery": _recovery,
    "streams": _streams,
    "validation": _validation,
}
"""What is said of a facet, by facet; None where the files do not speak of it."""
