"""The Gantt picture: bars where their time is, links from end to start, nothing on top of anything."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.render.site.pictures.days import FOLDED_FROM, Calendar, axis
from bbws_readiness.render.site.pictures.schedule import schedule_picture
from tests.render.site.pictures import forms
from tests.render.site.pictures.geometry import (
    EDGE,
    SVG,
    apart,
    canvas,
    drawing,
    legible,
    points,
    rectangles,
    texts,
    tree,
)

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=120)
ACTIONS = st.lists(
    st.tuples(st.integers(0, 6000), st.integers(1, 3000), WORDS, st.lists(st.sampled_from(forms.ROLES), max_size=3)),
    min_size=1,
    max_size=14,
)


def plan_of(rows, more=None):
    made = []
    for number, (begins, minutes, title, owners) in enumerate(rows, 1):
        before = [one for one in range(1, number) if (one * number) % 3 == 0]
        made.append(forms.action(number, before, begins, minutes, title=title, owners=owners))
    return forms.plan(made, **(more or {}))


def bars(svg):
    return list(rectangles(svg, "pic-bar"))


@settings(max_examples=60, deadline=None)
@given(ACTIONS)
def test_nothing_overlaps_and_no_action_is_lost(rows) -> None:
    markup = schedule_picture(plan_of(rows))
    legible(markup)
    svg = drawing(markup)
    drawn = bars(svg)
    assert len(drawn) == len(rows)
    apart(drawn)
    letters = {"C", "H", "M", "L"}
    for text in texts(svg):
        assert canvas(svg).holds(text)
        if text.of not in letters:
            assert not any(text.touches(bar) for bar in drawn), text


@settings(max_examples=40, deadline=None)
@given(ACTIONS)
def test_links_lead_from_the_end_of_a_bar_to_the_start_of_another(rows) -> None:
    svg = drawing(schedule_picture(plan_of(rows)))
    drawn = bars(svg)
    for one in svg.iter(f"{SVG}path"):
        if one.attrib["class"] == "pic-link":
            (x, y), *_, (a, b) = points(one.attrib["d"])
            assert any(abs(y - bar.bottom) < EDGE and bar.left <= x <= bar.right for bar in drawn)
            assert any(abs(a - bar.left) < EDGE and bar.top <= b <= bar.bottom for bar in drawn)


def test_bars_stand_in_the_order_of_their_time() -> None:
    made = [forms.action(1, [], 0, 60), forms.action(2, [1], 60, 480), forms.action(3, [2], 2400, 60)]
    svg = drawing(schedule_picture(forms.plan(made)))
    first, second, third = (bars(svg)[position] for position in bar_order(svg, made))
    assert first.right == pytest.approx(second.left, abs=EDGE)
    assert second.right - second.left == pytest.approx(8 * (first.right - first.left), rel=0.02)
    assert third.left > second.right


def bar_order(svg, made):
    titles = [one[0].text or "" for one in svg.iter(f"{SVG}g")]
    return [next(at for at, text in enumerate(titles) if text.startswith(f"Action {one['number']}:")) for one in made]


def test_without_a_scheduled_action_a_sentence_says_so() -> None:
    nothing = {**forms.plan([]), "verdict": "READY"}
    shown = " ".join(tree(schedule_picture(nothing)).itertext())
    assert "there is nothing to schedule" in shown
    assert "Ready now" in shown
    assert "No date is stated" in shown
    assert "cannot be computed" in schedule_picture({**nothing, "verdict": "UNDETERMINED"})
    unscheduled = forms.plan([forms.action(1, [], 0, 60, start=None, end=None)])
    assert "<svg" not in schedule_picture(unscheduled)


def test_milestones_are_dated_as_the_plan_dates_them() -> None:
    day = {"start": "2026-01-13", "end": "2026-01-13", "place": "plan.md:1"}
    planned = {
        "at": "2026-01-13T09:30",
        "earliest": "2026-01-15T10:00",
        "milestones": [
            {"name": "Deployment", "moved_to": "2026-01-15", **day},
            {"name": "Sign-off", "moved_to": "2026-01-17", **day},
        ],
    }
    ready = {"minutes": 60, "chain": [], "at": "2026-01-08T10:00"}
    markup = schedule_picture(forms.plan([forms.action(1, [], 0, 60)], ready=ready, planned=planned))
    legible(markup)
    shown = {text.of for text in texts(drawing(markup))}
    assert {
        "Ready 10:00 · Thu 2026-01-08",
        "Deployment planned 09:30, Sign-off · Tue 2026-01-13",
        "Deployment possible 10:00, Deployment moved · Thu 2026-01-15",
        "Sign-off moved · Sat 2026-01-17",
    } <= shown
    assert markup.count("pic-ready-line") == 1


def test_days_of_rest_and_the_window_are_shaded() -> None:
    window = {"days": ["tuesday", "thursday"], "start": "10:00", "end": "15:00"}
    calendar = {"working_days": ["monday", "tuesday", "wednesday", "thursday", "friday"], "start": "09:00"}
    calendar |= {"end": "17:00", "holidays": ["2026-01-14"], "window": window}
    planned = {"at": "2026-01-16T09:00", "earliest": "2026-01-15T10:00", "milestones": []}
    data = forms.plan([forms.action(1, [], 0, 3 * 480)], calendar=calendar, planned=planned)
    shaded = [one[0].text for one in drawing(schedule_picture(data)).iter(f"{SVG}rect") if len(one)]
    assert "Wed 2026-01-14: nobody works" in shaded
    assert [one for one in shaded if "Deployments" in one] == [
        "Deployments are allowed on Thu 2026-01-15, 10:00 to 15:00"
    ]
    assert sum("nobody works" in one for one in shaded) == 3
    without = schedule_picture(forms.plan([forms.action(1, [], 0, 3 * 480)], planned=planned))
    assert "pic-window" not in without


@settings(max_examples=60, deadline=None)
@given(st.sets(st.dates(date(2026, 1, 1), date(2027, 6, 1)), min_size=1, max_size=30), st.integers(0, 30))
def test_days_follow_each_other_without_a_gap(days, busy) -> None:
    ordered = sorted(days)
    calendar = Calendar.of({})
    made = axis(calendar, set(ordered[:busy]), days, 10, 900)
    assert made.columns[0].first == ordered[0]
    assert made.columns[0].x == 10
    for before, after in zip(made.columns, made.columns[1:], strict=False):
        assert after.x == pytest.approx(before.end)
        assert (after.first - before.first).days == before.days
        assert before.days == 1 or (before.days >= FOLDED_FROM and before.first not in days)
    places = [made.x(datetime(one.year, one.month, one.day, 12)) for one in ordered]
    assert places == sorted(places)


def test_a_very_long_plan_stays_drawable() -> None:
    made = [forms.action(number, [], number * 4000, 4000) for number in range(1, 40)]
    svg = drawing(schedule_picture(forms.plan(made)))
    assert canvas(svg).right < 12_000
    legible(schedule_picture(forms.plan(made)))
