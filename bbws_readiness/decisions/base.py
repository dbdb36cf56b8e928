"""Finds the decision log of the checkout, and that of the base whose policy holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from posixpath import normpath

from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.config import Config, policy_source
from bbws_readiness.config.policy import DECISION_LOG
from bbws_readiness.decisions.entry import Entry
from bbws_readiness.decisions.read import Log, read_log
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Unknown
from bbws_readiness.reader import Limits, Reader

LIMITS = Limits(file_bytes=8 * 1024 * 1024, total_bytes=8 * 1024 * 1024)
"""A log only grows, so it may be larger than other files."""


def log_path(config: Config) -> str:
    """Where the log of a project lies, relative to its folder."""
    return normpath(config.decisions or DECISION_LOG)


def log_of(project: Path, config: Config) -> Log:
    """The log of the folder `project`, read as every file of it is: no link, no other kind of file, within limits.

    One that the configuration names and that is not there is a fault; the usual one need not be there.
    """
    path = log_path(config)
    log = read_log(path, Reader(project, limits=LIMITS).read(path))
    at = config.at("decisions")
    if at is None or log.source or log.error:
        return log
    summary = f'the decision log "{path}" does not exist'
    hint = "correct the path, or let `readiness decide` begin it"
    fault = Diagnostic(DiagnosticSeverity.WARNING, summary, at, hint, code=Code.CONFIGURED_SOURCE)
    return replace(log, faults=(fault,))


def held_by_base(project: Path, config: Config) -> Callable[[Entry], bool]:
    """Says whether the log of the base of `config` has an entry too, word by word.

    Without a base every entry stands. What is returned raises `BaseUnavailable` for a base that cannot be read; of a
    log that cannot be read nothing stands.
    """
    if config.policy is None:
        return lambda entry: True
    commit = config.policy.commit
    contents: list[frozenset[str]] = []

    def stands(entry: Entry) -> bool:
        # Most projects have no log: git is asked when there is one.
        if not contents:
            contents.append(_contents(project, commit, log_path(config)))
        return entry.content in contents[0]

    return stands


def _contents(project: Path, commit: str, path: str) -> frozenset[str]:
    from bbws_readiness.git.command import open_git
    from bbws_readiness.git.revision import WAY_OUT, BaseUnavailable
    from bbws_readiness.git.tree import TreeReader

    source = policy_source(project, commit)
    git = open_git(source.top)
    if isinstance(git, Unknown):
        raise BaseUnavailable(f"base revision not available: {git.reason}", hint=WAY_OUT)
    tree = TreeReader(git, source.revision, max_bytes=LIMITS.file_bytes)
    log = read_log(path, tree.read(normpath(str(PurePosixPath(source.project) / path))))
    return frozenset(entry.content for entry in log.entries if not entry.fault)
