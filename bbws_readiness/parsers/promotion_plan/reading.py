"""What every part of the plan parser shares: the document, the environment words, the scope of a statement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct

from bbws_readiness.parsers.promotion_plan.headings import Heading
from bbws_readiness.parsers.promotion_plan.markdown import Document, Item, Section
from bbws_readiness.patterns import regex

_PLAIN = regex(r"\*\*|`")
_PHASES = {"1": "sit", "2": "sit", "3": "prod"}
_CRITICAL = regex(r"^\*\*CRITICAL(?:\*\*\s*:|:\*\*)\s*")


class Reading(Struct, frozen=True, dict=True):
    """One document that is being read as a plan."""

    document: Document
    environments: tuple[str, ...]
    """Lower case."""

    @cached_property
    def _word(self) -> re.Pattern[str]:
        names = "|".join(re.escape(name.upper()) for name in self.environments) or "(?!)"
        return re.compile(rf"(?<![\w-])({names})(?![\w-])")

    def named(self, text: str) -> tuple[str, ...]:
        """The environments that a text names in capitals (`7 days SIT`), in order, each once."""
        return tuple(dict.fromkeys(found.casefold() for found in self._word.findall(text)))

    def environment(self, section: Section, text: str = "") -> str:
        """What a statement is about: the nearest heading that names an environment, else the text, else empty."""
        scope = self._scope(section.headings)
        if scope:
            return scope
        named = self.named(text)
        return named[0] if len(named) == 1 else ""

    @cached_property
    def _scopes(self) -> dict[int, str]:
        """What headings say with those above them, by their line, as far as anybody asked."""
        return {}

    def _scope(self, headings: tuple[Heading, ...]) -> str:
        if not headings:
            return ""
        line = headings[-1].line
        if line not in self._scopes:
            self._scopes[line] = self._own_scope(headings[-1]) or self._scope(headings[:-1])
        return self._scopes[line]

    def _own_scope(self, heading: Heading) -> str:
        # The main heading names the project, which may well be called after an environment.
        if heading.level == 1:
            return ""
        # `DR Setup` is a step of the promotion to production, not an environment that is promoted to.
        promoted = [name for name in self.named(heading.title) if name != "dr"]
        return promoted[0] if promoted else _PHASES.get(heading.phase, "")

    def logical_name(self, name: str) -> str:
        """The name without one trailing `-<environment>`."""
        stem, dash, last = name.rpartition("-")
        return stem if dash and stem and last in self.environments else name

    def environment_of_name(self, name: str) -> str:
        """The environment that a name ends with, or empty."""
        stem, dash, last = name.rpartition("-")
        return last if dash and stem and last in self.environments else ""

    @cached_property
    def checklist_items(self) -> Sequence[tuple[Section, Item]]:
        """Every entry with a box, with its section."""
        sections = self.document.sections
        return [(section, item) for section in sections for item in section.items if item.ticked is not None]


def plain(text: str) -> str:
    """The text without bold and code marks."""
    return _PLAIN.sub("", text).strip()


def strip_critical(text: str) -> tuple[str, bool]:
    """The text without a `**CRITICAL**:` in front, and whether there was one."""
    found = _CRITICAL.match(text)
    return (text[found.end() :], True) if found else (text, False)


def split_list(text: str) -> list[str]:
    """The parts of a comma-separated list; commas inside parentheses do not split."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        if character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif character == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def is_nothing(text: str) -> bool:
    """Whether a cell or footer value says that there is none."""
    return text.strip().casefold() in {"", "none", "n/a", "-", "–", "—"}


def without_symbol(text: str) -> str:
    """The text from its first ASCII letter or digit on: status symbols and their mojibake go before it."""
    for position, character in enumerate(text):
        if character.isascii() and character.isalnum():
            return text[position:].strip()
    return ""
