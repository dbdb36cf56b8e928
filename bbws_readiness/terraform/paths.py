"""Paths into resources and plain data, written `type.name["key"].block[0].argument`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TypeAlias

from bbws_readiness.patterns import regex

Step: TypeAlias = str | int
"""A name, a key in brackets (with its quotes and escapes), a number in brackets, or `[*]`."""

MAX_PATH = 8 * 1024
"""Characters of one path."""

_STEP = regex(r'\.?(?:(?P<name>[^\W\d][\w-]*)|\[(?P<key>"(?:[^"\\]|\\.)*")\]|\[?(?P<index>\d{1,9})\]?|(?P<any>\[\*\]))')


def steps_of(path: str) -> tuple[Step, ...]:
    """The steps of a path; empty when the text is none, or longer than `MAX_PATH`."""
    if len(path) > MAX_PATH:
        return ()
    found: list[Step] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None or (not found and not match["name"]):
            return ()
        index = match["index"]
        found.append(int(index) if index is not None else match["name"] or match["key"] or match["any"])
        position = match.end()
    return tuple(found)


def key_of(step: Step) -> Step:
    """The name, key or number that a step stands for, without quotes and escapes."""
    if not isinstance(step, str) or not step.startswith('"'):
        return step
    try:
        return str(json.loads(step))
    except ValueError:
        return step[1:-1]


def without(data: Any, paths: Iterable[str]) -> Any:  # noqa: ANN401 - plain data of any shape
    """A copy of plain data without what stands at `paths`; an element of a list becomes None, so that none moves."""
    removed = [tuple(map(key_of, steps_of(path))) for path in paths]
    return _without(data, [steps for steps in removed if steps])


def _without(data: Any, removed: list[tuple[Step, ...]]) -> Any:  # noqa: ANN401
    if not removed:
        return data
    gone = {steps[0] for steps in removed if len(steps) == 1}

    def inner(key: Step, part: Any) -> Any:  # noqa: ANN401
        return _without(part, [steps[1:] for steps in removed if steps[0] == key])

    match data:
        case dict():
            return {key: inner(key, part) for key, part in data.items() if key not in gone}
        case list():
            return [None if index in gone else inner(index, part) for index, part in enumerate(data)]
    return data
