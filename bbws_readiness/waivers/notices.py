"""Tells the waivers that settle nothing as diagnostics, and those that the base does not have as changes of policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath

from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.config import Config, PolicyChange, PolicySource, policy_source
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.source import Location, Source
from bbws_readiness.waivers.read import Written, same_in
from bbws_readiness.waivers.waiver import NOT_OF_BASE, State, Waiver, Waivers

_CODES = {
    State.UNUSED: Code.WAIVER_UNUSED,
    State.EXPIRED: Code.WAIVER_EXPIRED,
    State.MALFORMED: Code.WAIVER,
    State.REFUSED: Code.WAIVER_REFUSED,
}


def notices(waivers: Waivers) -> Iterator[Diagnostic]:
    """A warning per waiver that settles nothing, and one for those that were not looked at."""
    for waiver in waivers.listed:
        if code := _CODES.get(waiver.state):
            summary, _, detail = waiver.note.partition("; ")
            told = f"a waiver of {waiver.rule} has no effect: {summary}" if waiver.rule else f"a waiver: {summary}"
            yield Diagnostic(DiagnosticSeverity.WARNING, told, waiver.at, detail, code=code)
    if waivers.more:
        summary = f"more than {len(waivers.listed)} waivers; {waivers.more} more have no effect"
        hint = "mend what they cover, or switch the rule off in readiness.yaml"
        yield Diagnostic(DiagnosticSeverity.WARNING, summary, Location(".", 0), hint, code=Code.WAIVER)


def held_by_base(project: Path, config: Config) -> Callable[[Written], bool]:
    """Says whether the base of `config` has a waiver too: the same text, in the same file, at the same thing.

    Without a base every waiver stands, and so does one in a file outside the checkout, which no change of it touches.
    What is returned raises `BaseUnavailable` for a base that cannot be read.
    """
    if config.policy is None:
        return lambda written: True
    commit = config.policy.commit
    opened: list[PolicySource] = []

    def stands(written: Written) -> bool:
        # Most projects have no waiver: git is asked when there is one.
        if not opened:
            opened.append(policy_source(project, commit))
        source = opened[0]
        path = normpath(str(PurePosixPath(source.project) / written.at.path))
        if path.startswith("../"):
            return True
        read = source.base.read(path)
        return isinstance(read, Source) and same_in(written, read)

    return stands


def with_changes(config: Config, waivers: Waivers) -> Config:
    """The configuration with the waivers among its policy's changes that the base does not have."""
    new = tuple(_change(waiver) for waiver in waivers.of(State.REFUSED) if waiver.note.startswith(NOT_OF_BASE))
    if config.policy is None or not new:
        return config
    return replace(config, policy=replace(config.policy, changes=(*config.policy.changes, *new)))


def _change(waiver: Waiver) -> PolicyChange:
    return PolicyChange(f"ignore[{waiver.rule}]", "added", waiver.at)
