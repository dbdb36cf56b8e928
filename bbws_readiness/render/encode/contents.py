"""Looks through plain data once, for everything that has to be known of them before they are written."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import Any

from msgspec import Struct


class Contents(Struct, frozen=True):
    """What plain data hold, however deep."""

    texts: set[str]
    """All of them but names of members: of a thousand nearly all stand there several times."""
    classes: set[type]
    """Of all that is no name."""
    named: bool
    """Whether all members are named with text."""


def contents_of(data: Any) -> Contents:  # noqa: ANN401 - plain data of any shape
    """Goes from level to level, because of the values of a level few classes have to be told apart."""
    texts: set[str] = set()
    classes: set[type] = set()
    names: set[object] = set()
    level: list[Any] = [data]
    while level:
        of_class: defaultdict[type, list[Any]] = defaultdict(list)
        for part in level:
            of_class[part.__class__].append(part)
        classes.update(of_class)
        level = []
        for kind, parts in of_class.items():
            if issubclass(kind, str):
                texts.update(parts)
            elif issubclass(kind, dict):
                names.update(chain.from_iterable(parts))
                level += chain.from_iterable(part.values() for part in parts)
            elif issubclass(kind, list | tuple):
                level += chain.from_iterable(parts)
    return Contents(texts, classes, all(isinstance(name, str) for name in names))
