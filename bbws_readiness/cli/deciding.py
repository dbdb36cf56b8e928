"""Holds a decision against the sources before it is recorded, and appends it to the log so that no other is lost."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.output import inert, progress, say
from bbws_readiness.codes import Code
from bbws_readiness.decisions.append import CannotAppend, Proposal, continued
from bbws_readiness.decisions.base import log_of
from bbws_readiness.decisions.claims import Examined, NotAClaim, contradictions, examine
from bbws_readiness.decisions.entry import Entry
from bbws_readiness.decisions.read import Log
from bbws_readiness.errors import CannotWrite, UsageError
from bbws_readiness.process.environment import scrub
from bbws_readiness.process.limits import waiting
from bbws_readiness.source import Location

if TYPE_CHECKING:
    from bbws_readiness.config import Config
    from bbws_readiness.decisions.choice import Choice
    from bbws_readiness.engine.finding import Finding
    from bbws_readiness.model.model import Model

MAX_QUOTED = 8
"""Lines of sources that are quoted against one claim."""
PATIENCE_SECONDS = 10.0
"""How long to wait for another run that is appending."""
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}
"""What a file system answers that has no locks; the comparison before the replacement is then all there is."""


class Way(Enum):
    """What is done with an entry once it is shown."""

    SHOW = "show"
    ASK = "ask"
    WRITE = "write"


class Contradicted(UsageError):
    """Sources contradict a decision; `problems` are all their lines, the first of them is the headline."""

    def __init__(self, problems: Sequence[UsageError]) -> None:
        """`problems` must not be empty."""
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.message, at=first.at, hint=first.hint, code=first.code)


def examined(claims: Sequence[str], model: Model, config: Config) -> tuple[Examined, ...]:
    """The evidence as it is recorded; raises `UsageError` for a text that is no claim."""
    found = []
    for claim in dict.fromkeys(claims):
        try:
            found.append(examine(claim, model=model, config=config))
        except NotAClaim as fault:
            summary = f'--evidence "{claim}": {fault.summary}'
            raise UsageError(summary, hint=fault.hint, code=Code.OPTION_VALUE) from None
    return tuple(found)


def require_evidence(choice: Choice, claims: Sequence[str]) -> None:
    """Raises `UsageError` for the drift of a document that is decided on nothing which can change."""
    if choice.drifts and not claims:
        summary = f"{choice.drifts[0]} is decided on evidence, which alone can make it void"
        hint = 'add --evidence with a claim, such as "terraform and schemas agree on indexes"'
        raise UsageError(summary, hint=hint, code=Code.OPTION_VALUE)


def require_uncontradicted(
    reason: str, about: Sequence[Finding], evidence: Sequence[Examined], model: Model, config: Config
) -> None:
    """Raises `Contradicted` with the lines of all sources that object to the reason or to a claim."""
    problems: list[UsageError] = []
    for one in contradictions(reason, about=about, model=model, config=config):
        problems += _objections(f"the reason is contradicted: {one.text}", one.at, model)
    for claim in evidence:
        if claim.holds is None:
            summary = f'the files cannot tell whether "{claim.claim}": {claim.said}'
            place = claim.at[0] if claim.at else None
            hint = "leave it out, or claim what they do tell"
            problems.append(UsageError(summary, at=place, hint=hint, code=Code.DECISION_REFUSED))
        elif not claim.holds:
            problems += _objections(f'the evidence "{claim.claim}" is contradicted: {claim.said}', claim.at, model)
    if problems:
        raise Contradicted(problems)


def record(path: Path, config: Config, proposal: Proposal, way: Way) -> None:
    """Shows the entry and where it goes, and appends it unless it is only to be shown or the person declines.

    The log is read again under a lock before it is replaced: what another run has appended meanwhile is kept, and an
    entry on the same findings is not made twice. Raises `UsageError`, or `CannotWrite`.
    """
    log = log_of(path, config)
    text, entry = _continued(log, proposal)
    say(_shown(path / log.path, log, text))
    if way is Way.SHOW:
        return
    if way is Way.ASK and not _agreed():
        progress("nothing is written")
        return
    with _locked(path):
        again = log_of(path, config)
        if _text(again) != _text(log):
            _require_undecided(log, again, proposal)
            text, entry = _continued(again, proposal)
        _write(path, log.path, text)
    progress(f"decision {entry.id} is appended to {(path / log.path).as_posix()}")


def _agreed() -> bool:
    with waiting():
        return click.confirm("Append this decision?", default=False)


def _objections(text: str, places: Sequence[Location], model: Model) -> Iterator[UsageError]:
    """One problem per line that objects; the first of them says what it objects to."""
    if not places:
        yield UsageError(text, code=Code.DECISION_REFUSED)
    for number, at in enumerate(places[:MAX_QUOTED]):
        told = "so does this line" if number else text
        yield UsageError(told, at=at, hint=_line(at, model), code=Code.DECISION_REFUSED)


def _line(at: Location, model: Model) -> str:
    source = model.sources.get(at.path)
    if source is None or not 0 < at.line <= len(source.lines):
        return ""
    return f"it reads: {source.lines[at.line - 1].strip()}"


def _continued(log: Log, proposal: Proposal) -> tuple[str, Entry]:
    try:
        return continued(log, proposal)
    except CannotAppend as fault:
        at = log.error.at if log.error else Location(log.path, 0)
        hint = log.error.detail if log.error else "docs/decision-log.md shows the form; nothing was written"
        raise UsageError(str(fault), at=at, hint=hint, code=Code.DECISION_LOG) from None


def _text(log: Log) -> str | None:
    return log.source.text if log.source else None


def _shown(place: Path, log: Log, text: str) -> str:
    old = _text(log) or ""
    added = text.removeprefix("\ufeff").removeprefix(old).strip("\r\n")
    return inert(f"# {'appended to' if log.source else 'new:'} {place.as_posix()}\n{added}\n")


def _require_undecided(log: Log, again: Log, proposal: Proposal) -> None:
    """What was appended since must not settle the same."""
    known = {entry.id for entry in log.entries}
    for entry in again.entries:
        same = any(one.is_about(finding) for one in entry.findings for finding in proposal.findings)
        if entry.id not in known and not entry.fault and same and proposal.environment in entry.environments:
            summary = f"decision {entry.id} was appended meanwhile and is about the same"
            raise UsageError(summary, at=entry.at, hint="look at it first", code=Code.NO_FINDING)


def _write(path: Path, relative: str, text: str) -> None:
    from bbws_readiness.render.write import write_text

    if scrub(text) != text:
        summary = "the log would hold the value of a credential of this environment"
        raise UsageError(summary, hint="leave it out, or unset it", code=Code.CANNOT_WRITE)
    write_text(path / relative, text, project=path)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keeps other runs from appending to a log of this project meanwhile; the lock ends with the process."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise CannotWrite("the project cannot be opened", hint=(error.strerror or "").lower()) from None
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > ends:
                raise CannotWrite("another run is appending to the log", hint="run it again") from None
            time.sleep(0.05)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            return
        else:
            return
