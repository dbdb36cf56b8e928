"""Where the rules of the game come from: the files of the checkout, or those of a base that a change cannot touch."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.fact import Unknown
from bbws_readiness.reader import LIMITS, Reader
from bbws_readiness.source import Location, Refused, Source

if TYPE_CHECKING:
    from bbws_readiness.git.revision import Revision
    from bbws_readiness.git.tree import TreeReader

RULES_FOLDER = "readiness"
"""Holds rules of the organisation, in the project or at the top of its checkout."""
DECISION_LOG = "readiness-decisions.yaml"
"""The usual name of the decision log, in the project folder."""


class PolicyFiles(Protocol):
    """What policy is read from: the confined reader of a folder, or the tree of a commit."""

    def read(self, path: str) -> Source | Refused:
        """The file at `path`, or why it was not read."""

    def exists(self, path: str) -> bool:
        """Whether a file or folder lies at `path`, not behind a link."""

    def is_directory(self, path: str) -> bool:
        """Whether a folder lies at `path`, not behind a link."""

    def listdir(self, path: str) -> tuple[str, ...]:
        """The names in a folder, ordered; empty when there is none."""


class PolicyChange(Struct, frozen=True):
    """One difference in policy between the base and the checkout; it is shown and never applied."""

    key: str
    """Dotted path of a key of the configuration; empty for another policy file as a whole."""
    change: str
    """`added`, `removed`, `changed` or `unreadable`."""
    at: Location
    """In the checkout: the key, what is left of its parents, or the file."""

    @property
    def name(self) -> str:
        """What a sentence calls it: the key, or the file."""
        return self.key or self.at.path


class Policy(Struct, frozen=True):
    """The base whose policy holds, and what the checkout would have changed."""

    ref: str
    """As named on the command line."""
    commit: str
    """All hexadecimal digits."""
    files: tuple[str, ...] = ()
    """The policy files that were read from the commit, relative to the project, ordered."""
    changes: tuple[PolicyChange, ...] = ()
    """Ordered by key, then by place."""

    @property
    def short(self) -> str:
        """The first twelve digits of the commit."""
        return self.commit[:12]


class PolicySource(Struct, frozen=True):
    """The policy files of a base beside those of the checkout. Paths are relative to the top of the checkout."""

    top: Path
    project: str
    """The project folder; `.` is the top itself."""
    base: TreeReader
    head: Reader
    revision: Revision


def policy_source(
    project: Path, base: str, *, option: str = "--base", max_bytes: int = LIMITS.file_bytes
) -> PolicySource:
    """The policy of the revision named `base` for the folder `project`; `option` is where it was named.

    Files of the base are read up to `max_bytes`. Raises `UsageError` for what is no name of a revision,
    `BaseUnavailable` when the checkout does not have it.
    """
    from bbws_readiness.git.command import open_git
    from bbws_readiness.git.revision import WAY_OUT, BaseUnavailable, checked_name, resolve
    from bbws_readiness.git.tree import TreeReader

    checked_name(base, option)
    project = Path(os.path.realpath(project))
    top = find_git_root(project)
    if top is None:
        raise BaseUnavailable(
            "base revision not available: the project lies in no git checkout", hint="clone it", code=Code.NO_CHECKOUT
        )
    git = open_git(top)
    if isinstance(git, Unknown):
        raise BaseUnavailable(f"base revision not available: {git.reason}", hint=WAY_OUT, code=Code.NO_CHECKOUT)
    revision = resolve(git, base)
    relative = project.relative_to(top).as_posix()
    return PolicySource(top, relative, TreeReader(git, revision, max_bytes=max_bytes), Reader(top), revision)


def find_git_root(folder: Path) -> Path | None:
    """The nearest folder upward, `folder` included, that holds `.git`; None outside of a checkout."""
    path = os.path.realpath(folder)
    while not os.path.lexists(f"{path}/.git"):
        if not path:
            return None
        path = path.rpartition("/")[0]
    return Path(path or "/")


def yaml_files(files: PolicyFiles, folder: str, *, most: int) -> Iterator[str]:
    """Paths of the YAML files below `folder`, ordered within each folder, at most `most`."""
    pending, found = [folder], 0
    while pending and found < most:
        current = pending.pop()
        for name in files.listdir(current):
            path = f"{current}/{name}"
            if files.is_directory(path):
                if path.count("/") < _MAX_DEPTH:
                    pending.append(path)
            elif name.endswith((".yaml", ".yml")):
                found += 1
                yield path
                if found >= most:
                    return


_MAX_DEPTH = 32
