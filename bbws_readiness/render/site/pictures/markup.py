"""The elements that pictures are made of; every text and value that goes into them is encoded here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

from bbws_readiness.render.encode import html
from bbws_readiness.render.site.pictures.text import shown

STEP, MOST_STEPS = 100, 40
"""A drawing gets a class by its width in such steps, with which it shrinks and grows a little; others do not."""


def tag(name: str, content: str = "", **attributes: object) -> str:
    """One element around trusted content; `class_` is `class`, `stroke_width` is `stroke-width`, None is left out."""
    written = "".join(f" {_name(key)}={_written(value)}" for key, value in attributes.items() if value is not None)
    return f"<{name}{written}>{content}</{name}>"


def words(text: object) -> str:
    """Any text as content: one line, encoded, no longer than pictures show."""
    return html.element(shown(text))


def label(x: float, y: float, text: str, class_: str, *, anchor: str | None = None) -> str:
    """A line of text whose baseline is `y`; `anchor` is `middle` or `end` where it does not start at `x`."""
    return tag("text", words(text), x=x, y=y, class_=class_, text_anchor=anchor)


def box(x: float, y: float, width: float, height: float, class_: str, content: str = "", *, round_: float = 0) -> str:
    """A rectangle."""
    return tag("rect", content, x=x, y=y, width=width, height=height, rx=round_ or None, class_=class_)


def line(points: Iterable[tuple[float, float]], class_: str) -> str:
    """A path of straight parts through all points."""
    drawn = " L".join(f"{number(x)} {number(y)}" for x, y in points)
    return tag("path", d=f"M{drawn}", class_=class_)


def drawing(key: str, title: str, description: str, width: float, height: float, body: str) -> str:
    """The SVG of one picture in a part of the page that scrolls when it is narrow.

    `key` makes its ids; `width` is what it needs to be legible. Where there is more room it grows with it.
    """
    names = f"{key}-title {key}-desc"
    steps = ceil(width / STEP)
    inside = tag("title", words(title), id=f"{key}-title") + tag("desc", words(description), id=f"{key}-desc") + body
    picture = tag(
        "svg",
        inside,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_labelledby=names,
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        class_=f"pic-svg pic-n{steps}" if steps <= MOST_STEPS else "pic-svg",
    )
    return tag("div", picture, class_="pic-scroll", role="region", aria_label=shown(title), tabindex="0")


def figure(kind: str, *parts: str) -> str:
    """One picture with everything that belongs to it."""
    return tag("figure", "".join(parts), class_=f"pic pic-{kind}")


def sentence(text: object) -> str:
    """A paragraph of its own."""
    return tag("p", words(text), class_="pic-note")


def caption(text: object) -> str:
    """What a reader should know to read the picture."""
    return tag("figcaption", words(text), class_="pic-caption")


def data_table(
    summary: str, headings: Sequence[str], rows: Iterable[Sequence[object]], *, unfolded: bool = False
) -> str:
    """The data of a picture as a table, folded as a rule; the first cell of each row names the row."""
    head = "".join(tag("th", words(heading), scope="col") for heading in headings)
    body = "".join(
        tag("tr", tag("th", words(row[0]), scope="row") + "".join(tag("td", words(cell)) for cell in row[1:]))
        for row in rows
    )
    grid = tag(
        "table", tag("caption", words(summary), class_="pic-sr") + tag("thead", tag("tr", head)) + tag("tbody", body)
    )
    scrolled = tag("div", grid, class_="pic-scroll", role="region", aria_label=shown(summary), tabindex="0")
    return tag("details", tag("summary", words(summary)) + scrolled, class_="pic-data", open="" if unfolded else None)


def number(value: float) -> str:
    """One decimal at most, so that the same picture is the same text everywhere."""
    return f"{value:.1f}".removesuffix(".0")


def _name(key: str) -> str:
    return key if key == "viewBox" else key.rstrip("_").replace("_", "-")


def _written(value: object) -> str:
    """Numbers are ours and need no encoding."""
    return f'"{number(value)}"' if isinstance(value, int | float) else html.attribute(value)
