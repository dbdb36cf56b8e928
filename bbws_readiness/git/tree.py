"""Reads text files out of one commit, as the confined reader reads them out of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.fact import Unknown
from bbws_readiness.git.command import Git
from bbws_readiness.git.revision import WAY_OUT, BaseUnavailable, Revision
from bbws_readiness.reader import LIMITS, decode
from bbws_readiness.source import NEVER_ENTERED, Location, Refused, Source

_FOLDER, _LINK, _SUBMODULE = "040000", "120000", "160000"


class _Entry(Struct, frozen=True):
    mode: str
    object: str
    """Its hash."""


class TreeReader:
    """Reads text files of a commit, each at most once; nothing of the working folder is looked at.

    Paths are relative to the top of the checkout. Links, submodules and files above the limit are refused with a
    reason. Raises `BaseUnavailable` for an object that is not in the checkout: its silence would be a lax policy.
    """

    def __init__(self, git: Git, revision: Revision, *, max_bytes: int = LIMITS.file_bytes) -> None:
        self._git = git
        self._max_bytes = max_bytes
        self._commit = revision.commit
        self._folders: dict[str, dict[str, _Entry]] = {}
        self._read: dict[str, Source | Refused] = {}

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every file read so far, ordered by path."""
        return tuple(read for _, read in sorted(self._read.items()) if isinstance(read, Source))

    def read(self, path: str) -> Source | Refused:
        """The file at `path`, or why it was not read."""
        key = str(PurePosixPath(path))
        if key not in self._read:
            self._read[key] = self._read_once(key)
        return self._read[key]

    def holds(self, path: str) -> bool:
        """Whether the commit has anything at `path`, be it a link or a submodule."""
        return self._entry(path) is not None

    def exists(self, path: str) -> bool:
        """Whether a file or folder lies at `path`, not behind a link."""
        entry = self._entry(path)
        return entry is not None and entry.mode not in (_LINK, _SUBMODULE)

    def is_directory(self, path: str) -> bool:
        """Whether a folder lies at `path`, not behind a link."""
        entry = self._entry(path)
        return entry is not None and entry.mode == _FOLDER

    def listdir(self, path: str) -> tuple[str, ...]:
        """The names in the folder `path`, ordered, links and submodules left out; empty when there is none."""
        if not self.is_directory(path):
            return ()
        entry = self._entry(path)
        assert entry is not None  # noqa: S101 - it is a folder
        found = self._listed(entry.object)
        return tuple(sorted(name for name, one in found.items() if one.mode not in (_LINK, _SUBMODULE)))

    def _read_once(self, path: str) -> Source | Refused:
        at = Location(path, 0)
        entry = self._entry(path)
        if entry is None:
            return Refused("no such file", at, code=Code.MISSING)
        if entry.mode == _LINK:
            return Refused("a symbolic link is not followed", at, code=Code.LINK)
        if entry.mode in (_FOLDER, _SUBMODULE):
            return Refused("not a regular file", at, code=Code.NOT_REGULAR)
        size = self._asked("cat-file", "-s", entry.object).strip()
        if int(size) > self._max_bytes:
            return Refused(f"larger than {self._max_bytes} bytes", at, "split it", code=Code.TOO_LARGE)
        return decode(path, self._asked("cat-file", "blob", entry.object))

    def _entry(self, path: str) -> _Entry | None:
        """What lies at `path`; nothing lies behind a link, above the top or in a folder that is never entered."""
        parts = PurePosixPath(path).parts
        if path.startswith("/") or ".." in parts or any(part.casefold() in NEVER_ENTERED for part in parts):
            return None
        entry = _Entry(_FOLDER, self._commit)
        for part in parts:
            found = self._listed(entry.object).get(part) if entry.mode == _FOLDER else None
            if found is None:
                return None
            entry = found
        return entry

    def _listed(self, tree: str) -> dict[str, _Entry]:
        if tree not in self._folders:
            lines = self._asked("ls-tree", "-z", "--full-tree", "--end-of-options", tree).decode("utf-8", "replace")
            self._folders[tree] = dict(_entries(lines))
        return self._folders[tree]

    def _asked(self, *arguments: str) -> bytes:
        answer = self._git.ask_bytes(*arguments)
        if isinstance(answer, Unknown):
            raise BaseUnavailable(f"the base revision cannot be read as a whole: {answer.reason}", hint=WAY_OUT)
        return answer


def _entries(listing: str) -> Iterator[tuple[str, _Entry]]:
    for line in listing.split("\0"):
        about, tab, name = line.partition("\t")
        if tab:
            mode, _, digest = about.split(" ")
            yield name, _Entry(mode, digest)
