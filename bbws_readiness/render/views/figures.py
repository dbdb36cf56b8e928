"""The figures and sentences that several documents share, so that all of them say the same."""

from __future__ import annotations

from bbws_readiness.assess.assessment import Action, Assessment, Issue, Phase, Verdict
from bbws_readiness.engine.finding import Standing
from bbws_readiness.engine.rule import Severity
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, code, joined, plain, say
from bbws_readiness.render.frame import Frame

NOT_READY = frozenset({Severity.CRITICAL, Severity.HIGH})


def blocking_issues(assessment: Assessment) -> tuple[Issue, ...]:
    """The critical and high defects: with the open decisions and gating unknowns they stand between now and READY."""
    return tuple(
        issue for issue in assessment.issues if issue.severity in NOT_READY and issue.standing is Standing.DEFECT
    )


def owners_of(assessment: Assessment, issue: Issue) -> str:
    """Who owns the action that closes the issue."""
    return wording.owners(assessment.action(issue.action).owners)


def effort_of(assessment: Assessment, issue: Issue) -> str:
    """How long the action that closes the issue takes."""
    return wording.hours(assessment.action(issue.action).minutes)


def counts_sentence(assessment: Assessment) -> str:
    """`5 critical, 1 high, 3 medium and 4 low issues; no open decision`."""
    counts = [f"{len(assessment.issues_of(severity))} {severity}" for severity in Severity]
    number = len(assessment.decisions)
    decisions = wording.counted(number, "open decision") if number else "no open decision"
    return f"{wording.listed(counts)} issues; {decisions}"


def score_line(assessment: Assessment) -> str:
    """`95/100 (coverage 41 of 52; 11 need AWS or GitHub)`."""
    coverage = assessment.coverage
    return (
        f"{wording.number(assessment.score.value)}/100 "
        f"(coverage {coverage.determined} of {coverage.total}; {coverage.outside} need AWS or GitHub)"
    )


def score_with_ledger(frame: Frame) -> Markdown:
    """The score with coverage and a link to the report that lists every deduction."""
    return say("{} - {}", score_line(frame.assessment), ledger_link(frame))


def ledger_link(frame: Frame) -> Markdown:
    """A link to the score's ledger in the report."""
    return frame.sibling(Markdown("ledger"), frame.file_name("report"), fragment="score")


def ready_line(assessment: Assessment) -> str:
    """Time to ready in hours and as a date, the same words everywhere."""
    schedule = assessment.schedule
    if schedule.ready_at is None:
        undetermined = assessment.verdict is not Verdict.READY
        return "not computable: no action closes what is open" if undetermined else "0 h - ready now"
    calendar = " (default calendar)" if schedule.default_calendar else ""
    return f"{wording.hours(schedule.ready_minutes)} - {wording.moment(schedule.ready_at)}{calendar}"


def chain_line(assessment: Assessment) -> str:
    """`Actions 1 → 4 → 7 → 6`, the longest chain that stands between now and READY."""
    numbers = [str(assessment.action(key).number) for key in assessment.schedule.ready_chain]
    if not numbers:
        return "no action stands in between"
    return f"{'Actions' if len(numbers) > 1 else 'Action'} {' → '.join(numbers)}"


def planned_line(frame: Frame) -> Markdown:
    """The date the plan states for this environment, with its line, or that none is stated."""
    planned = frame.assessment.schedule.planned
    if planned.moment is None:
        return say("No date stated for {}", frame.environment)
    begins = planned.moment.begins()
    shown = wording.moment(begins) if planned.moment.start_time else wording.day(begins)
    return frame.cited(shown, planned.moment.at)


def slack_line(assessment: Assessment) -> str:
    """Slack or delay against the planned date, in working days."""
    planned = assessment.schedule.planned
    if planned.kept is None or planned.delay_days is None:
        return wording.NOT_COMPUTABLE
    if planned.kept:
        return f"kept; slack {wording.working_days(planned.slack_days or 0)}"
    return f"delay {wording.working_days(planned.delay_days)}"


def cost_total(assessment: Assessment) -> str:
    """`$22-50 a month`, or that nothing is configured."""
    cost = assessment.cost
    if not cost.lines:
        return wording.NO_PRICES
    return f"{wording.money(cost.low, cost.high, cost.currency)} a month"


def phase_span(phase: Phase) -> str:
    """`Thu 2026-01-08 09:00 to 13:00`, or that nothing is scheduled."""
    if phase.start is None or phase.end is None:
        return "not scheduled"
    if phase.start.date() == phase.end.date():
        return f"{wording.moment(phase.start)} to {phase.end:%H:%M}"
    return f"{wording.moment(phase.start)} to {wording.moment(phase.end)}"


def action_reference(action: Action) -> Markdown:
    """`Action 4: Add backup vault, plan, selection`."""
    return say("Action {}: {}", action.number, action.title)


def blocked_line(frame: Frame) -> Markdown:
    """The projects that wait for this one, each with the resource it needs if it is not defined here."""
    parts = []
    for project in frame.assessment.downstream:
        lacks = project.needs and project.defined_here is False
        parts.append(
            say("{} (needs {}, not defined)", code(project.name), code(project.needs)) if lacks else code(project.name)
        )
    return joined(parts) or Markdown(wording.NO_DOWNSTREAM)


def environment_line(frame: Frame) -> Markdown:
    """`SIT (815856636111, eu-west-1)`."""
    assessment = frame.assessment
    account = _value(assessment.account.or_none() if assessment.account else None, "account")
    region = _value(assessment.region.or_none() if assessment.region else None, "region")
    return say("{} ({}, {})", frame.environment, account, region)


def _value(value: str | None, name: str) -> Markdown:
    return plain(f"{name} not known") if value is None else code(value)


def commit_line(assessment: Assessment) -> Markdown:
    """The short commit, or why there is none."""
    repository = assessment.model.repository
    commit = repository.commit.or_none() if repository else None
    return code(commit[:12]) if commit else say("{}", repository.no_commit if repository else "not a git checkout")


def plan_line(frame: Frame) -> Markdown:
    """The plan's identifier and path, or that none was found."""
    plan = frame.assessment.model.plan
    if plan is None:
        return Markdown(wording.NO_PLAN)
    identifier = plan.plan_id.or_none() if plan.plan_id else None
    path = frame.path(plan.path)
    return say("{}, {}", code(identifier), path) if identifier else path


def next_review(assessment: Assessment) -> str:
    """The end of the first scheduled phase; when READY, before the deployment window."""
    if assessment.verdict is Verdict.READY:
        return "before the deployment window"
    ends = [phase.end for phase in assessment.schedule.phases if phase.end]
    return wording.day(ends[0]) if ends else wording.NOT_COMPUTABLE


def subject(name: str) -> Markdown:
    """A finding's subject as code; the project as a whole in words."""
    return Markdown("the whole project") if name == "project" else code(name)
