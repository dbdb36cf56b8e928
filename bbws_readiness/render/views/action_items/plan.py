"""Lays the actions out: boxes per phase, days, and what may wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct

from bbws_readiness.assess.assessment import Action, Assessment, Phase
from bbws_readiness.render.encode.markdown import Markdown, fenced, joined, say, table, visible
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import diagrams, figures, timeline
from bbws_readiness.render.views.action_items.action import slack
from bbws_readiness.render.wording import day, hours, moment

WIDTH = 76
"""Characters inside a box."""


class WorkflowSummary(Struct, frozen=True):
    """The phases as boxes of text and as a diagram."""

    boxes: Markdown
    diagrams: tuple[Markdown, ...]


def workflow_summary(frame: Frame) -> WorkflowSummary:
    """One box per phase with its actions, in order; the last says when the deployment may start."""
    assessment = frame.assessment
    drawn = [_box(number, phase, assessment) for number, phase in enumerate(_phases_with_work(assessment), start=1)]
    if not drawn:
        return WorkflowSummary(Markdown("No action is open."), ())
    arrow = [" " * (WIDTH // 2) + "↓"]
    lines = [line for box in drawn for line in (*arrow, *box)][1:]
    return WorkflowSummary(fenced("text", "\n".join(lines)), diagrams.phases(frame))


def _phases_with_work(assessment: Assessment) -> list[Phase]:
    """Phases without an action are left out, except the deployment, which is always the last step."""
    present = [phase for phase in assessment.schedule.phases if phase.actions or phase.name == "deploy"]
    return present if any(phase.actions for phase in present) else []


def _box(number: int, phase: Phase, assessment: Assessment) -> list[str]:
    span = figures.phase_span(phase)
    inside = [f"Action {action.number}: {visible(action.title)}" for action in map(assessment.action, phase.actions)]
    if phase.name == "deploy" and not inside:
        span = f"not before {moment(assessment.schedule.planned.earliest)}"
        inside = ["Approvals, deployment, validation"]
    heading = f"PHASE {number}: {phase.title.upper()} ({span})"
    rule = "─" * (WIDTH + 2)
    return [f"┌{rule}┐", _line(heading), f"├{rule}┤", *map(_line, inside), f"└{rule}┘"]


def _line(text: str) -> str:
    shown = text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
    return f"│ {shown.ljust(WIDTH)} │"


class Timeline(Struct, frozen=True):
    """Days, the sums, and the slack."""

    days: Markdown
    chart: tuple[Markdown, ...]
    effort: str
    ready: Markdown
    everything: Markdown
    slack: Markdown


def timeline_view(frame: Frame) -> Timeline:
    """The schedule day by day."""
    assessment = frame.assessment
    schedule = assessment.schedule
    return Timeline(
        days=_days(assessment),
        chart=diagrams.schedule(frame),
        effort=hours(schedule.effort_minutes),
        ready=say("{}; {}", figures.ready_line(assessment), _chain(assessment, schedule.ready_chain)),
        everything=_everything(assessment),
        slack=_slack(assessment),
    )


def _days(assessment: Assessment) -> Markdown:
    """A row per day and phase: the actions that start there, and what is delivered by those that end there."""
    slots = assessment.schedule.slots
    phases = {key: phase for phase in assessment.schedule.phases for key in phase.actions}
    order = [phase.name for phase in assessment.schedule.phases]
    rows: dict[tuple[date, int], tuple[str, list[Markdown], list[str]]] = {}

    def row(when: datetime, phase: Phase) -> tuple[str, list[Markdown], list[str]]:
        return rows.setdefault((when.date(), order.index(phase.name)), (phase.title, [], []))

    for action in timeline.in_order(assessment):
        slot, phase = slots[action.key], phases[action.key]
        until = say(" (until {})", day(slot.end.date())) if slot.end.date() != slot.start.date() else Markdown("")
        row(slot.start, phase)[1].append(say("{}{}", action.number, until))
        row(slot.end, phase)[2].append(f"({action.number}) {action.deliverable or action.title}")
    return table(
        ("Day", "Phase", "Actions", "Deliverables"),
        [
            (day(when), title, joined(numbers) or Markdown("continued"), joined(done, "; ") or Markdown("-"))
            for (when, _), (title, numbers, done) in sorted(rows.items())
        ],
    )


def _chain(assessment: Assessment, keys: Iterable[str]) -> Markdown:
    """The actions of a chain in order, by number and title."""
    actions = [assessment.action(key) for key in keys]
    if not actions:
        return Markdown("no action stands in between")
    numbers = Markdown(" → ".join(str(action.number) for action in actions))
    return say("critical path {}: {}", numbers, joined((_named(action) for action in actions), ", then "))


def _named(action: Action) -> Markdown:
    return say("{} ({})", action.title, hours(action.minutes))


def _everything(assessment: Assessment) -> Markdown:
    schedule = assessment.schedule
    if schedule.all_done_at is None or not schedule.all_chain:
        return Markdown("No action is open.")
    numbers = Markdown(" → ".join(str(assessment.action(key).number) for key in schedule.all_chain))
    return say("{} - {} ({})", hours(schedule.all_minutes), moment(schedule.all_done_at), numbers)


def _slack(assessment: Assessment) -> Markdown:
    """The actions off the critical path, with the time they may wait."""
    per_day = assessment.config.calendar.minutes_per_day
    waiting = [
        (say("{}", figures.action_reference(action)), slack(slot.slack_minutes, per_day))
        for action in timeline.in_order(assessment)
        if action.key not in assessment.schedule.ready_chain and (slot := assessment.schedule.slots[action.key])
    ]
    return table(("Action", "May end later by"), waiting)
