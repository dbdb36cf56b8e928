"""Whether tables stream their changes evenly, as all sources say."""

from __future__ import annotations

from msgspec.structs import replace

from bbws_readiness.checks.tables.declared import tables_in_question
from bbws_readiness.checks.tables.general import same_value
from bbws_readiness.checks.tables.selectors import streams_at
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.wording import few, listed, others
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.tables import Table
from bbws_readiness.source import SourceKind


def stream_settings(question: Question) -> CheckResult:
    """DUR003: whether and how a table streams its changes is the same in every source that says so."""
    result = same_value(question)
    even = even_streams(question)
    failed = [seen.subject for seen in result.observations if seen.outcome is Outcome.FAIL]
    return replace(result, summary={**even.summary, "differing": listed(failed)})


def even_streams(question: Question) -> CheckResult:
    """DUR002: streams are on for all declared tables or for none.

    The tables that differ from most others are at fault; of equally many, those without a stream.
    """
    declared = tables_in_question(question)
    if isinstance(declared, CheckResult):
        return declared
    on: dict[str, Table] = {}
    off: dict[str, Table] = {}
    observations = []
    for table in declared.all:
        try:
            enabled = table.streams is not None and table.streams.enabled.get()
        except Undetermined as unknown:
            observations.append(undetermined(table.name, unknown))
            continue
        (on if enabled else off)[table.name] = table
    odd = (off if len(off) <= len(on) else on) if on and off else {}
    total = len(on) + len(off)
    values = {"on": few(on), "off": few(off), "figure": f"{len(on)} of {total}"}
    actual = f"on for {values['on']}; off for {values['off']}"
    streaming = others([(streams_at(table), table.name) for table in on.values()], SourceKind.TERRAFORM)
    silent = others([(streams_at(table), table.name) for table in off.values()], SourceKind.TERRAFORM)
    for name, table in sorted({**on, **off}.items()):
        values = {**values, "state": "on" if name in on else "off"}
        at = streams_at(table)
        if name not in odd:
            observations.append(Observation(Outcome.PASS, name, at, values))
            continue
        observations.append(
            Observation(
                Outcome.FAIL,
                name,
                at,
                values,
                expected="on for all tables, or for none",
                actual=actual,
                related=streaming if name in off else silent,
            )
        )
    return CheckResult(tuple(observations), summary={**values, "differing": listed(odd)})
