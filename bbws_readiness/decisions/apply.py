"""Applies the decision log of a project to the answers of its rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.config import Config
from bbws_readiness.decisions.base import held_by_base, log_of
from bbws_readiness.decisions.decided import Decided, Decisions
from bbws_readiness.decisions.entry import State
from bbws_readiness.decisions.read import Log, is_error_of
from bbws_readiness.engine.rule import Rule
from bbws_readiness.engine.run import Answer
from bbws_readiness.model.model import Model
from bbws_readiness.source import Source, SourceKind


class Applied(Struct, frozen=True):
    """What the log makes of an assessment."""

    answers: tuple[Answer, ...]
    decisions: Decisions
    model: Model
    """With the faults that keep from READY among its own: a log that cannot be read, an id that stands twice."""
    config: Config
    """With the entries among its policy's changes that the base does not have."""
    source: Source | None
    """The log, an input like the others; None when there is none."""


def unjudged(log: Log) -> Decisions:
    """A log of which no entry is about an environment of the project: none has an effect."""
    note = "it is about no environment of this project"
    listed = (Decided(one, State.MALFORMED, one.fault or note) for one in log.entries)
    told = tuple(one for one in (log.error, *log.faults) if one)
    return Decisions(log.path, tuple(listed), told, tuple(one for one in told if is_error_of(log, one)))


def apply_log(
    root: Path, answers: Sequence[Answer], rules: Iterable[Rule], model: Model, config: Config, as_of: date
) -> Applied:
    """The answers with what the log in the folder `root` settles, as `settle` does; `rules` are all there are.

    Raises `BaseUnavailable` when the log of a base cannot be asked for.
    """
    log = log_of(root, config)
    if not log.entries and not log.error and not log.faults:
        return Applied(tuple(answers), Decisions(log.path), model, config, log.source)
    # Most projects have decided nothing, and to load what judges entries takes a while.
    from bbws_readiness.decisions.notices import with_changes
    from bbws_readiness.decisions.settle import NOT_OF_BASE, settle

    settled = settle(log, answers, rules, model, config, as_of, stands=held_by_base(root, config))
    errors = settled.decisions.errors
    if errors:
        unread = {SourceKind.CONFIGURATION: errors[0].at, **model.unread}
        model = replace(model, diagnostics=(*model.diagnostics, *errors), unread=unread)
    config = with_changes(config, settled.decisions, NOT_OF_BASE)
    return Applied(settled.answers, settled.decisions, model, config, log.source)
