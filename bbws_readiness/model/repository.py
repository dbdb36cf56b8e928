"""What git says about the checkout."""

from __future__ import annotations

from dataclasses import dataclass

from bbws_readiness.fact import Fact


@dataclass(frozen=True, slots=True)
class Repository:
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
