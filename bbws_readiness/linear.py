"""Compiles regular expressions so that a search takes time in proportion to the text and never more."""

from __future__ import annotations

import re
from typing import Any

from bbws_readiness.patterns import regex

_PLAIN = regex(
    r"\^(?:[A-Za-z0-9_:/-]|\[(?:A-Z|a-z|A-F|a-f|0-9|[A-Za-z0-9_](?!-[^\]]))+-?\](?:\{[1-9][0-9]?\})?){0,20}"
    r"(?:\[(?:A-Z|a-z|A-F|a-f|0-9|[A-Za-z0-9_](?!-[^\]]))+-?\][+*])?\$"
)
"""From the first character to the last, with one repetition without end at most, and that at the end: such a pattern
has one way to match, in which both libraries agree. `$` is the end of the text."""


def compiled(pattern: str, *, memory: int | None = None, dot_takes_all: bool = False) -> Any:  # noqa: ANN401 - of a library without types
    """What RE2 takes the pattern for, or None when it is none, or needs more than `memory` bytes (None: as RE2 has it).

    `dot_takes_all` lets a dot stand for a line end, too. Nothing is printed.
    """
    # Most ask for twelve digits and the like, and to load RE2 takes longer than to evaluate a small project.
    if _PLAIN.fullmatch(pattern):
        return re.compile(pattern[:-1] + r"\Z")
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
