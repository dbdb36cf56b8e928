"""What can go wrong, as exceptions that end a run and as diagnostics that a run carries along.

    ReadinessError                 code, message, place, way out; `exit_code` says how the command ends
    ├── UsageError            (2)  the command line asks for something that cannot be
    │   ├── UnknownEnvironment     names the environments that exist
    │   ├── InvalidAssessment      a file given as the JSON of an assessment is none, or damaged
    │   └── NotComparable          two assessments are of different projects or environments
    ├── ConfigurationError    (2)  readiness.yaml breaks its schema or names what is not there
    ├── RulebookError         (2)  a rule or remedy file breaks its schema or names an unknown check
    │   └── InvalidRules           tells everything that is wrong with the rules of a project
    ├── NothingToAssess       (3)  no project, or a project without anything this tool reads
    └── CannotWrite           (2)  an output cannot be written; nothing that was there is touched
        └── NotWritten        (5)  the same, found out after the assessment: the verdict stands, if not on disk

A fault in the *assessed project* is never raised to the command: it becomes a `Diagnostic`, the rest is
read on, and the rules that needed the broken part come out undetermined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

from msgspec.structs import force_setattr

from bbws_readiness.codes import Code
from bbws_readiness.patterns import regex
from bbws_readiness.source import Coded, Location, Refused

MAX_TEXT = 500
"""Characters of a printed fault; what is longer ends in an ellipsis."""
MAX_PROBLEMS = 100
"""Problems of one kind of file that are told."""
MAX_NAME = 80
"""Characters of a word or of a quoted name in it, which may come from the assessed project."""

_NAME = regex(r'"([^"]*)"|[^\s"]+')


class ReadinessError(Exception):
    """The run cannot go on. `str()` gives the whole message on one line: `place: what; way out`."""

    exit_code: ClassVar[int] = 2
    usual_code: ClassVar[Code] = Code.USAGE

    def __init__(self, message: str, *, at: Location | None = None, hint: str = "", code: Code | None = None) -> None:
        self.message = one_line(message)
        self.at = at
        self.hint = one_line(hint)
        self.code = code or self.usual_code
        super().__init__(message)

    def __reduce__(self) -> tuple[object, ...]:
        """As it is, whatever its class takes, because several projects are assessed in several processes."""
        return _remade, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        place = f"{exact_place(self.at)}: " if self.at else ""
        return cut(f"{place}{self.message}" + (f"; {self.hint}" if self.hint else ""))

    @property
    def line(self) -> str:
        """What a command prints behind the word `error`: `E301: place: what; way out`."""
        return f"{self.code}: {self}"


def _remade(kind: type[ReadinessError], arguments: tuple[object, ...], state: dict[str, object]) -> ReadinessError:
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(state)
    return error


class UsageError(ReadinessError):
    """The command line asks for something that cannot be."""


class UnknownEnvironment(UsageError):
    """The environment is named by no tfvars, workflow, plan or configuration."""

    usual_code = Code.ENVIRONMENT


class InvalidAssessment(UsageError):
    """A file given as the JSON of an assessment is something else, damaged, or of another version."""

    usual_code = Code.ASSESSMENT


class NotComparable(UsageError):
    """Two assessments are of different projects or environments."""

    usual_code = Code.NOT_COMPARABLE


class ConfigurationError(ReadinessError):
    """readiness.yaml breaks its schema or names what is not there."""

    usual_code = Code.CONFIGURATION


class RulebookError(ReadinessError):
    """A rule or remedy file breaks its schema or names an unknown check."""

    usual_code = Code.RULE


class InvalidRules(RulebookError):
    """What is wrong with the rules that a project brings. The first problem is the headline; `problems` are all."""

    def __init__(self, problems: Sequence[RulebookError]) -> None:
        """`problems` must not be empty; they are told in the order of their places."""
        self.problems = tuple(sorted(problems, key=lambda problem: problem.at or Location("", 0)))[:MAX_PROBLEMS]
        first = self.problems[0]
        super().__init__(first.message, at=first.at, hint=first.hint, code=first.code)


class NothingToAssess(ReadinessError):
    """There is no project, or nothing in it that this tool reads."""

    exit_code = 3
    usual_code = Code.NOTHING


class CannotWrite(ReadinessError):
    """An output cannot be written; what was there before is untouched."""

    usual_code = Code.CANNOT_WRITE


class NotWritten(CannotWrite):
    """The assessment is made and an output of it is not what this run would write: the old file, or none."""

    exit_code = 5


class DiagnosticSeverity(StrEnum):
    """An error makes what depends on the broken part undetermined; a warning changes nothing."""

    ERROR = "error"
    WARNING = "warning"


class Diagnostic(Coded, frozen=True):
    """One fault of an input: what is wrong, where, and what to do about it."""

    severity: DiagnosticSeverity
    summary: str
    """What is wrong in one line, in our own words, never a library's."""
    at: Location
    detail: str = ""
    """The way out, or a near name; may be empty."""

    def __post_init__(self) -> None:
        """Whoever shows a fault, it is short and has no line ends."""
        force_setattr(self, "summary", one_line(self.summary))
        force_setattr(self, "detail", one_line(self.detail))

    @classmethod
    def of_refusal(cls, refused: Refused) -> Diagnostic:
        """The error that a file which could not be read stands for."""
        return cls(DiagnosticSeverity.ERROR, refused.summary, refused.at, refused.detail, code=refused.code)

    def __str__(self) -> str:
        """`path:line:column: error E108: what; way out`."""
        return cut(f"{exact_place(self.at)}: {self.severity} {self.code}: {self._told}")

    @property
    def line(self) -> str:
        """What a command prints behind the word `error`: `E108: place: what; way out`."""
        return cut(f"{self.code}: {exact_place(self.at)}: {self._told}")

    @property
    def _told(self) -> str:
        return self.summary + (f"; {self.detail}" if self.detail else "")


def exact_place(at: Location) -> str:
    """`path:line:column`, or the path alone when a file as a whole is meant."""
    return f"{at}:{at.column}" if at.line else str(at)


def one_line(text: str) -> str:
    """`text` with every run of white space as one space and long names shortened, cut to `MAX_TEXT` characters."""
    return cut(_NAME.sub(_short_name, " ".join(text.split())))


def cut(text: str) -> str:
    """`text` cut to `MAX_TEXT` characters."""
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def _short_name(match: re.Match[str]) -> str:
    name = match[0] if match[1] is None else match[1]
    if len(name) <= MAX_NAME:
        return match[0]
    return f"{name[: MAX_NAME - 1]}…" if match[1] is None else f'"{name[: MAX_NAME - 1]}…"'


def near_name(wrong: str, known: Sequence[str]) -> str | None:
    """The known name that is spelt most like `wrong`, or None when none is close enough to suggest."""
    from difflib import get_close_matches

    matches = get_close_matches(wrong, known, n=1, cutoff=0.6)
    return matches[0] if matches else None
