"""What a walk through a whole project saw, and what it could not look at."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from msgspec import Struct

from bbws_readiness.source import Refused


class Walk(Struct, frozen=True):
    """Every path below a root, or the reason why it is not known."""

    files: tuple[str, ...]
    """Regular files, whatever their names; in each folder ordered by name, files before folders."""
    folders: tuple[str, ...]
    """The folders that were entered, in the order of the walk; without the root."""
    refused: tuple[Refused, ...]
    """The single names that were passed by, each at its place: links, pipes, devices, names that are no text."""
    closed: tuple[Refused, ...]
    """The folders that were not looked into, so that anything may lie in them, and at `.` the files beyond the
    limit. Folders that every checkout has (`.git`, `.terraform`, `node_modules`, …) are not told."""
    twins: tuple[tuple[str, ...], ...]
    """Paths of one folder that differ in case or Unicode form only."""


def twins(paths: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The groups of `paths` that a system without regard for case or Unicode form takes for one."""
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(path.lower() if path.isascii() else _folded(path), []).append(path)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
