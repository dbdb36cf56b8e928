"""Matches project paths against globs, with time that grows with their length and never explodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import filter as named
from fnmatch import fnmatchcase


def matches(path: str, pattern: str) -> bool:
    """Whether the whole of `path` matches: `*` and `?` stay within a folder, `**` spans any number of them."""
    return _fits(_parts(path), _globs(pattern))


def select(files: Iterable[str], patterns: Iterable[str], *, below: str = "*") -> tuple[str, ...]:
    """The files that match one of the patterns, ordered; a pattern that names a folder stands for `below` in it."""
    files = tuple(files)
    paths, folders = _by_name(files), _by_name(_folders(files))
    found: set[str] = set()
    for pattern in patterns:
        globs = _globs(pattern)
        found.update(_fitting(paths, globs))
        if inside := tuple(f"{folder}/" if folder else "" for folder in _fitting(folders, globs)):
            found.update(path for path in _fitting(paths, ["**", below]) if path.startswith(inside))
    return tuple(sorted(found))


def _folders(files: Iterable[str]) -> set[str]:
    """Every folder that holds one of the files, however deep below; the root is empty."""
    found = {""}
    for path in files:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _by_name(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(path.rpartition("/")[2], []).append(path)
    return found


def _fitting(paths: Mapping[str, Sequence[str]], globs: Sequence[str]) -> Iterator[str]:
    """Those of the paths, given by their last parts, that match as a whole."""
    # Most paths end otherwise.
    names = named(paths, globs[-1]) if globs and globs[-1] != "**" else paths
    for name in names:
        for path in paths[name]:
            if _fits(_parts(path), globs):
                yield path


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
