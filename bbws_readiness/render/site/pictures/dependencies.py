"""What must come before what: the actions with their prerequisites, and who waits for them, as a graph in layers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from bbws_readiness.render import wording
from bbws_readiness.render.site.pictures import nodes as boxes
from bbws_readiness.render.site.pictures.graph import without_implied
from bbws_readiness.render.site.pictures.layers import Box, Layout, Route, Spacing, layered
from bbws_readiness.render.site.pictures.markup import (
    caption,
    data_table,
    drawing,
    figure,
    label,
    line,
    number,
    sentence,
    tag,
)
from bbws_readiness.render.site.pictures.nodes import Node, grouped
from bbws_readiness.render.site.pictures.priorities import class_of, letter_of, word_of
from bbws_readiness.render.site.pictures.text import shown
from bbws_readiness.render.site.pictures.text import width as text_width

SPACING = Spacing(width=184, across=48, down=14)
GROUPED = Spacing(width=264, across=48, down=14)
"""Where the rows of a group need more room for their titles."""
MARGIN = 22.0
PER_ROW = 4
"""As many nodes without a link stand side by side."""
DEPLOYMENT = "deployment"
NOTHING = "No action is open: nothing has to come before anything."


def dependency_picture(data: Mapping[str, Any], *, mark: str = "") -> str:
    """The actions, the deployment that waits for all of them, and the projects that wait for it.

    Actions without any link stand below, in their order; a sentence takes the place of the graph without actions.
    """
    actions = data["actions"]
    if not actions:
        return figure("dependencies", sentence(NOTHING))
    chain = _chain(data)
    nodes = {action["number"]: _action(action, chain) for action in actions}
    links = [(one, action["number"]) for action in actions for one in action["after"] if one in nodes]
    linked = {end for ends in links for end in ends}
    waiting = [_project(position, one) for position, one in enumerate(data["downstream"])]
    drawn = _graph(data, nodes, links, linked, waiting)
    apart = [node for key, node in nodes.items() if key not in linked]
    told = _told(links, apart, chain, data)
    return figure(
        "dependencies",
        _picture(f"{mark}pic-dependencies", "What must come before what", told, drawn, apart, links_of(chain)),
        caption(told),
        _table(actions, data["downstream"]),
    )


def links_of(chain: Sequence[Hashable]) -> frozenset[tuple[Hashable, Hashable]]:
    """The links between the members of a chain, one after the other."""
    return frozenset(pairwise(chain))


def _chain(data: Mapping[str, Any]) -> list[Hashable]:
    numbers = {action["key"]: action["number"] for action in data["actions"]}
    return [numbers[key] for key in data["schedule"]["ready"]["chain"] if key in numbers]


def _action(action: Mapping[str, Any], chain: Sequence[Hashable]) -> Node:
    needs = f"needs {', '.join(action['external'])}" if action["external"] else ""
    owners = wording.owners(action["owners"])
    whole = (
        f"Action {action['number']}: {action['title']}",
        word_of(action["priority"]),
        owners,
        wording.hours(action["minutes"]),
        *([needs] if needs else []),
    )
    heavy = action["number"] in chain
    remark = f"{wording.hours(action['minutes'])} · {needs or owners}"
    badge = f"{action['number']} {letter_of(action['priority'])}"
    class_ = class_of(action["priority"])
    return Node(action["number"], badge, action["title"], remark, "; ".join(map(shown, whole)), class_, heavy=heavy)


def _project(position: int, one: Mapping[str, Any]) -> Node:
    here = {True: "is defined here", False: "is NOT DEFINED here", None: ""}[one["defined_here"]]
    needs = f"needs {one['needs']}, which {here}" if one["needs"] and here else ""
    lacks = f"lacks {one['needs']}" if one["defined_here"] is False else ""
    remark = lacks or one["remark"] or "waits"
    class_ = "pic-outside pic-lacking" if one["defined_here"] is False else "pic-outside"
    whole = "; ".join(shown(part) for part in (one["project"], one["remark"] or "", needs) if part)
    return Node(f"project {position}", "", one["project"], remark, whole, class_)


def _graph(
    data: Mapping[str, Any],
    nodes: Mapping[Hashable, Node],
    links: Sequence[tuple[Hashable, Hashable]],
    linked: set[Hashable],
    waiting: Sequence[Node],
) -> tuple[list[Node], list[tuple[Hashable, Hashable]]]:
    """The linked actions, the deployment behind the last of them, and who waits for it."""
    environment = data["environment"]["name"].upper()
    goal = Node(
        DEPLOYMENT, "", f"Deploy {environment}", "after all actions", f"Deployment to {environment}", "pic-goal"
    )
    inner = [node for key, node in nodes.items() if key in linked]
    followed = {before for before, _ in links}
    ends = [(node.key, DEPLOYMENT) for node in inner if node.key not in followed]
    if not ends and not waiting:
        return inner, list(links)
    onward = [(DEPLOYMENT, node.key) for node in waiting]
    return [*inner, goal, *waiting], [*links, *ends, *onward]


def _picture(
    key: str,
    title: str,
    told: str,
    drawn: tuple[Sequence[Node], Sequence[tuple[Hashable, Hashable]]],
    apart: Sequence[Node],
    heavy: frozenset[tuple[Hashable, Hashable]],
) -> str:
    nodes, links = drawn
    by_key = {node.key: node for node in nodes}
    needed = without_implied(list(by_key), links)
    shapes, home = grouped(by_key, needed)
    between = dict.fromkeys((home[before], home[after]) for before, after in needed)
    strong = frozenset((home[before], home[after]) for before, after in needed if (before, after) in heavy)
    spacing = GROUPED if any(node.members for node in shapes.values()) else SPACING
    layout = layered({key: node.height for key, node in shapes.items()}, list(between), spacing)
    parts = [*_routes(layout, strong)]
    parts += [boxes.drawn(node, _moved(layout.boxes[key])) for key, node in shapes.items()]
    bottom = MARGIN + layout.height if nodes else MARGIN - 24
    width = layout.width
    if apart:
        parts.append(label(MARGIN, bottom + 34, _heading(nodes), "pic-t pic-strong"))
        columns = max(PER_ROW, int((width + SPACING.down) // (SPACING.width + SPACING.down)))
        grid = list(_grid(apart, bottom + 48, columns))
        parts += [boxes.drawn(node, place) for node, place in grid]
        heading = text_width(_heading(nodes), boxes.TITLE, bold=True)
        width = max(width, heading, *(place.x + place.width - MARGIN for _, place in grid))
        bottom = max(place.y + place.height for _, place in grid)
    return drawing(key, title, told, width + 2 * MARGIN, bottom + MARGIN, "".join(parts))


def _heading(nodes: Sequence[Node]) -> str:
    return "In any order, before the deployment" if nodes else "In any order"


def _moved(place: Box) -> Box:
    return Box(place.x + MARGIN, place.y + MARGIN, place.width, place.height)


def _grid(nodes: Sequence[Node], top: float, columns: int) -> Iterator[tuple[Node, Box]]:
    for position, node in enumerate(nodes):
        row, column = divmod(position, columns)
        x = MARGIN + column * (SPACING.width + SPACING.down)
        yield node, Box(x, top + row * (boxes.HEIGHT + SPACING.down), SPACING.width, boxes.HEIGHT)


def _routes(layout: Layout, heavy: frozenset[tuple[Hashable, Hashable]]) -> Iterator[str]:
    """Light links first, so that those of the longest chain lie above them."""
    for route in sorted(layout.routes, key=lambda route: (route.before, route.after) in heavy):
        strong = (route.before, route.after) in heavy
        kind = "pic-link pic-heavy-link" if strong else "pic-link pic-against" if route.against else "pic-link"
        yield tag("path", d=curve(route), class_=kind)
        x, y = route.points[-1]
        head = ((x, y), (x - 8, y - 4), (x - 8, y + 4), (x, y))
        yield line([(a + MARGIN, b + MARGIN) for a, b in head], "pic-head pic-heavy-head" if strong else "pic-head")


def curve(route: Route) -> str:
    """A smooth path through all points, level where it leaves and where it arrives."""
    (x, y), *rest = [(a + MARGIN, b + MARGIN) for a, b in route.points]
    drawn = f"M{number(x)} {number(y)}"
    for a, b in rest:
        if b == y or route.against:
            drawn += f" L{number(a)} {number(b)}"
        else:
            half = number((x + a) / 2)
            drawn += f" C{half} {number(y)} {half} {number(b)} {number(a)} {number(b)}"
        x, y = a, b
    return drawn


def _told(links: Sequence[object], apart: Sequence[Node], chain: Sequence[Hashable], data: Mapping[str, Any]) -> str:
    parts = [f"{wording.counted(len(data['actions']), 'action')}, {wording.counted(len(links), 'prerequisite')}."]
    if apart and links:
        parts.append(f"{wording.counted(len(apart), 'action')} can be done at any time before the deployment.")
    if len(chain) > 1:
        parts.append(f"The longest chain to READY is {' → '.join(map(str, chain))} (heavy line).")
    if data["downstream"]:
        parts.append(f"Waiting for the deployment: {wording.counted(len(data['downstream']), 'project')}.")
    parts.append("An arrow that others imply is left out.")
    return " ".join(parts)


def _table(actions: Iterable[Mapping[str, Any]], downstream: Iterable[Mapping[str, Any]]) -> str:
    rows = [
        (
            f"{one['number']} {one['title']}",
            word_of(one["priority"]),
            ", ".join([*map(str, one["after"]), *one["external"]]) or "-",
        )
        for one in actions
    ]
    rows += [(one["project"], "-", "the deployment") for one in downstream]
    return data_table("What waits for what, as a table", ("Action or project", "Priority", "Waits for"), rows)
