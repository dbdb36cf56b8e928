"""Who does what when: phases, the plan's dates, and the next steps, all read from the schedule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from bbws_readiness.assess.assessment import Action, Assessment, Milestone, Phase, Verdict
from bbws_readiness.model.plans import EnvironmentDates, Moment
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, code, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import figures


class Step(Struct, frozen=True):
    """One of the three spans of the next steps, with its actions."""

    heading: Markdown
    actions: tuple[Markdown, ...]


def phases_table(frame: Frame) -> Markdown:
    """One row per phase that has actions, and the deployment, which waits for all of them."""
    rows = [_phase_row(frame.assessment, phase) for phase in frame.assessment.schedule.phases if phase.actions]
    earliest = frame.assessment.schedule.planned.earliest
    rows.append(
        (
            Markdown("**Deploy**"),
            wording.moment(earliest),
            "Approvals, deployment, validation",
            "approvers",
        )
    )
    return table(("Phase", "When", "Actions", "Owners"), rows)


def _phase_row(assessment: Assessment, phase: Phase) -> tuple[object, ...]:
    actions = [assessment.action(key) for key in phase.actions]
    return (
        say("**{}**", phase.title),
        figures.phase_span(phase),
        joined((f"{action.number} {action.title}" for action in actions), Markdown("<br>")),
        wording.listed(roles(actions), nothing=wording.NO_OWNER),
    )


def roles(actions: Iterable[Action]) -> list[str]:
    """The owners of all actions, each once, in the order of the actions."""
    return list(dict.fromkeys(role for action in actions for role in action.owners))


def effort_table(frame: Frame) -> Markdown:
    """Hours per phase as sums of its actions; the last row is the effort of all actions."""
    schedule = frame.assessment.schedule
    rows: list[tuple[object, ...]] = []
    for phase in schedule.phases:
        actions = [frame.assessment.action(key) for key in phase.actions]
        if actions:
            minutes = sum(action.minutes for action in actions)
            owners = wording.listed(roles(actions), nothing=wording.NO_OWNER)
            rows.append((phase.title, wording.hours(minutes), owners))
    total = say("**{}**", wording.hours(schedule.effort_minutes))
    rows.append((Markdown("**TOTAL**"), total, wording.counted(len(frame.assessment.actions), "action")))
    return table(("Phase", "Hours", "Owners"), rows, right=frozenset({1}))


def next_steps(frame: Frame) -> tuple[Step, ...]:
    """Actions that start on the first day, in the rest of that week, and later; each by title, by start."""
    schedule = frame.assessment.schedule
    first = schedule.start.date()
    last = _last_working_day_of_the_week(frame, first)
    spans: tuple[list[Markdown], list[Markdown], list[Markdown]] = ([], [], [])
    for action in in_order(frame.assessment):
        day = schedule.slots[action.key].start.date()
        spans[0 if day == first else 1 if day <= last else 2].append(figures.action_reference(action))
    return (
        Step(Markdown(f"Immediate ({wording.day(first)})"), tuple(spans[0])),
        Step(Markdown(f"Short-term (until {wording.day(last)})"), tuple(spans[1])),
        Step(Markdown("Medium-term (later)"), tuple(spans[2])),
    )


def _last_working_day_of_the_week(frame: Frame, first: date) -> date:
    week = [first + timedelta(days=offset) for offset in range(7 - first.weekday())]
    return max(day for day in week if day == first or frame.assessment.config.calendar.is_working_day(day))


def in_order(assessment: Assessment) -> tuple[Action, ...]:
    """The actions that have a slot, by start, then by number."""
    slots = assessment.schedule.slots
    scheduled = [action for action in assessment.actions if action.key in slots]
    return tuple(sorted(scheduled, key=lambda action: (slots[action.key].start, action.number)))


def step(action: Action) -> Markdown:
    """`Action 1: Resolve missing tables (CRITICAL, Tech Lead + Product Owner, 4 h)`."""
    owners, effort = wording.owners(action.owners), wording.hours(action.minutes)
    return say("{} ({}, {}, {})", figures.action_reference(action), action.priority.upper(), owners, effort)


def milestones(frame: Frame) -> Markdown:
    """The plan's dates for this environment from the deployment on, each with the day it moves to."""
    known = frame.assessment.schedule.planned.milestones or tuple(_planned(frame))
    kept = frame.assessment.schedule.planned.kept
    rows = []
    for milestone in known:
        if milestone.moved_to is not None:
            new = wording.day(milestone.moved_to)
        else:
            new = "stays" if kept else f"moves by {_delay(frame.assessment)}"
        rows.append((milestone.name, dated(frame, milestone.moment), new))
    return table(("Milestone", "Planned", "New date"), rows)


def _delay(assessment: Assessment) -> str:
    days = assessment.schedule.planned.delay_days
    return wording.NOT_COMPUTABLE if days is None else wording.working_days(days)


def _planned(frame: Frame) -> Iterator[Milestone]:
    plan = frame.assessment.model.plan
    dates = plan.dates.get(frame.assessment.environment) if plan else None
    for name, moment in named_dates(dates):
        if name != "Preparation":
            yield Milestone(name, moment, None)


def named_dates(dates: EnvironmentDates | None) -> Iterator[tuple[str, Moment]]:
    """The moments that the plan states for one environment, with their names, in their order."""
    if dates is None:
        return
    for name, moment in (
        ("Preparation", dates.preparation),
        ("Deployment", dates.deployment),
        ("Disaster recovery set-up", dates.disaster_recovery),
        ("Validation", dates.validation),
        ("Sign-off", dates.sign_off),
    ):
        if moment is not None:
            yield name, moment


def span(moment: Moment) -> str:
    """`Tue 2026-01-13 09:00`, `Wed 2026-01-14 to Sat 2026-01-31`."""
    start = wording.moment(moment.begins()) if moment.start_time else wording.day(moment.start)
    if moment.end == moment.start:
        return f"{start} to {moment.end_time:%H:%M}" if moment.end_time else start
    end = f" {moment.end_time:%H:%M}" if moment.end_time else ""
    return f"{start} to {wording.day(moment.end)}{end}"


def dated(frame: Frame, moment: Moment) -> Markdown:
    """The span with its place, and whether it starts or ends on a day on which nobody works."""
    calendar = frame.assessment.config.calendar
    idle = [day for day in dict.fromkeys((moment.start, moment.end)) if not calendar.is_working_day(day)]
    which = "" if moment.start == moment.end else f"{wording.listed([wording.day(day) for day in idle])}: "
    note = f" - {which}not a working day" if idle else ""
    return frame.cited(f"{span(moment)}{note}", moment.at)


def other_environments(frame: Frame) -> Markdown:
    """The deployments that the plan dates for later environments, held against the day of readiness."""
    plan = frame.assessment.model.plan
    ready = frame.assessment.schedule.ready_at or frame.assessment.as_of
    parts = []
    for name, dates in plan.dates.items() if plan else ():
        if name != frame.assessment.environment and dates.deployment:
            affected = "not affected" if dates.deployment.begins() >= ready else "before this environment is ready"
            parts.append(say("{}: {} - {}", name.upper(), dated(frame, dates.deployment), affected))
    return joined(parts, "; ") or Markdown("No date stated for another environment")


def earlier_downstream(frame: Frame) -> Markdown:
    """The waiting projects whose wave comes before this project's own."""
    plan = frame.assessment.model.plan
    own = _wave(plan.wave.or_none() or "") if plan and plan.wave else None
    if own is None or plan is None or plan.wave is None:
        return Markdown(wording.NOT_COMPUTABLE + ": the plan names no wave")
    earlier = [one for one in frame.assessment.downstream if (wave := _wave(one.remark)) is not None and wave < own]
    if not earlier:
        return Markdown("none")
    names = joined(frame.cited(say("{} ({})", code(one.name), one.remark), one.at) for one in earlier)
    return say("{} - this project is in {}", names, frame.stated(plan.wave))


def _wave(text: str) -> int | None:
    found = re.search(r"\bwave\s*(\d+)", text, re.IGNORECASE)
    return int(found[1]) if found else None


def calendar_rows(frame: Frame) -> Markdown:
    """Assessment, phases, readiness and the plan's dates in the order of time."""
    assessment = frame.assessment
    rows: list[tuple[datetime, object, object]] = [
        (assessment.as_of, wording.as_of(assessment.as_of), "Assessment of the files")
    ]
    for phase in assessment.schedule.phases:
        if phase.actions and phase.start and phase.end:
            title = f"{phase.title}: {wording.numbered([assessment.action(key).number for key in phase.actions])}"
            rows.append((phase.start, figures.phase_span(phase), title))
    if assessment.schedule.ready_at:
        ready = assessment.schedule.ready_at
        rows.append((ready, wording.moment(ready), Markdown("**Ready**")))
    plan = assessment.model.plan
    for name, moment in named_dates(plan.dates.get(assessment.environment) if plan else None):
        rows.append((moment.begins(), dated(frame, moment), f"Plan: {name}"))
    ordered = sorted(rows, key=lambda row: row[0])
    return table(("Date", "Milestone"), [(date, milestone) for _, date, milestone in ordered])


def ready_on(assessment: Assessment) -> str:
    """The date of readiness alone, or why there is none."""
    if assessment.schedule.ready_at is not None:
        return wording.moment(assessment.schedule.ready_at)
    return "ready now" if assessment.verdict is Verdict.READY else wording.NOT_COMPUTABLE
