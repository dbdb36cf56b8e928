"""Reads the numbered deployment steps and who must approve them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import Command, Step
from bbws_readiness.parsers.promotion_plan.commands import comments
from bbws_readiness.parsers.promotion_plan.markdown import Item, Section
from bbws_readiness.parsers.promotion_plan.reading import Reading, plain
from bbws_readiness.parsers.promotion_plan.roles import split_roles
from bbws_readiness.patterns import regex

_STEP = regex(r"step[ ](\d{1,4}(?:[ ]?[-–][ ]?\d{1,4})?)[ ]?:[ ]*(.*)", re.IGNORECASE)
_APPROVAL = regex(r"\bapprovals?[ ]from[ ](.+)", re.IGNORECASE)
_REVIEW = regex(r"\breview\b.{0,80}?[ ]with[ ](.+)", re.IGNORECASE)
_NOT_ROLES = regex(r"[.;(].*")


def read_steps(reading: Reading, commands: Sequence[tuple[Command, ...]]) -> tuple[Step, ...]:
    """Every `Step N: Title` heading in the order of the lines; numbers restart in the third phase.

    `commands` are those of each section of the document, in the same order.
    """
    found = []
    for section, told in zip(reading.document.sections, commands, strict=True):
        heading = section.heading
        matched = _STEP.fullmatch(heading.title) if heading and heading.level > 2 else None
        if heading and matched:
            found.append(_step(reading, section, matched[1].replace("–", "-"), matched[2], told))
    return tuple(found)


def _step(reading: Reading, section: Section, number: str, title: str, commands: tuple[Command, ...]) -> Step:
    line = section.headings[-1].line
    return Step(
        number=number.replace(" ", ""),
        title=title,
        environment=reading.environment(section),
        at=reading.document.place(line, "Step"),
        approvers=tuple(_approvers(reading, section)),
        commands=commands,
        points=tuple(_points(section)),
        reviewers=tuple(_reviewers(reading, section)),
        prose=tuple(line.text for paragraph in section.paragraphs for line in paragraph.lines if line.text),
        comments=tuple(reading.document.fact(line.text.strip(), line.number) for line in comments(section)),
    )


def _approvers(reading: Reading, section: Section) -> Iterator[Fact[str]]:
    """Those after `approval from`; `review with` names people who look, not people who approve."""
    for item in section.items:
        found = _APPROVAL.search(plain(item.text))
        if found:
            for role in split_roles(_NOT_ROLES.sub("", found[1])):
                yield reading.document.fact(role, item.line)


def _reviewers(reading: Reading, section: Section) -> Iterator[Fact[str]]:
    for item in section.items:
        text = plain(item.text)
        found = None if _APPROVAL.search(text) else _REVIEW.search(text)
        if found:
            for role in split_roles(_NOT_ROLES.sub("", found[1])):
                yield reading.document.fact(role, item.line)


def _points(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, Item):
            yield block.text
            yield from (point.text for point in block.points)
