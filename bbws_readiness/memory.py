"""Remembers what a function makes of a short text or a small file, because it is asked again and again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

from bbws_readiness.source import Source

TEXTS = 4096
CHARACTERS = 512
"""Of a text that is remembered. With both, what is kept stays far below what a run may use."""
FILES = 32
BYTES = 64 * 1024
"""Of a file that is remembered; the same holds."""

T = TypeVar("T")
P = ParamSpec("P")


def remembered(function: Callable[[str], T]) -> Callable[[str], T]:
    """`function`, asked once about each short text; it must be pure, and what it gives must not change."""
    known = lru_cache(maxsize=TEXTS)(function)

    @wraps(function)
    def answer(text: str) -> T:
        return known(text) if len(text) <= CHARACTERS else function(text)

    return answer


def read_once(function: Callable[Concatenate[Source, P], T]) -> Callable[Concatenate[Source, P], T]:
    """`function`, asked once about each small file: several parsers read the same one. It must be as pure."""
    known = lru_cache(maxsize=FILES)(function)

    @wraps(function)
    def answer(source: Source, /, *rest: P.args, **options: P.kwargs) -> T:
        if len(source.text) > BYTES:
            return function(source, *rest, **options)
        return known(source, *rest, **options)  # type: ignore[arg-type]  # the cache forgets what it takes

    return answer
