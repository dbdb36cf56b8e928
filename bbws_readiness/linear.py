"""Compiles regular expressions with RE2, which takes time in proportion to the text and never more."""

from __future__ import annotations

from typing import Any


def compiled(pattern: str, *, memory: int | None = None, dot_takes_all: bool = False) -> Any:  # noqa: ANN401 - of a library without types
    """The pattern of RE2, or None when it is none, or needs more than `memory` bytes (None leaves that to RE2).

    `dot_takes_all` lets a dot stand for a line end, too. Nothing is printed.
    """
    # Few runs have a pattern at all.
    import re2

    options = re2.Options()
    options.log_errors = False
    options.dot_nl = dot_takes_all
    if memory is not None:
        options.max_mem = memory
    try:
        return re2.compile(pattern, options)
    except re2.error:
        # The library's own words would quote the pattern.
        return None
