"""Checks that compare what the sources say of the declared tables; the rule's parameters say of which field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bbws_readiness.checks.parameters import chosen, texts
from bbws_readiness.checks.statements import Statement, compare, votes_on
from bbws_readiness.checks.tables.declared import (
    Declared,
    declared_tables,
    nameless_observations,
    tables_in_question,
)
from bbws_readiness.checks.tables.selectors import FIELDS, Field, state_of
from bbws_readiness.checks.unknown import undetermined, unheard
from bbws_readiness.checks.wording import amount, listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.engine.rule import Kind
from bbws_readiness.engine.signature import Fault, Signature
from bbws_readiness.errors import near_name
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import TABLE_SOURCES, Model
from bbws_readiness.model.tables import Table
from bbws_readiness.source import Location, SourceKind


def same_names(question: Question) -> CheckResult:
    """Whether every source that lists tables lists the same ones. Parameters: `sources`."""
    declared = declared_tables(question.model)
    heard = {kind: tables for kind, tables in question.model.named_tables.items() if kind in _sources(question)}
    if declared is None or len(heard) < 2:
        return question.not_applicable("fewer than two sources list tables")
    observations = nameless_observations(declared)
    for name in sorted({name for tables in heard.values() for name in tables}):
        statements = [
            Statement(
                kind,
                {"listed": "yes" if name in tables else "no"},
                "listed" if name in tables else f"not listed ({listed(tables)})",
                (tables[name].at,) if name in tables else tuple(table.at for table in tables.values()),
            )
            for kind, tables in heard.items()
        ]
        at = next(tables[name].at for tables in heard.values() if name in tables)
        doubt = declared.doubt(name, frozenset(name for tables in heard.values() for name in tables))
        if doubt and name not in declared.tables:
            observations.append(undetermined(name, doubt))
        else:
            observations.append(compare(name, statements, at))
    return CheckResult(tuple(observations))


def same_value(question: Question) -> CheckResult:
    """Whether all sources state one value for a field of each declared table.

    Parameters: `field`, a key of `FIELDS`, and `sources`, those that may speak of it. Plan and README may claim it
    for every table at once. A table of which only one source speaks is left out.
    """
    declared = tables_in_question(question)
    if isinstance(declared, CheckResult):
        return declared
    field, sources = chosen(question, "field", FIELDS), _sources(question)
    observations = nameless_observations(declared)
    for name, table in sorted(declared.tables.items()):
        try:
            statements = _statements(question.model, field, sources, name)
        except Undetermined as unknown:
            observations.append(undetermined(name, unknown))
            continue
        if len(statements) < 2 and (unread := unheard(question.model, sources)):
            observations.append(undetermined(name, unread))
        elif len(statements) > 1:
            observations.append(compare(name, statements, _place(statements, table)))
    if not observations:
        return question.not_applicable(f"only one source states the {field.noun} of a table")
    failed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    return CheckResult(tuple(observations), votes_on(failed), _summary(failed, field, declared))


def _statements(model: Model, field: Field, sources: Iterable[SourceKind], name: str) -> list[Statement]:
    listed_by = model.named_tables
    found = []
    for kind in sources:
        tables = listed_by.get(kind, {})
        # A claim about every table is about those that the document itself knows.
        if name not in tables and tables:
            continue
        statement = state_of(field, model, kind, tables.get(name))
        if statement:
            found.append(statement)
    return found


def _place(statements: Sequence[Statement], table: Table) -> Location:
    deployed = next((said for said in statements if said.source is SourceKind.TERRAFORM), None)
    return deployed.at[0] if deployed else table.at


def _summary(failed: Sequence[Observation], field: Field, declared: Declared) -> dict[str, str]:
    return {
        "noun": field.noun,
        "differing": listed(seen.subject for seen in failed),
        "differences": "; ".join(f"{seen.subject}: {seen.values['differences']}" for seen in failed) or "none",
        "expected": listed({seen.expected for seen in failed}),
        "actual": listed({seen.actual for seen in failed}),
        "tables": amount(len(declared.all), "table"),
    }


def _sources(question: Question) -> tuple[SourceKind, ...]:
    named = texts(question, "sources")
    return tuple(kind for kind in TABLE_SOURCES if not named or kind.value in named)


def _source_faults(parameters: Mapping[str, object]) -> Iterator[Fault]:
    known = [kind.value for kind in TABLE_SOURCES]
    named = parameters.get("sources", [])
    for name in named if isinstance(named, list) else [named]:
        if name not in known:
            yield Fault(
                ("sources",), f'there is no source "{name}" that describes tables', f"known are {', '.join(known)}"
            )


def _field_faults(parameters: Mapping[str, object]) -> Iterator[Fault]:
    field = str(parameters["field"])
    if field not in FIELDS:
        near = near_name(field, list(FIELDS))
        hint = f'did you mean "{near}"?' if near else f"known are {', '.join(FIELDS)}"
        yield Fault(("field",), f'sources cannot be compared on "{field}"', hint)
    yield from _source_faults(parameters)


COMPARE = frozenset({Kind.COMPARE})
SAYS = {"pass": frozenset({"value", "sources"}), "fail": frozenset({"differences"})}
SAME_NAMES = Signature(COMPARE, {"sources": "texts"}, says=SAYS, content=_source_faults)
SAME_VALUE = Signature(
    COMPARE,
    {"field": "text", "sources": "texts"},
    frozenset({"field"}),
    says=SAYS,
    sums_up=frozenset({"noun", "differing", "differences", "expected", "actual", "tables"}),
    content=_field_faults,
)
