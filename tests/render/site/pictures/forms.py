"""Machine forms that no project has to be assessed for: plans of any size, chains, circles, hostile words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from bbws_readiness.assess.calendar import end_moment, start_moment
from bbws_readiness.config import Calendar
from bbws_readiness.render.machine import to_data
from tests.example import assessed
from tests.render import sample

START = datetime(2026, 1, 8, 9)
PRIORITIES = ("critical", "high", "medium", "low")
ROLES = ("Tech Lead", "DevOps Engineer", "DBA", "Security Team", "Product Owner")
HOSTILE = "</text></svg><script>alert(1)</script>\"' onload=x &amp; \u202e\x1b[2J ]]> {{7*7}} " + "W" * 300


@cache
def example(name: str) -> Mapping[str, Any]:
    """The example under one reading (`a`, `b`, `c`), or a state of the hand-built sample."""
    return to_data(assessed(name) if name in "abc" else sample.STATES[name]())


EXAMPLES = ("a", "b", "c", *sample.STATES)


def action(number: int, after: Iterable[int], begins: int, minutes: int, **more: Any) -> dict[str, Any]:
    """One action that begins so many working minutes after the start of the plan."""
    calendar = Calendar()
    return {
        "number": number,
        "key": f"action-{number}",
        "title": f"Do what action {number} is about, and do it properly",
        "priority": PRIORITIES[number % 4],
        "owners": [ROLES[number % 5]],
        "minutes": minutes,
        "after": list(after),
        "external": [],
        "start": start_moment(calendar, START.date(), begins).isoformat(timespec="minutes"),
        "end": end_moment(calendar, START.date(), begins + minutes).isoformat(timespec="minutes"),
        "slack_minutes": 0,
        **more,
    }


def plan(actions: Sequence[Mapping[str, Any]], **schedule: Any) -> dict[str, Any]:
    """The parts of a machine form that schedule and dependencies are drawn from."""
    return {
        "verdict": "BLOCKED",
        "environment": {"name": "sit"},
        "actions": list(actions),
        "downstream": [],
        "schedule": {
            "start": START.isoformat(timespec="minutes"),
            "default_calendar": True,
            "effort_minutes": sum(one["minutes"] for one in actions),
            "ready": {"minutes": 0, "chain": [], "at": None},
            "planned": {"at": None, "earliest": START.isoformat(timespec="minutes")},
            **schedule,
        },
    }


def staircase(number: int, *, width: int = 6) -> dict[str, Any]:
    """Actions in waves: each waits for up to three of the wave before."""
    made = []
    for one in range(1, number + 1):
        wave = (one - 1) // width
        before = [last for last in range((wave - 1) * width + 1, wave * width + 1) if wave and (last + one) % 2]
        made.append(action(one, before[:3], wave * 300, 60 + 30 * (one % 7)))
    return plan(made)
