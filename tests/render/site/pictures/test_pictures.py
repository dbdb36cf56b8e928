"""What holds for every picture: well-formed, legible, the same for the same data, and inert whatever it is told."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bbws_readiness.render.site.pictures import style
from bbws_readiness.render.site.pictures.dependencies import dependency_picture
from bbws_readiness.render.site.pictures.risk import risk_picture
from bbws_readiness.render.site.pictures.schedule import schedule_picture
from bbws_readiness.render.site.pictures.score import score_picture
from bbws_readiness.render.site.pictures.sources import sources_matrix
from tests.budgets.work import seconds
from tests.cases import each
from tests.render.site.pictures import forms
from tests.render.site.pictures.geometry import SVG, elements, legible, tree

Picture = Callable[..., str]
PICTURES: tuple[Picture, ...] = (schedule_picture, dependency_picture, risk_picture, score_picture, sources_matrix)


def drawn(data: Mapping[str, Any]) -> list[str]:
    return [picture(data) for picture in PICTURES]


@each("name", forms.EXAMPLES)
def test_every_picture_of_an_assessment_is_legible_and_the_same_twice(name: str) -> None:
    for picture in PICTURES:
        markup = picture(forms.example(name))
        root = tree(markup)
        assert root.tag == "figure"
        assert markup == picture(forms.example(name))
        if any(one.tag == f"{SVG}svg" for one in root.iter()):
            legible(markup)


def test_a_mark_keeps_the_ids_of_two_pictures_apart() -> None:
    for picture in PICTURES:
        ids = [set(re.findall(r' id="([^"]+)"', picture(forms.example("b"), mark=mark))) for mark in ("x-", "y-")]
        assert ids[0]
        assert not ids[0] & ids[1]


def hostile(value: Any) -> Any:
    """The same data with hostile words in every text that a project can fill."""
    ours = ("start", "end", "at", "earliest", "priority", "severity", "likelihood", "impact", "stance", "moved_to")
    closed = (*ours, "verdict", "key", "source", "facet", "chain", "calendar", "rule", "value", "points")
    if isinstance(value, Mapping):
        return {
            key: part if key in closed and not isinstance(part, list) else hostile(part) for key, part in value.items()
        }
    if isinstance(value, list):
        return [hostile(part) for part in value]
    return forms.HOSTILE if isinstance(value, str) else value


def test_hostile_words_change_no_element() -> None:
    harmless = forms.example("a")
    parts = ("actions", "downstream", "risks", "sources", "score", "environment")
    attacked = {**harmless, **{part: hostile(harmless[part]) for part in parts}}
    tame = {**harmless, **{part: renamed(attacked[part]) for part in parts}}
    for picture in PICTURES:
        markup = picture(attacked)
        assert elements(markup) == elements(picture(tame)), picture.__name__
        assert "<script" not in markup
        assert "\u202e" not in markup
        assert "\x1b" not in markup
        names = {name for one in tree(markup).iter() for name in one.attrib}
        assert not [name for name in names if name.startswith("on") or name in ("style", "href", "src")]
        if picture in (schedule_picture, dependency_picture, score_picture):
            legible(markup)


def renamed(value: Any) -> Any:
    """The same data with harmless words, broken at the same places, in place of the hostile ones."""
    if isinstance(value, Mapping):
        return {key: renamed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [renamed(part) for part in value]
    return re.sub(r"[^\w ]", "x", forms.HOSTILE) if value == forms.HOSTILE else value


def test_a_secret_is_withheld_before_anything_is_cut() -> None:
    secret = "AKIA" + "Q7RT2WXY5ZAB3CDE"
    title = f"Rotate {secret} and write it down somewhere else"
    data = forms.plan([forms.action(1, [], 0, 60, title=title), forms.action(2, [1], 60, 60)])
    for picture in (schedule_picture, dependency_picture):
        assert "AKIA" not in picture(data)
        assert "withheld" in picture(data)


def test_every_class_has_a_rule_and_every_rule_a_class() -> None:
    used = {"pic-heavy", "pic-long", "pic-untold", "pic-against", "pic-unrated", "pic-window", "pic-lacking"}
    for name in forms.EXAMPLES:
        for markup in drawn(forms.example(name)):
            used |= set(re.findall(r"pic-[\w-]+", " ".join(re.findall(r'class="([^"]*)"', markup))))
    ruled = set(re.findall(r"\.(pic-[\w-]+)", style.PICTURE_STYLE))
    without_rule = {"pic-schedule", "pic-dependencies", "pic-risk", "pic-left", "pic-legend"}
    assert used - ruled - without_rule == set()
    sizes = {name for name in ruled if re.fullmatch(r"pic-n\d+", name)}
    assert ruled - used - sizes - {"pic-said-not-verified", "pic-group", "pic-member", "pic-badge"} == set()
    assert "<" not in style.PICTURE_STYLE
    assert "url(" not in style.PICTURE_STYLE


def test_a_plan_four_times_as_long_takes_no_more_than_its_share() -> None:
    small, large = forms.staircase(50), forms.staircase(200)
    for picture in (schedule_picture, dependency_picture):
        picture(small)
        assert seconds(lambda picture=picture: picture(large)) < 12 * seconds(lambda picture=picture: picture(small))
