"""Holds a plan JSON against what was evaluated from the files, because an old plan says nothing about new files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity, UsageError
from bbws_readiness.fact import Fact
from bbws_readiness.model.changes import Effect, PlanOutput
from bbws_readiness.model.resources import Configuration
from bbws_readiness.model.tables import Index, Key, Table
from bbws_readiness.parsers.terraform import TerraformDescription
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location
from bbws_readiness.terraform.addresses import UNKNOWN_KEY

MAX_DIFFERENCES = 20
"""Differences that are told one by one; the rest are counted."""

_HINT = "make the plan again from these files, or assess the files it was made from"
_ABSENT = "none"

_GONE = (Effect.DESTROY, Effect.FORGET)


_ACCOUNT = regex(r"[0-9]{12}")


def require_same_place(described: TerraformDescription, plan: PlanOutput, environment: str) -> None:
    """Raise `UsageError` for a plan of another account or environment: it answers nothing about this one.

    What tells is a root variable that has the environment's name or an account's number in the files, and another
    one in the plan.
    """
    for variable in described.configuration.variables:
        ours, theirs = variable.value.or_none(), plan.place.get(variable.name)
        if theirs is None or not isinstance(ours, str) or variable.sensitive or ours.casefold() == theirs.casefold():
            continue
        what = "environment" if ours.casefold() == environment.casefold() else ""
        what = "account" if _ACCOUNT.fullmatch(ours) and _ACCOUNT.fullmatch(theirs) else what
        if what:
            raise UsageError(
                f"this plan is for the {what} {theirs}, not {ours}",
                at=Location(plan.at.path, 0),
                hint=f"make it with the settings of {environment}, or leave --plan-json out",
                code=Code.PLAN_ELSEWHERE,
            )


def differences(described: TerraformDescription | None, plan: PlanOutput) -> tuple[Diagnostic, ...]:
    """A warning for every resource and every attribute of a table in which files and plan differ.

    What either of them does not know is no difference.
    """
    if described is None:
        return (_warning("there is no Terraform in the files to hold the plan JSON against", plan.at),)
    found = [*_resources(described.configuration, plan), *_tables(described.tables, plan)]
    told = found[:MAX_DIFFERENCES]
    if len(found) > len(told):
        told.append(_warning(f"files and plan JSON differ in {len(found) - len(told)} more points", plan.at))
    return tuple(told)


def _warning(summary: str, at: Location) -> Diagnostic:
    return Diagnostic(DiagnosticSeverity.WARNING, summary, at, _HINT, code=Code.PLAN_DIFFERS)


def _resources(configuration: Configuration, plan: PlanOutput) -> Iterator[Diagnostic]:
    planned = {change.address: change for change in plan.changes if change.effect not in _GONE}
    patterns = [re.compile(_pattern(resource.address)) for resource in configuration.resources]
    for resource, pattern in zip(configuration.resources, patterns, strict=True):
        # An unknown number of instances may be none at all.
        if UNKNOWN_KEY not in resource.address and not any(map(pattern.fullmatch, planned)):
            yield _warning(f"{resource.address} is in the files and not in the plan JSON", resource.at)
    for address, change in planned.items():
        remote = bool(configuration.remote_modules) and address.startswith("module.")
        if not remote and configuration.complete and not any(pattern.fullmatch(address) for pattern in patterns):
            yield _warning(f"{address} is in the plan JSON and not in the files", change.at)


def _pattern(address: str) -> str:
    """A pattern for the addresses that an address with unknown keys may stand for."""
    return r"(?:\[[^\]]*\])?".join(map(re.escape, address.split(UNKNOWN_KEY)))


def _tables(tables: Sequence[Table], plan: PlanOutput) -> Iterator[Diagnostic]:
    planned = {table.address: table for table in plan.tables}
    for table in tables:
        other = planned.get(table.address)
        if other is None:
            continue
        for words, ours, theirs in _compared(table, other):
            if ours != theirs and None not in (ours, theirs):
                summary = f"{table.address}: {words} is {ours} in the files and {theirs} in the plan JSON"
                yield _warning(summary, other.at)


def _compared(table: Table, other: Table) -> Iterator[tuple[str, str | None, str | None]]:
    """Every compared attribute in words, as either side has it; None where that is not known."""
    for words, field in _FIELDS:
        yield words, field(table), field(other)
    ours, theirs = table.index_names, other.index_names
    if ours is None or theirs is None:
        return
    yield "the set of indexes", ", ".join(sorted(ours)) or _ABSENT, ", ".join(sorted(theirs)) or _ABSENT
    by_name = {index.name.or_none(): index for index in other.indexes or ()}
    for index in table.indexes or ():
        match = by_name.get(index.name.or_none())
        if match:
            for words, of_index in _INDEX_FIELDS:
                yield f"{words} of the index {index.name.or_none()}", of_index(index), of_index(match)


def _text(fact: Fact[str] | Fact[bool] | None) -> str | None:
    if fact is None:
        return _ABSENT
    value = fact.or_none()
    if isinstance(value, bool):
        return "on" if value else "off"
    return value


def _key(key: Key | None) -> str | None:
    if key is None:
        return _ABSENT
    name, kind = key.name.or_none(), key.type.or_none() if key.type else None
    return f"{name} ({kind})" if name and kind else name


_FIELDS: tuple[tuple[str, Callable[[Table], str | None]], ...] = (
    ("the name", lambda table: _text(table.full_name)),
    ("the partition key", lambda table: _key(table.partition_key)),
    ("the sort key", lambda table: _key(table.sort_key)),
    ("the billing mode", lambda table: _text(table.billing_mode)),
    ("point-in-time recovery", lambda table: _text(table.recovery)),
    ("the stream", lambda table: _text(table.streams.enabled if table.streams else None)),
    ("the encryption key", lambda table: _text(table.encryption)),
)

_INDEX_FIELDS: tuple[tuple[str, Callable[[Index], str | None]], ...] = (
    ("the partition key", lambda index: _key(index.partition_key)),
    ("the sort key", lambda index: _key(index.sort_key)),
    ("the projection", lambda index: _text(index.projection)),
)
