"""Turns the name of a revision, as it stands on the command line, into one commit."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.errors import ReadinessError, UsageError
from bbws_readiness.fact import Unknown
from bbws_readiness.git.command import Git
from bbws_readiness.patterns import regex

_NAME = regex(r"[A-Za-z0-9_][A-Za-z0-9._+-]*(?:/[A-Za-z0-9_][A-Za-z0-9._+-]*)*")
_COMMIT = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
MAX_NAME = 200
"""A longer name is refused."""

WAY_OUT = "fetch it (fetch-depth: 0)"


class BaseUnavailable(ReadinessError):
    """The revision of the base is not in this checkout, so no policy holds and nothing was assessed."""

    exit_code = 4
    usual_code = Code.NO_BASE


class Revision(Struct, frozen=True):
    """A commit and the name under which it was asked for."""

    name: str
    commit: str
    """All 40 (or 64) hexadecimal digits."""

    @property
    def short(self) -> str:
        """The first twelve digits, as documents print it."""
        return self.commit[:12]


def checked_name(name: str, option: str = "--base") -> str:
    """`name` when it is a full hash, or a branch or tag of plain letters; raises `UsageError` for all else.

    `option` is where it was given. Options, ranges, paths in a revision, reflog entries, spaces and invisible
    characters never reach git.
    """
    plain = len(name) <= MAX_NAME and _NAME.fullmatch(name) and ".." not in name
    if not plain or name.endswith(".") or any(part.endswith(".lock") for part in name.split("/")):
        raise UsageError(
            f'{option} "{_shown(name)}" is no name of a revision',
            hint="name a branch or tag (letters, digits and . _ + - /) or a full hash",
            code=Code.REVISION,
        )
    return name


def resolve(git: Git, name: str) -> Revision:
    """The commit that `name` means in this checkout; raises `UsageError` or `BaseUnavailable`."""
    answer = git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{checked_name(name)}^{{commit}}")
    commit = "" if isinstance(answer, Unknown) else answer.strip()
    if not _COMMIT.fullmatch(commit):
        raise BaseUnavailable("base revision not available", hint=WAY_OUT)
    return Revision(name, commit)


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:80]
