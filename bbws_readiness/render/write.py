"""Puts the documents of one run on disk: each is the old file or the complete new one, never a mix."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bbws_readiness.errors import CannotWrite
from bbws_readiness.render.frame import Document
from bbws_readiness.source import Location

ELSEWHERE = "name another with --output-dir"


def probe(directory: Path) -> None:
    """Raises `CannotWrite` when documents could not be written to `directory`, before anything is assessed.

    Nothing is made: the directory itself comes into being with the first document.
    """
    existing = directory
    while not os.path.lexists(existing) and existing != existing.parent:
        existing = existing.parent
    shown = Location(directory.name or ".", 0)
    if not existing.is_dir():
        raise CannotWrite("the output directory is not a directory", at=shown, hint=ELSEWHERE)
    if not os.access(existing, os.W_OK | os.X_OK):
        raise CannotWrite("the output directory is not writable", at=shown, hint=ELSEWHERE)


def write_documents(directory: Path, documents: Iterable[Document]) -> None:
    """Replace the set in `directory`: first every document is written beside its place, then each takes it.

    Raises `CannotWrite` and leaves every earlier document as it was when one of them cannot be written.
    """
    written: list[tuple[Path, Path]] = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for document in documents:
            target = directory / document.path
            _refuse_odd_target(target, document.path)
            written.append((_write_beside(target, document.text), target))
        for temporary, target in written:
            temporary.replace(target)
    except OSError as error:
        raise CannotWrite(
            _words(error), at=Location(directory.name, 0), hint="free space, or use --output-dir"
        ) from None
    finally:
        for temporary, _ in written:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Replace one file that the user named; raises `CannotWrite` and leaves it as it was when that fails."""
    write_documents(path.parent, (Document(path.name, text),))


def _refuse_odd_target(target: Path, shown: str) -> None:
    try:
        mode = os.lstat(target).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise CannotWrite("not a regular file, so it is not replaced", at=Location(shown, 0), hint="move it away")


def _write_beside(target: Path, text: str) -> Path:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def _words(error: OSError) -> str:
    return (error.strerror or "cannot be written").lower()
