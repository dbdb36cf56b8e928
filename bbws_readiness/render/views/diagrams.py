"""Diagrams that GitHub draws from text: the phases with their actions, and the schedule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bbws_readiness.assess.assessment import Action, Assessment, Phase
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, fenced, mermaid
from bbws_readiness.render.frame import Frame


def phases(frame: Frame) -> tuple[Markdown, ...]:
    """The phases as boxes around their actions, an arrow where one waits for another; empty without actions."""
    return frame.once(_phases)


def _phases(assessment: Assessment) -> tuple[Markdown, ...]:
    if not assessment.actions:
        return ()
    return (_diagram(("flowchart LR", *_boxes(assessment), *_arrows(assessment))),)


def schedule(frame: Frame) -> tuple[Markdown, ...]:
    """The actions on the calendar, those on the longest chain to READY marked; empty without actions."""
    return frame.once(_schedule)


def _schedule(assessment: Assessment) -> tuple[Markdown, ...]:
    if not assessment.schedule.slots:
        return ()
    lines = ["gantt", "  dateFormat YYYY-MM-DD HH:mm", "  axisFormat %a %m-%d %H:%M", *_bars(assessment)]
    return (_diagram(lines),)


def jobs(frame: Frame) -> tuple[Markdown, ...]:
    """The job chain of the workflow that deploys the environment; empty without one."""
    workflow = frame.assessment.model.workflow
    if workflow is None or not workflow.jobs:
        return ()
    known = {job.id: f"j{position}" for position, job in enumerate(workflow.jobs)}
    lines = ["flowchart LR"]
    for job in workflow.jobs:
        gate = job.environment.or_none() if job.environment else None
        label = f"{job.id} / {gate}" if gate else job.id
        lines.append(f'  {known[job.id]}["{mermaid(label)}"]')
    for job in workflow.jobs:
        names = [need.or_none() for need in job.needs]
        lines.extend(f"  {known[name]} --> {known[job.id]}" for name in names if name in known)
    return (_diagram(lines),)


def _boxes(assessment: Assessment) -> Iterator[str]:
    present = _present(assessment)
    for phase in present:
        yield f'  subgraph {phase.name}["{mermaid(_heading(phase))}"]'
        for key in phase.actions:
            action = assessment.action(key)
            yield f'    {_node(action)}["{action.number} {mermaid(action.title)}"]'
        yield "  end"


def _arrows(assessment: Assessment) -> Iterator[str]:
    """One arrow per prerequisite that no other prerequisite of the same action waits for already."""
    before = {action.key: {one.action for one in action.after if one.action} for action in assessment.actions}
    for action in assessment.actions:
        implied = {early for direct in before[action.key] for early in _ancestors(direct, before)}
        for key in before:
            if key in before[action.key] - implied:
                yield f"  {_node(assessment.action(key))} --> {_node(action)}"


def _ancestors(key: str, before: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    pending = list(before.get(key, ()))
    while pending:
        one = pending.pop()
        if one not in found:
            found.add(one)
            pending.extend(before.get(one, ()))
    return found


def _bars(assessment: Assessment) -> Iterator[str]:
    chain = set(assessment.schedule.ready_chain)
    for phase in _present(assessment):
        yield f"  section {mermaid(phase.title)}"
        for key in phase.actions:
            if slot := assessment.schedule.slots.get(key):
                action = assessment.action(key)
                mark = "crit, " if key in chain else ""
                span = f"{slot.start:%Y-%m-%d %H:%M}, {slot.end:%Y-%m-%d %H:%M}"
                yield f"  {action.number} {mermaid(action.title)} :{mark}{_node(action)}, {span}"


def _present(assessment: Assessment) -> tuple[Phase, ...]:
    return tuple(phase for phase in assessment.schedule.phases if phase.actions)


def _heading(phase: Phase) -> str:
    return f"{phase.title} - {wording.day(phase.start)}" if phase.start else phase.title


def _node(action: Action) -> str:
    return f"a{action.number}"


def _diagram(lines: Iterable[str]) -> Markdown:
    return fenced("mermaid", "\n".join(lines))
