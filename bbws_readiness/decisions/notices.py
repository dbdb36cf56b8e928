"""Tells the entries of the decision log that settle nothing, or less than they say, as diagnostics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.config import Config, PolicyChange
from bbws_readiness.decisions.decided import Decided, Decisions
from bbws_readiness.decisions.entry import State
from bbws_readiness.decisions.read import Log
from bbws_readiness.errors import MAX_PROBLEMS, Diagnostic, DiagnosticSeverity
from bbws_readiness.source import Location

MAX_CHANGES = 50
"""Entries that a change of policy names one by one."""
MAX_NAMED = 6
"""Findings that a notice names."""
CODES = {
    State.UNUSED: Code.DECISION_UNUSED,
    State.EXPIRED: Code.DECISION_EXPIRED,
    State.VOID: Code.DECISION_VOID,
    State.REFUSED: Code.DECISION_REFUSED,
    State.MALFORMED: Code.DECISION,
    State.IN_FORCE: Code.DECISION_VOID,
}
"""By the state of the entry that a notice is about; one in force has a notice when it settles less than it says."""


def notices(log: Log, listed: Sequence[Decided]) -> Iterator[Diagnostic]:
    """The faults of the log, then a warning per entry that leaves open what it is about or has nothing to settle.

    What is malformed as it is written is told once, by its faults. An entry that a later one has replaced is history.
    """
    told = [*([log.error] if log.error else []), *log.faults]
    told += [_notice(one) for one in listed if _due(one)]
    told.sort(key=lambda one: (one.at, one.summary))
    yield from told[:MAX_PROBLEMS]
    more = max(len(told) - MAX_PROBLEMS, 0) + log.more
    if more:
        summary = f"the decision log has {more} more faults and entries without effect"
        hint = "`readiness decisions` lists the entries"
        yield Diagnostic(DiagnosticSeverity.WARNING, summary, Location(log.path, 0), hint, code=Code.DECISION_LOG)


def _due(decided: Decided) -> bool:
    match decided.state:
        case State.IN_FORCE | State.EXPIRED | State.VOID:
            return bool(decided.opens)
        case State.MALFORMED:
            return not decided.entry.fault
        case _:
            return not decided.replaced


def _notice(decided: Decided) -> Diagnostic:
    labels = list(dict.fromkeys(f"{one.rule.code} {one.subject}" for one in decided.opens))
    more = f" and {len(labels) - MAX_NAMED} more" if len(labels) > MAX_NAMED else ""
    back = f"; open: {', '.join(labels[:MAX_NAMED])}{more}" if labels else ""
    what = "settles less than it says" if decided.state is State.IN_FORCE else f"is {decided.state}"
    summary = f"decision {decided.key} {what}: {decided.note}{back}"
    code = CODES[decided.state]
    return Diagnostic(DiagnosticSeverity.WARNING, summary, decided.entry.at, decided.hint, code=code)


def with_changes(config: Config, decisions: Decisions, not_of_base: str) -> Config:
    """The configuration with the entries among its policy's changes that the base does not have."""
    new = [one for one in decisions.of(State.REFUSED) if one.note == not_of_base]
    if config.policy is None or not new:
        return config
    changes = tuple(PolicyChange(f"decisions[{one.key}]", "added", one.entry.at) for one in new[:MAX_CHANGES])
    return replace(config, policy=replace(config.policy, changes=(*config.policy.changes, *changes)))
