"""Checks a configuration file against its published schema, and refuses by name what a repository may not set."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bbws_readiness.codes import Code
from bbws_readiness.errors import ConfigurationError
from bbws_readiness.positioned import Node
from bbws_readiness.schema_check import SchemaCheck

FORBIDDEN = frozenset(
    {
        *("plugin", "python", "module", "import", "include", "exec", "command", "hook"),
        *("template", "rules-dir", "rules-path", "rules-folder", "base"),
        *("api-url", "url", "endpoint", "proxy", "token"),
        *("out", "output", "output-dir", "output-path"),
    }
)
"""Keys that would let an assessed repository run, load, reach or overwrite something; each is refused by name."""
UNKNOWN_KEY = "unknown key"
"""How the schema's complaint about a key that it does not know begins."""
WAY_OUT = "remove it; what runs, loads or writes is chosen on the command line alone"


def schema() -> Mapping[str, Any]:
    """The published JSON Schema of readiness.yaml (draft 2020-12)."""
    loaded: Mapping[str, Any] = json.loads(Path(__file__).with_name("config.schema.json").read_text("utf-8"))
    return loaded


def problems_of(node: Node) -> list[ConfigurationError]:
    """Everything in the file that breaks the schema, ordered by place; empty when it is valid."""
    return list(_problems(node))


def _problems(node: Node) -> Iterator[ConfigurationError]:
    faults = _check().faults(node)
    forbidden = {key.at: key.raw for key in _keys(node) if _plainest(key.raw) in FORBIDDEN} if faults else {}
    for fault in faults:
        if fault.at in forbidden and fault.summary.startswith(UNKNOWN_KEY):
            message = f'"{forbidden[fault.at]}" cannot be set from a repository'
            yield ConfigurationError(message, at=fault.at, hint=WAY_OUT, code=Code.FORBIDDEN_KEY)
        else:
            yield ConfigurationError(fault.summary, at=fault.at, hint=fault.detail)


@cache
def _check() -> SchemaCheck:
    return SchemaCheck(schema())


def _keys(node: Node) -> Iterator[Node]:
    """Every key of every mapping."""
    pending = [node]
    while pending:
        current = pending.pop()
        pending.extend(current.elements())
        for key, value in current.pairs():
            yield key
            pending.append(value)


def _plainest(key: str) -> str:
    """One spelling for `rules_dir`, `Rules-Dir` and `rules-dirs`: lower case, hyphens, no plural."""
    return key.casefold().replace("_", "-").removesuffix("s")
