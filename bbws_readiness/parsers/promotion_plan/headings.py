"""Compares headings as people write them: without numbering, symbols and the parenthesis at their end."""

from __future__ import annotations

from functools import cached_property, lru_cache

from msgspec import Struct

from bbws_readiness.patterns import regex

_TRAILING_REMARK = regex(r"\(([^()]*)\)$")
_NUMBERING = regex(r"^(?:[^\w\s`(]+[ ]+|\d{1,2}(?:\.\d{1,2}){0,3}[.)][ ]+)+")
_PHASE = regex(r"phase (\d)\b")


class Heading(Struct, frozen=True, dict=True):
    """A heading without its trailing parenthesis, which is kept apart as `remark`."""

    level: int
    title: str
    remark: str
    line: int

    @cached_property
    def key(self) -> str:
        """The title as it is compared: see `key_of`."""
        return key_of(self.title)

    @cached_property
    def phase(self) -> str:
        """The number in `Phase 1: …`, or empty."""
        found = _PHASE.match(self.key)
        return found[1] if found else ""


@lru_cache(maxsize=1024)
def key_of(title: str) -> str:
    """Lower case, single blanks, `&` for `and`, without leading symbols and numbers (`📋 1. Change Log`)."""
    spelt = " ".join(title.casefold().split())
    return _NUMBERING.sub("", spelt).replace(" and ", " & ")


def split_remark(text: str) -> tuple[str, str]:
    """Text and the parenthesis at its end, which is empty when there is none."""
    stripped = text.strip()
    found = _TRAILING_REMARK.search(stripped)
    if not found:
        return stripped, ""
    return stripped[: found.start()].rstrip(), found.group(1).strip()
