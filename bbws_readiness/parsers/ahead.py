"""Reads the documents of a project in a second process, while this one reads everything else.

What comes of it is handed over as entries of the cache: the parsers find them there as they would in a second run, and
parse for themselves what is missing. What the cache would not keep is handed over too, and kept nowhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from bbws_readiness.cache.current import is_first_run, note_results, store
from bbws_readiness.cache.noted import unpacked
from bbws_readiness.cache.results import MAX_TEXT
from bbws_readiness.parsers import PARSERS, Known
from bbws_readiness.parsers.git import versions_named
from bbws_readiness.parsers.leftovers import written_by_document
from bbws_readiness.source import Refused, Source, SourceKind

if TYPE_CHECKING:
    from bbws_readiness.process.second import Second, Work

KINDS = (SourceKind.SCRIPT, SourceKind.PLAN, SourceKind.README, SourceKind.PORTFOLIO, SourceKind.GIT)
"""What is read in the second process; the file of git is the changelog. Half of the time that reading a project takes,
most of it until all is loaded."""
_ALSO = {
    SourceKind.PLAN: written_by_document,
    SourceKind.README: written_by_document,
    SourceKind.GIT: versions_named,
}
"""What others than the parser of the kind make of a file."""

_SLOW_TO_LOAD = "bbws_readiness.parsers.promotion_plan"
_SAMPLE = "# Plan\n\n- [ ] one\n\n| a | b |\n|---|---|\n| c | d |\n\n```bash\nls\n```\n"
"""Of no project, and has a bit of everything: to read it loads what reading takes."""

_Question = tuple[tuple[str, ...], str, list[tuple[SourceKind, Source]]]


class Ahead:
    """The second process, from the side of the first."""

    kinds = KINDS

    def __init__(self, second: Second) -> None:
        self._second = second
        self._is_asked = False

    def ask(self, known: Known, files: Iterable[tuple[SourceKind, Source | Refused]]) -> None:
        """Gives it the files that it is to read, but for those too large for the cache; ends it where there is none."""
        chosen = [(kind, read) for kind, read in files if isinstance(read, Source) and len(read.text) <= MAX_TEXT]
        try:
            question = msgspec.msgpack.encode((known.environments, known.environment, chosen))
        except UnicodeEncodeError:  # names that are no UTF-8
            chosen = []
        if chosen:
            self._second.ask(question)
            self._is_asked = True
        else:
            self._second.end()

    def take(self) -> None:
        """Gives what it has made to the store, waiting for it; nothing where it has made nothing. To be called once."""
        answer = self._second.answer() if self._is_asked else None
        for kind, key, data, is_kept in unpacked(answer) if answer else ():
            if is_kept:
                store().put(kind, key, data)
            else:
                store().lend(kind, key, data)


@contextmanager
def reading_ahead() -> Iterator[Ahead | None]:
    """Within it a second process is at hand, where that saves time: in a first run that is to keep its results.

    A later run finds most of them in the cache, and a process that has read other projects has loaded everything.
    """
    started = _started() if is_first_run() and _SLOW_TO_LOAD not in sys.modules else None
    if started is None:
        yield None
        return
    with started:
        yield Ahead(started)


def _started() -> Second | None:
    from bbws_readiness.process.second import second

    return second(_prepared)


def _prepared() -> Work:
    _read((), "", [(kind, Source("", "" if kind is SourceKind.SCRIPT else _SAMPLE, 0, "")) for kind in KINDS])
    return _answer


def _answer(question: bytes) -> bytes:
    return _read(*msgspec.msgpack.decode(question, type=_Question))


def _read(environments: tuple[str, ...], environment: str, files: list[tuple[SourceKind, Source]]) -> bytes:
    """The entries of the cache that the parsers make of the files."""
    noted = note_results()
    known = Known(environments, environment)
    parsers = {parser.kind: parser for parser in PARSERS}
    for kind, source in files:
        if kind in parsers:
            parsers[kind].parse(source, known)
        if kind in _ALSO:
            _ALSO[kind](source)
    return noted.packed()
