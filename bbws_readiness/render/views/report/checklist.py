"""Shows the plan's checklist with its answers, item by item in the plan's words."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.assess.answered import AnsweredItem, AnsweredSection
from bbws_readiness.engine.finding import Finding, Status
from bbws_readiness.render.encode.markdown import Markdown, code, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views.checks import NOT_COVERED, found, is_place
from bbws_readiness.render.wording import NO_PLAN, STATUSES
from bbws_readiness.source import Location

MOST_TOLD = 3
"""More failures than this are counted; the other sections have them all."""


class ChecklistView(Struct, frozen=True):
    """One section of the plan's checklist."""

    title: Markdown
    place: Markdown
    items: Markdown


def checklist_views(frame: Frame) -> tuple[ChecklistView, ...]:
    """The sections before the deployment, in the order of the plan."""
    return tuple(_section(frame, one) for one in frame.assessment.checklist)


def checklist_source(frame: Frame) -> Markdown:
    """Where the checklist stands, or that there is none."""
    plan = frame.assessment.model.plan
    if plan is None:
        return Markdown(NO_PLAN)
    if not frame.assessment.checklist:
        return say("No checklist for {} in {}", frame.environment, frame.path(plan.path))
    return say("Items in the words of the plan, {}", frame.path(plan.path))


def _section(frame: Frame, answered: AnsweredSection) -> ChecklistView:
    return ChecklistView(
        say("{}", answered.section.title),
        frame.place(answered.section.at),
        table(
            ("Item", "Status", "Evidence, or what it takes", "Stated at"),
            [_row(frame, item) for item in answered.items],
        ),
    )


def _row(frame: Frame, answered: AnsweredItem) -> tuple[object, ...]:
    item = answered.item
    words = say("**CRITICAL** {}", item.text) if item.critical else say("{}", item.text)
    points = joined(item.points, "; ")
    shown = say("{} {}", words, points) if points else words
    ticked = Markdown(" (ticked)") if item.ticked else Markdown("")
    return (shown, STATUSES[answered.status], _told(frame, answered), say("{}{}", frame.place(item.at), ticked))


def _told(frame: Frame, answered: AnsweredItem) -> Markdown:
    if answered.only_in:
        return say("only in {}", answered.only_in.upper())
    if answered.needs:
        return say("needs {}: {}", answered.needs, answered.takes)
    if not answered.findings:
        return Markdown(NOT_COVERED)
    most = MOST_TOLD if answered.status is Status.FAIL else 1
    told = joined(
        (say("{} {}", code(one.rule.code), frame.cited(found(one), _place(one))) for one in answered.findings[:most]),
        "; ",
    )
    more = len(answered.findings) - most
    return say("{}; {} more alike", told, more) if more > 0 else told


def _place(finding: Finding) -> Location | None:
    return finding.at if is_place(finding.at) else None
