"""Matches project paths against globs, with time that grows with their length and never explodes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase


def matches(path: str, pattern: str) -> bool:
    """Whether the whole of `path` matches: `*` and `?` stay within a folder, `**` spans any number of them."""
    return _fits(_parts(path), _globs(pattern))


def select(files: Iterable[str], patterns: Iterable[str], *, below: str = "*") -> tuple[str, ...]:
    """The files that match one of the patterns, ordered; a pattern that names a folder stands for `below` in it."""
    wanted = [_globs(form) for pattern in patterns for form in (pattern, f"{pattern.rstrip('/')}/**/{below}")]
    found = {path: _parts(path) for path in files}
    return tuple(sorted(path for path, parts in found.items() if any(_fits(parts, globs) for globs in wanted)))


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _globs(pattern: str) -> list[str]:
    return [glob for glob in pattern.split("/") if glob not in ("", ".")]


def _fits(parts: Sequence[str], globs: Sequence[str]) -> bool:
    if globs and globs[-1] != "**" and not (parts and fnmatchcase(parts[-1], globs[-1])):
        # Most paths end otherwise.
        return False
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
        if True not in reachable:
            return False
    return reachable[-1]
