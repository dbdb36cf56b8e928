"""Lays a directed graph out in layers from left to right, with few crossings, in time that grows with its links."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

from msgspec import Struct

from bbws_readiness.render.site.pictures.graph import in_order, without_circles

SWEEPS = 6
"""How often the layers are put in order, from the left and from the right in turn."""
SETTLING = 4
"""How often nodes move towards their neighbours."""


class Bend(NamedTuple):
    """A place that a link passes in a layer between its ends."""

    before: Hashable
    after: Hashable
    layer: int


class Box(Struct, frozen=True):
    """Where a node stands."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.height / 2


class Route(Struct, frozen=True):
    """A link: from the right border of the first box through the bends to the left border of the second."""

    before: Hashable
    after: Hashable
    points: tuple[tuple[float, float], ...]
    against: bool
    """Whether it closes a circle, and leads from right to left."""


class Spacing(Struct, frozen=True):
    """Sizes in the units of the picture."""

    width: float
    across: float
    """Between two layers."""
    down: float
    """Between two nodes of a layer."""
    bend: float = 14.0
    """Room that a passing link takes in a layer."""


class Layout(Struct, frozen=True):
    """Everything placed; the upper left corner is (0, 0)."""

    boxes: Mapping[Hashable, Box]
    routes: tuple[Route, ...]
    width: float
    height: float


def layered(heights: Mapping[Hashable, float], links: Sequence[tuple[Hashable, Hashable]], spacing: Spacing) -> Layout:
    """Every node once, further right than all that come before it; links that close a circle are routed back.

    The nodes are the keys of `heights`, in the order in which they stand where nothing else orders them.
    """
    nodes = list(heights)
    kept, closing = without_circles(nodes, links)
    layer = _longest_paths(nodes, kept)
    number = max(layer.values(), default=-1) + 1
    rows: list[list[Hashable]] = [[] for _ in range(number)]
    for node in nodes:
        rows[layer[node]].append(node)
    chains = {link: _chain(link, layer) for link in kept}
    for bend in (one for chain in chains.values() for one in chain if isinstance(one, Bend)):
        rows[bend.layer].append(bend)
    left, right = _neighbours(list(chains.values()))
    _order(rows, left, right)
    middle = _placed(rows, heights, left, right, spacing)
    return _drawn(heights, layer, chains, closing, middle, spacing)


def _longest_paths(nodes: Sequence[Hashable], links: Sequence[tuple[Hashable, Hashable]]) -> dict[Hashable, int]:
    """Each node as far left as what comes before it allows."""
    before: dict[Hashable, list[Hashable]] = {node: [] for node in nodes}
    for first, after in links:
        before[after].append(first)
    layer: dict[Hashable, int] = {}
    for node in in_order(nodes, links):
        layer[node] = max((layer[one] + 1 for one in before[node]), default=0)
    return layer


def _chain(link: tuple[Hashable, Hashable], layer: Mapping[Hashable, int]) -> list[Hashable]:
    before, after = link
    bends = (Bend(before, after, one) for one in range(layer[before] + 1, layer[after]))
    return [before, *bends, after]


def _neighbours(chains: Sequence[list[Hashable]]) -> tuple[dict[Hashable, list[Hashable]], ...]:
    left: dict[Hashable, list[Hashable]] = {}
    right: dict[Hashable, list[Hashable]] = {}
    for chain in chains:
        for first, second in pairwise(chain):
            right.setdefault(first, []).append(second)
            left.setdefault(second, []).append(first)
    return left, right


def _order(
    rows: list[list[Hashable]], left: Mapping[Hashable, list[Hashable]], right: Mapping[Hashable, list[Hashable]]
) -> None:
    """Puts each layer into the order of the medians of its neighbours, which leaves few crossings."""
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        neighbours = left if forward else right
        for position in range(1, len(rows)) if forward else range(len(rows) - 2, -1, -1):
            beside = {one: place for place, one in enumerate(rows[position - 1 if forward else position + 1])}
            own = {one: place for place, one in enumerate(rows[position])}
            keys = {
                one: (median_low([beside[other] for other in neighbours[one]]) if one in neighbours else place, place)
                for one, place in own.items()
            }
            rows[position].sort(key=keys.__getitem__)


def _placed(
    rows: Sequence[Sequence[Hashable]],
    heights: Mapping[Hashable, float],
    left: Mapping[Hashable, list[Hashable]],
    right: Mapping[Hashable, list[Hashable]],
    spacing: Spacing,
) -> dict[Hashable, float]:
    """The middle of every node and bend: near its neighbours, in the order of its layer, without touching."""

    def half(one: Hashable) -> float:
        return (heights[one] + spacing.down) / 2 if one in heights else spacing.bend / 2

    middle: dict[Hashable, float] = {}
    for row in rows:
        top = 0.0
        for one in row:
            middle[one] = top + half(one)
            top += 2 * half(one)
    for turn in range(SETTLING):
        neighbours = left if turn % 2 == 0 else right
        for row in rows if turn % 2 == 0 else reversed(rows):
            wanted = [
                sum(middle[other] for other in neighbours[one]) / len(neighbours[one])
                if neighbours.get(one)
                else middle[one]
                for one in row
            ]
            _settle(row, wanted, [half(one) for one in row], middle)
    least = min((middle[one] - half(one) for row in rows for one in row), default=0.0)
    return {one: at - least for one, at in middle.items()}


def _settle(
    row: Sequence[Hashable], wanted: Sequence[float], halves: Sequence[float], middle: dict[Hashable, float]
) -> None:
    """Moves a layer as near to the wanted places as its order allows: blocks that would overlap take their mean."""
    blocks: list[tuple[float, int]] = []
    offset = 0.0
    offsets = []
    for position, at in enumerate(wanted):
        offset += halves[position] + (halves[position - 1] if position else 0.0)
        offsets.append(offset)
        mean, size = at - offset, 1
        while blocks and blocks[-1][0] >= mean:
            before, count = blocks.pop()
            mean, size = (before * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    position = 0
    for mean, size in blocks:
        for _ in range(size):
            middle[row[position]] = mean + offsets[position]
            position += 1


def _drawn(
    heights: Mapping[Hashable, float],
    layer: Mapping[Hashable, int],
    chains: Mapping[tuple[Hashable, Hashable], Sequence[Hashable]],
    closing: Sequence[tuple[Hashable, Hashable]],
    middle: Mapping[Hashable, float],
    spacing: Spacing,
) -> Layout:
    step = spacing.width + spacing.across
    boxes = {
        node: Box(layer[node] * step, middle[node] - height / 2, spacing.width, height)
        for node, height in heights.items()
    }
    routes = []
    for (before, after), chain in chains.items():
        points = [(boxes[before].x + spacing.width, boxes[before].middle)]
        for bend in chain:
            if isinstance(bend, Bend):
                x = bend.layer * step
                points += [(x, middle[bend]), (x + spacing.width, middle[bend])]
        routes.append(Route(before, after, (*points, (boxes[after].x, boxes[after].middle)), against=False))
    bottom = max((box.y + box.height for box in boxes.values()), default=0.0)
    lowest = max([bottom, *(middle[one] for chain in chains.values() for one in chain[1:-1])])
    for number, (before, after) in enumerate(closing, 1):
        y = lowest + 12.0 * number
        first, second = boxes[before], boxes[after]
        away, back = first.x + first.width, second.x
        points = [(away, first.middle), (away + 10, y), (back - 10, y), (back, second.middle)]
        routes.append(Route(before, after, tuple(points), against=True))
    height = lowest + 12.0 * (len(closing) + bool(closing))
    width = max((box.x + box.width for box in boxes.values()), default=0.0)
    return Layout(boxes, tuple(routes), width, height)
