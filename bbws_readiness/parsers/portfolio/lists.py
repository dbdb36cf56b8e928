"""Reads the bullets of a portfolio document: prerequisites, dependencies, costs, external blockers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bbws_readiness.model.portfolio import Blocker, Cost, Edge, Sentence
from bbws_readiness.parsers.portfolio.times import day_in
from bbws_readiness.parsers.promotion_plan.dates import Anchor
from bbws_readiness.parsers.promotion_plan.headings import split_remark
from bbws_readiness.parsers.promotion_plan.markdown import Grid, Item, Paragraph, Section
from bbws_readiness.parsers.promotion_plan.reading import Reading, is_nothing, plain, split_list
from bbws_readiness.patterns import regex

_ARROW = regex(r"\s*(?:→|-{1,2}>|=>|â†’)\s*")
_BOLD = regex(r"\*\*([^*]{1,120}?):?\*\*[ ]*:?[ ]*")
_PRICE = regex(
    r"\$(?P<low>\d[\d,]{0,12}(?:\.\d{1,2})?)(?:[ ]?(?:-|–|—|to)[ ]?\$?(?P<high>\d[\d,]{0,12}(?:\.\d{1,2})?))?"
    r"[ ]?(?:/|per)[ ]?month(?:[ ]*\((?P<scope>[^()]{1,40})\))?",
    re.IGNORECASE,
)
_BLOCKER = regex(r"\bblockers?\b|\bexternal dependencies\b", re.IGNORECASE)
_DUE = regex(r"\b(?:due|by|before|until|deadline)\b(.{0,60})", re.IGNORECASE)


def read_sentences(reading: Reading, key: str) -> Iterator[Sentence]:
    """What stands behind `**Key:**` on its line, and the list directly below it."""
    for section in reading.document.sections:
        topic, listing = _topic(section), False
        for block in section.blocks:
            if isinstance(block, Paragraph):
                listing = False
                for line in block.lines:
                    pair = _BOLD.match(line.text)
                    if pair and pair[1].casefold() == key:
                        rest = plain(line.text[pair.end() :])
                        listing = not rest
                        if rest and not is_nothing(split_remark(rest)[0]):
                            yield Sentence(reading.document.fact(rest, line.number, rest.split(" ", 1)[0]), topic)
            elif isinstance(block, Item) and listing:
                text = plain(block.text)
                yield Sentence(reading.document.fact(text, block.line, text.split(" ", 1)[0]), topic, block.ticked)
            else:
                listing = False


def read_edges(reading: Reading) -> Iterator[Edge]:
    """Every bullet `- **a** → b (what), c (what)`."""
    for section in reading.document.sections:
        for item in section.items:
            bold = _BOLD.match(item.text)
            arrow = _ARROW.match(item.text, bold.end()) if bold else None
            if bold is None or arrow is None:
                continue
            source = reading.document.fact(plain(bold[1]), item.line)
            for part in split_list(plain(item.text[arrow.end() :])):
                name, what = split_remark(part)
                if not is_nothing(name):
                    yield Edge(source, reading.document.fact(name, item.line), what, _topic(section))


def read_costs(reading: Reading) -> Iterator[Cost]:
    """Every price per month behind a name in bold, with the environment in its parenthesis, name or heading."""
    for section in reading.document.sections:
        for text, line in _lines(section):
            bold = _BOLD.match(text)
            if bold is None:
                continue
            project = plain(bold[1])
            for price in _PRICE.finditer(plain(text[bold.end() :])):
                named = reading.named(price["scope"] or "") or reading.named(project)
                environment = named[0] if named else reading.environment(section)
                low, high = price["low"], price["high"] or price["low"]
                yield Cost(
                    reading.document.fact(project, line),
                    environment,
                    reading.document.fact(_amount(low), line, low),
                    reading.document.fact(_amount(high), line, high),
                )


def read_blockers(reading: Reading, anchor: Anchor | None) -> Iterator[Blocker]:
    """The entries below a heading that speaks of blockers, each with its due day."""
    for section in reading.document.sections:
        if not any(_BLOCKER.search(heading.title) for heading in section.headings[1:]):
            continue
        for item in section.items:
            yield _blocker(reading, item.text, item.line, anchor)
        for block in section.blocks:
            for row in block.rows if isinstance(block, Grid) else ():
                yield _blocker(reading, " | ".join(row.cells), row.line, anchor)


def _blocker(reading: Reading, text: str, line: int, anchor: Anchor | None) -> Blocker:
    shown = plain(text)
    due = _DUE.search(shown)
    moment = day_in(reading, due[1], anchor, line) if due else None
    fact = reading.document.fact(shown, line, shown.split(" ", 1)[0])
    return Blocker(fact, moment or day_in(reading, shown, anchor, line))


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _lines(section: Section) -> Iterator[tuple[str, int]]:
    for block in section.blocks:
        match block:
            case Item():
                yield block.text, block.line
                yield from ((point.text, point.line) for point in block.points)
            case Paragraph():
                yield from ((line.text, line.number) for line in block.lines)


def _topic(section: Section) -> str:
    return section.heading.title if section.heading else ""
