"""Reads limits such as `p95 > 2s` from alarms and criteria."""

from __future__ import annotations

import re

from bbws_readiness.model.plans import Threshold
from bbws_readiness.patterns import regex

_COMPARED = regex(r"(?P<comparator><=|>=|<|>|≤|≥)\s{0,5}(?P<value>\d[\d,]{0,15}(?:\.\d{1,9})?)\s?(?P<unit>[^()]{0,40})")


def read_threshold(text: str) -> Threshold | None:
    """The first comparison with a number; a parenthesis behind it is a remark. None when there is none."""
    found = _COMPARED.search(text[:300])
    if not found:
        return None
    unit = re.split(r"[,;]|[ ](?:for|in|over|within)[ ]", found["unit"])[0]
    return Threshold(text[: found.start()].strip(" :-"), found["comparator"], found["value"], unit.strip())
