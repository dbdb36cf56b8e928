"""Reads files and folders below one root, each once, so that a changing tree still gives one answer."""

from __future__ import annotations

import os
import weakref
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from bbws_readiness.codes import Code
from bbws_readiness.reader import names, system
from bbws_readiness.reader.decoding import decode
from bbws_readiness.reader.limits import LIMITS, Limits
from bbws_readiness.reader.system import Blocked
from bbws_readiness.reader.walk import Walk, twins
from bbws_readiness.source import EntryKind, Location, Refused, Source, is_text

Parts = tuple[str, ...]


class Reader:
    """Reads text files below one root and nothing else.

    Paths are relative to the root, with forward slashes. Links, devices, state, keys, other repositories, anything
    outside the root or above a limit are refused with a reason; nothing is raised for what the project contains.
    The first answer about a file or folder holds for the life of the reader.
    """

    def __init__(
        self,
        root: Path,
        *,
        prefix: str = "",
        limits: Limits = LIMITS,
        enters_repositories: bool = False,
        below: str = "",
    ) -> None:
        """Confine to `root`; `prefix` is put before every path shown (for a plan that lies elsewhere).

        With `below` it is the folder of that path in `root`, which is reached through no link.
        """
        self._top, self._below = root, tuple(part for part in below.split("/") if part)
        self.root = root / below if below else root
        self._prefix = prefix
        self._limits = limits
        self._enters_repositories = enters_repositories
        self._handle: int | None = None
        self._read: dict[str, Source | Refused] = {}
        self._listed: dict[Parts, Mapping[str, EntryKind] | Refused] = {}
        self._bytes_left = limits.total_bytes
        self._files_left = limits.files
        self._names_left = limits.names

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every file read so far, ordered by path."""
        return tuple(read for _, read in sorted(self._read.items()) if isinstance(read, Source))

    @property
    def beyond_limits(self) -> tuple[Refused, ...]:
        """Every file that was asked for and not read because all files together are too large or too many, by path."""
        refused = (read for _, read in sorted(self._read.items()) if isinstance(read, Refused))
        return tuple(read for read in refused if read.code in (Code.TOO_MANY_BYTES, Code.TOO_MANY_FILES))

    def read(self, path: str) -> Source | Refused:
        """The file at `path`, or why it was not read."""
        if path in self._read:  # nearly every path comes in its one spelling
            return self._read[path]
        key = names.plain(path)
        if key not in self._read:
            try:
                self._read[key] = self._read_once(key)
            except Blocked as blocked:
                self._read[key] = self._refused(key, blocked)
        return self._read[key]

    def anew(self) -> Reader:
        """One of the same files that has read nothing yet, and has all its limits before it."""
        below = "/".join(self._below)
        return Reader(
            self._top,
            prefix=self._prefix,
            limits=self._limits,
            enters_repositories=self._enters_repositories,
            below=below,
        )

    def forget(self) -> None:
        """Lets go of the files that were read, which may be large; what is asked for again is read again."""
        self._read.clear()

    def fingerprint(self, path: str) -> tuple[int, str] | Refused:
        """Size and SHA-256 of the file at `path` as it is now, text or not; nothing of it is kept."""
        key = names.plain(path)
        try:
            data = self._bytes(key)
        except Blocked as blocked:
            return self._refused(key, blocked)
        return len(data), sha256(data).hexdigest()

    def lies_at(self, path: str) -> EntryKind | Refused:
        """Whether a file or a folder that may be looked at lies at `path`, or why nothing does."""
        read = self._read.get(names.plain(path))
        if isinstance(read, Source):
            return EntryKind.FILE
        try:
            return self._kind(names.parts_of(path, self._limits))
        except Blocked as blocked:
            return self._refused(path, blocked)

    def exists(self, path: str) -> bool:
        """Whether a regular file or a folder that may be looked at lies at `path`."""
        return isinstance(self.lies_at(path), EntryKind)

    def is_directory(self, path: str) -> bool:
        """Whether a folder that may be looked at lies at `path`."""
        return self.lies_at(path) is EntryKind.FOLDER

    def entries(self, path: str) -> Mapping[str, EntryKind] | Refused:
        """Every name in the folder `path` with what it stands for, ordered by name, or why it is not listed."""
        try:
            return self._entries(names.parts_of(path, self._limits))
        except Blocked as blocked:
            return self._refused(path, blocked)

    def listdir(self, path: str) -> tuple[str, ...]:
        """The names in the folder `path`, ordered, links left out; empty when it cannot be listed."""
        listed = self.entries(path)
        if isinstance(listed, Refused):
            return ()
        return tuple(name for name, kind in listed.items() if kind is not EntryKind.LINK)

    def walk(self) -> Walk:
        """Everything below the root, as far as the limits reach; it costs one look at each folder."""
        return _Walker(self, self._limits).run()

    def _read_once(self, path: str) -> Source | Refused:
        return decode(self._prefix + path, self._bytes(path))

    def _bytes(self, path: str) -> bytes:
        parts = names.parts_of(path, self._limits)
        if not parts:
            raise system.not_regular()
        seen = self._listed.get(parts[:-1])
        if isinstance(seen, Mapping):
            self._require_file(seen.get(parts[-1]))
        if not self._files_left:
            raise Blocked(Code.TOO_MANY_FILES, f"more than {self._limits.files} files", "assess a smaller folder")
        try:
            handle = self._folder(parts[:-1])
            try:
                data = system.contents(handle, parts[-1], most=self._limits.file_bytes, left=self._bytes_left)
            finally:
                os.close(handle)
        except Blocked as blocked:
            if isinstance(seen, Mapping) and blocked.code is Code.MISSING:
                raise _vanished() from None
            raise
        self._files_left -= 1
        self._bytes_left -= len(data)
        return data

    @staticmethod
    def _require_file(kind: EntryKind | None) -> None:
        """Raises `Blocked` unless a listing that was made before has a file there."""
        if kind is None:
            raise system.missing()
        if kind is EntryKind.LINK:
            raise system.link()
        if kind is not EntryKind.FILE:
            raise system.not_regular()

    def _kind(self, parts: Parts) -> EntryKind:
        if not parts:
            self._entries(())
            return EntryKind.FOLDER
        kind = self._entries(parts[:-1]).get(parts[-1])
        if kind is not EntryKind.FOLDER:
            self._require_file(kind)
        return EntryKind.FOLDER if kind is EntryKind.FOLDER else EntryKind.FILE

    def _entries(self, parts: Parts) -> Mapping[str, EntryKind]:
        """The snapshot of a folder. Raises `Blocked`, the same each time."""
        if parts not in self._listed:
            try:
                self._listed[parts] = self._list(parts)
            except Blocked as blocked:
                self._listed[parts] = self._refused("/".join(parts) or ".", blocked)
        listed = self._listed[parts]
        if isinstance(listed, Refused):
            raise Blocked(listed.code, listed.summary, listed.detail)
        return listed

    def _list(self, parts: Parts) -> Mapping[str, EntryKind]:
        if len(parts) > self._limits.depth:
            raise names.too_deep(self._limits)
        above = self._listed.get(parts[:-1]) if parts else None
        if isinstance(above, Mapping) and above.get(parts[-1]) is EntryKind.LINK:
            raise system.link()
        if isinstance(above, Mapping) and above.get(parts[-1]) is not EntryKind.FOLDER:
            raise system.missing()
        try:
            handle = self._folder(parts)
            try:
                listed = system.entries(handle, self._names_left)
            finally:
                os.close(handle)
        except Blocked as blocked:
            if isinstance(above, Mapping) and blocked.code is Code.MISSING:
                raise _vanished() from None
            raise
        self._names_left -= len(listed)
        return listed

    def _folder(self, parts: Parts) -> int:
        """A descriptor, to be closed, of a folder. Raises `Blocked`."""
        if self._handle is None:
            self._handle = system.open_below(self._top, self._below)
            weakref.finalize(self, os.close, self._handle)
        return system.open_folder(self._handle, parts, enters_repositories=self._enters_repositories)

    def _refused(self, path: str, blocked: Blocked) -> Refused:
        at = Location(self._prefix + names.shown(path), 0)
        return Refused(blocked.summary, at, blocked.detail, code=blocked.code)


class _Walker:
    """One walk, folder by folder; a folder that cannot be looked at is told and passed by."""

    def __init__(self, reader: Reader, limits: Limits) -> None:
        self._reader = reader
        self._limits = limits
        self._files: list[str] = []
        self._folders: list[str] = []
        self._refused: list[Refused] = []
        self._closed: list[Refused] = []
        self._twins: list[tuple[str, ...]] = []
        self._beyond = 0

    def run(self) -> Walk:
        pending = [""]
        while pending:
            folder = pending.pop()
            listed = self._reader.entries(folder)
            if isinstance(listed, Refused):
                self._closed.append(listed)
                continue
            if folder:
                self._folders.append(folder)
            prefix = f"{folder}/" if folder else ""
            paths = {prefix + name: kind for name, kind in listed.items()}
            below = [path for path, kind in paths.items() if self._looked_at(path, kind)]
            self._twins += twins(path for path, kind in paths.items() if kind in (EntryKind.FILE, EntryKind.FOLDER))
            pending.extend(reversed(below))
        if self._beyond:
            more = f"{self._beyond} more {'was' if self._beyond == 1 else 'were'} not looked at"
            summary = f"more than {self._limits.files} files; {more}"
            at = Location(".", 0)
            self._closed.append(Refused(summary, at, "assess a smaller folder", code=Code.TOO_MANY_FILES))
        return Walk(
            tuple(self._files), tuple(self._folders), tuple(self._refused), tuple(self._closed), tuple(self._twins)
        )

    def _looked_at(self, path: str, kind: EntryKind) -> bool:
        """Whether `path` is a folder to enter; files are kept, everything else is told."""
        name = path.rpartition("/")[2]
        if names.is_never_entered(name):
            return False
        if kind is EntryKind.FOLDER:
            return True
        if not is_text(path) or len(path.encode()) > self._limits.path_bytes:
            self._refuse(path)
        elif kind is EntryKind.FILE and len(self._files) < self._limits.files:
            self._files.append(path)
        elif kind is EntryKind.FILE:
            self._beyond += 1
        else:
            self._refuse(path)
        return False

    def _refuse(self, path: str) -> None:
        refused = self._reader.lies_at(path)
        if isinstance(refused, Refused):
            self._refused.append(refused)


def _vanished() -> Blocked:
    return Blocked(Code.CHANGED, "vanished while the project was read", "assess again when nothing writes to it")
