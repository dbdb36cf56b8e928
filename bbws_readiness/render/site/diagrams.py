"""What stands on a page for the diagrams that documents hold as text: the same pictures as on the overview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.html import element
from bbws_readiness.render.site.pictures.dependencies import dependency_picture
from bbws_readiness.render.site.pictures.schedule import schedule_picture

_JOB = regex(r'  (?P<node>j\d+)\["(?P<label>[^"\n]*)"\]')
_NEED = regex(r"  (?P<before>j\d+) --> (?P<after>j\d+)")


class Diagrams:
    """Draws the diagrams of one page; the ids of each picture are its own."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._drawn = 0

    def draw(self, text: str) -> str:
        """Trusted markup for a diagram as `render.views.diagrams` writes it; empty for any other."""
        self._drawn += 1
        if text.startswith("gantt\n"):
            return schedule_picture(self._data, mark=f"d{self._drawn}-")
        if text.startswith("flowchart LR\n  subgraph "):
            return dependency_picture(self._data, mark=f"d{self._drawn}-")
        if text.startswith("flowchart LR\n"):
            return _chain(text.splitlines()[1:])
        return ""


def _chain(lines: list[str]) -> str:
    """Jobs in their order, each with those it waits for; empty when a line is none of ours."""
    found = [(_JOB.fullmatch(line), _NEED.fullmatch(line)) for line in lines]
    if not all(job or need for job, need in found):
        return ""
    labels = {job["node"]: job["label"] for job, _ in found if job}
    needs: dict[str, list[str]] = {}
    for _, need in found:
        if need:
            needs.setdefault(need["after"], []).append(labels.get(need["before"], ""))
    items = "".join(f"<li>{element(label)}{_after(needs.get(node, []))}</li>" for node, label in labels.items())
    return f'<ol class="chain">{items}</ol>'


def _after(names: list[str]) -> str:
    return f" <small>after {element(', '.join(names))}</small>" if names else ""
