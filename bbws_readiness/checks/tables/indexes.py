"""Which indexes each table has in the words of each source, and what they are keyed by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bbws_readiness.checks.statements import Opinion, Statement, compare, votes, votes_on
from bbws_readiness.checks.tables.declared import declared_tables, nameless_observations, tables_in_question
from bbws_readiness.checks.tables.selectors import index_keys
from bbws_readiness.checks.unknown import nothing_said, undetermined
from bbws_readiness.checks.wording import amount, counted, documents_in_words, listed, related, sources_in_words
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Side, Vote
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import TABLE_SOURCES, Model
from bbws_readiness.model.tables import Index, Table
from bbws_readiness.source import Location, SourceKind

Pairs = frozenset[tuple[str, str]]
"""Table and index names."""

Heard = Mapping[SourceKind, Mapping[str, Table]]

KEYED = (SourceKind.TERRAFORM, SourceKind.SCHEMAS, SourceKind.SCRIPT)
"""The sources that can say what an index is keyed by."""


def index_sets(question: Question) -> CheckResult:
    """IDX001: per declared table, all sources that list its indexes list the same names."""
    model = question.model
    declared = tables_in_question(question)
    if isinstance(declared, CheckResult):
        return declared
    heard = model.named_tables
    observations = nameless_observations(declared)
    for name, table in sorted(declared.tables.items()):
        try:
            sides = _sides(heard, name)
        except Undetermined as unknown:
            observations.append(undetermined(name, unknown))
            continue
        if len([side for side in sides if isinstance(side.says, frozenset)]) > 1:
            observations.append(_same_set(name, sides, _place(table)))
    if not observations:
        return nothing_said(question, TABLE_SOURCES, "only one source lists the indexes of a table")
    return CheckResult(tuple(observations), _votes(model, heard), _summary(question, heard))


def index_keys_agree(question: Question) -> CheckResult:
    """IDX002: an index that several sources name has one pair of keys and one projection."""
    model = question.model
    declared = tables_in_question(question)
    if isinstance(declared, CheckResult):
        return declared
    heard = {kind: tables for kind, tables in model.named_tables.items() if kind in KEYED}
    observations = nameless_observations(declared)
    for name in sorted(declared.tables):
        described: dict[str, list[tuple[SourceKind, Index]]] = {}
        for kind, tables in heard.items():
            for index in (tables[name].indexes if name in tables else None) or ():
                if known := index.name.or_none():
                    described.setdefault(known, []).append((kind, index))
        for index_name, both in sorted(described.items()):
            if len(both) > 1 and (seen := _same_keys(f"{name}.{index_name}", both)):
                observations.append(seen)
    if not observations:
        return nothing_said(question, KEYED, "no index is described with its keys by two sources")
    failed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    summary = {
        "differing": listed(seen.subject for seen in failed),
        "differences": "; ".join(f"{seen.subject}: {seen.values['differences']}" for seen in failed) or "none",
    }
    return CheckResult(tuple(observations), votes_on(failed), summary)


def index_names(table: Table) -> frozenset[str] | None:
    """The names that a source lists, None when it lists none; raises `Undetermined` when one is unknown."""
    if table.indexes is None:
        return None
    return frozenset(index.name.get() for index in table.indexes)


def index_pairs(tables: Iterable[Table]) -> Pairs | None:
    """Every index of every table that lists its indexes; None when no table does. Unknown names raise."""
    lists = {table.name: names for table in tables if (names := index_names(table)) is not None}
    return frozenset((table, name) for table, names in lists.items() for name in names) if lists else None


def _sides(heard: Heard, name: str) -> tuple[Side, ...]:
    sides = []
    for kind, tables in heard.items():
        table = tables.get(name)
        if table is None:
            continue
        names = index_names(table)
        if names is not None:
            at = tuple(index.name.at for index in table.indexes or ()) or (table.at,)
            sides.append(Side(kind, names, counted(names), at))
        elif table.index_count is not None:
            number = table.index_count.get()
            sides.append(Side(kind, number, str(number), (table.index_count.at,)))
    return tuple(sides)


def _place(table: Table) -> Location:
    return table.indexes[0].name.at if table.indexes else table.at


def _same_set(name: str, sides: Sequence[Side], at: Location) -> Observation:
    """Only lists are held against each other; a mere number (README) takes a side and starts no dispute."""
    groups: dict[frozenset[str], list[SourceKind]] = {}
    for side in sides:
        if isinstance(side.says, frozenset):
            groups.setdefault(side.says, []).append(side.source)
    deployed = next(side for side in sides if isinstance(side.says, frozenset) and side.source is SourceKind.TERRAFORM)
    if len(groups) == 1:
        values = {"value": deployed.text, "sources": sources_in_words(next(iter(groups.values())))}
        return Observation(Outcome.PASS, name, at, values, related=related(sides, besides=at))
    other = next(side for side in sides if not side.agrees_with(deployed))
    return Observation(
        Outcome.FAIL,
        name,
        at,
        {"differences": _differences(groups)},
        expected=f"{other.text} ({other.source})",
        actual=f"{deployed.text} (terraform)",
        sides=tuple(sides),
        related=related(sides, besides=at),
    )


def _differences(groups: Mapping[frozenset[str], Sequence[SourceKind]]) -> str:
    """Set differences, never totals: `only plan {ByCountry}; only terraform {ByDepot}; common {none}`."""
    common = frozenset.intersection(*groups)
    only = "only " if len(groups) == 2 else ""
    parts = [
        f"{only}{sources_in_words(kinds)} {{{listed(names - common if only else names)}}}"
        for names, kinds in groups.items()
    ]
    return "; ".join([*parts, f"common {{{listed(common)}}}"])


def _votes(model: Model, heard: Heard) -> tuple[Vote, ...]:
    """One opinion per list; a source that only counts joins the list that has its numbers."""
    lists = _lists(heard)
    opinions = []
    for kind, tables in heard.items():
        places = sorted(_place(table) for table in tables.values())
        if kind in lists:
            opinions.append(Opinion(kind, lists[kind], _list_text(model, kind, lists[kind]), places[0]))
        elif counts := {t.name: t.index_count.value for t in tables.values() if t.index_count and t.index_count.known}:
            # The number stands in the row of the table itself.
            ordered = sorted(lists.items(), key=lambda entry: entry[0] is not SourceKind.TERRAFORM)
            holder = next((pairs for _, pairs in ordered if _per_table(pairs, tables) == counts), None)
            text = "; ".join(f"{name} {number}" for name, number in sorted(counts.items()))
            words = "only the numbers" if holder else f"only numbers: {text}"
            opinions.append(Opinion(kind, holder or tuple(sorted(counts)), words, places[0]))
    opinions.sort(key=lambda opinion: opinion.source not in lists)
    return votes(opinions)


def _per_table(pairs: Pairs, tables: Iterable[str]) -> dict[str, int]:
    indexes = Counter(table for table, _ in pairs)
    return {name: indexes[name] for name in tables}


def _list_text(model: Model, kind: SourceKind, pairs: Pairs) -> str:
    by_table: dict[str, list[str]] = {}
    for table, name in sorted(pairs):
        by_table.setdefault(table, []).append(name)
    text = "; ".join(f"{table}: {', '.join(names)}" for table, names in by_table.items())
    return f"{_figure(model, kind, pairs)} ({text})" if text else "0"


def _figure(model: Model, kind: SourceKind, pairs: Pairs) -> str:
    """How many a source lists, with the number it states beside the list where that is another one."""
    if kind is SourceKind.TERRAFORM:
        return _deployed_figure(model, pairs)
    if kind in model.unread:
        return f"at least {len(pairs)}"
    stated = _stated(model) if kind is SourceKind.PLAN else []
    if any(number != len(pairs) for number in stated):
        return f"{' and '.join(map(str, stated))} stated, {len(pairs)} listed"
    return str(len(pairs))


def _deployed_figure(model: Model, pairs: Pairs) -> str:
    """How many Terraform declares, on tables of unknown name too; a lower bound where the files do not tell all."""
    declared = declared_tables(model)
    if declared is None:
        return str(len(pairs))
    if declared.gap or declared.uncounted:
        return f"at least {len(pairs)}"
    return str(len(pairs) + sum(len(table.indexes or ()) for table in declared.nameless))


def _stated(model: Model) -> list[int]:
    counts = model.plan.counts if model.plan else ()
    tables = {table.name for table in model.plan.tables} if model.plan else set()
    return sorted(
        {
            number
            for count in counts
            if count.noun == "indexes" and count.scope not in tables and (number := count.number.or_none()) is not None
        }
    )


def _summary(question: Question, heard: Heard) -> dict[str, str]:
    lists = _lists(heard)
    deployed = lists.get(SourceKind.TERRAFORM, frozenset())
    differing = [kind for kind, pairs in lists.items() if pairs != deployed]
    counting = [kind for kind in heard if kind not in lists and not _counts_agree(heard[kind], deployed)]
    preferred = [*question.config.authority_of(question.rule.facet), SourceKind.PLAN, *differing]
    against = next((kind for kind in preferred if kind in differing), None)
    if against is None:
        positions = amount(len(deployed), "index")
    else:
        common = len(lists[against] & deployed)
        built = _deployed_figure(question.model, deployed)
        positions = f"{against} {_figure(question.model, against, lists[against])}; terraform {built}; " + (
            f"{common} in common" if common else "nothing in common"
        )
    declared = heard.get(SourceKind.TERRAFORM, {})
    return {
        "positions": positions,
        "documents": documents_in_words([*differing, *counting]) or "no document",
        "tables": listed({table for kind in differing for table, _ in lists[kind] ^ deployed} & set(declared)),
    }


def _lists(heard: Heard) -> dict[SourceKind, Pairs]:
    """The sources that list indexes by names that are all known."""
    lists: dict[SourceKind, Pairs] = {}
    for kind, tables in heard.items():
        try:
            pairs = index_pairs(tables.values())
        except Undetermined:
            continue
        if pairs is not None:
            lists[kind] = pairs
    return lists


def _counts_agree(tables: Mapping[str, Table], pairs: Pairs) -> bool:
    """Whether the numbers that a source states per table are those of the list."""
    counts = {table.name: table.index_count.or_none() for table in tables.values() if table.index_count}
    return not counts or _per_table(pairs, counts) == counts


def _same_keys(subject: str, both: Sequence[tuple[SourceKind, Index]]) -> Observation | None:
    statements = []
    try:
        for kind, index in both:
            if aspects := index_keys(index):
                text = ", ".join(f"{aspect} {value}" for aspect, value in aspects.items())
                statements.append(Statement(kind, aspects, text, (index.name.at,)))
    except Undetermined as unknown:
        return undetermined(subject, unknown)
    return compare(subject, statements, statements[0].at[0]) if len(statements) > 1 else None
