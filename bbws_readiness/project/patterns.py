"""Matches project paths against globs, with time that grows with their length and never explodes."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase


def matches(path: str, pattern: str) -> bool:
    """Whether the whole of `path` matches: `*` and `?` stay within a folder, `**` spans any number of them."""
    parts = [part for part in path.split("/") if part]
    globs = [glob for glob in pattern.split("/") if glob not in ("", ".")]
    # reachable[i]: the globs so far can match exactly the first i parts.
    reachable = [True] + [False] * len(parts)
    for glob in globs:
        if glob == "**":
            first = reachable.index(True) if True in reachable else len(reachable)
            reachable = [position >= first for position in range(len(reachable))]
            continue
        reachable = [False] + [
            reachable[position] and fnmatchcase(parts[position], glob) for position in range(len(parts))
        ]
    return reachable[-1]


def select(files: Iterable[str], patterns: Iterable[str], *, below: str = "*") -> tuple[str, ...]:
    """The files that match one of the patterns, ordered; a pattern that names a folder stands for `below` in it."""
    wanted = [form for pattern in patterns for form in (pattern, f"{pattern.rstrip('/')}/**/{below}")]
    return tuple(sorted({path for path in files if any(matches(path, form) for form in wanted)}))
