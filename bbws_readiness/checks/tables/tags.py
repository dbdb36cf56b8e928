"""The tags that tables carry, and those that are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.statements import votes_on
from bbws_readiness.checks.tables.declared import tables_in_question
from bbws_readiness.checks.unknown import nothing_said, undetermined
from bbws_readiness.checks.wording import listed, related
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Side
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.tables import Table
from bbws_readiness.source import Location, SourceKind


class _Wish(Struct, frozen=True):
    """The tags that one source asks of a table; a value None leaves the value open."""

    source: SourceKind
    tags: Mapping[str, tuple[str | None, Location]]


def required_tags(question: Question) -> CheckResult:
    """TAG001: the effective tags of each table hold every key that is asked for, with the value where one is given.

    Parameters: `required`, keys that the organisation asks of every table.
    """
    declared = tables_in_question(question)
    if isinstance(declared, CheckResult):
        return declared
    observations = []
    for table in declared.all:
        wishes = _wishes(question, table)
        if not wishes:
            continue
        try:
            observations.append(_fulfilled(table, wishes))
        except Undetermined as unknown:
            observations.append(undetermined(table.name, unknown))
    if not observations:
        documents = [SourceKind.SCHEMAS, SourceKind.SCRIPT]
        return nothing_said(question, documents, "no schema, script or configuration asks for tags")
    failed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    summary = {
        "faults": "; ".join(f"{seen.subject}: {seen.values['faults']}" for seen in failed) or "none",
        "differing": listed(seen.subject for seen in failed),
    }
    return CheckResult(tuple(observations), votes_on(failed), summary)


def _wishes(question: Question, table: Table) -> list[_Wish]:
    model = question.model
    wishes = []
    schema = model.named_tables.get(SourceKind.SCHEMAS, {}).get(table.name)
    if schema and schema.tags:
        # A schema serves every environment and marks where the environment's name goes.
        values = {
            key: (value.replace("{environment}", question.environment) if value else None, fact.at)
            for key, fact in schema.tags.items()
            for value in [fact.or_none()]
        }
        wishes.append(_Wish(SourceKind.SCHEMAS, values))
    script = model.script or next(iter(model.scripts), None)
    if script and script.required_tags:
        wishes.append(_Wish(SourceKind.SCRIPT, {fact.get(): (None, fact.at) for fact in script.required_tags}))
    if required := texts(question, "required"):
        at = question.parameter_at("required")
        wishes.append(_Wish(SourceKind.CONFIGURATION, dict.fromkeys(required, (None, at))))
    return wishes


def _fulfilled(table: Table, wishes: Iterable[_Wish]) -> Observation:
    """A source whose wishes are met is no party to the dispute, whatever else others ask."""
    actual = table.tags or {}
    faults: dict[str, str] = {}
    unmet = []
    asked = {key for wish in wishes for key in wish.tags}
    for wish in wishes:
        missed = {}
        for key, (value, at) in wish.tags.items():
            fact = actual.get(key)
            if fact is None and table.tags_unknown:
                raise Undetermined(table.tags_unknown, table.at)
            if fact is None:
                faults[key] = f"{key} missing"
                missed[key] = at
            elif value is not None and fact.get() != value:
                faults[key] = f'{key} "{fact.get()}", {wish.source} "{value}"'
                missed[key] = at
        if missed:
            says = frozenset(f"{key}={wish.tags[key][0] or '*'}" for key in missed)
            words = ", ".join(key + (f' "{value}"' if (value := wish.tags[key][0]) else "") for key in sorted(missed))
            unmet.append(Side(wish.source, says, words, tuple(missed.values())))
    at = next((actual[key].at for key in sorted(faults) if key in actual), table.at)
    values = {"number": f"{len(asked)} of {len(asked)}", "faults": "; ".join(faults[key] for key in sorted(faults))}
    if not faults:
        return Observation(Outcome.PASS, table.name, table.at, values)
    held = {key: str(actual[key].or_none()) for key in sorted(faults) if key in actual}
    text = ", ".join(f'{key} "{value}"' for key, value in held.items()) or f"no tag {listed(faults)}"
    deployed = Side(SourceKind.TERRAFORM, frozenset(f"{k}={v}" for k, v in held.items()), text, (at,))
    # What the organisation asks for is no matter of dispute between documents.
    unmet = [side for side in unmet if side.source is SourceKind.CONFIGURATION] or unmet
    sides = (deployed, *unmet)
    return Observation(
        Outcome.FAIL,
        table.name,
        at,
        values,
        expected="; ".join(f"{side.text} ({side.source})" for side in unmet),
        actual=f"{text} (terraform)",
        sides=sides,
        related=related(unmet, besides=at),
    )
