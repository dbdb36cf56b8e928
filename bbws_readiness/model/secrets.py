"""Keys, tokens and passwords that were found in files; never what they are."""

from __future__ import annotations

from dataclasses import dataclass

from bbws_readiness.source import Location


@dataclass(frozen=True, slots=True)
class Secret:
    """One place that holds a secret."""

    kind: str
    """In words: `AWS access key id`, `private key`, `password`."""
    at: Location


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that was not looked into, and why."""

    at: Location
    reason: str


@dataclass(frozen=True, slots=True)
class SecretSearch:
    """The look through all tracked files, or, outside of a checkout, through all files of the project."""

    files: tuple[str, ...] = ()
    """Those that were looked into, ordered."""
    found: tuple[Secret, ...] = ()
    """Ordered by place; of one kind the first three of a file."""
    unread: tuple[UnreadFile, ...] = ()
    """Those that could hold a secret and were not read, ordered."""
    by_name: tuple[Secret, ...] = ()
    """Files that are a secret by what they are called (`.env`, key stores); they are never read."""
    samples: tuple[str, ...] = ()
    """Files that show what an environment file looks like (`.env.example`), which are never read either."""
