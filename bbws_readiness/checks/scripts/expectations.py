"""What the environment's validation script expects, held against what Terraform will deploy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from bbws_readiness.checks.terraform.account_and_region import effective, placements
from bbws_readiness.checks.unknown import NO_TERRAFORM, terraform_gap, undetermined
from bbws_readiness.checks.wording import amount, joined, listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related, Side, Statement
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.scripts import ValidationScript, script_path
from bbws_readiness.model.tables import Table
from bbws_readiness.source import CODE, Location, SourceKind

Said = tuple[Statement, str, Location]
"""A statement made comparable, in words, with its place."""

Pair = tuple[Callable[[], Said], Callable[[], Said]]
"""What the script expects and what Terraform deploys; either may let `Undetermined` escape when it is read."""

Reader = Callable[[Table], Callable[[], Said] | None]
"""Gives the way to read an aspect of a table, or None when the description does not speak of it."""

_OWN = frozenset({"recovery", "billing mode"})
"""Aspects in which no other rule hears the script; those of one table together are one answer."""


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
        "script": script_path(model.script, model.scripts, environment),
        "template": template or "the validation steps of the plan",
        "account": effective(question, "account") or unknown,
        "region": effective(question, "region") or unknown,
        "tables": listed(str(table.full_name.get()) for table in tables),
        "indexes": "; ".join(indexes) or "none",
        "features": _features(tables),
        "declares": "tables" if tables else "resources",
        "resources": _resources(model),
    }


def _resources(model: Model) -> str:
    """`3 aws_s3_bucket, 1 aws_sqs_queue`."""
    types = Counter(resource.type for resource in model.configuration.resources) if model.configuration else {}
    return ", ".join(f"{number} {name}" for name, number in sorted(types.items())) or "none"


def _features(tables: list[Table]) -> str:
    if not tables:
        return "none"
    recovering = sum(1 for table in tables if table.recovery and table.recovery.or_none())
    streaming = [table.name for table in tables if table.streams and table.streams.enabled.or_none()]
    modes = {mode for table in tables if table.billing_mode and (mode := table.billing_mode.or_none())}
    return f"recovery on {recovering} of {len(tables)}, streams on {listed(streaming)}, billing {listed(modes)}"


def stale_script(question: Question) -> CheckResult:
    """VAL003: one answer per constant, and per table one on what other sources describe too and one on the rest."""
    model = question.model
    script = model.script
    if script is None:
        return question.not_applicable(f"no validation script for {question.environment}")
    if model.terraform_tables is None:
        return question.not_applicable(NO_TERRAFORM)
    observations = [*_constants(question, script), *_computed(script), *_tables(model, script)]
    if not observations:
        return question.not_applicable("the script states no expectation that can be compared", script.at)
    return CheckResult(tuple(observations), summary=expectations(question))


def _constants(question: Question, script: ValidationScript) -> Iterator[Observation]:
    for aspect, fact in (("account", script.account), ("region", script.region)):
        if fact is None:
            continue
        deployed = [placed.value for placed in placements(question, aspect) if placed.source in CODE]
        # What the provider guards comes first: it decides.
        if known := next((value for value in deployed if value.known), None):
            yield _held(aspect, {aspect: (partial(_text, fact), partial(_text, known))}, script.at)


def _computed(script: ValidationScript) -> Iterator[Observation]:
    """Expectations that only exist when the script runs, together one answer."""
    if script.not_constant:
        try:
            script.not_constant[0].get()
        except Undetermined as unknown:
            yield undetermined("computed expectations", unknown)


def _tables(model: Model, script: ValidationScript) -> Iterator[Observation]:
    expected = {table.name: table for table in script.tables}
    if not expected:
        return
    deployed = {table.name: table for table in model.terraform_tables or () if table.full_name.known}
    for name in sorted({*expected, *deployed}):
        wanted, found = expected.get(name), deployed.get(name)
        if wanted and found:
            pairs = dict(_pairs(script, wanted, found))
            shared = {aspect: pair for aspect, pair in pairs.items() if aspect not in _OWN}
            own = {aspect: pair for aspect, pair in pairs.items() if aspect in _OWN}
            yield _held(name, shared, wanted.at)
            yield from [_held(f"{name} settings", own, wanted.at)] if own else []
        else:
            yield _one_sided(model, script, name, wanted, found)


def _one_sided(
    model: Model, script: ValidationScript, name: str, wanted: Table | None, found: Table | None
) -> Observation:
    nameless = [table for table in model.terraform_tables or () if not table.full_name.known]
    if nameless:
        try:
            nameless[0].full_name.get()
        except Undetermined as unknown:
            return undetermined(name, unknown)
    gap = terraform_gap(model)
    if wanted and gap:
        return undetermined(name, gap)
    at = wanted.at if wanted else script.tables[0].at
    place = found.at if found else at
    pair = (partial(_existence, at, there=bool(wanted)), partial(_existence, place, there=bool(found)))
    return _held(name, {"table": pair}, at)


def _existence(at: Location, *, there: bool) -> Said:
    return there, "the table" if there else "no such table", at


def _pairs(script: ValidationScript, wanted: Table, found: Table) -> Iterator[tuple[str, Pair]]:
    # A script that is told its environment builds the full names when it runs.
    if not script.takes_environment:
        yield "name", (partial(_text, wanted.full_name), partial(_text, found.full_name))
    for aspect, read in _READERS.items():
        theirs, ours = read(wanted), read(found)
        if theirs is not None and ours is not None:
            yield aspect, (theirs, ours)
    if script.required_tags:
        yield "tags", (partial(_required, script), partial(_present, script, found))


def _held(subject: str, pairs: Mapping[str, Pair], at: Location) -> Observation:
    """All aspects of one subject: what differs fails it, else what is unknown leaves it undetermined."""
    differing: list[tuple[str, Said, Said]] = []
    unknown: Undetermined | None = None
    for aspect, (expected, actual) in pairs.items():
        try:
            wanted, found = expected(), actual()
        except Undetermined as reason:
            unknown = unknown or reason
            continue
        if not _side(SourceKind.SCRIPT, wanted).agrees_with(_side(SourceKind.TERRAFORM, found)):
            differing.append((aspect, wanted, found))
    if differing:
        return _differs(subject, differing)
    if unknown:
        return undetermined(subject, unknown)
    return Observation(Outcome.PASS, subject, at, {"aspects": joined(list(pairs))})


def _differs(subject: str, differing: Sequence[tuple[str, Said, Said]]) -> Observation:
    single = len(differing) == 1
    wanted = "; ".join(_worded(subject, aspect, said, single=single) for aspect, said, _ in differing)
    found = "; ".join(_worded(subject, aspect, said, single=single) for aspect, _, said in differing)
    wanted_at = tuple(dict.fromkeys(said[2] for _, said, _ in differing))
    found_at = tuple(dict.fromkeys(said[2] for _, _, said in differing))
    sides = (
        Side(SourceKind.TERRAFORM, found, found, found_at),
        Side(SourceKind.SCRIPT, wanted, wanted, wanted_at),
    )
    notes = tuple(Related(place, f"terraform: {found}") for place in found_at if place not in wanted_at)
    return Observation(Outcome.FAIL, subject, wanted_at[0], {}, wanted, found, sides=sides, related=notes)


def _worded(subject: str, aspect: str, said: Said, *, single: bool) -> str:
    """What is said with its aspect, unless the words tell the aspect themselves."""
    plain = aspect == "indexes" or (single and aspect in (subject, "table"))
    return said[1] if plain else f"{aspect} {said[1]}"


def _side(source: SourceKind, said: Said) -> Side:
    return Side(source, said[0], said[1], (said[2],))


def _text(fact: Fact[str]) -> Said:
    return fact.get(), fact.get(), fact.at


def _required(script: ValidationScript) -> Said:
    names = frozenset(tag.get() for tag in script.required_tags)
    return names, listed(names), script.required_tags[0].at


def _present(script: ValidationScript, table: Table) -> Said:
    """Which of the required tags the table has."""
    required = frozenset(tag.get() for tag in script.required_tags)
    present = required & frozenset(table.tags or ())
    if present != required and table.tags_unknown:
        raise Undetermined(table.tags_unknown, table.at)
    return present, listed(present), table.at


def _keys(table: Table) -> Callable[[], Said] | None:
    if table.partition_key is None and not table.speaks_of_keys:
        return None

    def read() -> Said:
        keys = [key.name for key in (table.partition_key, table.sort_key) if key is not None]
        named = ", ".join(name.get() for name in keys)
        return named, named or "none", keys[0].at if keys else table.at

    return read


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
