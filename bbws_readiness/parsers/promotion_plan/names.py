"""Reads the tables and other resources that a plan names, and those it expects others to have made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.plans import FileGroup, OverviewEntry, PlannedResource
from bbws_readiness.model.tables import Index, Table
from bbws_readiness.parsers.promotion_plan.headings import split_remark
from bbws_readiness.parsers.promotion_plan.markdown import Fence, Item, Point
from bbws_readiness.parsers.promotion_plan.reading import Reading, plain, split_list
from bbws_readiness.patterns import regex

_CODE = regex(r"`([^`]+)`")
_NAMED = regex(r"^(?:[^`(]{0,60}:[ ]*)?`([^`]+)`")
_INDEXES = regex(r"GSIs?[ ]*:[ ]*(.*)", re.IGNORECASE)
_PLAIN_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_VARIANT = regex(r"-(?:restored(?:-.*)?|dr)$")
_TABLES = regex(r"\btables?\b", re.IGNORECASE)
_CONSUMED_TABLE = regex(r"\btables?[ ]exists?\b", re.IGNORECASE)
_CONSUMED_INDEXES = regex(r"\bGSIs?\b[^`:]{0,40}:", re.IGNORECASE)
_CONSUMED_BUCKET = regex(r"\b(?:confirm|verify)\b.{0,20}\bbucket\b", re.IGNORECASE)
_KINDS = (
    ("bucket", regex(r"\bbuckets?\b", re.IGNORECASE)),
    ("template", regex(r"\btemplates?\b", re.IGNORECASE)),
    ("function", regex(r"\bfunctions?\b", re.IGNORECASE)),
    ("handler", regex(r"\bhandlers?\b", re.IGNORECASE)),
    ("distribution", regex(r"\bdistributions?\b", re.IGNORECASE)),
    ("queue", regex(r"\bqueues?\b", re.IGNORECASE)),
    ("component", regex(r"\bcomponents?\b", re.IGNORECASE)),
)
_OVERVIEW_KINDS = {
    "buckets": "bucket",
    "s3 buckets": "bucket",
    "email templates": "template",
    "templates": "template",
    "handlers": "handler",
    "functions": "function",
    "lambda functions": "function",
    "lambda@edge functions": "function",
    "queues": "queue",
    "terraform files": "file",
}
"""The rows of the overview whose names are resources, and of what kind."""
_LISTED = regex(r"\b(?:document|list|to be created)\b", re.IGNORECASE)
_LABEL = regex(r"([^`(:]{1,60}):")
_OPEN = regex(r"^(?:etc\.?|\.\.\.|…|and (?:more|others))$", re.IGNORECASE)
_NO_INDEXES = regex(r"(?:no|without|0)[ ]GSIs?|GSIs?[ ]*:[ ]*(?:none|n/a|-|–|—)", re.IGNORECASE)
_GROUP = regex(r"(.{1,80}?)[ ]*\((\d{1,5})[ ]files?\)[ ]*:?")


class Names(Struct):
    """What a plan names, in the order of its lines."""

    tables: list[Table] = field(default_factory=list)
    consumed: list[Table] = field(default_factory=list)
    resources: list[PlannedResource] = field(default_factory=list)
    groups: list[FileGroup] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def read_names(reading: Reading, overview: Mapping[str, OverviewEntry], preferred: str) -> Names:
    """Tables and resources; of two full names of one table that of the environment `preferred` counts."""
    names = Names()
    found: list[Table] = []
    for section, item in reading.checklist_items:
        environment = reading.environment(section, item.text)
        before = section.is_under("Pre-Deployment Checklist")
        if before and _CONSUMED_TABLE.search(item.text):
            names.consumed += _consumed(reading, item)
        elif before and _CONSUMED_INDEXES.search(item.text) and names.consumed and not item.points:
            names.consumed[-1] = _with_indexes(reading, names.consumed[-1], item)
        elif before and _CONSUMED_BUCKET.search(item.text):
            names.resources += _resources(reading, "bucket", item.text, item.line, environment, consumed=True)
        elif _is_table_list(item):
            for point in item.points:
                found += [table] if (table := _table(reading, point, names)) else []
        elif _LISTED.search(item.text):
            names.resources += _listed_resources(reading, item, environment)
        for fence in item.fences:
            names.groups += _groups(reading, fence)
    # What the plan lists as its own work is not expected of others, even where it asks for a look at it.
    planned = {one.name.or_none() for one in names.resources if not one.consumed}
    names.resources = [one for one in names.resources if not (one.consumed and one.name.or_none() in planned)]
    _merge(reading, names, found, overview.get("tables"), preferred)
    for key, kind in _OVERVIEW_KINDS.items():
        if key in overview:
            _add_from_overview(reading, names, overview[key], kind)
    return names


def _is_table_list(item: Item) -> bool:
    """Whether the entries below are tables: something that is done to tables may name anything else below it."""
    if any(_has_indexes(point) for point in item.points):
        return True
    return bool(_TABLES.search(item.text) and _LISTED.search(item.text))


def _table(reading: Reading, point: Point, names: Names) -> Table | None:
    named = _NAMED.match(point.text)
    full = named[1].strip() if named else ""
    if point.depth != 1 or not _PLAIN_NAME.fullmatch(full) or _VARIANT.search(full):
        return None
    _, remark = split_remark(point.text)
    document = reading.document
    stated = _INDEXES.fullmatch(remark)
    parts = split_list(stated[1]) if stated else []
    indexes: tuple[Index, ...] | None = None
    count: Fact[int] | None = None
    if _NO_INDEXES.fullmatch(remark):
        indexes = ()
    elif len(parts) == 1 and parts[0].isascii() and parts[0].isdigit():
        count = document.fact(int(parts[0][:6]), point.line, parts[0])
    elif parts:
        indexes = _stated_indexes(reading, parts, point.line, names)
    return Table(
        name=reading.logical_name(full),
        full_name=document.fact(full, point.line),
        at=document.place(point.line, full),
        names_environment=bool(reading.environment_of_name(full)),
        indexes=indexes,
        index_count=count,
    )


def _stated_indexes(reading: Reading, parts: Sequence[str], line: int, names: Names) -> tuple[Index, ...] | None:
    """The indexes in a parenthesis; an open list has one of unknown name, and words that are no names give None."""
    given = [part.strip("` ") for part in parts]
    closed = [name for name in given if not _OPEN.match(name)]
    if not all(_PLAIN_NAME.fullmatch(name) for name in closed):
        at = reading.document.place(line, parts[0])
        summary = "the parenthesis is no list of index names"
        detail = "write (GSI: First, Second), or nothing"
        names.diagnostics.append(Diagnostic(DiagnosticSeverity.WARNING, summary, at, detail, code=Code.PLAN_NAME))
        return None
    indexes = _index_list(reading, closed, line)
    if len(closed) == len(given):
        return indexes
    unknown: Fact[str] = Fact(Unknown("the plan gives examples only"), reading.document.place(line, parts[-1]))
    return (*indexes, Index(unknown, unknown.at))


def _index_list(reading: Reading, names: Sequence[str], line: int) -> tuple[Index, ...]:
    facts = (reading.document.fact(name.strip("` "), line) for name in names if _PLAIN_NAME.fullmatch(name.strip("` ")))
    return tuple(Index(fact, fact.at) for fact in facts)


def _has_indexes(point: Point) -> bool:
    return bool(_INDEXES.fullmatch(split_remark(point.text)[1]))


def _consumed(reading: Reading, item: Item) -> Iterator[Table]:
    for full in _CODE.findall(item.text):
        if _PLAIN_NAME.fullmatch(full):
            fact = reading.document.fact(full, item.line)
            named = bool(reading.environment_of_name(full))
            yield Table(reading.logical_name(full), fact, fact.at, names_environment=named)


def _with_indexes(reading: Reading, table: Table, item: Item) -> Table:
    indexes = _index_list(reading, _CODE.findall(item.text), item.line)
    return replace(table, indexes=(table.indexes or ()) + indexes)


def _listed_resources(reading: Reading, item: Item, environment: str) -> Iterator[PlannedResource]:
    """What stands in code marks below an item; a kind before a name goes before that of the item."""
    general = above = _kind_of(item.text)
    open_list = any(_OPEN.match(point.text.strip()) for point in item.points)
    for point in item.points:
        label = _LABEL.match(plain(point.text))
        own = _kind_of(label[1]) if label else ""
        if point.depth == 1:
            above = own or general
        if general and point.depth <= 2:
            kind = own or above
            yield from _resources(reading, kind, point.text, point.line, environment, open_list=open_list)


def _kind_of(text: str) -> str:
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "")


def _resources(
    reading: Reading,
    kind: str,
    text: str,
    line: int,
    environment: str,
    *,
    consumed: bool = False,
    open_list: bool = False,
) -> Iterator[PlannedResource]:
    shown, remark = split_remark(text)
    for name in _CODE.findall(shown):
        if _PLAIN_NAME.fullmatch(name) and not _VARIANT.search(name):
            named = reading.environment_of_name(name) or environment
            yield PlannedResource(kind, reading.document.fact(name, line), named, remark, consumed, open_list)


def _groups(reading: Reading, fence: Fence) -> Iterator[FileGroup]:
    """The groups of a file list; a list of names goes on over several lines."""
    if fence.language:
        return
    group: FileGroup | None = None
    for line in fence.lines:
        text = line.text.strip()
        head = _GROUP.fullmatch(text)
        if head:
            if group:
                yield group
            group = FileGroup(head[1], reading.document.fact(int(head[2]), line.number, head[2]))
        elif group:
            names = [name for name in split_list(text.lstrip("- ")) if _PLAIN_NAME.fullmatch(name)]
            facts = tuple(reading.document.fact(name, line.number) for name in names)
            group = replace(group, names=group.names + facts)
    if group:
        yield group


def _merge(reading: Reading, names: Names, found: list[Table], listed: OverviewEntry | None, preferred: str) -> None:
    """One table per logical name: the planning list before the overview, the preferred environment before others."""
    ordered = sorted(found, key=lambda table: reading.environment_of_name(table.full_name.or_none() or "") != preferred)
    merged: dict[str, Table] = {}
    for table in ordered if preferred else found:
        merged.setdefault(table.name, table)
    in_order = sorted(merged.values(), key=lambda table: table.at)
    if preferred:
        in_order = [_for_environment(reading, table, preferred) for table in in_order]
    names.tables = in_order
    for name in listed.names if listed else ():
        if listed and name not in merged:
            others = [full for full in merged if full not in listed.names]
            if not _is_alias(name, listed, others, names):
                fact = reading.document.fact(name, listed.text.at.line)
                names.tables.append(Table(name, fact, fact.at))


def _add_from_overview(reading: Reading, names: Names, entry: OverviewEntry, kind: str) -> None:
    """Names that only the overview gives."""
    known = [resource.name.or_none() or "" for resource in names.resources if resource.kind == kind]
    logical = {reading.logical_name(name) for name in known}
    for name in entry.names:
        if name not in logical and not _is_alias(name, entry, known, names):
            fact = reading.document.fact(name, entry.text.at.line)
            names.resources.append(PlannedResource(kind, fact, open_list=entry.open_list))


def _for_environment(reading: Reading, table: Table, preferred: str) -> Table:
    named = reading.environment_of_name(table.full_name.or_none() or "")
    return replace(table, names_environment=named == preferred)


def _is_alias(name: str, entry: OverviewEntry, full_names: Sequence[str], names: Names) -> bool:
    """Whether the overview's short name means something that is given in full elsewhere; says so when it may be two."""
    candidates = match_alias(name, full_names)
    if len(candidates) > 1:
        summary = f'"{name}" may mean {" or ".join(sorted(candidates)[:3])}'
        detail = "use one name in the overview and in the list"
        names.diagnostics.append(
            Diagnostic(DiagnosticSeverity.WARNING, summary, entry.text.at, detail, code=Code.PLAN_NAME)
        )
    return bool(candidates)


def match_alias(short: str, full_names: Sequence[str]) -> list[str]:
    """The full names that contain the short one as a token, singular or plural: `depots`, `acme-depot-images`."""
    wanted = [_singular(token) for token in re.split(r"[-_.]", short)]
    found = []
    for full in full_names:
        tokens = [_singular(token) for token in re.split(r"[-_.]", full)]
        if any(tokens[start : start + len(wanted)] == wanted for start in range(len(tokens))):
            found.append(full)
    return found


def _singular(token: str) -> str:
    token = token.casefold()
    return token[:-1] if len(token) > 3 and token.endswith("s") and not token.endswith("ss") else token
