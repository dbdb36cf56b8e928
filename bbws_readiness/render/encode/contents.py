"""Looks through plain data once, for everything that has to be known of them before they are written."""

from __future__ import annotations

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
    named = True
    level = [data]
    while level:
        inner: list[Any] = []
        for kind in (found := set(map(type, level))):
            if not issubclass(kind, _LOOKED_AT):
                continue
            parts: list[Any] = level if len(found) == 1 else [part for part in level if part.__class__ is kind]
            if issubclass(kind, str):
                texts.update(parts)
                continue
            if issubclass(kind, dict):
                named = named and all(isinstance(name, str) for name in set(chain.from_iterable(parts)))
                parts = [part.values() for part in parts]
            inner += chain.from_iterable(parts)
        classes |= found
        level = inner
    return Contents(texts, classes, named)


_LOOKED_AT = (str, dict, list, tuple)
