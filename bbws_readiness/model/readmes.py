"""What a README claims about the project."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.fact import Fact
from bbws_readiness.model.environments import Environment
from bbws_readiness.model.plans import Command
from bbws_readiness.model.tables import Count, Table
from bbws_readiness.source import Location


class TreeEntry(Struct, frozen=True):
    """A line of a tree of files."""

    path: str
    """From the line without a branch down, that line included unless it is a dot; no slash at the end."""
    at: Location
    folder: bool
    """It is written with a slash at the end."""


class FileTree(Struct, frozen=True):
    """A tree of files as a document draws it, or lists it."""

    at: Location
    roots: tuple[str, ...]
    """The lines without a branch, without a slash at the end: `.`, or the name of a folder."""
    entries: tuple[TreeEntry, ...]
    open_folders: frozenset[str] = frozenset()
    """Folders in which the tree says that there is more (`...`), or has lines that are no names."""
    drawn: bool = True
    """False for a nested list of the text, which speaks of some files of a folder."""


class Readme(Struct, frozen=True):
    """Claims of one README. Features are claims about every table (`streams`, `recovery`, `on-demand`)."""

    path: str
    at: Location
    title: str = ""
    tables: tuple[Table, ...] = ()
    counts: tuple[Count, ...] = ()
    environments: tuple[Environment, ...] = ()
    features: tuple[Fact[str], ...] = ()
    """Normalised words: `on-demand`, `recovery`, `streams`, `backup`."""
    second_regions: tuple[Fact[str], ...] = ()
    """The lines of its lists and paragraphs that speak of a second region, replicas or failover."""
    stream_view_type: Fact[str] | None = None
    commands: tuple[Command, ...] = ()
    """The commands of its shell fences, in order."""
    trees: tuple[FileTree, ...] = ()
    paths: tuple[Fact[str], ...] = ()
    """The paths that its text names, each once; links as written, paths given as code without a leading `./`."""
    unread: bool = False
    """It could not be read, so that its silence says nothing."""
