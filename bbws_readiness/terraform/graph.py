"""Evaluates nodes after everything they need, without recursion, and names the cycles it meets."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Generic, Protocol, TypeVar

N = TypeVar("N", bound=Hashable)


class Plan(Protocol[N]):
    """What the order depends on."""

    def needs(self, node: N) -> Iterator[N]:
        """What `node` needs, one after the other; each is evaluated before the next is asked for."""

    def evaluate(self, node: N) -> None:
        """Evaluate `node`; everything it needs is done, except along a reported cycle."""

    def report_cycle(self, cycle: list[N]) -> None:
        """The nodes of a cycle, each needing the next and the last needing the first."""


class Order(Generic[N]):
    """Remembers what is done."""

    def __init__(self, plan: Plan[N]) -> None:
        self._plan = plan
        self._done: set[N] = set()

    def demand(self, goal: N) -> None:
        """Evaluate `goal` and everything it needs."""
        if goal in self._done:
            return
        # An explicit stack: a chain of references may be longer than Python's own stack allows.
        path: list[N] = [goal]
        waiting: list[Iterator[N]] = [self._plan.needs(goal)]
        on_path = {goal}
        while path:
            needed = next((node for node in waiting[-1] if node not in self._done), None)
            if needed is None:
                waiting.pop()
                node = path.pop()
                on_path.discard(node)
                self._plan.evaluate(node)
                self._done.add(node)
            elif needed in on_path:
                self._plan.report_cycle(path[path.index(needed) :])
            else:
                path.append(needed)
                on_path.add(needed)
                waiting.append(self._plan.needs(needed))
