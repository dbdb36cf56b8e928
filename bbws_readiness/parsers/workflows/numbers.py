"""Reads whole numbers that may be written as expressions."""

from __future__ import annotations

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.parsers.workflows.scope import Scope
from bbws_readiness.positioned import Node


def whole_number(node: Node, scope: Scope) -> Fact[int]:
    """A number that may be written as an expression."""
    if node.shape != "scalar":
        return Fact(Unknown("not a number"), node.at)
    return as_number(scope.resolve(node.raw, node.at))


def as_number(fact: Fact[str]) -> Fact[int]:
    """The same statement as a whole number, unknown when it is none."""
    if isinstance(fact.value, Unknown):
        return Fact(fact.value, fact.at, fact.via)
    text = fact.value.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return Fact(int(text), fact.at, fact.via)
    return Fact(Unknown(f'"{text[:40]}" is no whole number'), fact.at, fact.via)
