"""What can be told of a directed graph before it is drawn: which links are implied, and which close a circle."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def without_circles(
    nodes: Sequence[Node], links: Iterable[tuple[Node, Node]]
) -> tuple[list[tuple[Node, Node]], list[tuple[Node, Node]]]:
    """The links, each once, that leave the graph free of circles, and those that would close one.

    Links from or to what is no node are left out. Nothing recurses.
    """
    following: dict[Node, list[Node]] = {node: [] for node in nodes}
    for before, after in dict.fromkeys(links):
        if before in following and after in following:
            following[before].append(after)
    kept: list[tuple[Node, Node]] = []
    closing: list[tuple[Node, Node]] = []
    open_, done = set[Node](), set[Node]()
    for root in nodes:
        stack = [(root, following[root][::-1])] if root not in done else []
        open_.update(node for node, _ in stack)
        while stack:
            node, rest = stack[-1]
            if not rest:
                stack.pop()
                open_.discard(node)
                done.add(node)
                continue
            after = rest.pop()
            (closing if after in open_ else kept).append((node, after))
            if after not in open_ and after not in done:
                open_.add(after)
                stack.append((after, following[after][::-1]))
    return kept, closing


def in_order(nodes: Sequence[Node], links: Iterable[tuple[Node, Node]]) -> list[Node]:
    """Every node after all that come before it, else in the given order; `links` has no circle."""
    following: dict[Node, list[Node]] = {node: [] for node in nodes}
    waiting = dict.fromkeys(nodes, 0)
    for before, after in links:
        following[before].append(after)
        waiting[after] += 1
    order = [node for node in nodes if not waiting[node]]
    for node in order:
        for after in following[node]:
            waiting[after] -= 1
            if not waiting[after]:
                order.append(after)
    return order


def without_implied(nodes: Sequence[Node], links: Iterable[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
    """The links that no chain of others says already; a link that closes a circle stays."""
    kept, closing = without_circles(nodes, links)
    place = {node: position for position, node in enumerate(in_order(nodes, kept))}
    following: dict[Node, list[Node]] = {node: [] for node in nodes}
    for before, after in kept:
        following[before].append(after)
    reached: dict[Node, int] = {}
    needed: set[tuple[Node, Node]] = set()
    for node in sorted(nodes, key=lambda node: -place[node]):
        seen = 0
        for after in sorted(following[node], key=lambda after: place[after]):
            if not seen >> place[after] & 1:
                needed.add((node, after))
                seen |= reached[after] | 1 << place[after]
        reached[node] = seen
    needed.update(closing)
    return [link for link in (*kept, *closing) if link in needed]
