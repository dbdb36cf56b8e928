"""Prepares the correction notice: what was said before, what was wrong, and what holds now."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.compare.changes import Kind
from bbws_readiness.render import history, wording
from bbws_readiness.render.encode.markdown import Markdown, say
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import blocks, declared
from bbws_readiness.render.views.notice import between, blockers, outcome
from bbws_readiness.render.views.report.deployment import DeploymentView, deployment

MAX_HISTORY = 20
"""More earlier notices than this are counted instead of listed."""


class NoticeView(Struct, frozen=True):
    """Every text of the notice, in the order of its sections."""

    previous: Markdown
    opening: Markdown
    reason: Markdown
    differences: tuple[blocks.Field, ...]
    files: Markdown
    recorded: Markdown
    no_longer: tuple[Markdown, ...]
    terraform: declared.Declared
    features: str
    configuration: tuple[Markdown, ...]
    security: tuple[Markdown, ...]
    not_verified: tuple[Markdown, ...]
    blockers: blockers.Blockers
    reclassified: Markdown
    new: Markdown
    reinstated: Markdown
    readiness: tuple[blocks.Field, ...]
    score: Markdown
    deployment: DeploymentView | None
    """None unless the verdict lets deploy."""
    precondition: tuple[Markdown, ...]
    """What must be decided or fixed before the first step; empty when READY."""
    expected: Markdown
    summary: tuple[blocks.Field, ...]
    footer: tuple[blocks.Field, ...]
    history: tuple[Markdown, ...]
    references: Markdown


def notice(frame: Frame) -> NoticeView:
    """The view of `corrected_status.md.j2`; the surroundings must hold the changes that it is about."""
    changes = frame.surroundings.changes
    if changes is None:
        raise ValueError("a notice is written only about changes")
    deployable = frame.assessment.verdict in outcome.DEPLOYABLE
    return NoticeView(
        previous=between.previous_status(changes),
        opening=between.opening(frame, changes),
        reason=between.reason(changes),
        differences=between.differences(changes),
        files=between.files(frame, changes),
        recorded=between.recorded(changes),
        no_longer=between.no_longer(frame, changes),
        terraform=declared.declared(frame),
        features=declared.features(frame),
        configuration=outcome.checks(frame, outcome.CONFIGURATION),
        security=outcome.checks(frame, outcome.SECURITY),
        not_verified=blocks.not_verified(frame),
        blockers=blockers.blockers(frame, changes),
        reclassified=blockers.reclassified(changes),
        new=blockers.appeared(frame, changes, Kind.NEW),
        reinstated=blockers.appeared(frame, changes, Kind.REINSTATED),
        readiness=outcome.readiness(frame),
        score=outcome.score_lines(frame, changes),
        deployment=deployment(frame) if deployable else None,
        precondition=outcome.precondition(frame),
        expected=outcome.expected_resources(frame),
        summary=outcome.summary(frame, changes),
        footer=blockers.footer(frame, changes),
        history=_history(frame),
        references=blocks.references(frame),
    )


def _history(frame: Frame) -> tuple[Markdown, ...]:
    """Earlier notices in one line each, newest first."""
    earlier = [run for run in frame.surroundings.earlier if history.corrected(run)]
    lines = [history.summary_line(run) for run in earlier[:MAX_HISTORY]]
    if len(earlier) > MAX_HISTORY:
        lines.append(say("and {}", wording.counted(len(earlier) - MAX_HISTORY, "earlier notice")))
    return tuple(lines)
