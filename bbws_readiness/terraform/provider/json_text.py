"""JSON text as the provider writes it anew in a plan."""

from __future__ import annotations

import json
from dataclasses import replace

from bbws_readiness.terraform.values import Value, unknown


def rewritten(value: Value, how: str, path: str) -> Value:
    """`value`, a known string, as the plan shows it: `how` is what the recorded schema says."""
    text = str(value.raw)
    ordered = _ordered(text)
    if ordered is None or (how != "sorted" and ordered != text):
        if not text.lstrip().startswith(("{", "[")):
            return value
        return unknown(value.type, f"{path}: how the provider writes this JSON is not known", marks=value.marks)
    return replace(value, raw=ordered)


def _ordered(text: str) -> str | None:
    """Keys in order, no spaces, escaped as Go does; None for what is no JSON or holds numbers that may change."""
    try:
        data = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    plain = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for character, escape in {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }.items():
        plain = plain.replace(character, escape)
    return plain


def _refuse(_: str) -> object:
    raise ValueError("a number that Go may write differently")
