"""Reads the inputs that a workflow declares."""

from __future__ import annotations

from collections.abc import Mapping

from bbws_readiness.model.workflows import Input
from bbws_readiness.positioned import Node
from bbws_readiness.source import Location


def read_inputs(document: Node, used: Mapping[str, tuple[Location, ...]]) -> tuple[Input, ...]:
    """The inputs of a start by hand, then those of a call that it has not; `used` tells where each is named."""
    found: dict[str, Input] = {}
    for event in ("workflow_dispatch", "workflow_call"):
        declared = document.find("on", event, "inputs")
        for key, node in declared.pairs() if declared else ():
            found.setdefault(key.raw, _input(key, node, used.get(key.raw.lower(), ())))
    return tuple(found.values())


def _input(key: Node, node: Node, used_at: tuple[Location, ...]) -> Input:
    listed = node.get("options")
    options = [(element.raw, element.at) for element in listed.elements()] if listed else []
    default = node.get("default")
    given = default.text if default else None
    value_at = options[0][1] if len(options) == 1 else (default.at if default and given is not None else None)
    kind, required = node.get("type"), node.get("required")
    return Input(
        name=key.raw,
        at=key.at,
        type=(kind.text if kind else None) or "string",
        required=bool(required and required.content is True),
        default=given,
        options=tuple(option for option, _ in options),
        used_at=used_at,
        value_at=value_at,
    )
