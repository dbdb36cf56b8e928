"""Puts the documents of one run on disk: each is the old file or the complete new one, never a mix."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bbws_readiness.codes import Code
from bbws_readiness.errors import CannotWrite, NotWritten
from bbws_readiness.patterns import regex
from bbws_readiness.process.environment import scrub, secrets
from bbws_readiness.process.signals import Held
from bbws_readiness.render.frame import Document, LongDocument, in_file
from bbws_readiness.source import Location

ELSEWHERE = "name another with --output-dir"

TEMPORARY = regex(r"\.readiness-[0-9a-f]{16}\.tmp")
"""The names of our temporaries; nothing else is ever removed."""
STALE_SECONDS = 600
"""A temporary that is this much older than a new one belongs to a run that was killed: a run takes 60 seconds."""

TOGETHER = 16
"""Files that are held open at once: few, because a process may be allowed few more."""

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | getattr(os, "O_CLOEXEC", 0)
_NOT_SYNCED = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}
"""What a file system answers that cannot be told to keep a folder."""


_NOT_OPENED = {
    errno.ENOTDIR: "is not a directory",
    errno.ELOOP: "is a link, and links of the project are not followed",
}
"""What is said of a folder that cannot be opened, where the words of the system would not do."""


def probe(directory: Path, *, project: Path | None = None, names: Callable[[str], bool] = lambda _: False) -> None:
    """Raises `CannotWrite` when documents could not be written to `directory`, before anything is assessed.

    Nothing is made: the directory itself comes into being with the first document. `names` tells the names that
    documents will have: one of them that is a link, a folder or a device is refused here already.
    """
    try:
        with _opened(directory, project, create=False) as folder:
            if not os.access(".", os.W_OK | os.X_OK, dir_fd=folder):
                raise _unusable(directory, "is not writable")
            for name in sorted(filter(names, os.listdir(folder))):  # noqa: PTH208 - the folder that is held
                _refuse_odd_target(folder, name, CannotWrite)
    except FileNotFoundError:
        _probe_parent(directory)
    except OSError as error:
        raise _unusable(directory, _NOT_OPENED.get(error.errno or 0) or f"cannot be opened: {_words(error)}") from None


def probe_file(path: Path, *, project: Path | None = None) -> None:
    """Raises `CannotWrite` when the file that the user named could not be written, before anything is assessed."""
    if path.name in ("", ".."):
        at = Location(path.as_posix(), 0)
        raise CannotWrite("not a regular file", at=at, hint="name a file in it", code=Code.OUTPUT_NOT_REGULAR)
    probe(path.parent, project=project, names=lambda name: name == path.name)
    if not path.parent.is_dir():
        raise _unusable(path.parent, "does not exist", hint="make it, or print elsewhere")


def write_documents(
    directory: Path, documents: Iterable[Document | LongDocument], *, project: Path | None = None
) -> None:
    """Replace the set in `directory`: first every document is written beside its place, then each takes it.

    Below `project`, which is not trusted, no link is followed on the way to `directory`; elsewhere it may be one that
    the user made. Raises `NotWritten` when one of them cannot be written: each is then the earlier document or the
    new one. A signal that ends the run is put off to a moment when no temporary would stay.
    """
    with Held() as held:
        try:
            with _opened(directory, project, create=True) as folder:
                _replace_set(folder, tuple(documents), held)
        except OSError as error:
            raise NotWritten(
                _words(error), at=Location(directory.name or ".", 0), hint="free space, or use --output-dir"
            ) from None


def write_text(path: Path, text: str, *, project: Path | None = None) -> None:
    """Replace one file that the user named; raises `NotWritten` and leaves it as it was when that fails."""
    write_documents(path.parent, (Document(path.name, text),), project=project)


def _replace_set(folder: int, documents: tuple[Document | LongDocument, ...], held: Held) -> None:
    temporaries: list[str] = []
    try:
        for start in range(0, len(documents), TOGETHER):
            _write_new(folder, documents[start : start + TOGETHER], temporaries, held)
        if temporaries:
            _remove_stale(folder, temporaries[-1])
        held.check()
        for document in documents:
            os.rename(temporaries[0], document.path, src_dir_fd=folder, dst_dir_fd=folder)
            del temporaries[0]
        _sync(folder)
    finally:
        for name in temporaries:
            with contextlib.suppress(OSError):
                os.unlink(name, dir_fd=folder)


def _shown(document: Document | LongDocument) -> Iterator[str]:
    # A credential may begin in one piece and end in the next.
    return Document(document.path, scrub(document.text)).pieces() if secrets() else document.pieces()


def _write_new(folder: int, documents: Iterable[Document | LongDocument], temporaries: list[str], held: Held) -> None:
    """A new file for each document with the rights that the umask leaves, complete and on the disk.

    Their names are added to `temporaries`, each before its file is there. A file system that is told to keep one
    file mostly keeps what was written to the others as well: that is asked for when all are written.
    """
    handles: list[int] = []
    try:
        for document in documents:
            held.check()
            _refuse_odd_target(folder, document.path, NotWritten)
            temporaries.append(f".readiness-{os.urandom(8).hex()}.tmp")
            handles.append(os.open(temporaries[-1], _NEW, 0o666, dir_fd=folder))
            _write(handles[-1], _shown(document))
        for handle in handles:
            held.check()
            _sync(handle)
        while handles:
            os.close(handles.pop())
    finally:
        for handle in handles:
            with contextlib.suppress(OSError):
                os.close(handle)


def _write(handle: int, pieces: Iterable[str]) -> None:
    for piece in pieces:
        rest = memoryview(in_file(piece))
        while rest:
            rest = rest[os.write(handle, rest) :]


def _sync(handle: int) -> None:
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NOT_SYNCED:
            raise


def _remove_stale(folder: int, ours: str) -> None:
    """Clears away what a killed run has left; ages are told by the clock of the file system."""
    with contextlib.suppress(OSError):
        now = os.lstat(ours, dir_fd=folder).st_mtime
        for name in os.listdir(folder):
            if TEMPORARY.fullmatch(name):
                found = os.lstat(name, dir_fd=folder)
                if stat.S_ISREG(found.st_mode) and found.st_mtime < now - STALE_SECONDS:
                    os.unlink(name, dir_fd=folder)


def _refuse_odd_target(folder: int, name: str, kind: type[CannotWrite]) -> None:
    if "/" in name or "\0" in name or name in ("", ".", ".."):
        raise kind("no name that a file can have", at=Location(name, 0), hint=ELSEWHERE, code=Code.OUTPUT_NOT_REGULAR)
    try:
        mode = os.lstat(name, dir_fd=folder).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise kind(
            "not a regular file, so it is not replaced",
            at=Location(name, 0),
            hint="move it away",
            code=Code.OUTPUT_NOT_REGULAR,
        )


@contextlib.contextmanager
def _opened(directory: Path, project: Path | None, *, create: bool) -> Iterator[int]:
    """`directory`, held open, so that nothing which is renamed or linked meanwhile leads elsewhere."""
    trusted, steps = walked(directory, project)
    if create and not steps:
        trusted.mkdir(parents=True, exist_ok=True)
    folder = os.open(trusted, _FOLDER)
    try:
        for step in steps:
            if create:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(step, dir_fd=folder)
            if stat.S_ISLNK(os.lstat(step, dir_fd=folder).st_mode):
                raise OSError(errno.ELOOP, _NOT_OPENED[errno.ELOOP])
            outer, folder = folder, os.open(step, _FOLDER | _NO_LINK, dir_fd=folder)
            os.close(outer)
        yield folder
    finally:
        with contextlib.suppress(OSError):
            os.close(folder)


def walked(directory: Path, project: Path | None) -> tuple[Path, tuple[str, ...]]:
    """The part of the path that the user answers for, and the steps that the project leads from there on."""
    if project is None:
        return directory, ()
    whole = Path(os.path.abspath(directory))  # noqa: PTH100 - `..` is resolved as it is written
    root = os.path.realpath(project)
    real = os.sep
    for number, step in enumerate(whole.parts):
        real = os.path.join(real, step) if number else os.sep  # noqa: PTH118 - of which there are many
        if os.path.islink(real):  # noqa: PTH114 - as above
            real = os.path.realpath(real)
        if real == root:
            return Path(*whole.parts[: number + 1]), whole.parts[number + 1 :]
    return directory, ()


def _probe_parent(directory: Path) -> None:
    """The folder is not there yet: the nearest one above has to be a folder in which one may be made."""
    existing = directory
    while not os.path.lexists(existing) and existing != existing.parent:
        existing = existing.parent
    if not existing.is_dir():
        raise _unusable(directory, "is not a directory")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise _unusable(directory, "is not writable")


def _unusable(directory: Path, what: str, *, hint: str = ELSEWHERE) -> CannotWrite:
    at = Location(directory.name or ".", 0)
    return CannotWrite(f"the output directory {what}", at=at, hint=hint, code=Code.OUTPUT_FOLDER)


def _words(error: OSError) -> str:
    return (error.strerror or "cannot be written").lower()
