"""JSON text as the provider writes it anew in a plan."""

from __future__ import annotations

import json
import re
from typing import Any

from msgspec.structs import replace

from bbws_readiness.terraform.values import Value, unknown


def rewritten(value: Value, how: str, path: str) -> Value:
    """`value`, a known string, as the plan shows it: `how` is what the recorded schema says."""
    text = str(value.raw)
    if not text.lstrip().startswith(("{", "[")):
        return value
    ordered = _ordered(text, version_first=how == "version-first")
    if ordered is None or how == "other":
        return unknown(value.type, f"{path}: how the provider writes this JSON is not known", marks=value.marks)
    return replace(value, raw=ordered)


def _ordered(text: str, *, version_first: bool) -> str | None:
    """Keys in order, no spaces, escaped as Go does; None for what is no JSON or holds numbers that may change."""
    try:
        data = json.loads(text, parse_float=_refuse, parse_int=_small, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    if version_first and isinstance(data, dict) and "Version" in data:
        version = data.pop("Version")
        rest = _text(data)
        return f'{{"Version":{_text(version)}{"," if data else ""}{rest[1:]}'
    return _text(data)


def _text(data: Any) -> str:  # noqa: ANN401 - JSON data of any shape
    plain = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", plain)


def _small(digits: str) -> int:
    """Go reads numbers as floats, which hold whole numbers only up to 2**53."""
    amount = int(digits) if len(digits) < 17 else 2**53
    if abs(amount) >= 2**53:
        raise ValueError("a number that Go may write differently")
    return amount


def _refuse(_: str) -> object:
    raise ValueError("a number that Go may write differently")
