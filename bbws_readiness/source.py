"""Where a statement stands: files of the project as they were read, and places in them."""

from __future__ import annotations

from enum import Enum, StrEnum
from functools import cached_property

from msgspec import Struct

from bbws_readiness.codes import Code

NEVER_ENTERED = frozenset({".git", ".terraform", "node_modules", ".venv", "__pycache__"})
"""Folders that stand in every checkout and are no input; nothing in them is ever looked at."""


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
    PORTFOLIO = "portfolio"
    """Documents about several projects."""
    GIT = "git"
    FILES = "files"
    """Which files there are: nobody has to be declared right about that."""
    POLICIES = "policies"
    """Who may do what: policies of IAM that lie in the repository."""
    EARLIER = "earlier-assessment"
    """What an assessment said before."""
    CONFIGURATION = "configuration"

    def __str__(self) -> str:
        """As sentences write it."""
        return "README" if self is SourceKind.README else self._value_

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)

    @property
    def plural(self) -> bool:
        """Whether its word is a plural: the plan says, the schemas say."""
        return self in (SourceKind.TFVARS, SourceKind.SCHEMAS, SourceKind.WORKFLOWS, SourceKind.FILES)

    @property
    def says(self) -> str:
        """The word with its verb: `plan says`, `schemas say`."""
        return f"{self} {'say' if self.plural else 'says'}"


CODE = frozenset({SourceKind.TERRAFORM, SourceKind.TFVARS, SourceKind.WORKFLOWS})
"""The sources that decide what will be deployed; every other one is a document about it."""


class Location(Struct, frozen=True, order=True, gc=False):
    """A place in an input: path relative to the project root with forward slashes, line and column from 1.

    Line 0 means the file as a whole (an empty file, a missing one, a directory).
    """

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class EntryKind(Enum):
    """What a name in a folder stands for."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"
    """A pipe, a socket or a device."""


class Source(Struct, frozen=True, dict=True):
    """One input file as it was when it was first read."""

    path: str
    """Relative to the project root; starts with `../` only for a file the user named outside it."""
    text: str
    """Decoded, without a byte order mark, line ends as in the file."""
    size: int
    """Bytes on disk."""
    sha256: str

    def __repr__(self) -> str:
        """Without the text, which may hold a secret."""
        return f"Source({self.path!r}, {self.size} bytes)"

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends; `lines[n - 1]` is the line that `path:n` names."""
        lines = self.text.split("\n")
        return tuple([line.removesuffix("\r") for line in lines] if "\r" in self.text else lines)

    @property
    def line_count(self) -> int:
        """Newline characters, as `wc -l` counts."""
        return self.text.count("\n")

    def at(self, line: int, column: int = 1) -> Location:
        """The place `line:column` of this file."""
        return Location(self.path, line, column)


class Coded(Struct, frozen=True, kw_only=True):
    """Something that a user may look up by its code."""

    code: Code


class Refused(Coded, frozen=True):
    """A file that was asked for and not read, with the reason and the way out (which may be empty)."""

    summary: str
    at: Location
    detail: str = ""


def is_text(name: str) -> bool:
    """Whether a name that the system gave is UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
