"""Where the bars and milestones of a schedule stand: a lane per owner, as few rows as their labels allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from bbws_readiness.render.site.pictures.days import Axis
from bbws_readiness.render.site.pictures.text import fitted, width
from bbws_readiness.render.wording import NO_OWNER, hours, listed

ROW, BAR, HEAD = 30.0, 18.0, 30.0
"""Heights of a row, of the bar in it, and of the name of a lane."""
LABEL = 12.5
"""Height of the font beside a bar."""
LEAST = 16.0
"""A bar is at least so broad that its letter fits."""
SPACE = 7.0


class Item(Struct, frozen=True):
    """A bar or a milestone with its label, in one row."""

    key: int
    """The number of the action; 0 or less for a milestone."""
    start: float
    end: float
    label: str
    label_at: float
    """Where the label begins."""
    y: float = 0.0
    """The upper border of the bar."""

    @property
    def left(self) -> float:
        """Where the whole item begins."""
        return min(self.start, self.label_at)

    @property
    def right(self) -> float:
        """Where the whole item ends."""
        return max(self.end, self.label_at + width(self.label, LABEL))


class Lane(Struct, frozen=True):
    """What one role does."""

    name: str
    y: float
    height: float
    items: tuple[Item, ...]


class Wish(Struct, frozen=True):
    """What is to be drawn in a lane: from where to where, under which label."""

    key: int
    start: float
    end: float
    label: str


def lane(name: str, wishes: Iterable[Wish], top: float, left: float, right: float) -> Lane:
    """All wishes in rows below the name, the earliest first; nothing in a row touches anything else there."""
    rows: list[list[Item]] = []
    ends: list[float] = []
    for wish in sorted(wishes, key=lambda wish: (wish.start, wish.end, wish.key)):
        item = _labelled(wish, left, right)
        free = next((number for number, end in enumerate(ends) if item.left >= end + 2 * SPACE), len(rows))
        if free == len(rows):
            rows.append([])
            ends.append(0)
        rows[free].append(item)
        ends[free] = item.right
    placed = [
        Item(one.key, one.start, one.end, one.label, one.label_at, top + HEAD + number * ROW + (ROW - BAR) / 2)
        for number, row in enumerate(rows)
        for one in row
    ]
    return Lane(name, top, HEAD + len(rows) * ROW, tuple(sorted(placed, key=lambda item: item.key)))


def by_owner(actions: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The actions by their first owner, in the order of the actions."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for action in actions:
        found.setdefault(action["owners"][0] if action["owners"] else NO_OWNER, []).append(action)
    return found


def wish_of(action: Mapping[str, Any], axis: Axis) -> Wish:
    """The bar of a scheduled action."""
    start = axis.x(datetime.fromisoformat(action["start"]))
    end = max(axis.x(datetime.fromisoformat(action["end"])), start + LEAST)
    if end > axis.right:
        start, end = axis.right - LEAST, axis.right
    others = f" · with {listed(action['owners'][1:])}" if len(action["owners"]) > 1 else ""
    label = f"{action['number']} {action['title']} · {hours(action['minutes'])}{others}"
    return Wish(action["number"], start, end, label)


def _labelled(wish: Wish, left: float, right: float) -> Item:
    """The label to the right of the bar, else to its left; cut where neither side has room for all of it."""
    after, before = right - wish.end - SPACE, wish.start - SPACE - left
    needed = width(wish.label, LABEL)
    if needed <= after or after >= before:
        return Item(wish.key, wish.start, wish.end, fitted(wish.label, after, LABEL), wish.end + SPACE)
    label = fitted(wish.label, before, LABEL)
    return Item(wish.key, wish.start, wish.end, label, wish.start - SPACE - width(label, LABEL))
