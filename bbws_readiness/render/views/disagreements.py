"""What the sources disagree about: one line per noun with who says what, and a matrix of all documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bbws_readiness.engine.finding import Finding
from bbws_readiness.engine.rule import Kind
from bbws_readiness.model.model import TABLE_SOURCES
from bbws_readiness.model.tables import Table
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, code, codes, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import nouns
from bbws_readiness.source import CODE, Location, SourceKind

BREAK = Markdown("<br>")


def lines(frame: Frame) -> tuple[Markdown, ...]:
    """One line per open decision, disagreement and self-contradiction: who says what, with the places.

    Then what has been settled, one line per rule: the documents say so still.
    """
    return (*_lines(frame), *_settled(frame))


def _lines(frame: Frame) -> Iterator[Markdown]:
    assessment = frame.assessment
    for decision in assessment.decisions:
        codes_ = Markdown(", ".join(rule.code for rule in decision.rules))
        said = frame.votes(decision.votes) or _findings(frame, decision.findings)
        yield say("**{}** ({}): {}", decision.question, codes_, said)
    for issue in assessment.issues:
        if issue.rule.kind in (Kind.COMPARE, Kind.SELF) and not _of_code_alone(issue.findings):
            said = frame.votes(issue.votes) or _findings(frame, issue.findings)
            yield say("**{}** ({}): {}", issue.rule.name, issue.rule.code, said)


def _of_code_alone(findings: Iterable[Finding]) -> bool:
    """Whether no document takes part: two projects that claim one name, two workflows that differ."""
    sources = {side.source for finding in findings for side in finding.sides}
    return bool(sources) and sources <= CODE


def _settled(frame: Frame) -> Iterator[Markdown]:
    settled = [
        finding
        for finding in frame.assessment.findings
        if finding.settled_by and finding.rule.kind in (Kind.COMPARE, Kind.SELF)
    ]
    for name, code_ in dict.fromkeys((finding.rule.name, finding.rule.code) for finding in settled):
        by = dict.fromkeys(finding.settled_by for finding in settled if finding.rule.code == code_)
        yield say("settled by {}: **{}** ({})", codes(by), name, code_)


def _findings(frame: Frame, findings: Iterable[Finding]) -> Markdown:
    return joined((frame.told(finding.message, finding.at) for finding in findings), "; ")


def matrix(frame: Frame) -> Markdown:
    """One row per source that speaks of tables or indexes; notes are set differences against Terraform.

    Without tables one row per kind of resource that the plan names.
    """
    if not frame.assessment.model.has_tables:
        named = [(gap.noun, gap.expected, gap.actual, gap.gap) for gap in nouns.gaps(frame)]
        return table(("Resources", "Named", "Declared", "Difference"), named)
    rows = [row for kind in TABLE_SOURCES if (row := _row(frame, kind)) is not None]
    return table(("Document", "Tables", "GSIs", "Notes"), rows)


def _row(frame: Frame, kind: SourceKind) -> tuple[object, ...] | None:
    tables = frame.assessment.model.tables_of(kind)
    stated = [*nouns.stated_counts(frame, kind, "tables"), *nouns.stated_counts(frame, kind, "indexes")]
    if tables is None and not stated:
        return None
    return (
        _document(frame, kind),
        _stated_and_listed(frame, kind, "tables", tables),
        _stated_and_listed(frame, kind, "indexes", tables),
        _notes(frame, kind, tables or ()),
    )


def _document(frame: Frame, kind: SourceKind) -> Markdown:
    model = frame.assessment.model
    script = model.script or next(iter(model.scripts), None)
    path = {
        SourceKind.PLAN: model.plan.path if model.plan else "",
        SourceKind.TERRAFORM: model.configuration.directory if model.configuration else "",
        SourceKind.SCHEMAS: model.schemas.directory if model.schemas else "",
        SourceKind.README: model.readme.path if model.readme else "",
        SourceKind.SCRIPT: script.path if script else "",
    }[kind]
    return say("**{}** {}", Markdown(str(kind)), frame.path(path))


def _stated_and_listed(frame: Frame, kind: SourceKind, noun: str, tables: Iterable[Table] | None) -> Markdown:
    stated = nouns.stated_counts(frame, kind, noun)
    parts = [frame.cited(f"{number} stated", *places) for number, places in stated.items()]
    listed, number, places = _listed(noun, tuple(tables or ()))
    if listed:
        parts.append(frame.cited(say("{} listed", number), *places))
    counted = [one.index_count for one in tables or () if one.index_count and not one.indexes]
    if noun == "indexes" and counted:
        values = [fact.or_none() for fact in counted]
        known = " + ".join(str(value) for value in values if value is not None)
        parts.append(frame.cited(f"{known} per table", *(fact.at for fact in counted)))
    return joined(parts, BREAK) or Markdown(wording.NOT_STATED)


def _listed(noun: str, tables: tuple[Table, ...]) -> tuple[bool, int, list[Location]]:
    if noun == "tables":
        return bool(tables), len(tables), [one.at for one in tables]
    with_lists = [one for one in tables if one.indexes is not None]
    places = [one.indexes[0].at for one in with_lists if one.indexes]
    return bool(with_lists), sum(len(one.indexes or ()) for one in with_lists), places


def _notes(frame: Frame, kind: SourceKind, tables: Iterable[Table]) -> Markdown:
    declared = {one.name: one for one in frame.assessment.model.terraform_tables or ()}
    named = {one.name: one for one in tables}
    if kind is SourceKind.TERRAFORM or not declared or not named:
        return joined((code(name) for name in named), ", ") or Markdown("numbers only")
    parts = []
    if only := [name for name in named if name not in declared]:
        parts.append(say("tables only here: {}", codes(only)))
    if absent := [name for name in declared if name not in named]:
        parts.append(say("tables only in terraform: {}", codes(absent)))
    parts += [
        difference for name in named if name in declared and (difference := _index_note(named[name], declared[name]))
    ]
    return joined(parts, BREAK) or Markdown("agrees with terraform on every name it gives")


def _index_note(here: Table, there: Table) -> Markdown | None:
    mine, theirs = here.index_names, there.index_names
    if mine is None and here.index_count is not None and theirs is not None:
        stated = here.index_count.or_none()
        agrees = stated is None or stated == len(theirs)
        return (
            None
            if agrees
            else say("indexes of {}: states {}, terraform declares {}", code(here.name), stated, len(theirs))
        )
    if mine is None or theirs is None or mine == theirs:
        return None
    only, absent = sorted(mine - theirs), sorted(theirs - mine)
    parts = [say("only here {}", codes(only))] if only else []
    parts += [say("only in terraform {}", codes(absent))] if absent else []
    return say("indexes of {}: {}", code(here.name), joined(parts, "; "))
