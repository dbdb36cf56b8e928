"""Every setting that is in effect with its place: what the files say, and what holds where they say nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from bbws_readiness.config.policy import DECISION_LOG
from bbws_readiness.config.settings import WEEK, Calendar, Config, Prices, Weights
from bbws_readiness.source import Location

PRIORITIES = ("critical", "high", "medium", "low", "decision")


class Setting(Struct, frozen=True):
    """One key of readiness.yaml."""

    key: str
    """Dotted: `calendar.hours`."""
    value: Any
    """Text, number, boolean, list, or None where nobody is named."""
    at: Location | None
    """None for what holds by default."""


def settings_of(config: Config) -> Iterator[Setting]:
    """Each key that is written, in the order of the file, then each default that nothing replaces."""
    for key, value in config.written.items():
        yield Setting(key, value, config.at(key))
    for key, value in defaults().items():
        if key not in config.written:
            yield Setting(key, value, None)


def defaults() -> Mapping[str, Any]:
    """What holds where no file says anything, for every key that then has a value."""
    calendar, weights = Calendar(), Weights()
    return {
        "authority.default": None,
        "calendar.working-days": [WEEK[day] for day in calendar.working_days],
        "calendar.hours": f"{calendar.start:%H:%M}-{calendar.end:%H:%M}",
        "decisions": DECISION_LOG,
        "prices.currency": Prices().currency,
        **{f"weights.{priority}": _plain(weights.of(priority)) for priority in PRIORITIES},
    }


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
