"""Functions on timestamps."""

from __future__ import annotations

import re

from bbws_readiness.patterns import regex
from bbws_readiness.terraform.functions.instants import Instant, parse_duration, parse_instant
from bbws_readiness.terraform.functions.spec import Function, FunctionError, Parameter
from bbws_readiness.terraform.numbers import Number, counted
from bbws_readiness.terraform.types import NUMBER, STRING

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TOKEN = regex(r"'((?:[^']|'')*)('?)|([A-Za-z])\3*|.", re.DOTALL)


def _formatdate(spec: str, timestamp: str) -> str:
    moment = parse_instant(timestamp)
    return "".join(_written(token, moment) for token in _TOKEN.finditer(spec))


def _written(token: re.Match[str], moment: Instant) -> str:
    if token[1] is not None:
        if not token[2]:
            raise FunctionError("the format has a quote that is not closed")
        return token[1].replace("''", "'")
    if token[3] is None:
        return token[0]
    verbs = _verbs(moment)
    if token[0] not in verbs:
        raise FunctionError(f'"{token[0][:10]}" is not a verb of a date format', hint="put plain text in single quotes")
    return verbs[token[0]]


def _verbs(moment: Instant) -> dict[str, str]:
    year, month, day, hour, minute, second = moment.fields
    twelve = hour % 12 or 12
    half = "AM" if hour < 12 else "PM"
    return {
        "YYYY": f"{year:04d}",
        "YY": f"{year % 100:02d}",
        "MMMM": _MONTHS[month - 1],
        "MMM": _MONTHS[month - 1][:3],
        "MM": f"{month:02d}",
        "M": str(month),
        "DD": f"{day:02d}",
        "D": str(day),
        "EEEE": _DAYS[moment.weekday],
        "EEE": _DAYS[moment.weekday][:3],
        "hh": f"{hour:02d}",
        "h": str(hour),
        "HH": f"{twelve:02d}",
        "H": str(twelve),
        "AA": half,
        "aa": half.lower(),
        "mm": f"{minute:02d}",
        "m": str(minute),
        "ss": f"{second:02d}",
        "s": str(second),
        "Z": moment.zone() if moment.offset else "Z",
        "ZZZ": moment.zone("") if moment.offset else "UTC",
        "ZZZZ": moment.zone(""),
        "ZZZZZ": moment.zone(),
    }


def _timeadd(timestamp: str, duration: str) -> str:
    return str(parse_instant(timestamp).plus(parse_duration(duration)))


def _timecmp(first: str, second: str) -> Number:
    left, right = parse_instant(first).nanoseconds, parse_instant(second).nanoseconds
    return counted((left > right) - (left < right))


_TIMESTAMP = Parameter("timestamp", STRING)

DATE_FUNCTIONS = (
    Function("formatdate", (Parameter("format", STRING), Parameter("time", STRING)), _formatdate, STRING),
    Function("timeadd", (_TIMESTAMP, Parameter("duration", STRING)), _timeadd, STRING),
    Function("timecmp", (Parameter("timestamp_a", STRING), Parameter("timestamp_b", STRING)), _timecmp, NUMBER),
)
