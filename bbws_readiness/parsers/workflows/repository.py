"""Reads the files that workflows call, in the repository that they lie in."""

from __future__ import annotations

from bbws_readiness.memory import Read
from bbws_readiness.reader import Reader
from bbws_readiness.source import Source


def repository_files(reader: Reader) -> Read:
    """The files of a repository that `reader` may read."""

    def read(path: str) -> Source | None:
        found = reader.read(path) if reader.exists(path) and not reader.is_directory(path) else None
        return found if isinstance(found, Source) else None

    return read
