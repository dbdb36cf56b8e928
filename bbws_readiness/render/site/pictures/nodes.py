"""The boxes of a graph: single ones, and one for several that come between the same others."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from msgspec import Struct, field

from bbws_readiness.render.site.pictures.layers import Box
from bbws_readiness.render.site.pictures.markup import box, label, tag, words
from bbws_readiness.render.site.pictures.text import fitted, lines, width

HEIGHT = 66.0
MEMBER, HEAD = 26.0, 8.0
"""Heights of a row of a group, and of the ground above and below its rows."""
TOGETHER = 4
"""As many nodes between the same others are drawn as one group."""
TITLE, SMALL = 12.5, 11.0
INSET, BADGE = 12.0, 44.0
"""From the border of a box to its text, and from the border of a row to the title behind its badge."""


class Node(Struct, frozen=True):
    """A box with a badge, a title and a remark; or a group of such, one below the other."""

    key: Hashable
    badge: str
    title: str
    remark: str
    whole: str
    """Everything about it, shown when it is pointed at."""
    class_: str
    heavy: bool = False
    members: tuple[Node, ...] = field(default=())
    """Of a group; it has no text of its own."""

    @property
    def height(self) -> float:
        """What it needs."""
        return 2 * HEAD + MEMBER * len(self.members) if self.members else HEIGHT


def grouped(
    nodes: Mapping[Hashable, Node], links: Iterable[tuple[Hashable, Hashable]]
) -> tuple[dict[Hashable, Node], dict[Hashable, Hashable]]:
    """The nodes with groups in place of those between the same others, and for each node the key of its box."""
    before: dict[Hashable, list[Hashable]] = {key: [] for key in nodes}
    after: dict[Hashable, list[Hashable]] = {key: [] for key in nodes}
    for first, second in links:
        before[second].append(first)
        after[first].append(second)
    alike: dict[tuple[frozenset[Hashable], frozenset[Hashable]], list[Hashable]] = {}
    for key in nodes:
        alike.setdefault((frozenset(before[key]), frozenset(after[key])), []).append(key)
    boxes: dict[Hashable, Node] = {}
    home: dict[Hashable, Hashable] = {}
    for keys in alike.values():
        if len(keys) < TOGETHER:
            boxes |= {key: nodes[key] for key in keys}
            home |= {key: key for key in keys}
            continue
        group = f"group {keys[0]}"
        boxes[group] = Node(group, "", "", "", "", "pic-group", members=tuple(nodes[key] for key in keys))
        home |= dict.fromkeys(keys, group)
    order = {home[key]: None for key in nodes}
    return {key: boxes[key] for key in order}, home


def drawn(node: Node, place: Box) -> str:
    """The box with all its text inside."""
    if not node.members:
        return _single(node, place)
    ground = box(place.x, place.y, place.width, place.height, f"pic-node {node.class_}", round_=8)
    rows = (
        _member(one, Box(place.x, place.y + HEAD + number * MEMBER, place.width, MEMBER))
        for number, one in enumerate(node.members)
    )
    return ground + "".join(rows)


def _single(node: Node, place: Box) -> str:
    """A line with the badge and the remark, and up to two lines of title below."""
    room = place.width - 2 * INSET
    left = place.x + INSET
    kind = f"pic-node {node.class_}{' pic-heavy' if node.heavy else ''}"
    parts = [tag("title", words(node.whole)), _ground(place, 8), box(*_sides(place), kind, round_=8)]
    badge = fitted(node.badge, room, SMALL, bold=True)
    if badge:
        parts.append(label(left, place.y + 20, badge, "pic-t pic-small pic-strong"))
    indent = width(badge, SMALL, bold=True) + 8 if badge else 0.0
    remark = fitted(node.remark, room - indent, SMALL)
    if remark:
        parts.append(label(left + indent, place.y + 20, remark, "pic-t pic-small pic-soft"))
    for number, text in enumerate(lines(node.title, room, TITLE, 2)):
        parts.append(label(left, place.y + 39 + number * 16, text, "pic-t"))
    return tag("g", "".join(parts))


def _member(node: Node, place: Box) -> str:
    """One line: the badge on its colour, and the title."""
    inner = Box(place.x + 8, place.y + 2, place.width - 16, place.height - 4)
    kind = "pic-member pic-heavy" if node.heavy else "pic-member"
    badge = fitted(node.badge, BADGE - 9, SMALL, bold=True)
    left = inner.x + BADGE
    return tag(
        "g",
        tag("title", words(node.whole))
        + box(*_sides(inner), kind, round_=5)
        + box(inner.x, inner.y, BADGE - 4, inner.height, f"pic-badge {node.class_}", round_=5)
        + label(inner.x + 5, inner.y + 15, badge, "pic-t pic-small pic-strong")
        + label(left, inner.y + 15.5, fitted(node.title, inner.x + inner.width - left - 4, TITLE), "pic-t"),
    )


def _ground(place: Box, round_: float) -> str:
    """Nothing shines through a box."""
    return box(*_sides(place), "pic-ground", round_=round_)


def _sides(place: Box) -> tuple[float, float, float, float]:
    return place.x, place.y, place.width, place.height
