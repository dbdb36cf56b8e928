"""Finds the names of environments that a project's files mention, and puts them in the order of promotion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bbws_readiness.patterns import regex
from bbws_readiness.positioned import Node
from bbws_readiness.source import Source

WELL_KNOWN = (
    "sandbox",
    "dev",
    "development",
    "test",
    "int",
    "integration",
    "sit",
    "qa",
    "uat",
    "staging",
    "stage",
    "preprod",
    "prod",
    "production",
    "dr",
)
"""Names that are an environment wherever they stand alone, in the usual order of promotion."""
_KNOWN = frozenset(WELL_KNOWN)
_LONGEST = max(map(len, WELL_KNOWN))

_TABLE_ROW = regex(r"^\|[ \t]*[*_`]{0,3}([A-Za-z][A-Za-z0-9-]{0,30})[*_`]{0,3}[ \t]*\|", re.MULTILINE)


def in_file_name(path: str) -> tuple[str, ...]:
    """The well-known names among the words of a file name: `deploy-sit.yml` gives `sit`."""
    words = re.split(r"[^a-z0-9]+", path.rpartition("/")[2].lower())
    return tuple(word for word in words if word in _KNOWN)


def in_workflow(nodes: Iterable[Node]) -> tuple[str, ...]:
    """The well-known names that stand alone as a value of a workflow (a choice, a constant, a job's environment)."""
    found: dict[str, None] = {}
    for node in nodes:
        # Lists and mappings have no text as written, and that of null is no name.
        if len(written := node.raw) <= _LONGEST and (text := written.lower()) in _KNOWN:
            found[text] = None
    return tuple(found)


def in_plan(source: Source, known: Iterable[str]) -> tuple[str, ...]:
    """The names, well-known or among `known`, that open a row of a table of the plan."""
    names = {*WELL_KNOWN, *known}
    rows = (match[1].lower() for match in _TABLE_ROW.finditer(source.text))
    return tuple(dict.fromkeys(row for row in rows if row in names))


def in_order(configured: Sequence[str], mentioned: Iterable[str]) -> tuple[str, ...]:
    """Every name once: as configured, then the well-known in their usual order, then the others as mentioned."""
    rest = [name for name in dict.fromkeys(mentioned) if name not in configured]
    known = sorted((name for name in rest if name in WELL_KNOWN), key=WELL_KNOWN.index)
    return (*configured, *known, *(name for name in rest if name not in WELL_KNOWN))
