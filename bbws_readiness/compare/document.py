"""Reads the text of a published assessment into plain data, whatever the file may really be."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from bbws_readiness.codes import Code
from bbws_readiness.errors import InvalidAssessment
from bbws_readiness.source import Location, Source

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 32
"""Lists and mappings inside one another."""

HINT = "make it with `readiness assess ENVIRONMENT -f json`"

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def document_of(source: Source) -> dict[str, Any]:
    """The JSON object in `source`: no key twice, every number finite, no deeper than `MAX_DEPTH`.

    Raises `InvalidAssessment` for everything else. What the members are is not looked at.
    """
    if source.size > MAX_BYTES:
        raise refused(source.path, f"larger than {MAX_BYTES // 1024**2} MiB, so it is no assessment")
    _require_shallow(source)
    try:
        data = json.loads(source.text, parse_constant=_no_number, object_pairs_hook=_members)
    except _KeyTwice as twice:
        raise InvalidAssessment(
            f'the key "{twice}" is set twice', at=Location(source.path, 0), hint=HINT, code=Code.KEY_TWICE
        ) from None
    except json.JSONDecodeError as error:
        at = source.at(error.lineno, error.colno)
        raise InvalidAssessment("not valid JSON", at=at, hint=HINT, code=Code.JSON) from None
    except (ValueError, RecursionError):
        raise InvalidAssessment(
            "a number in it is none of JSON's", at=Location(source.path, 0), hint=HINT, code=Code.JSON_NUMBER
        ) from None
    if not isinstance(data, dict):
        raise refused(source.path, "no assessment: the file is not one JSON object")
    return data


def refused(path: str, what: str) -> InvalidAssessment:
    """The fault of a document as a whole, to be raised."""
    return InvalidAssessment(what, at=Location(path, 0) if path else None, hint=HINT)


class _KeyTwice(Exception):
    pass


def _require_shallow(source: Source) -> None:
    depth = 0
    for token in _TOKEN.finditer(source.text):
        if token[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise InvalidAssessment(
                    f"nested deeper than {MAX_DEPTH} levels, so it is no assessment",
                    at=Location(source.path, 0),
                    hint=HINT,
                    code=Code.YAML_DEPTH,
                )
        elif token[0] in "]}":
            depth -= 1


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        times = Counter(key for key, _ in pairs)
        raise _KeyTwice(next(key for key in times if times[key] > 1))
    return data


def _no_number(word: str) -> None:
    raise ValueError(word)
