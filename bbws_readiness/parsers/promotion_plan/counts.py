"""Collects the numbers that a document states for a noun."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bbws_readiness.model.plans import OverviewEntry
from bbws_readiness.model.tables import Count
from bbws_readiness.parsers.promotion_plan.commands import comments
from bbws_readiness.parsers.promotion_plan.markdown import Document
from bbws_readiness.parsers.promotion_plan.reading import Reading, plain, strip_critical
from bbws_readiness.patterns import regex

NOUNS = {
    "table": "tables",
    "gsi": "indexes",
    "index": "indexes",
    "indexe": "indexes",
    "indice": "indexes",
    "bucket": "buckets",
    "template": "templates",
    "handler": "handlers",
    "function": "functions",
    "file": "files",
    "workflow": "workflows",
}
_QUALIFIER = r"(?:dynamodb|global|secondary|s3|email|e-mail|lambda|lambda@edge|edge|terraform|ci/cd|github|deployment)"
_CLAIM = regex(
    rf"(?<![\w.,:/$%-])(?P<number>\d{{1,6}})[ ](?:{_QUALIFIER}[ ]){{0,4}}(?P<noun>{'|'.join(sorted(NOUNS))})s?\b",
    re.IGNORECASE,
)
_LEADING = regex(
    r"(?:^|[ (])(?:all|across|total|exactly|verify|confirm|check|list|create|deploy|document|upload|together)"
    r"(?:[ ](?:that|all|the|of))*[ :]+$",
    re.IGNORECASE,
)
"""What may stand before a number that is meant for the whole: `All 4 tables`, `Verify 4 tables`, `across 4 tables`."""
_TRAILING = regex(
    r"[ ]*(?:$|\)|across\b|in total|(?:(?:will|must|should)[ ])?(?:be|are|is|were|have)\b|to be\b|created\b|active\b"
    r"|deployed\b|defined\b|uploaded\b|configured\b|replicated\b|exist\b|present\b)",
    re.IGNORECASE,
)
_PART = regex(r"(?:\bof|\bfirst|\blast|\bother|\bat least|\bup to|\bmore than|\bany|\bper)[ ]$", re.IGNORECASE)


def read_counts(reading: Reading, overview: Mapping[str, OverviewEntry]) -> tuple[Count, ...]:
    """Every count the plan states: overview, checklist entries, comments in fences, criteria."""
    document = reading.document
    counts = [
        _overview_count(document, entry)
        for entry in overview.values()
        if noun_of(entry.key) and entry.count is not None
    ]
    for section in reading.document.sections:
        for item in section.items:
            text = plain(strip_critical(item.text)[0])
            counts += claims(document, text, item.line, reading.environment(section, text))
        for line in comments(section):
            counts += claims(document, line.text, line.number, reading.environment(section, line.text))
    return tuple(sorted(counts, key=lambda count: count.number.at))


def claims(document: Document, text: str, line: int, scope: str = "", *, anywhere: bool = False) -> Iterator[Count]:
    """The counts in one piece of text; a number that speaks of a part (`first 2 tables`, `restore 1 table`) is none.

    `anywhere` takes every number before a noun for a claim unless a word before it says that it is a part.
    """
    for found in _CLAIM.finditer(text):
        before, after = text[: found.start()][-60:], text[found.end() :][:60]
        if _PART.search(before):
            continue
        whole = anywhere or _LEADING.search(before) or not before.strip(" -*(") or before.endswith("(")
        if not whole and not _TRAILING.match(after):
            continue
        noun = NOUNS[found["noun"].casefold()]
        number = document.fact(int(found["number"]), line, found[0])
        yield Count(noun, number, scope, text)


def noun_of(words: str) -> str:
    """The normalised noun that a row name or header ends with (`Email Templates`, `GSIs`), or empty."""
    last = words.casefold().split()[-1:] or [""]
    return next((noun for word, noun in NOUNS.items() if last[0] in (word, f"{word}s")), "")


def _overview_count(document: Document, entry: OverviewEntry) -> Count:
    line = entry.text.at.line
    number = entry.count or 0
    text = entry.text.or_none() or ""
    return Count(noun_of(entry.key), document.fact(number, line, text), "", f"{entry.key}: {text}")
