"""Reads what belongs to no list of names: components, quotas, notes, next steps, workflows named in passing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import Component, LabelledValue
from bbws_readiness.parsers.promotion_plan.headings import split_remark
from bbws_readiness.parsers.promotion_plan.markdown import Item, Point
from bbws_readiness.parsers.promotion_plan.reading import Reading, plain
from bbws_readiness.patterns import regex

_COMPONENTS = regex(r"\bcomponents?\b", re.IGNORECASE)
_LISTED = regex(r"\b(?:document|list|to be created)\b", re.IGNORECASE)
_VALUES = regex(r"\b(?:quotas?|limits?|levels?|sizes?|parameters?|settings?)\b", re.IGNORECASE)
_LABELLED = regex(r"(?P<label>[^`:]{1,60}):[ ]*(?P<value>.*)")
_CODE = regex(r"`([^`]+)`")
_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NOTE = regex(r"\*\*Note(?:\*\*[ ]*:|:\*\*)[ ]*(.*)", re.IGNORECASE)
_NEXT_STEPS = regex(r"\s*\*\*Next Steps(?:\*\*[ ]*:|:\*\*)\s*", re.IGNORECASE)
_NUMBERED = regex(r"\s{0,3}\d{1,3}[.)][ ]+(\S.*)")
_WORKFLOW_FILE = regex(r"(?:\.github/workflows/)?([\w.-]+)\.ya?ml")


def read_components(reading: Reading) -> tuple[Component, ...]:
    """The entries of every list of components, each with what is nested below it."""
    found: list[Component] = []
    for _, item in reading.checklist_items:
        if _COMPONENTS.search(item.text) and _LISTED.search(item.text):
            found += _components(reading, item)
    return tuple(found)


def _components(reading: Reading, item: Item) -> list[Component]:
    found: list[Component] = []
    for point in item.points:
        if point.depth == 1:
            found.append(_component(reading, point))
        elif found:
            text = plain(point.text)
            part = reading.document.fact(text, point.line, point.text)
            found[-1] = replace(found[-1], parts=(*found[-1].parts, part))
    return found


def _component(reading: Reading, point: Point) -> Component:
    shown, remark = split_remark(point.text)
    labelled = _LABELLED.match(shown)
    label = plain(labelled["label"] if labelled else _CODE.sub("", shown)).strip(" :")
    named = next((code for code in _CODE.findall(shown) if _NAME.fullmatch(code)), None)
    name = reading.document.fact(named, point.line) if named else None
    return Component(label, reading.document.place(point.line, label or named or ""), name, remark)


def read_labelled(reading: Reading) -> tuple[LabelledValue, ...]:
    """The `label: value` entries below items that speak of quotas, limits, levels and the like."""
    found = []
    for _, item in reading.checklist_items:
        if not _VALUES.search(item.text):
            continue
        for point in item.points:
            labelled = _LABELLED.match(plain(point.text))
            if point.depth == 1 and labelled and labelled["value"]:
                value, remark = split_remark(labelled["value"])
                fact = reading.document.fact(value, point.line)
                found.append(LabelledValue(plain(item.text).rstrip(":"), labelled["label"].strip(), fact, remark))
    return tuple(found)


def read_notes(reading: Reading) -> tuple[Fact[str], ...]:
    """The `**Note**:` lines outside lists, in order."""
    found = []
    for section in reading.document.sections:
        for paragraph in section.paragraphs:
            for line in paragraph.lines:
                if (note := _NOTE.fullmatch(line.text)) and note[1]:
                    found.append(reading.document.fact(note[1], line.number))
    return tuple(found)


def read_next_steps(reading: Reading) -> tuple[Fact[str], ...]:
    """The numbered lines directly behind `**Next Steps:**`; blank lines may stand between them."""
    lines = reading.document.source.lines
    start = next((number for number, text in enumerate(lines, 1) if _NEXT_STEPS.fullmatch(text[:200])), None)
    if start is None:
        return ()
    found = []
    for number in range(start + 1, len(lines) + 1):
        text = reading.document.text(number)
        step = _NUMBERED.fullmatch(text)
        if step:
            found.append(reading.document.fact(step[1].strip(), number))
        elif text.strip():
            break
    return tuple(found)


def read_named_workflows(reading: Reading) -> tuple[Fact[str], ...]:
    """Workflow files in the code marks of checklists: an entry that says workflow, or a path below `.github`."""
    return tuple(_workflows(reading))


def _workflows(reading: Reading) -> Iterator[Fact[str]]:
    for section in reading.document.sections:
        for item in section.items:
            about = re.search(r"\bworkflows?\b", item.text, re.IGNORECASE)
            for code in _CODE.findall(item.text):
                named = _WORKFLOW_FILE.fullmatch(code)
                if named and (about or code.startswith(".github/workflows/")):
                    yield reading.document.fact(named[1], item.line)
