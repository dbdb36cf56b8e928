"""Checks a configuration file against its published schema, and refuses by name what a repository may not set."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from bbws_readiness.errors import ConfigurationError
from bbws_readiness.positioned import Node
from bbws_readiness.schema_check import SchemaCheck

FORBIDDEN = ("plugin", "python", "template", "rules-dir", "rules_dir", "api-url", "api_url", "out", "output", "exec")
"""Keys that would let an assessed repository run, load or overwrite something; each is refused by name."""


def schema() -> Mapping[str, Any]:
    """The published JSON Schema of readiness.yaml (draft 2020-12)."""
    loaded: Mapping[str, Any] = json.loads(
        files("bbws_readiness.config").joinpath("config.schema.json").read_text("utf-8")
    )
    return loaded


def problems_of(node: Node) -> list[ConfigurationError]:
    """Everything in the file that breaks the schema, ordered by place; empty when it is valid."""
    return list(_problems(node))


def _problems(node: Node) -> Iterator[ConfigurationError]:
    forbidden = {key.at: key.raw for key, _ in node.pairs() if key.raw.removesuffix("s") in FORBIDDEN}
    for fault in SchemaCheck(schema()).faults(node):
        if fault.at in forbidden:
            message = f'"{forbidden[fault.at]}" cannot be set from a repository'
            yield ConfigurationError(message, at=fault.at, hint="remove it")
        else:
            yield ConfigurationError(fault.summary, at=fault.at, hint=fault.detail)
