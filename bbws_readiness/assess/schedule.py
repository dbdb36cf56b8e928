"""Lays the actions on the working calendar: earliest times, the longest chain to READY, and the planned date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from bbws_readiness.assess.actions import urgency
from bbws_readiness.assess.assessment import Action, Milestone, Phase, PlannedDeployment, Schedule, Slot
from bbws_readiness.assess.calendar import (
    earliest_allowed,
    end_moment,
    first_working_day_after,
    start_moment,
    working_day_after,
    working_days_between,
    working_days_until,
)
from bbws_readiness.codes import Code
from bbws_readiness.config import Calendar, Config
from bbws_readiness.engine.rule import Severity
from bbws_readiness.errors import RulebookError
from bbws_readiness.model.plans import EnvironmentDates

PHASES = (
    ("decide", "Decide"),
    ("build", "Build"),
    ("verify", "Verify"),
    ("release", "Release"),
    ("deploy", "Deploy"),
)
"""The phases in their order, with their headings."""


def lay_out(
    actions: Sequence[Action],
    dates: EnvironmentDates | None,
    environment: str,
    config: Config,
    as_of: datetime,
    *,
    not_before: Iterable[datetime] = (),
) -> Schedule:
    """The schedule from the first working day after the as-of date, every action as early as its prerequisites allow.

    No deployment is told for a day before one of `not_before`, when something that it needs is not there yet.
    Raises `RulebookError` when remedies wait for each other in a circle.
    """
    calendar = config.calendar
    first = first_working_day_after(calendar, as_of.date())
    ends = _ends(actions)
    blocking = _with_prerequisites([action for action in actions if _stands_in_the_way(action)], actions)
    ready_chain = _chain(blocking, ends, actions)
    all_chain = _chain([action.key for action in actions], ends, actions)
    ready_minutes = ends[ready_chain[-1]] if ready_chain else 0
    all_minutes = ends[all_chain[-1]] if all_chain else 0
    ready_at = end_moment(calendar, first, ready_minutes) if ready_chain else None
    slots = _slots(actions, ends, all_minutes, first, calendar)
    return Schedule(
        start=start_moment(calendar, first, 0),
        slots=slots,
        ready_minutes=ready_minutes,
        ready_chain=ready_chain,
        ready_at=ready_at,
        all_minutes=all_minutes,
        all_chain=all_chain,
        all_done_at=end_moment(calendar, first, all_minutes) if all_chain else None,
        effort_minutes=sum(action.minutes for action in actions),
        phases=_phases(actions, slots),
        planned=_planned(dates, max((ready_at or as_of, *not_before)), environment, calendar),
        default_calendar=not calendar.configured,
    )


def _stands_in_the_way(action: Action) -> bool:
    """Whether READY has to wait for it: it closes something urgent, or makes a needed fact known."""
    urgent = any(
        urgency(finding) in (Severity.CRITICAL, Severity.HIGH)
        for finding in action.findings
        if not finding.explained_by
    )
    return urgent or any(fact.needed for fact in action.not_verified)


def _before(action: Action) -> list[str]:
    return [prerequisite.action for prerequisite in action.after if prerequisite.action]


def _ends(actions: Sequence[Action]) -> dict[str, int]:
    """Working minutes from the start until each action is done."""
    by_key = {action.key: action for action in actions}
    ends: dict[str, int] = {}
    while len(ends) < len(by_key):
        ready = [
            action for key, action in by_key.items() if key not in ends and all(one in ends for one in _before(action))
        ]
        if not ready:
            circle = ", ".join(sorted(set(by_key) - set(ends)))
            raise RulebookError(
                f"these remedies wait for each other: {circle}",
                hint="remove one of their `after` edges",
                code=Code.REMEDY_CIRCLE,
            )
        for action in ready:
            ends[action.key] = max((ends[key] for key in _before(action)), default=0) + action.minutes
    return ends


def _with_prerequisites(wanted: Iterable[Action], actions: Sequence[Action]) -> list[str]:
    by_key = {action.key: action for action in actions}
    keys: dict[str, None] = {}
    pending = [action.key for action in wanted]
    while pending:
        key = pending.pop()
        if key not in keys:
            keys[key] = None
            pending.extend(_before(by_key[key]))
    return [action.key for action in actions if action.key in keys]


def _chain(keys: Iterable[str], ends: Mapping[str, int], actions: Sequence[Action]) -> tuple[str, ...]:
    """The longest chain that ends in one of `keys`, first action first; of equal ones that with the lower numbers."""
    by_key = {action.key: action for action in actions}

    def latest(candidates: Iterable[str]) -> str | None:
        return max(candidates, key=lambda key: (ends[key], -by_key[key].number), default=None)

    chain: list[str] = []
    key = latest(keys)
    while key is not None:
        chain.insert(0, key)
        key = latest(_before(by_key[key]))
    return tuple(chain)


def _slots(
    actions: Sequence[Action], ends: Mapping[str, int], total: int, first: date, calendar: Calendar
) -> dict[str, Slot]:
    latest = {action.key: total for action in actions}
    for action in sorted(actions, key=lambda action: -ends[action.key]):
        for key in _before(action):
            latest[key] = min(latest[key], latest[action.key] - action.minutes)
    return {
        action.key: Slot(
            action.key,
            start_moment(calendar, first, ends[action.key] - action.minutes),
            end_moment(calendar, first, ends[action.key]),
            latest[action.key] - ends[action.key],
        )
        for action in actions
    }


def _phases(actions: Sequence[Action], slots: Mapping[str, Slot]) -> tuple[Phase, ...]:
    phases = []
    for name, title in PHASES:
        own = [action.key for action in actions if action.phase == name]
        start = min((slots[key].start for key in own), default=None)
        phases.append(Phase(name, title, tuple(own), start, max((slots[key].end for key in own), default=None)))
    return tuple(phases)


def _planned(
    dates: EnvironmentDates | None, ready: datetime, environment: str, calendar: Calendar
) -> PlannedDeployment:
    """The date of the plan, held against the moment from which the deployment is possible."""
    moment = dates.deployment if dates else None
    if dates is None or moment is None:
        return PlannedDeployment(None, None, None, None, earliest_allowed(calendar, environment, ready))
    planned = moment.begins()
    earliest = earliest_allowed(calendar, environment, max(ready, planned))
    if ready <= planned:
        slack = working_days_between(calendar, ready.date(), planned.date())
        return PlannedDeployment(moment, True, slack, 0, earliest, tuple(_milestones(dates, 0, calendar)))
    delay = working_days_until(calendar, planned.date(), earliest.date())
    return PlannedDeployment(moment, False, None, delay, earliest, tuple(_milestones(dates, delay, calendar)))


def _milestones(dates: EnvironmentDates, delay: int, calendar: Calendar) -> Iterator[Milestone]:
    """The days from the deployment on, each moved by as many working days as the deployment."""
    stated = {
        "Deployment": dates.deployment,
        "Validation": dates.validation,
        "Sign-off": dates.sign_off,
        "Final sign-off": dates.final_sign_off,
    }
    for name, moment in stated.items():
        if moment is not None:
            yield Milestone(name, moment, working_day_after(calendar, moment.start, delay) if delay else None)
