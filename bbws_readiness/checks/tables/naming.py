"""What the tables are called in the assessed environment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from bbws_readiness.checks.statements import Opinion, votes
from bbws_readiness.checks.tables.declared import Declared, declared_tables, tables_in_question
from bbws_readiness.checks.tables.general import same_value
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.wording import amount, few, listed, others
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related, Side, Vote
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import TABLE_SOURCES
from bbws_readiness.model.tables import Table
from bbws_readiness.source import Location, SourceKind


def full_names(question: Question) -> CheckResult:
    """NAM001: Terraform and every source that gives full names for this environment give the same ones."""
    result = same_value(question)
    declared = declared_tables(question.model)
    if declared is None or not declared.tables:
        return result
    failed = [seen for seen in result.observations if seen.outcome is Outcome.FAIL]
    return replace(result, votes=_votes(failed), summary=_summary(question, declared, failed))


def even_suffix(question: Question) -> CheckResult:
    """NAM002: either all or none of the declared tables carry the environment in their name.

    The tables that differ from most others are at fault; of equally many, those that carry it.
    """
    declared = tables_in_question(question)
    if isinstance(declared, CheckResult):
        return declared
    carrying, plain, unknown = _by_suffix(question, declared)
    observations = list(unknown)
    odd = carrying if len(carrying) <= len(plain) else plain
    mixed = bool(carrying and plain)
    total = len(carrying) + len(plain)
    all_values = {
        "figure": f"{len(carrying)} of {total}",
        "carrying": few(str(one.full_name.value) for one in carrying.values()),
        "plain": few(str(one.full_name.value) for one in plain.values()),
    }
    opposite = _places(carrying if odd is plain else plain)
    for name, table in sorted({**carrying, **plain}.items()):
        values = {"full_name": str(table.full_name.value), **all_values}
        at = table.full_name.at
        if not mixed or name not in odd:
            observations.append(Observation(Outcome.PASS, name, at, values))
            continue
        observations.append(
            Observation(
                Outcome.FAIL,
                name,
                at,
                values,
                expected="all or none of the tables carry the environment",
                actual=f"{len(carrying)} of {total} carry it",
                related=opposite,
            )
        )
    return CheckResult(tuple(observations), summary=_summary(question, declared, ()))


def _places(tables: Mapping[str, Table]) -> tuple[Related, ...]:
    named = [(table.full_name.at, str(table.full_name.value)) for table in tables.values()]
    return others(named, SourceKind.TERRAFORM)


def _by_suffix(question: Question, declared: Declared) -> tuple[dict[str, Table], dict[str, Table], list[Observation]]:
    carrying: dict[str, Table] = {}
    plain: dict[str, Table] = {}
    unknown = []
    for table in declared.all:
        try:
            name = table.full_name.get()
        except Undetermined as error:
            unknown.append(undetermined(table.name, error))
            continue
        (carrying if _carries(name, question.environment) else plain)[table.name] = table
    return carrying, plain, unknown


def _carries(name: str, environment: str) -> bool:
    return re.search(rf"(?:^|[-_.]){re.escape(environment)}(?:$|[-_.])", name, re.IGNORECASE) is not None


def _votes(failed: Sequence[Observation]) -> tuple[Vote, ...]:
    """The names that each source uses for the tables in dispute."""
    said: dict[SourceKind, dict[str, tuple[str, Location]]] = {}
    for observation in failed:
        for side in observation.sides:
            said.setdefault(side.source, {})[observation.subject] = (side.text, side.at[0])
    return votes(
        Opinion(
            kind,
            frozenset((subject, name) for subject, (name, _) in said[kind].items()),
            listed(name for name, _ in said[kind].values()),
            min(at for _, at in said[kind].values()),
        )
        for kind in TABLE_SOURCES
        if kind in said
    )


def _summary(question: Question, declared: Declared, failed: Sequence[Observation]) -> Mapping[str, str]:
    """`renames` is what following the documents, else evening out the suffix, would do to Terraform's names."""
    carrying, plain, _ = _by_suffix(question, declared)
    mixed = bool(carrying and plain)
    actual = {seen.subject: _said_by(seen, deployed=True) for seen in failed}
    expected = {seen.subject: _said_by(seen, deployed=False) for seen in failed}
    if failed:
        renames = {actual[name]: expected[name] for name in actual}
    elif len(carrying) <= len(plain):
        renames = {str(table.full_name.value): name for name, table in carrying.items()} if mixed else {}
    else:
        renames = {str(table.full_name.value): f"{name}-{question.environment}" for name, table in plain.items()}
    return {
        "actual": listed(actual.values()),
        "expected": listed(expected.values()),
        "suffixes": "; mixed suffixes" if mixed else "",
        "figure": f"{len(carrying)} of {amount(len(carrying) + len(plain), 'table')}",
        "renames": listed(f"{old} to {new}" for old, new in renames.items()),
        "renamed": listed(renames),
        "kept": listed(str(table.full_name.value) for table in declared.tables.values()),
    }


def _said_by(observation: Observation, *, deployed: bool) -> str:
    sides = [side for side in observation.sides if (side.source is SourceKind.TERRAFORM) is deployed]
    name = next(side for side in sides if deployed or not side.agrees_with(_deployed(observation)))
    return name.text


def _deployed(observation: Observation) -> Side:
    return next(side for side in observation.sides if side.source is SourceKind.TERRAFORM)
