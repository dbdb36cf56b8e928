"""The ring: its segments are the ledger, and exactly 100 points."""

from decimal import Decimal
from math import atan2, pi

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.render.site.pictures.score import LEFT, SIZE, score_picture, segments
from tests.cases import each
from tests.render.site.pictures import forms
from tests.render.site.pictures.geometry import SVG, drawing, legible, tree

SEVERITIES = ("critical", "high", "medium", "low", "decision")
POINTS = st.lists(st.tuples(st.sampled_from(SEVERITIES), st.integers(0, 80)), max_size=30)


def score_of(rows):
    ledger = [
        {"key": f"R{number}", "label": "what", "severity": severity, "points": quarters / 2}
        for number, (severity, quarters) in enumerate(rows)
    ]
    taken = sum(line["points"] for line in ledger)
    return {"value": max(0, 100 - taken), "start": 100, "ledger": ledger}


@settings(max_examples=100, deadline=None)
@given(POINTS)
def test_segments_are_a_hundred_points_in_the_order_of_the_ledger(rows) -> None:
    score = score_of(rows)
    parts = segments(score)
    assert sum(part.points for part in parts) == 100
    end = Decimal(0)
    for part in parts:
        assert part.start == end
        assert part.points > 0
        end += part.points
    keys = [line["key"] for line in score["ledger"] if line["points"]]
    shown = [part.key for part in parts if part.key != LEFT]
    assert shown == keys[: len(shown)]
    if score["value"]:
        assert shown == keys
        assert parts[0].points == Decimal(str(score["value"]))


@each("name", forms.EXAMPLES)
def test_ring_and_ledger_tell_the_score(name: str) -> None:
    score = forms.example(name)["score"]
    markup = score_picture(forms.example(name))
    legible(markup)
    svg = drawing(markup)
    middle = next(one for one in svg.iter(f"{SVG}text") if "pic-huge" in one.attrib["class"])
    assert float(middle.text or "") == score["value"]
    shares = [one for one in svg.iter(f"{SVG}path") if "data-points" in one.attrib]
    assert sum(Decimal(one.attrib["data-points"]) for one in shares) == 100
    assert len(shares) == len(segments(score))
    turned = Decimal(0)
    for share in shares:
        assert turn_of(share.attrib["d"]) == pytest.approx(float(turned) / 100, abs=0.001)
        turned += Decimal(share.attrib["data-points"])
    rows = [[cell.text for cell in row] for row in tree(markup).iter("tr")][1:]
    assert rows[0][0::2] == ["Start", "100"]
    assert [row[0] for row in rows[1:-1]] == [line["key"] for line in score["ledger"]]
    assert float(rows[-1][2] or "") == score["value"]


def turn_of(path: str) -> float:
    """At which part of a turn, clockwise from the top, a segment begins."""
    x, y = map(float, path.removeprefix("M").split(" A")[0].split())
    return atan2(x - SIZE / 2, SIZE / 2 - y) / (2 * pi) % 1


def test_what_the_ring_cannot_show_is_said() -> None:
    many = {"score": score_of([("critical", 40)] * 6)}
    assert "120 points in all" in score_picture(many)
    unexplained = {"score": {"value": 97.5, "start": 100, "ledger": []}}
    assert [part.label for part in segments(unexplained["score"])] == ["score", "not told in the ledger"]
    assert "points in all" not in score_picture(unexplained)
