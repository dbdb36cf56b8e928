"""Folders for tests of the reader, and a record of what the process opens."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CANARY = "canary-outside-of-the-root"


def write(root: Path, path: str, data: bytes = b"x = 1\n") -> Path:
    """A file with its folders; gives the root."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(data)
    return root


_opened: list[tuple[str | bytes, int]] | None = None


def _record(event: str, arguments: tuple[object, ...]) -> None:
    if _opened is not None and event == "open" and isinstance(arguments[0], str | bytes):
        _opened.append((arguments[0], int(arguments[2])))  # type: ignore[call-overload]
    if _opened is not None and event in ("os.listdir", "os.scandir") and not isinstance(arguments[0], int):
        _opened.append((str(arguments[0]), 0))


_installed: list[bool] = []


@contextmanager
def recorded() -> Iterator[list[tuple[str | bytes, int]]]:
    """Every path that is opened or listed by its name meanwhile, with the flags of the call."""
    global _opened
    if not _installed:
        sys.addaudithook(_record)  # cannot be taken away again, so there is one for the whole process
        _installed.append(True)
    _opened = []
    try:
        yield _opened
    finally:
        _opened = None


def is_confined(opened: tuple[str | bytes, int], root: Path) -> bool:
    """Whether a call opened the root itself, or a single name in an open folder without following a link."""
    path, flags = opened
    name = os.fsdecode(path)
    return Path(name) == root or ("/" not in name and name not in ("", ".", "..") and bool(flags & os.O_NOFOLLOW))
