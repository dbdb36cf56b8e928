"""Which attributes are keys of tables and indexes, and what types each source gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from bbws_readiness.checks.statements import Statement, compare, votes_on
from bbws_readiness.checks.tables.declared import nameless_observations, tables_in_question
from bbws_readiness.checks.unknown import nothing_said, undetermined, unheard
from bbws_readiness.checks.wording import listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.tables import Index, Key, Table
from bbws_readiness.source import Location, SourceKind

LEGAL = frozenset({"S", "N", "B"})
"""What a key may be."""
TYPES = LEGAL | {"BOOL", "NULL", "L", "M", "SS", "NS", "BS"}
"""The types of DynamoDB."""
TYPED = (SourceKind.TERRAFORM, SourceKind.SCHEMAS)


class KeyUse(Struct, frozen=True):
    """One key of a table or of one of its indexes."""

    key: Key
    role: str
    """`partition key` or `sort key`."""
    index: Index | None = None
    """None for the key of the table itself."""

    @property
    def words(self) -> str:
        """`partition key of index ByStatus`, `sort key of the table`."""
        return f"{self.role} of {'index ' + index_label(self.index) if self.index else 'the table'}"


def index_label(index: Index) -> str:
    """The name of an index, or its place where the name is unknown."""
    return index.name.or_none() or f"at {index.at}"


def key_uses(table: Table) -> Iterator[KeyUse]:
    """Every key of the table and of its indexes, the table's first."""
    if table.partition_key:
        yield KeyUse(table.partition_key, "partition key")
    if table.sort_key:
        yield KeyUse(table.sort_key, "sort key")
    for index in table.all_indexes:
        if index.partition_key:
            yield KeyUse(index.partition_key, "partition key", index)
        if index.sort_key:
            yield KeyUse(index.sort_key, "sort key", index)


def without_schema(question: Question, names: Iterable[str]) -> list[Observation]:
    """One undetermined observation per table without a schema, where some schema could not be read."""
    unknown = unheard(question.model, [SourceKind.SCHEMAS])
    described = question.model.named_tables.get(SourceKind.SCHEMAS, {})
    return [undetermined(name, unknown) for name in names if name not in described] if unknown else []


def key_types_agree(question: Question) -> CheckResult:
    """IDX003: every key attribute has one type in Terraform and schema.

    The keys of the table itself are one subject, named like the table; any other attribute is a subject of its own.
    """
    declared = tables_in_question(question)
    if isinstance(declared, CheckResult):
        return declared
    schemas = question.model.named_tables.get(SourceKind.SCHEMAS, {})
    observations = nameless_observations(declared) + without_schema(question, declared.names)
    for name, table in sorted(declared.tables.items()):
        if name in schemas:
            observations += _same_types(name, table, schemas[name])
    if not observations:
        return nothing_said(question, TYPED, "no key attribute has a type in two sources")
    failed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    summary = {
        "differing": listed(seen.subject for seen in failed),
        "differences": "; ".join(f"{seen.values['differences']} ({_sides_at(seen)})" for seen in failed) or "none",
    }
    return CheckResult(tuple(observations), votes_on(failed), summary)


def legal_key_types(question: Question) -> CheckResult:
    """IDX004: a key is text, a number or bytes, in every source that gives its type."""
    told: dict[str, list[tuple[SourceKind, KeyUse, Fact[str] | Undetermined]]] = {}
    for kind, table in _typed_tables(question.model):
        for subject, use, fact in _typed_uses(table):
            told.setdefault(subject, []).append((kind, use, fact))
    observations = [_legal(subject, uses) for subject, uses in sorted(told.items())]
    if not observations:
        return nothing_said(question, TYPED, "no source gives the type of a key")
    failed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    illegal = "; ".join(f"{seen.subject} ({seen.at}): {seen.values['faults']}" for seen in failed) or "none"
    return CheckResult(tuple(observations), summary={"illegal": illegal})


def _same_types(name: str, table: Table, schema: Table) -> Iterator[Observation]:
    subjects: dict[str, list[str]] = {}
    met: set[str] = set()
    for source in (table, schema):
        for use in key_uses(source):
            try:
                attribute = use.key.name.get()
            except Undetermined as unknown:
                yield undetermined(_subject(name, use, _label(use)), unknown)
                continue
            if attribute not in met:
                met.add(attribute)
                subjects.setdefault(_subject(name, use, attribute), []).append(attribute)
    typed = [(kind, _Typed(source)) for kind, source in zip(TYPED, (table, schema), strict=True)]
    for subject, attributes in subjects.items():
        try:
            statements = [statement for kind, types in typed if (statement := _stated_types(kind, types, attributes))]
        except Undetermined as unknown:
            yield undetermined(subject, unknown)
            continue
        if len(statements) > 1:
            yield compare(subject, statements, statements[0].at[0])


def _subject(table: str, use: KeyUse, attribute: str) -> str:
    return f"{table}.{attribute}" if use.index else table


def _label(use: KeyUse) -> str:
    """What stands for an attribute of unknown name."""
    return index_label(use.index) if use.index else ""


def _stated_types(kind: SourceKind, types: _Typed, attributes: Iterable[str]) -> Statement | None:
    """What one source says of the types; several words for one attribute are all told. Raises `Undetermined`."""
    aspects, places = {}, []
    for attribute in attributes:
        facts = types.of(attribute)
        if facts:
            aspects[attribute] = " and ".join(sorted({_type(fact) for fact in facts}))
            places.append(facts[0].at)
    text = ", ".join(f"{attribute} {word}" for attribute, word in aspects.items())
    return Statement(kind, aspects, text, tuple(places)) if aspects else None


class _Typed:
    """The types that a source gives the attributes of a table."""

    def __init__(self, table: Table) -> None:
        self._rows = table.attributes or ()
        self._facts: dict[str | None, list[Fact[str]]] = {}
        keys = [(use.key.name, use.key.type) for use in key_uses(table)]
        for name, fact in (*keys, *((row.name, row.type) for row in self._rows)):
            if fact:
                self._facts.setdefault(name.or_none(), []).append(fact)

    def of(self, attribute: str) -> Sequence[Fact[str]]:
        """Every type of the attribute, as a key first; raises `Undetermined` when it may be one of unknown name."""
        facts = self._facts.get(attribute, ())
        if not facts:
            for row in self._rows:
                row.name.get()
        return facts


def _type(fact: Fact[str]) -> str:
    word = fact.get()
    if word not in TYPES:
        raise Undetermined(f'"{word[:40]}" is no type of DynamoDB', fact.at)
    return word


def _typed_tables(model: Model) -> Iterator[tuple[SourceKind, Table]]:
    for kind in TYPED:
        for table in model.tables_of(kind) or ():
            yield kind, table


def _typed_uses(table: Table) -> Iterator[tuple[str, KeyUse, Fact[str] | Undetermined]]:
    """Each key with each type that its source gives it."""
    uses, types = tuple(key_uses(table)), _Typed(table)
    primary = {use.key.name.or_none() for use in uses if not use.index}
    for use in uses:
        name = use.key.name.or_none()
        subject = table.name if name in primary else _subject(table.name, use, name or _label(use))
        try:
            for fact in types.of(use.key.name.get()):
                yield subject, use, fact
        except Undetermined as unknown:
            yield subject, use, unknown


def _legal(subject: str, uses: list[tuple[SourceKind, KeyUse, Fact[str] | Undetermined]]) -> Observation:
    """A type that is surely illegal counts before one that is unknown."""
    faults: dict[str, Location] = {}
    doubt: Undetermined | None = None
    fine: dict[str, Location] = {}
    for kind, use, fact in uses:
        word = fact.or_none() if isinstance(fact, Fact) else None
        if isinstance(fact, Undetermined):
            doubt = doubt or fact
        elif word is None or (word not in TYPES and kind is SourceKind.SCHEMAS):
            doubt = doubt or Undetermined(_unknown_type(fact), fact.at)
        elif word not in LEGAL:
            faults.setdefault(f"{word} as {use.words} in {kind}", fact.at)
        else:
            fine.setdefault(f"{use.key.name.or_none()} {word}", fact.at)
    if faults:
        at, *others = faults.items()
        values = {"faults": "; ".join(faults)}
        related = tuple(Related(place, text) for text, place in others if place != at[1])
        expected = "S, N or B"
        return Observation(Outcome.FAIL, subject, at[1], values, expected, "; ".join(faults), related=related)
    if doubt:
        return undetermined(subject, doubt)
    return Observation(Outcome.PASS, subject, next(iter(fine.values())), {"types": listed(fine)})


def _unknown_type(fact: Fact[str]) -> str:
    try:
        return f'"{fact.get()[:40]}" is no type of DynamoDB'
    except Undetermined as unknown:
        return unknown.reason


def _sides_at(seen: Observation) -> str:
    return ", ".join(str(side.at[0]) for side in seen.sides)
