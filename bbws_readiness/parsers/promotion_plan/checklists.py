"""Reads the checklists, success criteria and rollback sections of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import ChecklistItem, ChecklistSection, Criterion
from bbws_readiness.parsers.promotion_plan.markdown import Fence, Item, Paragraph, Section
from bbws_readiness.parsers.promotion_plan.reading import Reading, plain, strip_critical
from bbws_readiness.parsers.promotion_plan.roles import split_roles
from bbws_readiness.parsers.promotion_plan.thresholds import read_threshold
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_CODE = regex(r"`([^`]+)`")
_NUMBER = regex(r"\((\d{1,20})\)")
_SIGN_OFF = regex(r"(.+?)[ ]sign-?offs?\b", re.IGNORECASE)
_VERB = regex(r"^(?:obtain|get|receive|have|with|final)[ ]+", re.IGNORECASE)


def read_checklists(reading: Reading) -> tuple[ChecklistSection, ...]:
    """Every heading with boxes below it, in order."""
    found = []
    for section in reading.document.sections:
        boxes = tuple(_item(reading, item) for item in section.items if item.ticked is not None)
        heading = section.heading
        if not boxes or heading is None:
            continue
        above = section.above(3)
        parent = above.title if above and above is not heading else ""
        at = reading.document.source.at(heading.line)
        found.append(ChecklistSection(heading.title, parent, reading.environment(section), at, boxes))
    return tuple(found)


def count_boxes(reading: Reading) -> tuple[int, int]:
    """Ticked boxes and open ones."""
    states = [item.ticked for _, item in reading.checklist_items]
    return states.count(True), states.count(False)


def read_success(reading: Reading) -> tuple[Criterion, ...]:
    """The entries below `Success Criteria`, with or without a box."""
    return tuple(
        Criterion(
            plain(item.text),
            reading.environment(section, item.text),
            reading.document.place(item.line, item.text),
            read_threshold(plain(item.text)),
        )
        for section in reading.document.under("Success Criteria")
        for item in section.items
    )


def read_sign_off_roles(reading: Reading, production: str = "prod") -> tuple[Fact[str], ...]:
    """The roles that a criterion of production wants to sign off."""
    roles: list[Fact[str]] = []
    for section in reading.document.under("Success Criteria"):
        if reading.environment(section) != production:
            continue
        for item in section.items:
            found = _SIGN_OFF.match(plain(strip_critical(item.text)[0]))
            if found and not reading.named(found[1]):
                names = split_roles(_VERB.sub("", found[1]))
                roles += [reading.document.fact(name, item.line) for name in names]
    return tuple(roles)


def read_rollback(reading: Reading) -> dict[str, tuple[str, ...]]:
    """Per environment, what its rollback section says line by line; under "" the steps that stand above all of them."""
    rollback: dict[str, tuple[str, ...]] = {}
    for section in reading.document.under("Rollback Procedures"):
        environment = reading.environment(section)
        lines = tuple(_lines(section)) if environment else _shared_steps(section)
        if lines:
            rollback[environment] = rollback.get(environment, ()) + lines
    return rollback


def _shared_steps(section: Section) -> tuple[str, ...]:
    """The steps right below the heading of all rollbacks; a sentence there is an introduction."""
    above = section.heading is None or section.heading.level > 2
    return () if above else tuple(item.text for item in section.items)


def read_rollback_places(reading: Reading) -> dict[str, Location]:
    """Per environment, the heading of its rollback section; under "" that of all, where steps stand right below it."""
    places: dict[str, Location] = {}
    for section in reading.document.under("Rollback Procedures"):
        environment, heading = reading.environment(section), section.heading
        if heading and (environment or _shared_steps(section)):
            places.setdefault(environment, reading.document.source.at(heading.line))
    return places


def read_validations(reading: Reading) -> dict[str, tuple[Location, ...]]:
    """Per environment, the headings below `Post-Deployment Validation`, or that heading when it has none below."""
    found: dict[str, list[Location]] = {}
    for section in reading.document.under("Post-Deployment Validation"):
        environment, heading = reading.environment(section), section.heading
        if not environment or heading is None:
            continue
        places = found.setdefault(environment, [])
        if heading.level > 3 or section.blocks:
            places.append(reading.document.source.at(heading.line))
    return {environment: tuple(places) for environment, places in found.items() if places}


def _item(reading: Reading, item: Item) -> ChecklistItem:
    text, critical = strip_critical(item.text)
    return ChecklistItem(
        text=text,
        at=reading.document.place(item.line, text.split(" ", 1)[0]),
        ticked=bool(item.ticked),
        critical=critical,
        codes=tuple(_CODE.findall(text)),
        points=tuple(point.text for point in item.points),
        numbers=tuple(_NUMBER.findall(text)),
    )


def _lines(section: Section) -> Iterator[str]:
    for block in section.blocks:
        match block:
            case Item():
                yield block.text
                yield from (point.text for point in block.points)
            case Fence() | Paragraph():
                yield from (line.text.strip() for line in block.lines if line.text.strip())
