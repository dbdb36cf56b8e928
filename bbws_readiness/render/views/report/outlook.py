"""Looks ahead: who waits, what may go wrong, what is recommended, what the score counts, and the conclusion."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from bbws_readiness.assess.assessment import Action, Assessment
from bbws_readiness.assess.risks import open_risks
from bbws_readiness.engine.rule import AREAS
from bbws_readiness.render.encode.markdown import Markdown, bullets, code, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import brief, figures, timeline
from bbws_readiness.render.wording import (
    NO_DOWNSTREAM,
    NO_PLAN,
    NOT_RATED,
    PRIORITIES,
    counted,
    hours,
    listed,
    number,
    owners,
)

FIRST_STEPS = 5
"""As many actions the conclusion names; the action items have all."""


class Dependencies(Struct, frozen=True):
    """Who comes before and after this project."""

    upstream: Markdown
    downstream: Markdown


def dependencies(frame: Frame) -> Dependencies:
    """As the plan states them, with what each waiting project needs."""
    assessment = frame.assessment
    plan = assessment.model.plan
    stated = [frame.cited(code(one.or_none() or "?"), one.at) for one in plan.dependencies] if plan else []
    upstream = (bullets(stated) if stated else Markdown("None named.")) if plan else Markdown(NO_PLAN)
    rows = []
    for project in assessment.downstream:
        needs = code(project.needs) if project.needs else Markdown("not told by its name")
        unknown = "not determinable" if project.needs else "-"
        here = {True: "declared here", False: "NOT DEFINED here", None: unknown}[project.defined_here]
        rows.append((code(project.name), project.remark or "-", needs, here, frame.place(project.at)))
    headings = ("Project", "Remark", "Needs", "Defined", "Stated at")
    return Dependencies(upstream, table(headings, rows) if rows else Markdown(NO_DOWNSTREAM))


def risks(frame: Frame) -> Markdown:
    """One row per open issue or decision whose rule carries a risk, in the order of every list."""
    rows = [
        (
            risk.text,
            PRIORITIES[risk.severity] if risk.severity else "⚖️ DECISION",
            risk.likelihood or NOT_RATED,
            risk.impact or NOT_RATED,
            figures.action_reference(frame.assessment.action(risk.action)),
            say("{} {}", code(risk.rule.code), risk.about),
        )
        for risk in open_risks(frame.assessment)
    ]
    return table(("Risk", "Priority", "Likelihood", "Impact", "Mitigation", "From"), rows)


def recommendations(frame: Frame) -> Markdown:
    """All actions in their order, with what is to be chosen; `None.` when there are none."""
    return bullets(_recommended(frame, action) for action in frame.assessment.actions)


def _recommended(frame: Frame, action: Action) -> Markdown:
    head = say(
        "**Action {}** {}: {} ({}, {})",
        action.number,
        PRIORITIES[action.priority],
        action.title,
        owners(action.owners),
        hours(action.minutes),
    )
    options = joined((say("{} {}", option.key, option.title) for option in action.options), "; ")
    return say("{} - choose {}", head, options) if options else head


def attendees(assessment: Assessment) -> str:
    """Everybody who owns an action of the first phase that decides something, once."""
    roles = dict.fromkeys(role for action in assessment.actions if action.phase == "decide" for role in action.owners)
    return listed(tuple(roles), nothing="no review meeting is needed")


class ScoreView(Struct, frozen=True):
    """The ledger and the coverage."""

    ledger: Markdown
    remark: Markdown
    coverage: Markdown


def score(frame: Frame) -> ScoreView:
    """Every deduction; the lines add up to the end exactly, the floor at 0 being a line of its own."""
    total = frame.assessment.score
    rows: list[tuple[object, ...]] = [("Start", "", "100")]
    for line in total.ledger:
        word = PRIORITIES[line.severity] if line.severity else "⚖️ DECISION"
        rows.append((line.label, word, Markdown(f"-{number(line.points)}")))
    below = total.value - (Decimal(100) - sum((line.points for line in total.ledger), Decimal(0)))
    if below:
        rows.append(("The score does not go below 0", "", Markdown(f"+{number(below)}")))
    rows.append((Markdown("**End**"), "", Markdown(f"**{number(total.value)}**")))
    return ScoreView(
        ledger=table(("Line", "Priority", "Points"), rows, right=frozenset({2})),
        remark=Markdown(figures.score_line(frame.assessment)),
        coverage=_coverage(frame),
    )


def _coverage(frame: Frame) -> Markdown:
    rows = [
        (AREAS.get(one.area, one.area), one.passed, one.failed, one.not_verified, one.not_applicable, one.decisions)
        for one in frame.assessment.coverage.areas
    ]
    headings = ("Area", "✅ PASS", "❌ FAIL", "⏸️ NOT VERIFIED", "➖ NOT APPLICABLE", "⚖️ DECISION")
    answered = table(headings, rows, right=frozenset(range(1, 6)))
    off = [say("{} ({})", code(name), frame.place(at)) for name, at in frame.assessment.config.switched_off]
    return say("{}\n\nSwitched off by the configuration: {}", answered, joined(off)) if off else answered


class Conclusion(Struct, frozen=True):
    """The last word."""

    must_fix: Markdown
    chain: Markdown
    next_steps: Markdown


def conclusion(frame: Frame) -> Conclusion:
    """What has to be done before READY, how long that takes, and what comes first."""
    assessment = frame.assessment
    first = timeline.in_order(assessment)
    steps = [timeline.step(one) for one in first[:FIRST_STEPS]]
    if len(first) > len(steps):
        rest = counted(len(first) - len(steps), "more action")
        steps.append(say("{}: see {}", Markdown(rest), frame.document("action_items")))
    return Conclusion(
        must_fix=bullets(brief.stands_in_the_way(frame)),
        chain=say("{}: {}", figures.ready_line(assessment), figures.chain_line(assessment)),
        next_steps=bullets(steps),
    )
