"""Which rules answer an item of a plan's checklist, or who else could."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bbws_readiness.positioned import Node


class Coverage(Struct, frozen=True):
    """One entry of `rules/checklist.yaml`: either `rules` answer, or somebody in `needs` could."""

    words: tuple[str, ...]
    """Lower case; all of them must occur in the item."""
    without: tuple[str, ...] = ()
    """None of them may occur."""
    rules: tuple[str, ...] = ()
    """Codes."""
    about: tuple[str, ...] = ()
    """Where given, only findings answer whose subject begins with one of these words: `bucket acme-labels`."""
    needs: str = ""
    """`AWS`, `GitHub` or `people`; empty where rules answer."""
    takes: str = ""
    """What the answer would take; empty where rules answer."""

    def covers(self, folded: str) -> bool:
        """Whether this entry is about an item of that text, without its case."""
        # A plain loop: most entries are ruled out by their first word.
        for word in self.words:
            if word not in folded:
                return False
        return not any(word in folded for word in self.without)

    def asks(self, code: str, subject: str) -> bool:
        """Whether a finding of that rule on that subject is part of the answer."""
        return code in self.rules and (not self.about or subject.partition(" ")[0] in self.about)


def coverages(node: Node) -> tuple[Coverage, ...]:
    """The entries of a file that keeps `rules/checklist.schema.json`, in its order."""
    return tuple(
        Coverage(
            words=_texts(one, "words"),
            without=_texts(one, "without"),
            rules=_texts(one, "rules"),
            about=_texts(one, "about"),
            needs=_text(one, "needs"),
            takes=_text(one, "takes"),
        )
        for one in node.elements()
    )


def _texts(node: Node, key: str) -> tuple[str, ...]:
    listed = node.get(key)
    return tuple(one.text or "" for one in listed.elements()) if listed else ()


def _text(node: Node, key: str) -> str:
    found = node.get(key)
    return (found.text if found else None) or ""


def coverage_of(text: str, entries: Iterable[Coverage]) -> Coverage | None:
    """The first entry about an item of that text, or None."""
    folded = text.casefold()
    return next((entry for entry in entries if entry.covers(folded)), None)
