"""Checks without a subject of their own: the rule's parameters say which field of the declared tables they look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bbws_readiness.checks.declared import Declared, declared_tables, nameless_observations, tables_in_question, voices
from bbws_readiness.checks.parameters import chosen, number, pattern, texts
from bbws_readiness.checks.selectors import FIELDS, VALUES, Field, state_of
from bbws_readiness.checks.statements import Statement, compare, undetermined, votes_on
from bbws_readiness.checks.unread import unheard
from bbws_readiness.checks.wording import amount, listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import TABLE_SOURCES
from bbws_readiness.model.tables import Table
from bbws_readiness.source import Location, SourceKind


def same_names(question: Question) -> CheckResult:
    """Whether every source that lists tables lists the same ones. Parameters: `sources`."""
    declared = declared_tables(question.model)
    heard = {kind: tables for kind, tables in voices(question.model).items() if kind in _sources(question)}
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
    field = chosen(question, "field", FIELDS)
    observations = nameless_observations(declared)
    for name, table in sorted(declared.tables.items()):
        try:
            statements = _statements(question, field, name)
        except Undetermined as unknown:
            observations.append(undetermined(name, unknown))
            continue
        if len(statements) < 2 and (unread := unheard(question.model, _sources(question))):
            observations.append(undetermined(name, unread))
        elif len(statements) > 1:
            observations.append(compare(name, statements, _place(statements, table)))
    if not observations:
        return question.not_applicable(f"only one source states the {field.noun} of a table")
    failed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    return CheckResult(tuple(observations), votes_on(failed), _summary(failed, field, declared))


def present(question: Question) -> CheckResult:
    """Whether a field of each declared table is set at all. Parameters: `field`, a key of `VALUES`."""
    return _each(question, lambda value: value is not None, "set")


def equals(question: Question) -> CheckResult:
    """Whether a field of each declared table has one value. Parameters: `field`, `value`."""
    wanted = question.parameters.get("value")
    return _each(question, lambda value: value == wanted, _shown(wanted))


def one_of(question: Question) -> CheckResult:
    """Whether a field of each declared table has one of several values. Parameters: `field`, `values`."""
    wanted = _list(question.parameters.get("values", ()))
    return _each(question, lambda value: value in wanted, " or ".join(map(_shown, wanted)))


def matches(question: Question) -> CheckResult:
    """Whether a field of each declared table fits a regular expression as a whole. Parameters: `field`, `pattern`."""
    form = pattern(question, "pattern")
    return _each(question, lambda value: form.fullmatch(str(value)) is not None, f"of the form {form.pattern}")


def at_least(question: Question) -> CheckResult:
    """Whether a number of each declared table is large enough. Parameters: `field`, `minimum`."""
    minimum = number(question, "minimum")
    return _each(question, lambda value: isinstance(value, int) and value >= minimum, f"at least {minimum}")


def _each(question: Question, holds: Callable[[object], bool], expected: str) -> CheckResult:
    declared = tables_in_question(question)
    if isinstance(declared, CheckResult):
        return declared
    read = chosen(question, "field", VALUES)
    observations = []
    for table in declared.all:
        fact = read(table)
        try:
            value = fact.get() if fact else None
        except Undetermined as unknown:
            observations.append(undetermined(table.name, unknown))
            continue
        outcome = Outcome.PASS if holds(value) else Outcome.FAIL
        at = fact.at if fact else table.at
        observations.append(Observation(outcome, table.name, at, expected=expected, actual=_shown(value)))
    kept = [seen for seen in observations if seen.outcome is Outcome.PASS]
    summary = {"kept": str(len(kept)), "tables": amount(len(declared.all), "table")}
    return CheckResult(tuple(observations), summary=summary)


def _statements(question: Question, field: Field, name: str) -> list[Statement]:
    model = question.model
    listed_by = voices(model)
    found = []
    for kind in _sources(question):
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


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "not set" if value is None else str(value)
