"""Answers the plan's checklist for the environment, item by item in the plan's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from bbws_readiness.assess.score import WORST_FIRST
from bbws_readiness.engine.finding import Finding, Status
from bbws_readiness.model.plans import ChecklistItem, ChecklistSection
from bbws_readiness.render.encode.markdown import Markdown, code, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views.checks import NOT_COVERED, found, is_place, overall, status_of
from bbws_readiness.render.wording import NO_PLAN, STATUSES
from bbws_readiness.resources import data_root
from bbws_readiness.source import Location

BEFORE = "pre-deployment"
MOST_TOLD = 3
"""More failures than this are counted; the other sections have them all."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which rules answer an item whose text holds all `words`, or who could."""

    words: tuple[str, ...]
    rules: tuple[str, ...]
    needs: str
    """`AWS`, `GitHub`, or empty."""


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """One section of the plan's checklist."""

    title: Markdown
    place: Markdown
    items: Markdown


def checklist_views(frame: Frame) -> tuple[ChecklistView, ...]:
    """The sections before the deployment; all of the environment when the plan has none of that name."""
    plan = frame.assessment.model.plan
    own = [one for one in plan.checklists if one.environment == frame.assessment.environment] if plan else []
    before = [one for one in own if BEFORE in f"{one.parent} {one.title}".lower()]
    return tuple(_section(frame, one) for one in before or own)


def checklist_source(frame: Frame) -> Markdown:
    """Where the checklist stands, or that there is none."""
    plan = frame.assessment.model.plan
    if plan is None:
        return Markdown(NO_PLAN)
    if not any(one.environment == frame.assessment.environment for one in plan.checklists):
        return say("No checklist for {} in {}", frame.environment, frame.path(plan.path))
    return say("Items in the words of the plan, {}", frame.path(plan.path))


def _section(frame: Frame, section: ChecklistSection) -> ChecklistView:
    rows = [_row(frame, item) for item in section.items]
    return ChecklistView(
        say("{}", section.title),
        frame.place(section.at),
        table(("Item", "Status", "Evidence, or what it needs", "Stated at"), rows),
    )


def _row(frame: Frame, item: ChecklistItem) -> tuple[object, ...]:
    words = say("**CRITICAL** {}", item.text) if item.critical else say("{}", item.text)
    points = joined(item.points, "; ")
    shown = say("{} {}", words, points) if points else words
    status, told = _answer(frame, item)
    ticked = Markdown(" (ticked)") if item.ticked else Markdown("")
    return (shown, STATUSES[status], told, say("{}{}", frame.place(item.at), ticked))


def _answer(frame: Frame, item: ChecklistItem) -> tuple[Status, Markdown]:
    entry = coverage_of(item.text)
    if entry is None:
        return Status.NOT_VERIFIED, Markdown(NOT_COVERED)
    if entry.needs:
        return Status.NOT_VERIFIED, say("needs {}", entry.needs)
    findings = [one for one in frame.assessment.findings if one.rule.code in entry.rules]
    if not findings:
        return Status.NOT_VERIFIED, Markdown(NOT_COVERED)
    return overall(findings) if _any_open(findings) else Status.NOT_APPLICABLE, _evidence(frame, item, findings)


def _any_open(findings: list[Finding]) -> bool:
    return any(not one.settled_by for one in findings)


def _evidence(frame: Frame, item: ChecklistItem, findings: list[Finding]) -> Markdown:
    """The findings of the worst status with their places; of those that are fine one, on the item's own subject."""
    worst = min((WORST_FIRST.index(status_of(one)) for one in findings), default=0)
    telling = [one for one in findings if WORST_FIRST.index(status_of(one)) == worst]
    telling.sort(key=lambda one: one.subject.casefold() not in item.text.casefold())
    most = MOST_TOLD if WORST_FIRST[worst] is Status.FAIL else 1
    told = joined(
        (say("{} {}", code(one.rule.code), frame.cited(found(one), _place(one))) for one in telling[:most]), "; "
    )
    return say("{}; {} more alike", told, len(telling) - most) if len(telling) > most else told


def _place(finding: Finding) -> Location | None:
    return finding.at if is_place(finding.at) else None


def coverage_of(text: str) -> Coverage | None:
    """The first entry of the mapping all of whose words occur in `text`, or None."""
    folded = text.casefold()
    return next((one for one in _mapping() if all(word in folded for word in one.words)), None)


@lru_cache(maxsize=1)
def _mapping() -> tuple[Coverage, ...]:
    text = (data_root() / "templates" / "checklist.yaml").read_text(encoding="utf-8")
    return tuple(_entries(yaml.safe_load(text)))


def _entries(data: list[dict[str, Any]]) -> Iterator[Coverage]:
    for entry in data:
        yield Coverage(tuple(entry["words"]), tuple(entry.get("rules", ())), entry.get("needs", ""))
