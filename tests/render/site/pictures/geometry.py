"""What a drawn picture holds: its elements, and the place that every text and bar takes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from bbws_readiness.render.site.pictures.style import PICTURE_STYLE
from bbws_readiness.render.site.pictures.text import width

SVG = "{http://www.w3.org/2000/svg}"
SIZES = {name: float(size) for name, size in re.findall(r"\.(pic-[\w-]+) \{[^}]*font-size: ([\d.]+)px", PICTURE_STYLE)}
BOLD = set(re.findall(r"\.(pic-[\w-]+) \{[^}]*font-weight: [67]00", PICTURE_STYLE))
EDGE = 0.15
"""Coordinates have one decimal."""


@dataclass(frozen=True)
class Place:
    """A rectangle of a drawing, and what stands in it."""

    left: float
    top: float
    right: float
    bottom: float
    of: str

    def touches(self, other: Place) -> bool:
        across = self.left < other.right - EDGE and other.left < self.right - EDGE
        return across and self.top < other.bottom - EDGE and other.top < self.bottom - EDGE

    def holds(self, other: Place) -> bool:
        across = self.left - EDGE <= other.left and other.right <= self.right + EDGE
        return across and self.top - EDGE <= other.top and other.bottom <= self.bottom + EDGE


def tree(markup: str) -> ElementTree.Element:
    """The picture as XML; fails when it is not well-formed."""
    return ElementTree.fromstring(markup)


def drawing(markup: str) -> ElementTree.Element:
    """Its one SVG."""
    (svg,) = tree(markup).iter(f"{SVG}svg")
    return svg


def canvas(svg: ElementTree.Element) -> Place:
    left, top, broad, high = map(float, svg.attrib["viewBox"].split())
    return Place(left, top, left + broad, top + high, "canvas")


def texts(svg: ElementTree.Element) -> Iterator[Place]:
    """Every text with the room that it may take at most."""
    for one in svg.iter(f"{SVG}text"):
        classes = one.attrib["class"].split()
        size = [SIZES[name] for name in classes if name in SIZES][-1]
        words = one.text or ""
        broad = width(words, size, bold=bool(BOLD.intersection(classes)))
        x, y = float(one.attrib["x"]), float(one.attrib["y"])
        left = x - {"middle": broad / 2, "end": broad}.get(one.attrib.get("text-anchor", ""), 0)
        yield Place(left, y - 0.8 * size, left + broad, y + 0.2 * size, words)


def rectangles(svg: ElementTree.Element, class_: str) -> Iterator[Place]:
    for one in svg.iter(f"{SVG}rect"):
        if class_ in one.attrib["class"].split():
            x, y, broad, high = (float(one.attrib[key]) for key in ("x", "y", "width", "height"))
            yield Place(x, y, x + broad, y + high, one.attrib["class"])


def points(path: str) -> list[tuple[float, float]]:
    numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def apart(places: list[Place]) -> None:
    """Fails when two of them overlap."""
    for one, other in combinations(places, 2):
        assert not one.touches(other), (one, other)


def elements(markup: str) -> Counter[tuple[str, frozenset[str]]]:
    """How often there is an element of that name with those attributes."""
    return Counter((one.tag, frozenset(one.attrib)) for one in tree(markup).iter())


def legible(markup: str) -> None:
    """Fails when a text leaves the drawing or overlaps another, or a name is missing or not its own."""
    svg = drawing(markup)
    whole, named = canvas(svg), list(texts(svg))
    for one in named:
        assert whole.holds(one), (whole, one)
    apart(named)
    ids = [one.attrib["id"] for one in tree(markup).iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids))
    title, description = svg.attrib["aria-labelledby"].split()
    assert [svg[0].attrib["id"], svg[1].attrib["id"]] == [title, description]
    assert svg[0].text and svg[1].text
