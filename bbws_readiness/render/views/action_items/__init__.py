"""Prepares the action items: who does what, in which order, by when."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.assess.assessment import Action, Verdict
from bbws_readiness.engine.rule import Severity
from bbws_readiness.render.encode.markdown import Markdown, box, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import blocks, figures
from bbws_readiness.render.views.action_items.action import ActionView, action_view, notes_block
from bbws_readiness.render.views.action_items.plan import Timeline, WorkflowSummary, timeline_view, workflow_summary
from bbws_readiness.render.wording import NO_APPROVER, counted

GROUPS = {
    Severity.CRITICAL: "CRITICAL - MUST FIX BEFORE DEPLOYMENT",
    Severity.HIGH: "HIGH PRIORITY - SHOULD FIX",
    Severity.MEDIUM: "MEDIUM PRIORITY - RECOMMENDED",
    Severity.LOW: "LOW PRIORITY - OPTIONAL",
}
TRACKED = (
    "Architecture & Planning",
    "Terraform Implementation",
    "Validation & Testing",
    "Documentation",
    "Approvals",
    "Infrastructure Readiness",
)
"""The groups of the checklist tracker; a remedy names one of them."""

APPROVALS = "Approvals"
INFRASTRUCTURE = "Infrastructure Readiness"
KEPT = "kept"
"""Key of the block for notes whose task no longer exists."""


class Group(Struct, frozen=True):
    """One priority, or one group of boxes."""

    title: Markdown
    actions: tuple[ActionView, ...]
    boxes: tuple[Markdown, ...]


class ActionItemsView(Struct, frozen=True):
    """What `action_items.md.j2` prints, section by section."""

    groups: tuple[Group, ...]
    workflow: WorkflowSummary
    tracker: tuple[Group, ...]
    timeline: Timeline
    risks: Markdown
    criteria: tuple[Markdown, ...]
    contacts: Markdown
    references: Markdown
    kept_notes: Markdown


def action_items(frame: Frame) -> ActionItemsView:
    """All actions with what surrounds them."""
    return ActionItemsView(
        groups=tuple(_priority(frame, severity) for severity in Severity),
        workflow=workflow_summary(frame),
        tracker=tuple(Group(Markdown(title), (), tuple(_boxes(frame, title))) for title in TRACKED),
        timeline=timeline_view(frame),
        risks=_risks(frame),
        criteria=_criteria(frame),
        contacts=blocks.contacts(frame),
        references=blocks.references(frame),
        kept_notes=notes_block(KEPT),
    )


def _priority(frame: Frame, severity: Severity) -> Group:
    own = [action for action in frame.assessment.actions if action.priority is severity]
    return Group(Markdown(GROUPS[severity]), tuple(action_view(frame, action) for action in own), ())


def _boxes(frame: Frame, title: str) -> list[Markdown]:
    """One box per action of the group; approvers and facts outside the files have their own groups."""
    boxes = [
        box(figures.action_reference(action), key=f"action/{action.key}")
        for action in frame.assessment.actions
        if action.group == title
    ]
    if title == APPROVALS:
        boxes += blocks.approval_boxes(frame)
    if title == INFRASTRUCTURE:
        boxes += [
            box(
                say("⏸️ NOT VERIFIED - {}: {}", fact.text, blocks.needs(frame, fact)),
                key=f"confirm/{blocks.key_of(fact.key)}",
            )
            for fact in frame.assessment.not_verified
        ]
    return boxes


def _risks(frame: Frame) -> Markdown:
    """The risks of critical and high issues, each with the action that takes it away."""
    rows = [
        (issue.rule.risk.text, figures.action_reference(frame.assessment.action(issue.action)))
        for issue in figures.blocking_issues(frame.assessment)
        if issue.rule.risk
    ]
    return table(("Risk", "Mitigation"), rows)


def _criteria(frame: Frame) -> tuple[Markdown, ...]:
    assessment = frame.assessment
    by_priority = {severity: [one for one in assessment.actions if one.priority is severity] for severity in Severity}
    return (
        say("All CRITICAL actions are done: {}", _numbers(by_priority[Severity.CRITICAL])),
        say("All HIGH PRIORITY actions are done: {}", _numbers(by_priority[Severity.HIGH])),
        say("Every decision is taken and recorded: {}", _open_decisions(frame)),
        say("A new run of the assessment says READY: {}", _now(assessment.verdict)),
        say(
            "All approvals are obtained: {}", joined(one.role for one in assessment.approvers) or Markdown(NO_APPROVER)
        ),
    )


def _numbers(actions: list[Action]) -> Markdown:
    return joined(f"Action {action.number}" for action in actions) or Markdown("none is open")


def _open_decisions(frame: Frame) -> Markdown:
    number = len(frame.assessment.decisions)
    return Markdown(f"{counted(number, 'decision')} open" if number else "none is open")


def _now(verdict: Verdict) -> str:
    return f"now {verdict.value}"
