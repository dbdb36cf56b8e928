"""The open issues and decisions by likelihood and impact: a table of three by three, which is legible on any screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bbws_readiness.render import wording
from bbws_readiness.render.site.pictures.markup import caption, data_table, figure, sentence, tag, words
from bbws_readiness.render.site.pictures.priorities import class_of, letter_of, word_of
from bbws_readiness.render.site.pictures.text import shown

LEVELS = ("low", "medium", "high")
NOTHING = "Nothing that is open carries a risk."
HEAT = ("mild", "mild", "some", "great", "great")
"""By the sum of both levels, from low and low to high and high."""


def risk_picture(data: Mapping[str, Any], *, mark: str = "") -> str:
    """The matrix with the code of every risk in its cell, what nobody has rated beside it, and all as a table."""
    risks: Sequence[Mapping[str, Any]] = data.get("risks", ())
    if not risks:
        return figure("risk", sentence(NOTHING))
    rated = [risk for risk in risks if risk["likelihood"] in LEVELS and risk["impact"] in LEVELS]
    unrated = [risk for risk in risks if risk not in rated]
    told = f"{wording.counted(len(risks), 'risk')} by likelihood and impact; {len(unrated)} not rated."
    return figure("risk", _matrix(rated, told, mark), _unrated(unrated), caption(told), _table(risks))


def _matrix(risks: Iterable[Mapping[str, Any]], told: str, mark: str) -> str:
    cells: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for risk in risks:
        cells.setdefault((risk["likelihood"], risk["impact"]), []).append(risk)
    corner = tag("td", class_="pic-corner")
    heads = "".join(tag("th", f"{words(level.capitalize())} impact", scope="col") for level in LEVELS)
    body = "".join(
        tag(
            "tr",
            tag("th", f"{words(likelihood.capitalize())} likelihood", scope="row")
            + "".join(_cell(cells.get((likelihood, impact), []), likelihood, impact) for impact in LEVELS),
        )
        for likelihood in reversed(LEVELS)
    )
    grid = tag("caption", words(told), class_="pic-sr") + tag("thead", tag("tr", corner + heads)) + tag("tbody", body)
    table = tag("table", grid, class_="pic-risks", id=f"{mark}pic-risk")
    return tag(
        "div", table, class_="pic-scroll", role="region", aria_label="Risks by likelihood and impact", tabindex="0"
    )


def _cell(risks: Sequence[Mapping[str, Any]], likelihood: str, impact: str) -> str:
    heat = HEAT[LEVELS.index(likelihood) + LEVELS.index(impact)]
    content = tag("ul", "".join(map(_chip, risks))) if risks else tag("span", "none", class_="pic-sr")
    return tag("td", content, class_=f"pic-heat pic-{heat}")


def _chip(risk: Mapping[str, Any]) -> str:
    letter = tag("span", letter_of(risk["severity"]), class_=f"pic-chip {class_of(risk['severity'])}")
    name = f"{risk['about']}: {risk['text']}"
    return tag("li", letter + tag("span", words(risk["rule"])), title=shown(name))


def _unrated(risks: Sequence[Mapping[str, Any]]) -> str:
    if not risks:
        return ""
    heading = tag("span", words(wording.NOT_RATED), class_="pic-strong")
    return tag("div", heading + tag("ul", "".join(map(_chip, risks))), class_="pic-unrated")


def _table(risks: Iterable[Mapping[str, Any]]) -> str:
    headings = ("From", "Priority", "Likelihood", "Impact", "Risk", "Ended by")
    rows = [
        (
            f"{risk['rule']} {risk['about']}",
            word_of(risk["severity"]),
            (risk["likelihood"] or wording.NOT_RATED).capitalize(),
            (risk["impact"] or wording.NOT_RATED).capitalize(),
            risk["text"],
            f"Action {risk['action']}",
        )
        for risk in risks
    ]
    return data_table("What the codes stand for", headings, rows)
