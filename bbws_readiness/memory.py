"""Remembers what a function makes of a short text or a small file, because it is asked again and again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Generic, ParamSpec, TypeAlias, TypeVar

from bbws_readiness.source import Source

TEXTS = 4096
CHARACTERS = 512
"""Of a text that is remembered. With both, what is kept stays far below what a run may use."""
FILES = 32
BYTES = 64 * 1024
"""Of a file that is remembered; the same holds."""
TOGETHER = 256 * 1024
"""Characters of all files that one function remembers: what is made of them takes many times that."""
SCRIPTS = 64 * 1024
"""Characters of all scripts that one function remembers."""

T = TypeVar("T")
K = TypeVar("K")
P = ParamSpec("P")
Read: TypeAlias = Callable[[str], Source | None]
"""The file at a path, or None where there is none that may be read."""

_forgetting: list[Callable[[], None]] = []
"""Empties what is remembered of texts, function by function."""


def forget_texts() -> None:
    """Forgets what was made of short texts: other projects have others."""
    for forget in _forgetting:
        forget()


def remembered(function: Callable[[str], T]) -> Callable[[str], T]:
    """`function`, asked once about each short text; it must be pure, and what it gives must not change."""
    known: dict[str, T] = {}
    _forgetting.append(known.clear)

    @wraps(function)
    def answer(text: str) -> T:
        if text.__class__ is not str:
            # Equal to a text, and perhaps not to be taken for it.
            return function(text)
        if text in known:
            return known[text]
        made = function(text)
        if len(text) <= CHARACTERS:
            if len(known) >= TEXTS:
                known.clear()
            known[text] = made
        return made

    return answer


def read_once(function: Callable[Concatenate[Source, P], T]) -> Callable[Concatenate[Source, P], T]:
    """`function`, asked once about each small file: several parsers read the same one. It must be as pure."""
    known: dict[object, tuple[int, T]] = {}
    held = 0

    @wraps(function)
    def answer(source: Source, /, *rest: P.args, **options: P.kwargs) -> T:
        nonlocal held
        size = len(source.text)
        if size > BYTES:
            return function(source, *rest, **options)
        key = source, rest, tuple(options.items())
        # Taken out and put back as the last one: the first is the one that was not asked about for the longest time.
        if found := known.pop(key, None):
            known[key] = found
            return found[1]
        made = function(source, *rest, **options)
        known[key] = size, made
        held += size
        while len(known) > FILES or held > TOGETHER:
            held -= known.pop(next(iter(known)))[0]
        return made

    return answer


def read_lately(function: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
    """`function`, asked once about each of the scripts that were met lately: many steps run the same one.

    It must be pure, and what it gives must not change.
    """
    known: dict[object, tuple[int, T]] = {}
    held = 0

    @wraps(function)
    def answer(script: str, /, *rest: P.args, **options: P.kwargs) -> T:
        nonlocal held
        key = script, rest, tuple(options.items())
        if found := known.pop(key, None):
            known[key] = found
            return found[1]
        made = function(script, *rest, **options)
        known[key] = len(script), made
        held += len(script)
        while held > SCRIPTS:
            held -= known.pop(next(iter(known)))[0]
        return made

    return answer


class ReadTogether(Generic[K, T]):
    """Remembers what came of a small file and of others that were read for it, as long as those say the same.

    The answers must depend on nothing else, and must not change.
    """

    def __init__(self) -> None:
        self._known: dict[K, tuple[dict[str, Source | None], T]] = {}

    def answer(self, key: K, source: Source, read: Read, make: Callable[[Read], T]) -> T:
        """What `make` gives, or gave before. `key` holds all that it depends on beside what it reads by `read`."""
        if len(source.text) > BYTES:
            return make(read)
        known = self._known.pop(key, None)
        if known is None or any(read(path) != found for path, found in known[0].items()):
            found: dict[str, Source | None] = {}
            known = found, make(lambda path: found.setdefault(path, read(path)))
        self._known[key] = known
        while len(self._known) > FILES:
            del self._known[next(iter(self._known))]
        return known[1]
