"""Reads the text of a published assessment into plain data, whatever the file may really be."""

from __future__ import annotations

import json
import re
from collections import Counter
from sys import intern
from typing import Any

from bbws_readiness.codes import Code
from bbws_readiness.errors import InvalidAssessment
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, Source

MAX_BYTES = 64 * 1024 * 1024
"""Of a thousand tables the JSON has some 34 MiB, and up to 44 when something is wrong with each in two runs."""
MAX_VALUES = 3_000_000
"""Values in it, which take many times the memory of their text; signs between them in its texts are counted too."""
MAX_DEPTH = 32
"""Lists and mappings inside one another."""

HINT = "make it with `readiness assess ENVIRONMENT -f json`"

_TOKEN = regex(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def document_of(source: Source) -> dict[str, Any]:
    """The JSON object in `source`: no key twice, every number finite, no deeper than `MAX_DEPTH`.

    Raises `InvalidAssessment` for everything else. What the members are is not looked at.
    """
    if source.size > MAX_BYTES:
        raise refused(source.path, f"larger than {MAX_BYTES // 1024**2} MiB, so it is no assessment")
    if sum(map(source.text.count, ",[{")) > MAX_VALUES:
        raise refused(source.path, f"more than {MAX_VALUES} values, so it is no assessment")
    try:
        data = json.loads(source.text, parse_constant=_no_number, object_pairs_hook=_members)
    except (_KeyTwice, ValueError, RecursionError) as error:
        raise _fault_of(source, error) from None
    if _is_deeper(data, MAX_DEPTH):
        raise _too_deep(source)
    if not isinstance(data, dict):
        raise refused(source.path, "no assessment: the file is not one JSON object")
    return data


def _fault_of(source: Source, error: Exception) -> InvalidAssessment:
    """What to say of a text that is not read: first that it is nested too deep, whatever else is wrong with it."""
    if _is_nested_deeper(source.text, MAX_DEPTH):
        return _too_deep(source)
    if isinstance(error, json.JSONDecodeError):
        at = source.at(error.lineno, error.colno)
        return InvalidAssessment("not valid JSON", at=at, hint=HINT, code=Code.JSON)
    at = Location(source.path, 0)
    if isinstance(error, _KeyTwice):
        return InvalidAssessment(f'the key "{error}" is set twice', at=at, hint=HINT, code=Code.KEY_TWICE)
    return InvalidAssessment("a number in it is none of JSON's", at=at, hint=HINT, code=Code.JSON_NUMBER)


def _too_deep(source: Source) -> InvalidAssessment:
    what = f"nested deeper than {MAX_DEPTH} levels, so it is no assessment"
    return InvalidAssessment(what, at=Location(source.path, 0), hint=HINT, code=Code.YAML_DEPTH)


def refused(path: str, what: str) -> InvalidAssessment:
    """The fault of a document as a whole, to be raised."""
    return InvalidAssessment(what, at=Location(path, 0) if path else None, hint=HINT)


class _KeyTwice(Exception):
    pass


def _is_deeper(data: Any, most: int) -> bool:  # noqa: ANN401 - plain data of any shape
    """Whether more than `most` lists and mappings lie inside one another."""
    level = [data]
    for _ in range(most + 1):
        level = [part for part in level if isinstance(part, dict | list)]
        if not level:
            return False
        level = [inner for part in level for inner in (part.values() if isinstance(part, dict) else part)]
    return True


def _is_nested_deeper(text: str, most: int) -> bool:
    """The same of a text that need not be JSON."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > most:
                return True
        elif token[0] in "]}":
            depth -= 1
    return False


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = {key: intern(value) if value.__class__ is str else value for key, value in pairs}
    if len(data) < len(pairs):
        times = Counter(key for key, _ in pairs)
        raise _KeyTwice(next(key for key in times if times[key] > 1))
    return data


def _no_number(word: str) -> None:
    raise ValueError(word)
