"""What can go wrong, as exceptions that end a run and as diagnostics that a run carries along.

    ReadinessError                 message, place, way out; `exit_code` says how the command ends
    ├── UsageError            (2)  the command line asks for something that cannot be
    │   └── UnknownEnvironment     names the environments that exist
    ├── ConfigurationError    (2)  readiness.yaml breaks its schema or names what is not there
    ├── RulebookError         (2)  a rule or remedy file breaks its schema or names an unknown check
    ├── NothingToAssess       (3)  no project, or a project without anything this tool reads
    └── CannotWrite           (2)  an output cannot be written; nothing that was there is touched

A fault in the *assessed project* is never raised to the command: it becomes a `Diagnostic`, the rest is
read on, and the rules that needed the broken part come out undetermined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import ClassVar

from bbws_readiness.source import Location, Refused


class ReadinessError(Exception):
    """The run cannot go on. `str()` gives the whole message on one line: `place: what; way out`."""

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, at: Location | None = None, hint: str = "") -> None:
        self.message = message
        self.at = at
        self.hint = hint
        super().__init__(message)

    def __str__(self) -> str:
        place = f"{self.at}: " if self.at else ""
        return f"{place}{self.message}" + (f"; {self.hint}" if self.hint else "")


class UsageError(ReadinessError):
    """The command line asks for something that cannot be."""


class UnknownEnvironment(UsageError):
    """The environment is named by no tfvars, workflow, plan or configuration."""


class ConfigurationError(ReadinessError):
    """readiness.yaml breaks its schema or names what is not there."""


class RulebookError(ReadinessError):
    """A rule or remedy file breaks its schema or names an unknown check."""


class NothingToAssess(ReadinessError):
    """There is no project, or nothing in it that this tool reads."""

    exit_code = 3


class CannotWrite(ReadinessError):
    """An output cannot be written; what was there before is untouched."""


class DiagnosticSeverity(StrEnum):
    """An error makes what depends on the broken part undetermined; a warning changes nothing."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault of an input: what is wrong, where, and what to do about it."""

    severity: DiagnosticSeverity
    summary: str
    """What is wrong in one line, in our own words, never a library's."""
    at: Location
    detail: str = ""
    """The way out, or a near name; may be empty."""

    @classmethod
    def of_refusal(cls, refused: Refused) -> Diagnostic:
        """The error that a file which could not be read stands for."""
        return cls(DiagnosticSeverity.ERROR, refused.summary, refused.at, refused.detail)

    def __str__(self) -> str:
        return f"{self.at}: {self.severity}: {self.summary}" + (f"; {self.detail}" if self.detail else "")


def near_name(wrong: str, known: Sequence[str]) -> str | None:
    """The known name that is spelt most like `wrong`, or None when none is close enough to suggest."""
    matches = get_close_matches(wrong, known, n=1, cutoff=0.6)
    return matches[0] if matches else None
