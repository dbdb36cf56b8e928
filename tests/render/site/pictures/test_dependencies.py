"""The graph: every node once, every arrow at its nodes, what comes first further left, and no circle that hangs it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.render.site.pictures.dependencies import dependency_picture
from bbws_readiness.render.site.pictures.graph import in_order, without_circles, without_implied
from bbws_readiness.render.site.pictures.layers import Spacing, layered
from tests.render.site.pictures import forms
from tests.render.site.pictures.geometry import EDGE, SVG, apart, canvas, drawing, legible, points, rectangles, tree

GRAPHS = st.integers(0, 14).flatmap(
    lambda number: st.tuples(
        st.just(list(range(1, number + 1))),
        st.lists(st.tuples(st.integers(1, max(number, 1)), st.integers(1, max(number, 1))), max_size=3 * number)
        if number
        else st.just([]),
    )
)
SPACING = Spacing(width=100, across=40, down=10)


def reached(links):
    """All pairs of which the second can be reached from the first."""
    following = {}
    for before, after in links:
        following.setdefault(before, set()).add(after)
    pairs = set()
    for first in following:
        pending = [first]
        while pending:
            for after in following.get(pending.pop(), ()):
                if (first, after) not in pairs:
                    pairs.add((first, after))
                    pending.append(after)
    return pairs


@settings(max_examples=80, deadline=None)
@given(GRAPHS)
def test_what_is_left_out_is_implied(graph) -> None:
    nodes, links = graph
    kept, closing = without_circles(nodes, links)
    assert set(kept) | set(closing) == set(links)
    assert not set(kept) & set(closing)
    assert sorted(in_order(nodes, kept)) == nodes
    assert reached(without_implied(nodes, links)) == reached(links)
    acyclic = without_implied(nodes, kept)
    for link in acyclic:
        assert link not in reached([one for one in acyclic if one != link])


@settings(max_examples=80, deadline=None)
@given(GRAPHS, st.integers(20, 90))
def test_layers_lead_from_left_to_right(graph, height) -> None:
    nodes, links = graph
    layout = layered({node: float(height + 7 * (node % 3)) for node in nodes}, links, SPACING)
    assert list(layout.boxes) == nodes
    boxes = list(layout.boxes.values())
    for one in boxes:
        assert one.x >= 0
        assert one.y >= -EDGE
        assert one.x + one.width <= layout.width + EDGE
        assert one.y + one.height <= layout.height + EDGE
        for other in boxes:
            if other is not one and other.x == one.x:
                assert other.y >= one.y + one.height or one.y >= other.y + other.height
    assert {(route.before, route.after) for route in layout.routes} == set(links)
    for route in layout.routes:
        first, last = layout.boxes[route.before], layout.boxes[route.after]
        assert route.points[0] == (first.x + first.width, pytest.approx(first.middle))
        assert route.points[-1] == (last.x, pytest.approx(last.middle))
        assert route.against or first.x < last.x


def test_longest_path_decides_the_layer_and_medians_undo_a_crossing() -> None:
    layout = layered(dict.fromkeys("abcd", 20.0), [("a", "b"), ("b", "c"), ("a", "c"), ("a", "d")], SPACING)
    assert [layout.boxes[node].x for node in "abcd"] == [0, 140, 280, 140]
    crossed = layered(dict.fromkeys("abxy", 20.0), [("a", "y"), ("b", "x")], SPACING)
    assert crossed.boxes["y"].y < crossed.boxes["x"].y


def data_of(nodes, links):
    made = [forms.action(one, sorted({before for before, after in links if after == one}), 0, 60) for one in nodes]
    return forms.plan(made)


def shown_numbers(svg):
    titles = [one[0].text or "" for one in svg.iter(f"{SVG}g") if one[0].tag == f"{SVG}title"]
    return sorted(int(text.split()[1].rstrip(":")) for text in titles if text.startswith("Action "))


@settings(max_examples=60, deadline=None)
@given(GRAPHS)
def test_every_action_is_shown_once_and_every_arrow_ends_at_a_box(graph) -> None:
    nodes, links = graph
    markup = dependency_picture(data_of(nodes, links))
    if not nodes:
        assert "<svg" not in markup
        return
    legible(markup)
    svg = drawing(markup)
    assert shown_numbers(svg) == nodes
    boxes = list(rectangles(svg, "pic-node"))
    apart(boxes)
    assert all(canvas(svg).holds(box) for box in boxes)
    for one in svg.iter(f"{SVG}path"):
        if "pic-link" in one.attrib["class"]:
            (x, y), *_, (a, b) = points(one.attrib["d"])
            assert any(abs(x - box.right) < EDGE and box.top <= y <= box.bottom for box in boxes)
            assert any(abs(a - box.left) < EDGE and box.top <= b <= box.bottom for box in boxes)


def test_one_many_and_no_action() -> None:
    assert "No action is open" in dependency_picture(forms.plan([]))
    legible(dependency_picture(data_of([1], [])))
    fan = data_of(list(range(1, 51)), [(one, 50) for one in range(1, 50)])
    legible(dependency_picture(fan))
    assert shown_numbers(drawing(dependency_picture(fan))) == list(range(1, 51))
    assert dependency_picture(fan).count("pic-head") == 2


def test_who_waits_for_the_deployment_stands_behind_it() -> None:
    markup = dependency_picture(forms.example("b"))
    boxes = {}
    for one in drawing(markup).iter(f"{SVG}g"):
        (box,) = [part for part in one if "pic-node" in part.attrib.get("class", "")] or [None]
        if box is not None:
            boxes[(one[0].text or "").split(";")[0]] = float(box.attrib["x"])
    downstream = [one["project"] for one in forms.example("b")["downstream"]]
    assert downstream
    assert all(
        boxes[name] > boxes["Deployment to SIT"] > boxes["Action 1: Resolve missing tables"] for name in downstream
    )
    assert "lacks orders" in markup
    assert "1 → 4 → 7 → 6" in markup


def test_the_table_tells_every_prerequisite() -> None:
    data = forms.example("b")
    rows = [list(row) for row in tree(dependency_picture(data)).iter("tr")][1:]
    told = {(row[0].text or "").split()[0]: row[2].text for row in rows}
    for action in data["actions"]:
        expected = ", ".join([*map(str, action["after"]), *action["external"]]) or "-"
        assert told[str(action["number"])] == expected
