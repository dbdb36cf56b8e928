"""Who works on which item next: whoever has worked on its home before, unless nobody has, or others would be idle."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

W = TypeVar("W", bound=Hashable)

WORTH_TAKING = 2
"""Items that a worker must have before it, so that one is given to another."""


class Waiting(Generic[W]):
    """The numbers of the items that nobody has begun."""

    def __init__(self, owners: Iterable[W | None]) -> None:
        """`owners` are those who have worked on the home of each item, in the order of the items."""
        self._free: deque[int] = deque()
        self._owned: dict[W, deque[int]] = {}
        for number, owner in enumerate(owners):
            queue = self._free if owner is None else self._owned.setdefault(owner, deque())
            queue.append(number)

    def __bool__(self) -> bool:
        return bool(self._free) or any(self._owned.values())

    def next_for(self, worker: W | None) -> int | None:
        """What the worker is to do, which then no longer waits: its own, what is nobody's, or the last of the longest.

        None when what is left is soon begun by its owner. A worker that has not started is None.
        """
        own = self._owned.get(worker) if worker is not None else None
        if own or self._free:
            return (own or self._free).popleft()
        longest = max(self._owned.values(), key=len, default=None)
        if longest is None or len(longest) < WORTH_TAKING:
            return None
        return longest.pop()

    def put_back(self, number: int) -> None:
        """Lets somebody else begin it."""
        self._free.appendleft(number)

    def lost(self, worker: W) -> None:
        """Its own are nobody's from now on."""
        self._free.extend(self._owned.pop(worker, ()))
