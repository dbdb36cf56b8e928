"""Whether the indexes of tables can do what they are for: their keys are written, they sort, none is there twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bbws_readiness.checks.statements import votes_on
from bbws_readiness.checks.tables.declared import nameless_observations, tables_in_question
from bbws_readiness.checks.tables.keys import TYPED, KeyUse, index_label, key_uses, without_schema
from bbws_readiness.checks.unknown import nothing_said, undetermined
from bbws_readiness.checks.wording import amount, listed, related
from bbws_readiness.disclosure import disclosed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related, Side
from bbws_readiness.errors import near_name
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.tables import Attribute, Index, Table
from bbws_readiness.patterns import regex
from bbws_readiness.source import SourceKind

_VARIES = regex(r"\{[^{}]*\}|<[^<>]*>|%[sd]|[*+?|(\[\\]|(?:\A|[#/:|_-])[:$][A-Za-z]")
"""A placeholder, or the marks of a regular expression."""
_LITERAL = regex(r"[A-Za-z0-9_#:./@-]*[A-Za-z0-9]")
_WORD = regex(r"[A-Za-z]+\d*")
_KINDS = regex(
    r"(?i)uuid|ulid|ksuid|guid|cuid|nanoid|iso(?:8601)?|rfc3339|date|datetime|time|timestamp|epoch|unix|yyyy|yy|mm|dd|hh|ss"
    r"|string|number|text|id"
)
"""Words that describe values instead of being one."""
_EXAMPLE = regex(r"[a-z][A-Z]|\d{3}|(?i:(?<![A-Za-z0-9])(?:x{2,}|n|x)(?![A-Za-z0-9]))")
"""What a value looks like that stands for others: `eventId`, `0001`, `2026-03-04`, `xxx`."""
_INSIDE = regex(r"[{<]([^{}<>]+)[>}]")
SHOWN = 60
"""Characters of a pattern that a message quotes."""


def written_keys(question: Question) -> CheckResult:
    """IDX005: every key attribute of a declared index is among the attributes that the table's schema lists."""
    declared = tables_in_question(question)
    if isinstance(declared, CheckResult):
        return declared
    schemas = question.model.named_tables.get(SourceKind.SCHEMAS, {})
    observations = nameless_observations(declared) + without_schema(question, declared.names)
    for name, table in sorted(declared.tables.items()):
        if name in schemas and schemas[name].attributes is not None:
            uses = [use for use in key_uses(table) if use.index]
            for index in table.all_indexes:
                keys = [use for use in uses if use.index is index]
                observations.append(_written(f"{name}.{index_label(index)}", index, keys, schemas[name]))
    if not observations:
        return nothing_said(question, TYPED, "no schema lists the attributes of a table that has indexes")
    failed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    differences = "; ".join(f"{seen.values['differences']} ({seen.at})" for seen in failed) or "none"
    summary = {"differing": listed(seen.subject for seen in failed), "differences": differences}
    return CheckResult(tuple(observations), votes_on(failed), summary)


def _written(subject: str, index: Index, keys: Sequence[KeyUse], schema: Table) -> Observation:
    try:
        index.name.get()
        used = {use.key.name.get(): use for use in keys}
        listed_attributes = {row.name.or_none(): row for row in schema.attributes or ()}
        own = {use.key.name.get() for use in key_uses(schema) if not use.index}
        own |= _described(schema)
        lacking = [name for name in used if name not in listed_attributes and name not in own]
        if lacking:
            for row in schema.attributes or ():
                row.name.get()
            _require_whole(schema, lacking)
            return _never_written(subject, lacking, used, schema)
        optional = [name for name in used if name not in own and _optional(listed_attributes[name])]
    except Undetermined as unknown:
        return undetermined(subject, unknown)
    at = keys[0].key.name.at if keys else index.at
    values = {"keys": listed(used), "optional": listed(optional)}
    return Observation(Outcome.PASS, subject, at, values, wording="sparse" if optional else "")


def _described(schema: Table) -> set[str]:
    """The keys of the schema's own indexes of which it says how writers make them."""
    uses = (use for use in key_uses(schema) if use.index and use.key.pattern)
    return {name for use in uses if (name := use.key.name.or_none())}


def _require_whole(schema: Table, lacking: Sequence[str]) -> None:
    """Raise `Undetermined` for a list without any key, where the schema's own index has the key that it lacks."""
    rows = schema.attributes or ()
    if not rows:
        raise Undetermined("the schema lists no attribute at all", schema.at)
    names = {row.name.or_none() for row in rows}
    keys = [use for use in key_uses(schema) if use.key.name.or_none()]
    own = {use.key.name.or_none() for use in keys if not use.index}
    agreed = {use.key.name.or_none() for use in keys if use.index}
    if own and not own & names and set(lacking) <= agreed:
        reason = (
            "the schema lists no key at all, not even those of the table, so that it may list the other attributes only"
        )
        raise Undetermined(reason, rows[0].name.at)


def _optional(attribute: Attribute) -> bool:
    return attribute.required is not None and attribute.required.or_none() is False


def _never_written(subject: str, lacking: Sequence[str], used: Mapping[str, KeyUse], schema: Table) -> Observation:
    first = used[lacking[0]]
    known = sorted(name for row in schema.attributes or () if (name := row.name.or_none()))
    told = [f"{used[name].role} {name}{_near(name, known)}" for name in lacking]
    row = next(iter(schema.attributes or ()), None)
    asked = ", ".join(f"{used[name].role} {name}" for name in lacking)
    sides = (
        Side(SourceKind.TERRAFORM, "written", asked, tuple(used[name].key.name.at for name in lacking)),
        Side(
            SourceKind.SCHEMAS, "not written", f"no attribute {listed(lacking)}", (row.name.at if row else schema.at,)
        ),
    )
    at = first.key.name.at
    return Observation(
        Outcome.FAIL,
        subject,
        at,
        {"differences": f"{subject}: {', '.join(told)} is no attribute of the schema"},
        expected=f"among the attributes of {schema.name} (schemas)",
        actual=f"{asked} (terraform)",
        sides=sides,
        related=related(sides, besides=at),
    )


def _near(name: str, known: Sequence[str]) -> str:
    near = near_name(name, known)
    return f" (near: {near})" if near else ""


def varying_sort_keys(question: Question) -> CheckResult:
    """IDX006: no index sorts by an attribute that has one and the same value in all items.

    Looked at are the declared indexes; of a table without Terraform, those of its schema.
    """
    heard = question.model.named_tables
    schemas, declared = heard.get(SourceKind.SCHEMAS, {}), heard.get(SourceKind.TERRAFORM, {})
    nameless = [table for table in question.model.terraform_tables or () if table.name == table.address]
    observations = without_schema(question, [*declared, *(table.name for table in nameless)])
    for name, schema in sorted(schemas.items()):
        if not nameless or name in declared:
            for index in declared.get(name, schema).all_indexes:
                observations.append(_sorting(f"{name}.{index_label(index)}", index, schema))
    for table in nameless:
        reason = f"the name of {table.name} is unknown, and with it the schema"
        observations.append(undetermined(table.name, Undetermined(reason, table.full_name.at)))
    if not observations:
        return nothing_said(question, TYPED, "no schema describes a table with indexes")
    failed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    constant = "; ".join(f"{seen.subject} on {seen.values['key']} ({seen.at})" for seen in failed) or "none"
    return CheckResult(tuple(observations), summary={"constant": constant})


def _sorting(subject: str, index: Index, schema: Table) -> Observation:
    try:
        index.name.get()
        if index.sort_key is None:
            return Observation(Outcome.PASS, subject, index.at, {"state": "has no sort key"})
        key, at = index.sort_key.name.get(), index.sort_key.name.at
        fixed = _fixed(key, schema)
    except Undetermined as unknown:
        return undetermined(subject, unknown)
    if fixed is None:
        state = f"sorts by {key}, which no pattern of the schema fixes"
        return Observation(Outcome.PASS, subject, at, {"state": state})
    literal = disclosed(fixed.get())[:SHOWN]
    return Observation(
        Outcome.FAIL,
        subject,
        at,
        {"key": key, "literal": literal},
        expected="a sort key that differs from item to item",
        actual=f'{key} is always "{literal}"',
        related=(Related(fixed.at, f"schemas: {literal}"),),
    )


def _fixed(key: str, schema: Table) -> Fact[str] | None:
    """The pattern that gives the attribute one value in all items, None where some pattern or none at all tells so.

    Raises `Undetermined` for words that may describe the value instead of being it.
    """
    patterns = [use.key.pattern for use in key_uses(schema) if use.key.pattern and use.key.name.or_none() == key]
    patterns += [row.pattern for row in schema.attributes or () if row.pattern and row.name.or_none() == key]
    if not patterns or any(_VARIES.search(fact.or_none() or "") for fact in patterns):
        return None
    names = _spoken_of(schema)
    for fact in patterns:
        text = fact.get().removeprefix("^").removesuffix("$")
        words = _WORD.findall(text)
        told = any(_KINDS.fullmatch(word) or word.replace("_", "").casefold() in names for word in words)
        if told or not _LITERAL.fullmatch(text) or _EXAMPLE.search(text):
            raise Undetermined(f"the pattern of {key} may describe its value or be it", fact.at)
    return patterns[0]


def _spoken_of(schema: Table) -> set[str]:
    """The attributes of the schema and the placeholders of its patterns, in small letters and one word each."""
    rows = schema.attributes or ()
    facts = [use.key.pattern for use in key_uses(schema)] + [row.pattern for row in rows]
    placeholders = [name for fact in facts if fact for name in _INSIDE.findall(fact.or_none() or "")]
    names = [*(row.name.or_none() or "" for row in rows), *placeholders]
    return {re.sub(r"[^A-Za-z0-9]", "", name).casefold() for name in names} - {""}


def duplicate_indexes(question: Question) -> CheckResult:
    """IDX007: no two global, and no two local, indexes of a table have the same keys and projection in one source.

    The index that comes later in the source is the subject; a table without duplicates is one subject.
    """
    observations: dict[str, Observation] = {}
    whole: dict[str, Observation] = {}
    for kind in TYPED:
        for table in question.model.tables_of(kind) or ():
            found = [one for group in (table.indexes or (), table.local_indexes) for one in _alike(kind, table, group)]
            for seen in found:
                if (said := observations.get(seen.subject)) and said.outcome is Outcome.FAIL:
                    continue
                observations[seen.subject] = seen
            number = len(table.all_indexes)
            if number and not found:
                at = table.all_indexes[0].at
                values = {"number": amount(number, "index")}
                whole.setdefault(table.name, Observation(Outcome.PASS, table.name, at, values))
    faulty = {name for name in whole if any(subject.startswith(f"{name}.") for subject in observations)}
    told = [*observations.values(), *(seen for name, seen in whole.items() if name not in faulty)]
    if not told:
        return nothing_said(question, TYPED, "no source describes an index")
    failed = [seen for seen in told if seen.outcome is Outcome.FAIL]
    pairs = "; ".join(f"{seen.subject} ({seen.at}) and {seen.values['twin']}" for seen in failed) or "none"
    return CheckResult(tuple(told), summary={"pairs": pairs})


def _alike(kind: SourceKind, table: Table, indexes: Sequence[Index]) -> Iterator[Observation]:
    """One observation per index that equals an earlier one, or of which that cannot be told."""
    earlier: dict[tuple[object, ...], Index] = {}
    for index in indexes if len(indexes) > 1 or any(not one.name.known for one in indexes) else ():
        subject = f"{table.name}.{index_label(index)}"
        try:
            index.name.get()
            answer = _answers(index, [one for one in indexes if one is not index])
        except Undetermined as unknown:
            yield undetermined(subject, unknown)
            continue
        twin = earlier.setdefault(answer, index)
        if twin is not index:
            words = ", ".join(str(part) for part in answer[:3] if part)
            values = {"twin": index_label(twin), "keys": words, "source": str(kind)}
            text = f"{index_label(twin)}: {words}"
            expected, actual = "keys or a projection of its own", f"those of {index_label(twin)} ({words})"
            places = (Related(twin.at, text),)
            yield Observation(Outcome.FAIL, subject, index.name.at, values, expected, actual, related=places)


def _answers(index: Index, others: Sequence[Index]) -> tuple[object, ...]:
    """What the index can answer: keys, projection, attributes that it includes.

    Raises `Undetermined` when a part that is needed to tell it from the others is not known.
    """
    hash_key = index.partition_key.name.get() if index.partition_key else ""
    range_key = index.sort_key.name.get() if index.sort_key else ""
    if not any(_may_share(one, hash_key, range_key) for one in others):
        return (hash_key, range_key, index.name.get())
    if index.projection is None:
        raise Undetermined("its projection is not given", index.at)
    projection = index.projection.get()
    if projection != "INCLUDE":
        return (hash_key, range_key, projection)
    if index.included is None:
        raise Undetermined("the attributes that it includes are not given", index.at)
    return (hash_key, range_key, projection, index.included.get())


def _may_share(other: Index, hash_key: str, range_key: str) -> bool:
    """Whether another index has these keys, as far as they are known."""
    mine = (hash_key, range_key)
    keys = (other.partition_key, other.sort_key)
    return all((key.name.or_none() if key else "") in (name, None) for key, name in zip(keys, mine, strict=True))
