"""What the environment's validation script expects, held against what Terraform will deploy."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from bbws_readiness.checks.account_and_region import effective, placements
from bbws_readiness.checks.configuration import terraform_gap
from bbws_readiness.checks.runs import unknown_answer
from bbws_readiness.checks.wording import amount, listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related, Side, Statement
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.scripts import ValidationScript
from bbws_readiness.model.tables import Key, Table
from bbws_readiness.source import CODE, Location, SourceKind

Said = tuple[Statement, str, Location]
"""A statement made comparable, in words, with its place."""


def expectations(question: Question) -> Mapping[str, str]:
    """What a script for the environment has to expect, for titles and tasks; every key is always there."""
    model, environment = question.model, question.environment
    others = [script for script in model.scripts if script is not model.script]
    template = others[0].path if others else ""
    tables = [table for table in model.terraform_tables or () if table.full_name.known]
    indexes = sorted(f"{table.name} {listed(table.index_names or ())}" for table in tables)
    named = [script.environment.or_none() or "unknown" for script in others if script.environment]
    unknown = "not stated in the files"
    return {
        "environment": environment,
        "ENV": environment.upper(),
        "scripts": listed(named),
        "script": _script_path(model, environment),
        "template": template or "the validation steps of the plan",
        "account": effective(question, "account") or unknown,
        "region": effective(question, "region") or unknown,
        "tables": listed(str(table.full_name.get()) for table in tables),
        "indexes": "; ".join(indexes) or "none",
        "features": _features(tables),
    }


def _script_path(model: Model, environment: str) -> str:
    """Where the environment's script lies, or would lie if it were named like its sibling."""
    if model.script:
        return model.script.path
    for script in model.scripts:
        own = script.environment.or_none() if script.environment else None
        folder, name = posixpath.split(script.path)
        if own and own in name:
            return posixpath.join(folder, name.replace(own, environment))
    return f"scripts/validate_{environment}.py"


def _features(tables: list[Table]) -> str:
    if not tables:
        return "none"
    recovering = sum(1 for table in tables if table.recovery and table.recovery.or_none())
    streaming = [table.name for table in tables if table.streams and table.streams.enabled.or_none()]
    modes = {mode for table in tables if table.billing_mode and (mode := table.billing_mode.or_none())}
    return f"recovery on {recovering} of {len(tables)}, streams on {listed(streaming)}, billing {listed(modes)}"


def stale_script(question: Question) -> CheckResult:
    """VAL003: one answer per constant and per aspect of a table that the environment's own script expects."""
    model = question.model
    script = model.script
    if script is None:
        return question.not_applicable(f"no validation script for {question.environment}")
    if model.terraform_tables is None:
        return question.not_applicable("the project has no Terraform configuration")
    observations = [*_constants(question, script), *_computed(script)]
    if script.tables:
        observations.append(_tables(question, script))
        observations.extend(_aspects(question, script))
        if script.required_tags:
            observations.append(_tags(model, script))
    if not observations:
        return question.not_applicable("the script states no expectation that can be compared", script.at)
    return CheckResult(tuple(observations), summary=expectations(question))


def _constants(question: Question, script: ValidationScript) -> Iterator[Observation]:
    for aspect, fact in (("account", script.account), ("region", script.region)):
        if fact is None:
            continue
        deployed = [p.value for p in placements(question, aspect) if p.source in CODE]
        # What the provider guards comes first: it decides.
        known = next((value for value in deployed if value.known), None)
        if known is None:
            continue
        yield _held(aspect, partial(_text, fact), partial(_text, known))


def _computed(script: ValidationScript) -> Iterator[Observation]:
    """Expectations that only exist when the script runs, together one answer."""
    if script.not_constant:
        try:
            script.not_constant[0].get()
        except Undetermined as unknown:
            yield unknown_answer("computed expectations", unknown)


def _tables(question: Question, script: ValidationScript) -> Observation:
    model = question.model
    full = all(table.full_name.known for table in script.tables) and not script.takes_environment
    deployed = model.terraform_tables or ()

    def names(tables: tuple[Table, ...]) -> frozenset[str]:
        return frozenset(table.full_name.get() if full else table.name for table in tables)

    def expected() -> Said:
        return _set(names(script.tables), script.tables[0].at)

    def actual() -> Said:
        found = names(deployed)
        gap = terraform_gap(model)
        if gap and names(script.tables) - found:
            raise gap
        return _set(found, deployed[0].at if deployed else script.at)

    return _held("tables", expected, actual)


def _aspects(question: Question, script: ValidationScript) -> Iterator[Observation]:
    deployed = {table.name: table for table in question.model.terraform_tables or ()}
    for expected in script.tables:
        actual = deployed.get(expected.name)
        if actual is None:
            continue
        for name, read in _READERS.items():
            if (theirs := read(expected)) is not None and (ours := read(actual)) is not None:
                yield _held(f"{expected.name}: {name}", theirs, ours)


def _tags(model: Model, script: ValidationScript) -> Observation:
    tables = model.terraform_tables or ()

    def expected() -> Said:
        return _set(frozenset(tag.get() for tag in script.required_tags), script.required_tags[0].at)

    def actual() -> Said:
        required = frozenset(tag.get() for tag in script.required_tags)
        present = required
        at = tables[0].at if tables else script.at
        for table in tables:
            lacking = required - frozenset(table.tags or ())
            if lacking and table.tags_unknown:
                raise Undetermined(table.tags_unknown, table.at)
            present, at = present - lacking, table.at if lacking else at
        return _set(present, at)

    return _held("tags", expected, actual)


def _held(subject: str, expected: Callable[[], Said], actual: Callable[[], Said]) -> Observation:
    """One comparison; whatever is unknown on either side makes just this subject undetermined."""
    try:
        wanted, wanted_text, wanted_at = expected()
        found, found_text, found_at = actual()
    except Undetermined as unknown:
        return unknown_answer(subject, unknown)
    sides = (
        Side(SourceKind.TERRAFORM, found, found_text, (found_at,)),
        Side(SourceKind.SCRIPT, wanted, wanted_text, (wanted_at,)),
    )
    outcome = Outcome.PASS if sides[0].agrees_with(sides[1]) else Outcome.FAIL
    note = (Related(found_at, f"terraform: {found_text}"),)
    return Observation(outcome, subject, wanted_at, {}, wanted_text, found_text, sides=sides, related=note)


def _text(fact: Fact[str]) -> Said:
    return fact.get(), fact.get(), fact.at


def _set(names: frozenset[str], at: Location) -> Said:
    return names, listed(names), at


Reader = Callable[[Table], Callable[[], Said] | None]
"""Gives the way to read an aspect of a table, or None when the description does not speak of it."""


def _keys(table: Table) -> Callable[[], Said] | None:
    if table.partition_key is None and not table.speaks_of_keys:
        return None

    def read() -> Said:
        named = [key.name.get() for key in (table.partition_key, table.sort_key) if key is not None]
        return ", ".join(named), ", ".join(named) or "none", _key_place(table.partition_key, table)

    return read


def _key_place(key: Key | None, table: Table) -> Location:
    return key.name.at if key else table.at


def _indexes(table: Table) -> Callable[[], Said] | None:
    indexes, count = table.indexes, table.index_count
    if indexes is not None:

        def names() -> Said:
            found = frozenset(index.name.get() for index in indexes)
            return found, f"{amount(len(found), 'index')} ({listed(found)})", indexes[0].at if indexes else table.at

        return names
    if count is not None:
        return lambda: (count.get(), amount(count.get(), "index"), count.at)
    return None


def _recovery(table: Table) -> Callable[[], Said] | None:
    fact = table.recovery
    return (lambda: _switch(fact)) if fact else None


def _streams(table: Table) -> Callable[[], Said] | None:
    streams = table.streams
    return (lambda: _switch(streams.enabled)) if streams else None


def _switch(fact: Fact[bool]) -> Said:
    return fact.get(), "on" if fact.get() else "off", fact.at


def _billing(table: Table) -> Callable[[], Said] | None:
    fact = table.billing_mode
    return (lambda: _text(fact)) if fact else None


_READERS: Mapping[str, Reader] = {
    "keys": _keys,
    "indexes": _indexes,
    "recovery": _recovery,
    "streams": _streams,
    "billing mode": _billing,
}
"""The aspects of a table that a script can expect, in the order in which they are told."""
