"""Compares two versions of policy key by key."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.config.policy import PolicyChange
from bbws_readiness.positioned import Node
from bbws_readiness.source import Location

MAX_KEY = 200
"""A longer dotted path is cut; it ends in `…`."""


def changed_keys(base: Node, head: Node) -> Iterator[PolicyChange]:
    """Every key that `head` adds, removes or changes against `base`, each mapping compared key by key.

    A key that is there in one version only is told without the keys below it, a list as a whole. The order of a
    mapping counts below the top: environments are promoted in the order written. Places are those of `head`.
    """
    yield from _in_mapping((), base, head, head.at)


def _in_mapping(path: tuple[str, ...], base: Node, head: Node, at: Location) -> Iterator[PolicyChange]:
    old, new = dict(_by_name(base)), dict(_by_name(head))
    for name, (_, before) in old.items():
        if name not in new:
            yield _change((*path, name), "removed", at)
            continue
        key, after = new[name]
        if before.shape == after.shape == "mapping":
            yield from _in_mapping((*path, name), before, after, key.at)
        elif not same(before, after):
            yield _change((*path, name), "changed", key.at)
    for name, (key, _) in new.items():
        if name not in old:
            yield _change((*path, name), "added", key.at)
    if path and [name for name in old if name in new] != [name for name in new if name in old]:
        yield _change(path, "changed", at)


def same(one: Node, other: Node) -> bool:
    """Whether two nodes mean the same: types, values, and the order of what they hold."""
    pending = [(one, other)]
    while pending:
        left, right = pending.pop()
        if left.shape != right.shape:
            return False
        if left.shape == "scalar":
            if type(left.content) is not type(right.content) or left.content != right.content:
                return False
            continue
        inner = [_inner(left), _inner(right)]
        if len(inner[0]) != len(inner[1]):
            return False
        pending.extend(zip(*inner, strict=True))
    return True


def _inner(node: Node) -> list[Node]:
    return [*node.elements(), *(part for pair in node.pairs() for part in pair)]


def _by_name(node: Node) -> Iterator[tuple[str, tuple[Node, Node]]]:
    for key, value in node.pairs():
        yield key.raw, (key, value)


def _change(path: tuple[str, ...], change: str, at: Location) -> PolicyChange:
    key = ".".join(path)
    return PolicyChange(key if len(key) <= MAX_KEY else f"{key[: MAX_KEY - 1]}…", change, at)
