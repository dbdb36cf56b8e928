"""Reads what a README claims about tables, environments and features."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact
from bbws_readiness.model.environments import Environment
from bbws_readiness.model.readmes import Readme
from bbws_readiness.model.tables import Count, Index, Table
from bbws_readiness.parsers.file_lists import file_trees, named_paths
from bbws_readiness.parsers.promotion_plan.commands import read_commands
from bbws_readiness.parsers.promotion_plan.counts import claims
from bbws_readiness.parsers.promotion_plan.headings import split_remark
from bbws_readiness.parsers.promotion_plan.markdown import (
    Document,
    Grid,
    Item,
    Line,
    Paragraph,
    Row,
    Section,
    read_markdown,
)
from bbws_readiness.parsers.promotion_plan.reading import Reading, is_nothing, plain, split_list
from bbws_readiness.parsers.promotion_plan.registers import environments_of
from bbws_readiness.patterns import regex
from bbws_readiness.source import Source

_NAME = regex(r"[A-Za-z][\w.-]{0,254}")
_PLACEHOLDER = regex(r"[-_](?:\$?\{[^{}]{1,40}\}|<[^<>]{1,40}>)$")
_INDEX_WORD = regex(r"\bGSIs?\b|\bind(?:exe?s?|ices)\b", re.IGNORECASE)
_INDEX_COUNT = regex(r"(\d{1,4})[ ](?:global[ ])?(?:secondary[ ])?(?:GSIs?|ind(?:ex(?:es)?|ices))\b", re.IGNORECASE)
_LISTED = regex(r"(?P<mark>\*\*|`)?(?P<name>[A-Za-z][\w.${}<>-]{0,254})(?P=mark)?(?P<rest>.*)")
_BEHIND_NAME = regex(r"[ ]*(?::|-|–|—|\(|$)")
_TOTALS = frozenset({"total", "totals", "sum", "all"})
_NEGATED = regex(r"\b(?:no|not|without|disabled|off|planned|optional)\b", re.IGNORECASE)
_FEATURE_HEADING = regex(r"feature|capabilit|highlight|characteristic", re.IGNORECASE)
_FEATURES = (
    ("on-demand", regex(r"\bon-demand\b|pay[-_ ]per[-_ ]request", re.IGNORECASE)),
    ("recovery", regex(r"point-in-time recovery|\bPITR\b", re.IGNORECASE)),
    ("streams", regex(r"\bstreams?\b", re.IGNORECASE)),
    ("backup", regex(r"\bbackups?\b", re.IGNORECASE)),
)
_SECOND_REGION = regex(
    r"\b(?:DR|disaster[ -]recovery|fail-?over|replicas?|replicated|replication|stand-?by|global tables?"
    r"|(?:second(?:ary)?|multi)[ -]?region)\b",
    re.IGNORECASE,
)
_VIEWS = (
    ("NEW_AND_OLD_IMAGES", regex(r"new and old images?|new_and_old_images", re.IGNORECASE)),
    ("NEW_IMAGE", regex(r"new images?|new_image", re.IGNORECASE)),
    ("OLD_IMAGE", regex(r"old images?|old_image", re.IGNORECASE)),
    ("KEYS_ONLY", regex(r"keys[_ ]only", re.IGNORECASE)),
)
_LONG_NAMES = {"development": "dev", "production": "prod", "disaster recovery": "dr"}


class _Found(Struct):
    tables: dict[str, Table] = field(default_factory=dict)
    counts: list[Count] = field(default_factory=list)
    environments: dict[str, Environment] = field(default_factory=dict)
    features: dict[str, Fact[str]] = field(default_factory=dict)
    view: Fact[str] | None = None


def parse_readme(source: Source, *, environments: Sequence[str]) -> Readme:
    """What the README says; of two statements about one table or environment the first counts.

    A README has no form, so nothing is missing and nothing is wrong: what is not recognised is not claimed. Names of
    tables vote on the logical name only, because a README speaks of all environments.
    """
    at = source.at(1 if source.text else 0)
    document = read_markdown(source)
    if isinstance(document, Diagnostic):
        return Readme(source.path, at, unread=True)
    reading = Reading(document, tuple(name.casefold() for name in environments))
    found = _Found()
    for section in document.sections:
        _read_section(reading, section, found)
    _read_features(document, found)
    return Readme(
        path=source.path,
        at=at,
        title=next((section.headings[0].title for section in document.sections if section.above(1)), ""),
        tables=tuple(found.tables.values()),
        counts=tuple(found.counts),
        environments=tuple(found.environments.values()),
        features=tuple(found.features.values()),
        second_regions=tuple(_second_regions(document)),
        stream_view_type=found.view,
        trees=file_trees(document),
        paths=named_paths(document),
        commands=tuple(command for section in document.sections for command in read_commands(reading, section, "")),
    )


def _read_section(reading: Reading, section: Section, found: _Found) -> None:
    about_tables = bool(section.heading and re.search(r"\btables?\b", section.heading.title, re.IGNORECASE))
    for block in section.blocks:
        match block:
            case Grid():
                _read_grid(reading, block, found)
            case Item():
                _read_claims(reading.document, Line(plain(block.text), block.line), found)
                if about_tables and (table := _listed_table(reading, block)):
                    found.tables.setdefault(table.name, table)
            case Paragraph():
                for line in block.lines:
                    _read_claims(reading.document, Line(plain(line.text), line.number), found)


def _read_claims(document: Document, line: Line, found: _Found) -> None:
    found.counts += claims(document, line.text, line.number, anywhere=True)


def _read_grid(reading: Reading, grid: Grid, found: _Found) -> None:
    headers = [plain(cell).casefold() for cell in grid.header.cells]
    if any("account" in header or "region" in header for header in headers):
        for environment in environments_of(reading.document, grid):
            named = _known_environment(environment, reading.environments)
            found.environments.setdefault(f"{named.name} {named.region_role}".strip(), named)
        return
    name_column = next((n for n, header in enumerate(headers) if header in ("table", "tables", "table name")), None)
    if name_column is None:
        return
    index_column = next((n for n, header in enumerate(headers) if _INDEX_WORD.search(header)), None)
    for row in grid.rows:
        _read_row(reading, row, name_column, index_column, found)


def _read_row(reading: Reading, row: Row, name_column: int, index_column: int | None, found: _Found) -> None:
    name = plain(row.cell(name_column))
    stated = plain(row.cell(index_column)) if index_column is not None else ""
    if name.casefold() in _TOTALS:
        if stated.isdecimal():
            number = reading.document.fact(int(stated[:6]), row.line, stated)
            found.counts.append(Count("indexes", number, "", f"{name}: {stated}"))
    elif table := _table(reading, name, row.line):
        table = _with_indexes(reading.document, table, stated, row.line)
        found.tables.setdefault(table.name, table)


def _table(reading: Reading, written: str, line: int) -> Table | None:
    stem = _PLACEHOLDER.sub("", written)
    if not _NAME.fullmatch(stem):
        return None
    fact = reading.document.fact(written, line)
    return Table(reading.logical_name(stem), fact, fact.at)


def _with_indexes(document: Document, table: Table, stated: str, line: int) -> Table:
    """The table with a count (`3`, `3 (A, B, C)`) or a list of names (`A, B`), where the cell gives them."""
    text, remark = split_remark(stated)
    leading = re.match(r"(\d{1,4})\b", text)
    names = [name for name in split_list(remark if leading else stated) if re.fullmatch(r"[A-Za-z][\w.-]{2,254}", name)]
    facts = tuple(document.fact(name, line) for name in names if not is_nothing(name))
    if leading:
        count = int(leading[1])
        table = replace(table, index_count=document.fact(count, line, f" {leading[1]} "))
        if len(facts) != count:
            return table
    return replace(table, indexes=tuple(Index(fact, fact.at) for fact in facts)) if facts else table


def _listed_table(reading: Reading, item: Item) -> Table | None:
    """A table from `- **tenants**: 3 indexes`; a word is a name when it is marked, or when a count stands behind it."""
    matched = _LISTED.fullmatch(item.text)
    if not matched or not _BEHIND_NAME.match(matched["rest"]):
        return None
    rest = plain(matched["rest"])
    counted = _INDEX_COUNT.search(rest)
    if not (counted or matched["mark"]):
        return None
    table = _table(reading, matched["name"], item.line)
    if table and counted:
        count = reading.document.fact(int(counted[1]), item.line, counted[0])
        return replace(table, index_count=count)
    return table


def _known_environment(environment: Environment, known: Sequence[str]) -> Environment:
    """The environment under its short name: `Development` is `dev`."""
    name = _LONG_NAMES.get(environment.name, environment.name)
    if name not in known:
        name = next((word for word in re.split(r"[^a-z0-9]+", name) if word in known), name)
    return replace(environment, name=name)


def _read_features(document: Document, found: _Found) -> None:
    """From the sections that list features; without such a section, from every list."""
    chosen = [section for section in document.sections if _is_about_features(section)]
    for section in chosen or document.sections:
        for line in _feature_lines(section, prose=bool(chosen)):
            _read_feature(document, line, found)


def _is_about_features(section: Section) -> bool:
    return any(_FEATURE_HEADING.search(heading.title) for heading in section.headings[1:])


def _feature_lines(section: Section, *, prose: bool, grids: bool = True) -> Iterator[Line]:
    for block in section.blocks:
        match block:
            case Item():
                yield Line(plain(block.text), block.line)
                yield from (Line(plain(point.text), point.line) for point in block.points)
            case Grid() if prose and grids:
                yield from (Line(plain(" ".join(row.cells)), row.line) for row in block.rows)
            case Paragraph() if prose:
                yield from (Line(plain(line.text), line.number) for line in block.lines)


def _read_feature(document: Document, line: Line, found: _Found) -> None:
    if _NEGATED.search(line.text):
        return
    for flag, pattern in _FEATURES:
        matched = pattern.search(line.text)
        if not matched:
            continue
        if flag == "streams" and found.view is None:
            view = next(((name, seen) for name, views in _VIEWS if (seen := views.search(line.text))), None)
            found.view = document.fact(view[0], line.number, view[1][0]) if view else None
        found.features.setdefault(flag, document.fact(flag, line.number, matched[0]))
        if flag == "recovery":
            # `Point-in-time recovery (continuous backups)` promises no backups of its own.
            return


def _second_regions(document: Document) -> Iterator[Fact[str]]:
    """The lines of lists and paragraphs that speak of a second region."""
    for section in document.sections:
        for line in _feature_lines(section, prose=True, grids=False):
            if _SECOND_REGION.search(line.text):
                yield document.fact(line.text, line.number, line.text[:20])
