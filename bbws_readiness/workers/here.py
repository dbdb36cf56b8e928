"""Runs every item in this process, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from bbws_readiness.workers.engine import ItemLost, attempted, collect_often, tidied

T = TypeVar("T")
R = TypeVar("R")


class Here:
    """An engine without processes. The clock of the run must stand still, because each item has its own."""

    def run(
        self, task: Callable[[T], R], items: Sequence[T], homes: Sequence[Hashable] = ()
    ) -> Iterator[tuple[int, R | ItemLost]]:
        """As `Engine.run`, in the order of the items."""
        collect_often()
        for number, item in enumerate(items):
            yield number, attempted(task, item)
            tidied(number + 1)

    def close(self) -> None:
        """Nothing was started."""


class Plain:
    """The same within the limits of the run as a whole: what goes wrong ends it."""

    def run(
        self, task: Callable[[T], R], items: Sequence[T], homes: Sequence[Hashable] = ()
    ) -> Iterator[tuple[int, R | ItemLost]]:
        """As `Engine.run`, in the order of the items, but for the limits."""
        for number, item in enumerate(items):
            yield number, task(item)

    def close(self) -> None:
        """Nothing was started."""
