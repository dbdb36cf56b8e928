"""What git says about the checkout."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.fact import Fact, Unknown

NOT_THE_TOP = "the project is not the top of a git checkout"
"""The reason of every fact where nothing is asked, because there is no `.git` in the project folder."""


class Repository(Struct, frozen=True):
    """Git facts, placed at `.git`; every one is Unknown when the project is not the top of a checkout."""

    commit: Fact[str]
    branch: Fact[str]
    changed_files: Fact[tuple[str, ...]]
    """Paths that differ from the commit or are untracked, ordered."""
    tags: Fact[tuple[str, ...]]
    """Tags on the commit, ordered."""
    all_tags: Fact[tuple[str, ...]]
    tracked: Fact[tuple[str, ...]]
    remote: Fact[str]
    """URL of `origin` without credentials; Unknown when there is none."""
    changelog: Fact[str] | None = None
    """The changelog's path, unknown when the file could not be read; None when there is none."""
    changelog_versions: tuple[Fact[str], ...] = ()
    """Headings of the changelog that name a version."""

    @property
    def no_commit(self) -> str:
        """What stands in place of the commit: `not a git checkout`, or why there is none in what is one; else empty."""
        if not isinstance(self.commit.value, Unknown):
            return ""
        reason = self.commit.value.reason
        return "not a git checkout" if reason == NOT_THE_TOP else reason
