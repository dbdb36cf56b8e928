"""Where a page finds the lines that it cites: on GitHub at the assessed commit, else in the project beside it."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.html import relative_address
from bbws_readiness.source import NEVER_ENTERED, Location

_REMOTE = regex(
    r"(?:https://|ssh://git@|git@)(?P<host>github\.com|[a-z0-9-]{1,60}\.ghe\.com)[:/]"
    r"(?P<name>[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}?)(?:\.git)?/?"
)
_NAME = regex(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")


class Places(Struct, frozen=True):
    """Makes addresses of places in the project."""

    top: str = ""
    """`https://github.com/owner/name/blob/<commit>/`; empty where repository or commit is not known."""
    changed: frozenset[str] = frozenset()
    """Files that differ from the commit: their lines are not those on GitHub."""
    up: str | None = None
    """From the pages to the project's folder, as `../../..`; None when the pages lie outside of it."""

    def address(self, at: Location) -> str:
        """The address of a line, or of a file when the line is 0; empty where no reader could follow it."""
        if not _readable(at.path):
            return ""
        if self.top and at.path not in self.changed:
            return self.top + relative_address(posixpath.normpath(at.path), line=at.line)
        if self.up is None:
            return ""
        return relative_address(posixpath.normpath(posixpath.join(self.up, at.path)), line=at.line)


def places_of(assessment: Assessment, site: str | None) -> Places:
    """`site` is the folder of the pages relative to the project's, None when it lies outside."""
    up = None if site is None else posixpath.relpath("/", f"/{site}")
    repository = assessment.model.repository
    commit = repository.commit.or_none() if repository else None
    changed = repository.changed_files.or_none() if repository else None
    base = _base(assessment)
    if not (base and commit and changed is not None):
        return Places(up=up)
    return Places(f"{base}/blob/{commit}/", frozenset(changed), up)


def _base(assessment: Assessment) -> str:
    """The repository on GitHub: as git's remote tells it, else as the configuration names it."""
    repository = assessment.model.repository
    remote = repository.remote.or_none() if repository else None
    if remote:
        found = _REMOTE.fullmatch(remote)
        return f"https://{found['host']}/{found['name']}" if found else ""
    name = assessment.config.repository
    return f"https://github.com/{name}" if _NAME.fullmatch(name) else ""


def _readable(path: str) -> bool:
    parts = posixpath.normpath(path).split("/")
    return parts[0] not in ("..", "", ".") and NEVER_ENTERED.isdisjoint(parts)
