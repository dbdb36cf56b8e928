"""The system calls of a reader: every step goes from an open folder to a name in it, and never through a link."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from itertools import islice

from bbws_readiness.codes import Code
from bbws_readiness.source import EntryKind

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_BLOCK = 1024 * 1024
_WAIT = "assess again when nothing writes to it"


class Blocked(Exception):
    """Something may not or cannot be looked at; becomes a `Refused` at the edge of this package."""

    def __init__(self, code: Code, summary: str, detail: str = "") -> None:
        self.code = code
        self.summary = summary
        self.detail = detail
        super().__init__(summary)


def open_root(path: os.PathLike[str]) -> int:
    """A descriptor of the folder that a reader is confined to, which whoever names it may reach through links."""
    try:
        return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except NotADirectoryError:
        raise missing() from None
    except OSError as error:
        raise _blocked(error) from None


def open_below(path: os.PathLike[str], parts: Sequence[str]) -> int:
    """As `open_root`, of the folder that `parts` name below `path`. Raises `Blocked`, also for a link on the way."""
    top = open_root(path)
    try:
        return open_folder(top, parts, enters_repositories=False)
    finally:
        os.close(top)


def open_folder(root: int, parts: Sequence[str], *, enters_repositories: bool) -> int:
    """A descriptor, to be closed, of the folder that `parts` name below the open folder `root`. Raises `Blocked`.

    Unless it `enters_repositories`, a folder below the root that holds `.git` ends the way.
    """
    current = _duplicate(root)
    try:
        for part in parts:
            below = _enter(current, part)
            os.close(current)
            current = below
            if not enters_repositories and _is_repository(current):
                raise Blocked(Code.NESTED_REPOSITORY, "a repository of its own is not entered", "assess it by itself")
    except BaseException:
        os.close(current)
        raise
    return current


def entries(handle: int, most: int) -> dict[str, EntryKind]:
    """Every name in an open folder with what it stands for, ordered by name. Raises `Blocked`, also above `most`."""
    found: dict[str, EntryKind] = {}
    try:
        with os.scandir(handle) as scanned:
            for entry in islice(scanned, most + 1):
                found[_text(entry.name)] = _kind(entry)
    except OSError as error:
        raise _blocked(error) from None
    if len(found) > most:
        raise Blocked(Code.TOO_MANY_FILES, "there are too many names in it", "assess a smaller folder")
    return dict(sorted(found.items()))


def contents(handle: int, name: str, *, most: int, left: int) -> bytes:
    """The bytes of the regular file `name` in an open folder; at most `most`, and at most `left` of all budgets.

    Raises `Blocked` before a byte is read for what is too large or no regular file, and when the file changes.
    """
    try:
        _require_regular(_status(handle, name))
        file = os.open(_native(name), _OPEN, dir_fd=handle)
        try:
            return _stable_bytes(file, most, left)
        finally:
            os.close(file)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise link() from None
        raise _blocked(error) from None


def link() -> Blocked:
    """Why nothing is read through a link."""
    return Blocked(Code.LINK, "a symbolic link is not followed", "put what it points to in its place")


def not_regular() -> Blocked:
    """Why only files are read."""
    return Blocked(Code.NOT_REGULAR, "not a regular file")


def missing() -> Blocked:
    """Why there is nothing to read."""
    return Blocked(Code.MISSING, "no such file")


def _duplicate(handle: int) -> int:
    try:
        return os.dup(handle)
    except OSError as error:
        raise _blocked(error) from None


def _enter(handle: int, name: str) -> int:
    try:
        return os.open(_native(name), _OPEN | os.O_DIRECTORY, dir_fd=handle)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise _no_folder(handle, name) from None
        raise _blocked(error) from None


def _no_folder(handle: int, name: str) -> Blocked:
    """What stands where a folder was expected; it was not entered, so this only chooses the words."""
    try:
        is_link = stat.S_ISLNK(_status(handle, name).st_mode)
    except OSError as error:
        return _blocked(error)
    return link() if is_link else missing()


def _is_repository(handle: int) -> bool:
    try:
        _status(handle, ".git")
    except FileNotFoundError:
        return _is_bare_repository(handle)
    except OSError as error:
        raise _blocked(error) from None
    return True


def _is_bare_repository(handle: int) -> bool:
    """Whether the folder is what git takes for a repository without a working tree."""
    for name, expected in (("HEAD", stat.S_ISREG), ("objects", stat.S_ISDIR), ("refs", stat.S_ISDIR)):
        try:
            if not expected(_status(handle, name).st_mode):
                return False
        except OSError:
            return False
    return True


def _kind(entry: os.DirEntry[str]) -> EntryKind:
    if entry.is_file(follow_symlinks=False):
        return EntryKind.FILE
    if entry.is_dir(follow_symlinks=False):
        return EntryKind.FOLDER
    return EntryKind.LINK if entry.is_symlink() else EntryKind.OTHER


def _status(handle: int, name: str) -> os.stat_result:
    return os.stat(_native(name), dir_fd=handle, follow_symlinks=False)


def _native(name: str) -> bytes:
    """The bytes of a name, whatever the locale says names are."""
    return name.encode("utf-8", "surrogateescape")


def _text(name: str) -> str:
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "surrogateescape")


def _require_regular(status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise link()
    if not stat.S_ISREG(status.st_mode):
        raise not_regular()


def _stable_bytes(file: int, most: int, left: int) -> bytes:
    before = os.fstat(file)
    _require_regular(before)
    if before.st_size > most:
        raise Blocked(Code.TOO_LARGE, f"larger than {most} bytes", "split it, or leave it out of the project")
    if before.st_size > left:
        raise Blocked(
            Code.TOO_MANY_BYTES,
            "the files of the project together are larger than the limit",
            "assess a smaller folder",
        )
    data = _read(file, before.st_size + 1)
    after = os.fstat(file)
    if len(data) > before.st_size and after.st_size > most:
        raise Blocked(
            Code.CHANGED, f"grew past {most} bytes while it was read", "assess again when nothing writes to it"
        )
    if len(data) != before.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Blocked(Code.CHANGED, "changed while it was read", _WAIT)
    return data


def _read(file: int, most: int) -> bytes:
    parts: list[bytes] = []
    while most > 0 and (part := os.read(file, min(most, _BLOCK))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _blocked(error: OSError) -> Blocked:
    if error.errno == errno.ENOENT:
        return missing()
    name = errno.errorcode.get(error.errno or 0, "unknown error")
    words = (os.strerror(error.errno) if error.errno else "no reason given").lower()
    return Blocked(Code.UNREADABLE, f"cannot be read: {words} ({name})", "correct permissions or storage")
