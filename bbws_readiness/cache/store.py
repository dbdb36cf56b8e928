"""Keeps bytes by kind and key in one folder of the user, and never lets a fault of that folder be seen."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

ENTRY_BYTES = 8 * 1024**2
"""Of one entry; a larger one is not kept."""
KEPT_BYTES = 48 * 1024**2
"""Of all entries after a sweep."""
KEPT_ENTRIES = 4096
"""After a sweep."""
BLOCK = 4096
"""Bytes; what a run writes is counted in whole ones."""
SWEEP_BLOCKS = 4096
"""Written by all runs together between two sweeps: there are never more than 64 MiB in 8192 entries."""
STALE_SECONDS = 3600
"""After which a temporary file is one that a killed run has left."""

_MAGIC = b"readiness-cache-1\n"
_DIGEST = 32
_TEMPORARY = ".new-"
_SWEPT = ".swept"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OLD = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_COUNT = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Store:
    """Entries by kind and key. A kind is lower-case letters and dashes, a key what `keys.key_of` gives.

    An entry is whole or not there: one that was damaged, cut or moved counts as missing. A folder that cannot be used,
    does not belong to the user, can be read by others, or is a link keeps nothing; nothing is raised. Runs at the same
    time do not disturb each other. Whoever may write to the folder decides what comes out of it, so it must be none
    that a project brings: `whereabouts.cache_folder` sees to that.
    """

    def __init__(self, folder: Path | None) -> None:
        """`folder` is made by the first entry; None keeps nothing."""
        self._folder = folder
        self._handle: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is worth while to make a key."""
        return self._folder is not None

    def get(self, kind: str, key: str) -> bytes | None:
        """What was kept, or None."""
        handle = self._opened(create=False)
        if handle is None:
            return None
        name = f"{kind}-{key}"
        try:
            kept = _contents(handle, name)
        except OSError:
            return None
        head = len(_MAGIC) + _DIGEST
        if not kept.startswith(_MAGIC) or _seal(name, kept[head:]) != kept[len(_MAGIC) : head]:
            return None
        return kept[head:]

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keeps `data`, unless it is too large or the folder does not take it."""
        handle = self._opened(create=True) if len(data) <= ENTRY_BYTES else None
        if handle is None:
            return
        name = f"{kind}-{key}"
        try:
            _replace(handle, name, _MAGIC + _seal(name, data) + data)
            if _written(handle, len(data)) > SWEEP_BLOCKS:
                _sweep(handle, name)
        except OSError:
            self._folder = None

    def close(self) -> None:
        """Keeps nothing from now on."""
        self._folder = None
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _opened(self, *, create: bool) -> int | None:
        if self._folder is None or self._handle is not None:
            return self._handle if self._folder else None
        try:
            if create:
                self._folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with contextlib.suppress(FileExistsError):
                    self._folder.mkdir(mode=0o700)
            self._handle = _own_folder(self._folder)
        except OSError as error:
            if create or not isinstance(error, FileNotFoundError):
                self._folder = None
        return self._handle


def _own_folder(folder: Path) -> int:
    """A handle on `folder`; raises `OSError` unless it is the user's alone."""
    handle = os.open(folder, _FOLDER)
    found = os.fstat(handle)
    if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
        os.close(handle)
        raise PermissionError("the folder is not the user's alone")
    return handle


def _seal(name: str, data: bytes) -> bytes:
    """Holds for these bytes under this name."""
    digest = sha256(name.encode() + b"\0")
    digest.update(data)
    return digest.digest()


def _contents(folder: int, name: str) -> bytes:
    """The bytes of a file; raises `OSError` for what is none, is not the user's, or is too large."""
    handle = os.open(name, _OLD, dir_fd=folder)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
            raise PermissionError("no file of the user")
        most = ENTRY_BYTES + len(_MAGIC) + _DIGEST
        if found.st_size > most:
            raise OSError("more than an entry may have")
        parts = []
        left = found.st_size
        while left and (part := os.read(handle, left)):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)
    finally:
        os.close(handle)


def _replace(folder: int, name: str, data: bytes) -> None:
    """Puts a whole file in the place of what has the name; raises `OSError`, and leaves nothing behind then.

    It is not synced: what a power cut damages is seen by its seal, and made again.
    """
    temporary = f"{_TEMPORARY}{os.getpid()}-{os.urandom(8).hex()}"
    handle = os.open(temporary, _NEW, 0o600, dir_fd=folder)
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
        finally:
            os.close(handle)
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary, dir_fd=folder)
        raise


def _written(folder: int, size: int) -> int:
    """The blocks that all runs have written since the last sweep, with those of an entry of that size.

    The file that tells them has a byte for each: runs at the same time can add to it, and none has to read it.
    """
    handle = os.open(_SWEPT, _COUNT, 0o600, dir_fd=folder)
    try:
        os.write(handle, b"." * (size // BLOCK + 1))
        return os.fstat(handle).st_size
    finally:
        os.close(handle)


def _sweep(folder: int, newest: str) -> None:
    """Removes the oldest entries beyond the bounds; ages are told by the clock of the file system."""
    now = os.stat(newest, dir_fd=folder, follow_symlinks=False).st_mtime
    _replace(folder, _SWEPT, b"")
    total = 0
    for count, ((age, size), name) in enumerate(sorted(_aged(folder), reverse=True), start=1):
        total += size
        if age < now - STALE_SECONDS if name.startswith(_TEMPORARY) else total > KEPT_BYTES or count > KEPT_ENTRIES:
            with contextlib.suppress(OSError):
                os.unlink(name, dir_fd=folder)


def _aged(folder: int) -> Iterator[tuple[tuple[float, int], str]]:
    """Time, size and name of every file."""
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.name != _SWEPT and entry.is_file(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    yield (found.st_mtime, found.st_size), entry.name
