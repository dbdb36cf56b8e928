"""What the first page tells: the verdict, what stands in the way, who does what until when, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment, Decision, Issue, Verdict
from bbws_readiness.engine.rule import AREAS, Severity
from bbws_readiness.render import wording
from bbws_readiness.render.encode.html import trusted
from bbws_readiness.render.site.pictures.dependencies import dependency_picture
from bbws_readiness.render.site.pictures.risk import risk_picture
from bbws_readiness.render.site.pictures.schedule import schedule_picture
from bbws_readiness.render.site.pictures.score import score_picture
from bbws_readiness.render.site.pictures.sources import sources_matrix
from bbws_readiness.render.site.places import Places
from bbws_readiness.render.site.words import PRIORITIES, Mark, Place, place
from bbws_readiness.render.views import figures
from bbws_readiness.source import Location


class Figure(Struct, frozen=True):
    """One of the figures below the verdict."""

    key: str
    label: str
    value: str
    note: str
    tone: str = ""


class Count(Struct, frozen=True):
    """Open issues of one priority."""

    mark: Mark
    severity: str
    number: int


class IssueRow(Struct, frozen=True):
    """An open issue."""

    rule: str
    title: str
    mark: Mark
    severity: str
    standing: str
    owners: str
    effort: str
    action: int
    at: Place


class OptionRow(Struct, frozen=True):
    """A way out of a decision."""

    key: str
    title: str
    changes: str
    pro: str
    con: str
    effort: str
    irreversible: str


class VoteRow(Struct, frozen=True):
    """An opinion, and who holds it."""

    who: str
    says: str
    places: tuple[Place, ...]


class DecisionRow(Struct, frozen=True):
    """An open decision."""

    question: str
    owners: str
    effort: str
    action: int
    votes: tuple[VoteRow, ...]
    options: tuple[OptionRow, ...]


class WaitingRow(Struct, frozen=True):
    """A project that waits for this one."""

    name: str
    remark: str
    needs: str
    here: Mark
    at: Place


class AreaRow(Struct, frozen=True):
    """The checks of one area, by status."""

    name: str
    passed: int
    failed: int
    decisions: int
    not_verified: int
    not_applicable: int


class OpenFact(Struct, frozen=True):
    """What could not be verified, and what it takes."""

    text: str
    takes: str
    needed: bool
    """Whether nothing can be READY without it."""
    at: Place | None


class Pictures(Struct, frozen=True):
    """The drawn parts of the page."""

    score: Markup
    schedule: Markup
    dependencies: Markup
    risk: Markup
    sources: Markup


class Overview(Struct, frozen=True):
    """The first page."""

    figures: tuple[Figure, ...]
    counts: tuple[Count, ...]
    blocking: tuple[IssueRow, ...]
    further: tuple[IssueRow, ...]
    unknown: tuple[OpenFact, ...]
    """Those of `not_verified` that stand in the way."""
    decisions: tuple[DecisionRow, ...]
    waiting: tuple[WaitingRow, ...]
    areas: tuple[AreaRow, ...]
    not_verified: tuple[OpenFact, ...]
    pictures: Pictures

    @property
    def short(self) -> bool:
        """Whether so little stands in the way that its column has room for more."""
        return not self.decisions and len(self.blocking) + len(self.unknown) <= ROOM


DEFINED = {
    True: Mark("defined here", "check", "ok"),
    False: Mark("NOT DEFINED here", "cross", "bad"),
    None: Mark("not determinable", "question", "unknown"),
}
"""Whether this project defines what another one needs of it."""
ROOM = 3
"""Issues and facts in the way that leave the column beside them the longer one."""


def overview(assessment: Assessment, data: Mapping[str, Any], places: Places) -> Overview:
    """Everything of the first page; `data` is the assessment's machine form."""
    blocking = figures.blocking_issues(assessment)
    open_facts = tuple(_open_facts(assessment, places))
    return Overview(
        figures=tuple(_figures(assessment)),
        counts=tuple(Count(PRIORITIES[one], one.value, len(assessment.issues_of(one))) for one in Severity),
        blocking=tuple(_issue(assessment, one, places) for one in blocking),
        further=tuple(_issue(assessment, one, places) for one in assessment.issues if one not in blocking),
        unknown=tuple(one for one in open_facts if one.needed),
        decisions=tuple(_decision(assessment, one, places) for one in assessment.decisions),
        waiting=tuple(_waiting(assessment, places)),
        areas=tuple(_areas(assessment)),
        not_verified=open_facts,
        pictures=_pictures(data, places),
    )


def _pictures(data: Mapping[str, Any], places: Places) -> Pictures:
    drawn = dict(data)
    return Pictures(
        score=trusted(score_picture(drawn)),
        schedule=trusted(schedule_picture(drawn)),
        dependencies=trusted(dependency_picture(drawn)),
        risk=trusted(risk_picture(drawn)),
        sources=trusted(sources_matrix(drawn, address=lambda at: places.address(_located(at)))),
    )


def _located(at: str) -> Location:
    """The place that the machine form writes as `path:line`, or as the path alone."""
    path, _, line = at.rpartition(":")
    return Location(path, int(line)) if path and line.isascii() and line.isdecimal() else Location(at, 0)


def _figures(assessment: Assessment) -> Iterator[Figure]:
    schedule, coverage = assessment.schedule, assessment.coverage
    if schedule.ready_at:
        note = f"{wording.hours(schedule.ready_minutes)} of work · {figures.chain_line(assessment)}"
        known = assessment.verdict is not Verdict.UNDETERMINED
        label = "Ready on" if known else "Ready at the earliest"
        yield Figure("ready", label, wording.moment(schedule.ready_at), note)
    else:
        note = figures.chain_line(assessment) if assessment.verdict is Verdict.READY else ""
        yield Figure("ready", "Ready on", figures.ready_line(assessment), note)
    yield _planned(assessment)
    yield Figure("score", "Score", f"{wording.number(assessment.score.value)}/100", "100 less what every issue costs")
    checked = f"{coverage.determined} of {coverage.total}"
    yield Figure("coverage", "Checks answered", checked, f"{coverage.outside} need AWS or GitHub")
    effort = wording.hours(schedule.effort_minutes)
    yield Figure("effort", "Work in all", effort, wording.counted(len(assessment.actions), "action"))
    priced = bool(assessment.cost.lines)
    cost = figures.cost_total(assessment)
    yield Figure("cost", "Cost", cost if priced else wording.NOT_CONFIGURED, "" if priced else cost)


def _planned(assessment: Assessment) -> Figure:
    planned = assessment.schedule.planned
    if planned.moment is None:
        words = f"No date stated for {assessment.environment.upper()}"
        return Figure("planned", "Planned for", wording.NOT_STATED, words)
    begins = planned.moment.begins()
    shown = wording.moment(begins) if planned.moment.start_time else wording.day(begins)
    tone = {None: "", False: "bad", True: "" if assessment.verdict is Verdict.UNDETERMINED else "ok"}[planned.kept]
    return Figure("planned", "Planned for", shown, figures.slack_line(assessment), tone)


def _issue(assessment: Assessment, issue: Issue, places: Places) -> IssueRow:
    return IssueRow(
        rule=issue.rule.code,
        title=issue.title,
        mark=PRIORITIES[issue.severity],
        severity=issue.severity.value,
        standing=issue.standing.value,
        owners=figures.owners_of(assessment, issue),
        effort=figures.effort_of(assessment, issue),
        action=assessment.action(issue.action).number,
        at=place(places, issue.at),
    )


def _decision(assessment: Assessment, decision: Decision, places: Places) -> DecisionRow:
    votes = tuple(
        VoteRow(wording.sources(vote.sources), vote.text, tuple(place(places, at) for at in vote.at))
        for vote in decision.votes
    )
    options = tuple(
        OptionRow(
            key=one.key,
            title=one.title,
            changes=one.changes,
            pro=one.pro,
            con=one.con,
            effort=wording.hours(one.minutes) if one.minutes is not None else "",
            irreversible=one.irreversible,
        )
        for one in decision.options
    )
    return DecisionRow(
        question=decision.question,
        owners=wording.owners(decision.owners),
        effort=wording.hours(decision.minutes),
        action=assessment.action(decision.key).number,
        votes=votes,
        options=options,
    )


def _waiting(assessment: Assessment, places: Places) -> Iterator[WaitingRow]:
    for one in assessment.downstream:
        yield WaitingRow(one.name, one.remark, one.needs, DEFINED[one.defined_here], place(places, one.at))


def _areas(assessment: Assessment) -> Iterator[AreaRow]:
    for one in assessment.coverage.areas:
        yield AreaRow(
            AREAS.get(one.area, one.area),
            one.passed,
            one.failed,
            one.decisions,
            one.not_verified,
            one.not_applicable,
        )


def _open_facts(assessment: Assessment, places: Places) -> Iterator[OpenFact]:
    for one in assessment.not_verified:
        yield OpenFact(
            one.text,
            f"needs {one.needs}" if one.needs else f"not determinable from the files: {one.reason}",
            one.needed,
            place(places, one.at) if one.at else None,
        )
