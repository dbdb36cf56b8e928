"""How much of a project is read at most."""

from __future__ import annotations

from msgspec import Struct


class Limits(Struct, frozen=True):
    """Budgets of one reader; each is checked before the expensive step, and what lies beyond it is told."""

    file_bytes: int = 1024 * 1024
    """Of one file."""
    total_bytes: int = 16 * 1024 * 1024
    """Of all files that are read."""
    files: int = 2000
    """Files that a walk gives, and files that are read."""
    names: int = 100_000
    """Entries of all folders that are listed, whatever they are."""
    depth: int = 32
    """Folders inside one another."""
    path_bytes: int = 1024


LIMITS = Limits()
"""The limits of a project."""

PLAN_JSON = Limits(file_bytes=32 * 1024 * 1024, total_bytes=32 * 1024 * 1024)
"""The limits of what `terraform show -json` printed."""
