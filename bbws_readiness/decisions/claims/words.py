"""Makes the words of a reason comparable: sentences, clauses, numbers as digits, the sources that are named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bbws_readiness.decisions.claims.said import Noun
from bbws_readiness.patterns import regex
from bbws_readiness.source import SourceKind

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

_SAME: Sequence[tuple[re.Pattern[str], str]] = (
    (regex(r"[‘’`´]"), "'"),
    (regex(r"[“”\"*]"), " "),
    (regex(r"[‐‑–—]"), "-"),
    (regex(r"\bpoint[- ]in[- ]time(?:[- ]recovery)?\b|\bpitr\b"), "recovery"),
    (regex(r"\b(?:global[- ]secondary[- ])?(?:indices|indexes|index)\b|\bgsis?\b"), "indexes"),
    (regex(r"\bglobal secondary\b"), " "),
    (regex(r"\bdynamodb (?=tables?\b|streams?\b|indexes\b)"), ""),
    (regex(r"\baws[- ]backups?\b"), "backups"),
    (regex(r"\b([0-9]+|[a-z]+)-(days?|weeks?)\b"), r"\1 \2"),
    (regex(r"\bcan not\b"), "cannot"),
    (regex(r"\beverywhere\b"), "for all"),
    (regex(r"n't\b"), " not"),
)
_TENS_AND_UNIT = regex(rf"\b({'|'.join(_TENS)})[- ]({'|'.join(_UNITS[1:10])})\b")
_NUMBER = regex(rf"\b({'|'.join([*_TENS, *_UNITS])})\b")
_COUNTED = regex(
    r"(?<!table )(?<!per-table )\b(?:(?:total )?number of (?P<of>tables|indexes)|(?P<noun>table|indexes) count)"
    r" ?(?:is|are|of|=|:) ?(?P<number>[0-9]+)\b"
)
"""`number of indexes: 8`, `table count = 5`."""
_SENTENCE = regex(r"[;!?\n]|\.(?=\s|$)|[()]|\s-\s|\b(?:but|while|whereas|although|though|however|yet)\b")
_WORD = regex(r"[a-z0-9_](?:[a-z0-9_.'/-]*[a-z0-9_])?|[,:=&+/]")

_SOURCES = {
    "terraform": SourceKind.TERRAFORM,
    "tf": SourceKind.TERRAFORM,
    "hcl": SourceKind.TERRAFORM,
    "code": SourceKind.TERRAFORM,
    "configuration": SourceKind.TERRAFORM,
    "schema": SourceKind.SCHEMAS,
    "schemas": SourceKind.SCHEMAS,
    "plan": SourceKind.PLAN,
    "readme": SourceKind.README,
    "script": SourceKind.SCRIPT,
    "scripts": SourceKind.SCRIPT,
}
_NO_PLAN_AFTER = frozenset({"terraform", "backup", "backups", "we", "i", "they", "to", "saved", "you", "will", "no"})
_NO_PLAN_BEFORE = frozenset({"output", "json", "to", "b"})
_LINKS = frozenset({",", "and", "&", "+", "/", "the", "or", "both"})

NOUNS = {
    "tables": Noun.TABLES,
    "table": Noun.TABLES,
    "indexes": Noun.INDEXES,
    "workflows": Noun.WORKFLOWS,
    "workflow": Noun.WORKFLOWS,
    "environments": Noun.ENVIRONMENTS,
    "outputs": Noun.OUTPUTS,
}
"""The nouns whose number a reason can state."""


class Clause(Struct, frozen=True):
    """The words of one clause and the sources that it names."""

    words: tuple[str, ...]
    sentence: tuple[Clause, ...] = ()
    """The clauses of the same sentence, itself not included."""

    @property
    def text(self) -> str:
        """The words in one line."""
        return " ".join(self.words)

    @property
    def groups(self) -> tuple[tuple[SourceKind, ...], ...]:
        """The sources it names, those of one enumeration together: `terraform and schemas`."""
        return tuple(kinds for kinds, _ in self.spans)

    @property
    def naming(self) -> frozenset[str]:
        """The words that name sources, with those that link them; none where none is named."""
        named = [word for _, (start, end) in self.spans for word in self.words[start:end]]
        return frozenset((*named, *_LINKS)) if named else frozenset()

    @property
    def spans(self) -> tuple[tuple[tuple[SourceKind, ...], tuple[int, int]], ...]:
        """The same with the first position of each group and the one behind it."""
        found: list[tuple[list[SourceKind], list[int]]] = []
        for position, kind in _named(self.words):
            between = self.words[found[-1][1][1] : position] if found else ("",)
            if found and between and all(word in _LINKS for word in between):
                found[-1][0].append(kind)
                found[-1][1][1] = position + 1
            else:
                found.append(([kind], [position, position + 1]))
        return tuple((tuple(dict.fromkeys(kinds)), (span[0], span[1])) for kinds, span in found)


def vocabulary(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())


def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text, in order; each knows the others of its sentence."""
    found = []
    for sentence in _SENTENCE.split(normal(text)):
        words = _WORD.findall(sentence)
        parts = [Clause(tuple(part)) for part in _parted(words) if part]
        for position, part in enumerate(parts):
            found.append(Clause(part.words, (*parts[:position], *parts[position + 1 :])))
    return tuple(found)


def normal(text: str) -> str:
    """Lower case, one spelling for each term, numbers in digits, weeks in days."""
    text = text.lower()
    for pattern, same in _SAME:
        text = pattern.sub(same, text)
    text = _TENS_AND_UNIT.sub(lambda found: str(_TENS[found[1]] + _UNITS.index(found[2])), text)
    text = _NUMBER.sub(lambda found: str(_TENS[found[1]] if found[1] in _TENS else _UNITS.index(found[1])), text)
    text = _COUNTED.sub(lambda found: f"there are {found['number']} {found['of'] or found['noun']}", text)
    return re.sub(r"\b([0-9]{1,3}) weeks?\b", lambda found: f"{int(found[1]) * 7} days", text)


def _parted(words: Sequence[str]) -> Iterator[list[str]]:
    """At commas and colons, but not within an enumeration of sources, numbers or names before `and`."""
    sources = {position for position, _ in _named(words)}
    part: list[str] = []
    for position, word in enumerate(words):
        if word == ":" or (word == "," and not (position - 1 in sources and _next_named(words, position, sources))):
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _next_named(words: Sequence[str], position: int, sources: set[int]) -> bool:
    after = position + 1
    while after < len(words) and words[after] in _LINKS:
        after += 1
    return after in sources


def _named(words: Sequence[str]) -> Iterator[tuple[int, SourceKind]]:
    for position, word in enumerate(words):
        kind = _SOURCES.get(word.removesuffix("'s").removesuffix("'").removesuffix(".md"))
        before = words[position - 1] if position else ""
        after = words[position + 1] if position + 1 < len(words) else ""
        if kind is SourceKind.PLAN and (before in _NO_PLAN_AFTER or after in _NO_PLAN_BEFORE):
            continue
        if kind is SourceKind.TERRAFORM and after == "plan":
            continue
        if kind:
            yield position, kind
