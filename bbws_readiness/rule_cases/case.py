"""Cases as their YAML files state them, every fault told with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.errors import RulebookError
from bbws_readiness.positioned import Node
from bbws_readiness.schema_check import SchemaCheck
from bbws_readiness.source import Location


class Case(Struct, frozen=True):
    """One project, edited, with what a rule should say about it."""

    code: str
    name: str
    at: Location
    data: Mapping[str, Any]
    """As `cases.schema.json` describes it."""

    @property
    def expectations(self) -> tuple[Mapping[str, Any], ...]:
        """What is expected, one mapping per group of findings."""
        expect = self.data["expect"]
        return tuple(expect) if isinstance(expect, list) else (expect,)

    @property
    def outcomes(self) -> frozenset[str]:
        """The outcomes that the case shows."""
        return frozenset(expect["outcome"] for expect in self.expectations)

    @property
    def near_miss(self) -> tuple[str, str] | None:
        """Why it looks wrong, and why it is right nevertheless; None for a case that says neither."""
        reasons = self.data.get("looks-wrong", ""), self.data.get("is-right", "")
        return reasons if any(reasons) else None

    @property
    def files(self) -> Mapping[str, str]:
        """The files that it writes."""
        return {**self.data.get("write", {}), **self.data.get("files", {})}


def cases_of(node: Node, code: str) -> Iterator[Case]:
    """The cases under the key `cases` of a file, in order; raises `RulebookError` at the first that is wrong."""
    listed = node.get("cases")
    if listed is None:
        return
    only = Node(listed.at, tuple(pair for pair in node.pairs() if pair[0].raw == "cases"), "mapping")
    for fault in _check().faults(only):
        raise RulebookError(fault.summary, at=fault.at, hint=fault.detail, code=Code.RULE_CASE)
    names: set[str] = set()
    for one in listed.elements():
        data = one.to_python()
        case = Case(code, data["name"], one.at, data)
        if case.name in names:
            hint = "give it another name"
            raise RulebookError(f'two cases are called "{case.name}"', at=one.at, hint=hint, code=Code.RULE_CASE)
        names.add(case.name)
        yield case


@cache
def _check() -> SchemaCheck:
    return SchemaCheck(json.loads(Path(__file__).with_name("cases.schema.json").read_text("utf-8")))
