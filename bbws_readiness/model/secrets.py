"""Keys, tokens and passwords that were found in files; never what they are."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.source import Location


class Secret(Struct, frozen=True):
    """One place that holds a secret."""

    kind: str
    """In words: `AWS access key id`, `private key`, `password`."""
    at: Location


class UnreadFile(Struct, frozen=True):
    """A file that was not looked into, and why."""

    at: Location
    reason: str


class SecretSearch(Struct, frozen=True):
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
