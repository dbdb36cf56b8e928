"""Tells the forms of a command that work on one platform, or on one desk, only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bbws_readiness.patterns import regex

HOME = "home path"

_HOME = regex(r"(?<![\w.:/~-])/(?:Users|home)/\w[\w.-]*(?=[/\s\"':;]|$)|(?<!\w)[A-Za-z]:[\\/]Users[\\/]\w")
_OPTIONS: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "date": (
        (regex(r"-[uR]*d.*|--date(?:=.*)?", re.DOTALL), "date -d"),
        (regex(r"-[uj]*v[+-]?\d.*"), "date -v"),
        (regex(r"-u?j"), "date -j"),
    ),
    "stat": ((regex(r"-c|-c%.*|--format(?:=.*)?|--printf=.*"), "stat -c"), (regex(r"-f|-f%.*"), "stat -f")),
    "base64": ((regex(r"-w\d*|--wrap(?:=.*)?"), "base64 -w"), (regex("-D"), "base64 -D")),
    "grep": ((regex(r"-[A-Za-z]*P[A-Za-z]*|--perl-regexp"), "grep -P"),),
}


_PRINTS = frozenset({"echo", "printf"})
"""What these are given is text for a reader."""


def platform_forms(words: Sequence[str]) -> tuple[str, ...]:
    """The forms among the words of one command, each once: `date -d`, `sed -i ''`, `home path`."""
    return () if words and words[0] in _PRINTS else tuple(dict.fromkeys(_forms(words)))


def _forms(words: Sequence[str]) -> Iterator[str]:
    if any(_HOME.search(word) for word in words if "home" in word or "Users" in word):
        yield HOME
    name = words[0].rpartition("/")[2] if words else ""
    for word in words[1:]:
        yield from (form for pattern, form in _OPTIONS.get(name, ()) if pattern.fullmatch(word))
    if name == "sed":
        for option, following in pairwise(words):
            if option in ("-i", "--in-place"):
                yield "sed -i" if following else "sed -i ''"
