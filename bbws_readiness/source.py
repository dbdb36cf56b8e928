"""Where a statement stands: files of the project, read once and confined, and places in them."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path, PurePosixPath

MAX_FILE_BYTES = 1024 * 1024
"""A text file larger than this is refused before it is read."""

NEVER_ENTERED = frozenset({".git", ".terraform", "node_modules", ".venv", "__pycache__"})
NEVER_READ_SUFFIXES = (".tfstate", ".tfstate.backup", ".tfplan", ".pem", ".key", ".p12", ".pfx")
NEVER_READ_NAMES = frozenset({"id_rsa", "id_ed25519", "id_ecdsa", "credentials", ".netrc"})


class SourceKind(StrEnum):
    """Who makes a statement. The values are the words of configuration and JSON."""

    PLAN = "plan"
    TERRAFORM = "terraform"
    TFVARS = "tfvars"
    SCHEMAS = "schemas"
    WORKFLOWS = "workflows"
    SCRIPT = "script"
    README = "readme"
    PLAN_JSON = "plan-json"
    """What `terraform show -json` printed of a saved plan."""
    GIT = "git"
    CONFIGURATION = "configuration"

    def __str__(self) -> str:
        """As sentences write it."""
        return "README" if self is SourceKind.README else self.value

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)

    @property
    def plural(self) -> bool:
        """Whether its word is a plural: the plan says, the schemas say."""
        return self in (SourceKind.TFVARS, SourceKind.SCHEMAS, SourceKind.WORKFLOWS)

    @property
    def says(self) -> str:
        """The word with its verb: `plan says`, `schemas say`."""
        return f"{self} {'say' if self.plural else 'says'}"


CODE = frozenset({SourceKind.TERRAFORM, SourceKind.TFVARS, SourceKind.WORKFLOWS})
"""The sources that decide what will be deployed; every other one is a document about it."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in an input: path relative to the project root with forward slashes, line and column from 1.

    Line 0 means the file as a whole (an empty file, a missing one, a directory).
    """

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True)
class Source:
    """One input file as it was when it was first read."""

    path: str
    """Relative to the project root; starts with `../` only for a file the user named outside it."""
    text: str = field(repr=False)
    """Decoded, without a byte order mark, line ends as in the file."""
    size: int
    """Bytes on disk."""
    sha256: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends; `lines[n - 1]` is the line that `path:n` names."""
        return tuple(line.removesuffix("\r") for line in self.text.split("\n"))

    @property
    def line_count(self) -> int:
        """Newline characters, as `wc -l` counts."""
        return self.text.count("\n")

    def at(self, line: int, column: int = 1) -> Location:
        """The place `line:column` of this file."""
        return Location(self.path, line, column)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was asked for and not read, with the reason and the way out (which may be empty)."""

    summary: str
    at: Location
    detail: str = ""


class Reader:
    """Reads text files below one root, each at most once, and nothing else.

    Paths are relative to the root. Links, devices, directories, state, keys, anything outside the root or
    above the limit are refused with a reason; nothing is raised for what the project contains.
    """

    def __init__(self, root: Path, *, prefix: str = "", max_bytes: int = MAX_FILE_BYTES) -> None:
        """Confine to `root`; `prefix` is put before every path shown (for a plan that lies elsewhere)."""
        self.root = root
        self._max_bytes = max_bytes
        self._prefix = prefix
        self._read: dict[str, Source | Refused] = {}
        self._links: set[str] = set()

    @property
    def links(self) -> tuple[str, ...]:
        """Every symbolic link that a walk passed by, ordered: what it stands for is not known."""
        return tuple(sorted(self._links))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every file read so far, ordered by path."""
        return tuple(read for _, read in sorted(self._read.items()) if isinstance(read, Source))

    def read(self, path: str) -> Source | Refused:
        """The file at `path`, or why it was not read. The first answer is kept for the whole run."""
        key = str(PurePosixPath(path))
        if key not in self._read:
            self._read[key] = self._read_once(key)
        return self._read[key]

    def exists(self, path: str) -> bool:
        """Whether a regular file or directory lies at `path`, inside the root and not behind a link."""
        try:
            mode = os.lstat(self.root / path).st_mode
        except (OSError, ValueError):
            return False
        return self._escape(path) is None and (stat.S_ISREG(mode) or stat.S_ISDIR(mode))

    def is_directory(self, path: str) -> bool:
        """Whether a directory lies at `path`, inside the root and not behind a link."""
        return self.exists(path) and (self.root / path).is_dir()

    def listdir(self, path: str) -> tuple[str, ...]:
        """The names in the directory `path`, ordered, links left out; empty when it cannot be listed."""
        if not self.is_directory(path):
            return ()
        try:
            entries = sorted(os.scandir(self.root / path), key=lambda entry: entry.name)
        except OSError:
            return ()
        return tuple(entry.name for entry in entries if not entry.is_symlink())

    def walk(self, *, max_files: int = 2000, max_depth: int = 32) -> Iterator[str]:
        """Paths of all regular files below the root, ordered; links and `NEVER_ENTERED` are left out."""
        found = 0
        pending = [""]
        while pending:
            directory = pending.pop()
            if directory.count("/") >= max_depth:
                continue
            try:
                entries = sorted(os.scandir(self.root / directory), key=lambda entry: entry.name)
            except OSError:
                continue
            below = []
            for entry in entries:
                path = f"{directory}/{entry.name}" if directory else entry.name
                if entry.is_symlink() and entry.name not in NEVER_ENTERED:
                    self._links.add(path)
                elif entry.is_dir(follow_symlinks=False):
                    if entry.name not in NEVER_ENTERED:
                        below.append(path)
                elif entry.is_file(follow_symlinks=False):
                    found += 1
                    if found > max_files:
                        return
                    yield path
            pending.extend(reversed(below))

    def _read_once(self, path: str) -> Source | Refused:
        shown = self._prefix + path
        if reason := self._escape(path):
            return _refused(shown, reason)
        name = PurePosixPath(path).name.casefold()
        if name in NEVER_READ_NAMES or name.endswith(NEVER_READ_SUFFIXES) or name.startswith(".env"):
            return _refused(shown, "this kind of file is never read: it may hold state or secrets")
        try:
            handle = os.open(self.root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            return _refused(shown, _reason(error))
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return _refused(shown, "not a regular file")
            if status.st_size > self._max_bytes:
                return _refused(
                    shown, f"larger than {self._max_bytes} bytes", "split it, or leave it out of the project"
                )
            try:
                data = file.read(self._max_bytes + 1)
            except OSError as error:
                return _refused(shown, _reason(error))
        if len(data) > self._max_bytes:
            return _refused(shown, f"grew past {self._max_bytes} bytes while it was read")
        return _decode(shown, data)

    def _escape(self, path: str) -> str | None:
        """Why `path` may not be touched, or None: absolute, above the root, through a link, or never entered."""
        pure = PurePosixPath(path)
        if "\0" in path or pure.is_absolute() or ".." in pure.parts or len(path.encode("utf-8", "replace")) > 1024:
            return "the path leaves the project"
        if any(part.casefold() in NEVER_ENTERED for part in pure.parts):
            return "this folder is never entered"
        current = self.root
        for part in pure.parts:
            current = current / part
            try:
                if stat.S_ISLNK(os.lstat(current).st_mode):
                    return "a symbolic link is not followed"
            except OSError:
                return None
        return None


def _decode(shown: str, data: bytes) -> Source | Refused:
    body = data.removeprefix(b"\xef\xbb\xbf")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _refused(shown, "not UTF-8 (looks like UTF-16)", "save it as UTF-8", line=1)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        column = error.start - body.rfind(b"\n", 0, error.start)
        byte = body[error.start]
        return _refused(shown, f"not UTF-8 (byte 0x{byte:02x})", "save it as UTF-8", line=line, column=column)
    if "\0" in text:
        return _refused(shown, "the file contains a NUL byte", line=text.count("\n", 0, text.index("\0")) + 1)
    return Source(shown, text, len(data), hashlib.sha256(data).hexdigest())


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    return (error.strerror or "cannot be read").lower()


def _refused(path: str, summary: str, detail: str = "", *, line: int = 0, column: int = 1) -> Refused:
    return Refused(summary, Location(path, line, column), detail)
