"""Tells what holds now: status of the checks, score against the earlier ledger, resources, and the summary."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bbws_readiness.assess.assessment import AreaCoverage, Verdict
from bbws_readiness.assess.score import WORST_FIRST, open_status
from bbws_readiness.compare.changes import Changes, IssueChange
from bbws_readiness.engine.finding import Finding, Status
from bbws_readiness.engine.rule import AREAS
from bbws_readiness.model.resources import Resource
from bbws_readiness.model.tables import Table
from bbws_readiness.render import history, wording
from bbws_readiness.render.encode.markdown import Markdown, code, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import blocks, brief, declared, figures, statuses
from bbws_readiness.render.views.notice import between, blockers, words
from bbws_readiness.render.views.report.deployment import deployment

CONFIGURATION = ("TBL", "IDX", "NAM", "ENV", "TFC", "STA", "WFL", "VAL", "REL", "RES")
SECURITY = ("ENC", "DUR", "BKP", "TAG", "IAM", "SEC")
"""The areas of the two lists of checks."""

DEPLOYABLE = (Verdict.READY, Verdict.CONDITIONAL)


def checks(frame: Frame, areas: tuple[str, ...]) -> tuple[Markdown, ...]:
    """Per area one line per check that is not fine or that a decision settles, and one line for the rest."""
    known = {area.area: area for area in frame.assessment.coverage.areas}
    return tuple(line for name in areas if name in known for line in _area(frame, known[name]))


def _area(frame: Frame, area: AreaCoverage) -> Iterator[Markdown]:
    name = say("**{}**", AREAS.get(area.area, area.area))
    quiet: dict[Status, list[list[Finding]]] = {Status.PASS: [], Status.NOT_APPLICABLE: []}
    for rule in statuses.rules_of_area(frame.assessment, area.area):
        findings = statuses.findings_of(frame, rule.code)
        status = next((one for one in WORST_FIRST if one in {open_status(f) for f in findings}), Status.NOT_APPLICABLE)
        same = [one for one in findings if one.status is status]
        if status not in quiet:
            yield say("{} - {} ({}): {}", statuses.shown(status), name, code(rule.code), statuses.first_of(frame, same))
        elif same or not findings:
            quiet[status].append(same)
        if settled := [one for one in findings if one.settled_by]:
            label = say("{} - {} ({})", statuses.shown(Status.NOT_APPLICABLE), name, code(rule.code))
            yield say("{}: settled by {}: {}", label, _settlers(settled), statuses.first_of(frame, settled))
    for status, checked in quiet.items():
        if checked:
            number = wording.counted(len(checked), "check")
            yield say("{} - {}, {}: {}", statuses.shown(status), name, number, statuses.first_of(frame, checked[0][:1]))


def _settlers(findings: list[Finding]) -> Markdown:
    return joined(map(code, dict.fromkeys(one.settled_by for one in findings)))


def score_lines(frame: Frame, changes: Changes) -> Markdown:
    """What each issue does to the score; with the floor of 0 the lines add up to the difference exactly."""
    rows: list[tuple[object, ...]] = [("Previous score", "", "", history.score(wording.number(changes.before.score)))]
    rows += [_points(one) for one in changes.issues if one.points]
    same = sum(1 for one in changes.issues if not one.points)
    if same:
        rows.append((f"{wording.counted(same, 'issue')} with the same deduction", "", "", "0"))
    if changes.floor:
        rows.append(("The score does not go below 0", "", "", _signed(-changes.floor)))
    rows.append((Markdown("**Score now**"), "", "", history.score(wording.number(frame.assessment.score.value))))
    return table(("Issue", "Before", "Now", "Points"), rows, right=frozenset({3}))


def _points(change: IssueChange) -> tuple[object, ...]:
    before, after = change.before, change.after
    title = before.title if before else after.title if after else change.key
    return (
        title,
        words.priority(before) if before else Markdown("-"),
        words.priority(after) if after else Markdown("-"),
        _signed(change.points),
    )


def _signed(points: Decimal) -> str:
    return f"{'+' if points > 0 else ''}{wording.number(points)}"


def readiness(frame: Frame) -> tuple[blocks.Field, ...]:
    """Verdict, dates, resources, time and cost, as every document says them."""
    assessment = frame.assessment
    terraform = declared.declared(frame)
    return (
        blocks.field("Status", say("**{}** - {}", Markdown(wording.VERDICTS[assessment.verdict]), assessment.reason)),
        blocks.field("Issues", figures.counts_sentence(assessment)),
        blocks.field("Score", figures.score_with_ledger(frame)),
        blocks.field("Time to ready", figures.ready_line(assessment)),
        blocks.field("Planned date", say("{} - {}", figures.planned_line(frame), figures.slack_line(assessment))),
        blocks.field("Resources to create", terraform.to_create),
        blocks.field("Deployment time", deployment(frame).duration),
        blocks.field("Monthly cost", figures.cost_total(assessment)),
    )


def precondition(frame: Frame) -> tuple[Markdown, ...]:
    """What comes before the first step while something is open; empty when READY."""
    if frame.assessment.verdict is Verdict.READY:
        return ()
    return tuple(say("first: {}", one) for one in brief.stands_in_the_way(frame))


def expected_resources(frame: Frame) -> Markdown:
    """Every resource instance by its address, with the features that are part of it."""
    configuration = frame.assessment.model.configuration
    if configuration is None:
        return Markdown("No Terraform configuration was read.")
    tables = {one.address: one for one in frame.assessment.model.terraform_tables or () if one.address}
    rows = [_resource(frame, one, tables.get(one.address)) for one in configuration.resources]
    return words.at_most(("Address", "Name", "Features", "Source"), rows) or Markdown("None.")


def _resource(frame: Frame, resource: Resource, described: Table | None) -> tuple[object, ...]:
    name = resource.name.or_none() if resource.name else None
    shown = code(name) if name is not None else Markdown("not determinable")
    number = Markdown("") if resource.key_known else Markdown(" (any number)")
    features = _features(described) if described else Markdown("-")
    return (say("{}{}", code(resource.address), number), shown, features, frame.place(resource.at))


def _features(one: Table) -> Markdown:
    parts = [wording.counted(len(one.indexes or ()), "index")]
    if one.recovery and one.recovery.or_none():
        parts.append("recovery")
    if one.streams and one.streams.enabled.or_none():
        parts.append("stream")
    return joined(parts)


def summary(frame: Frame, changes: Changes) -> tuple[blocks.Field, ...]:
    """Both assessments in one line each, why they differ, and the recommendation of the brief."""
    before, after = changes.before, changes.after
    then = say("{} ({})", history.verdict(before.verdict), blockers.counts(before.issues))
    now = say("{} ({})", Markdown(wording.VERDICTS[frame.assessment.verdict]), blockers.counts(after.issues))
    return (
        blocks.field("Original Assessment", then),
        blocks.field("Corrected Assessment", now),
        blocks.field("Reason for Correction", between.reason(changes)),
        blocks.field("Recommendation", say("{} - see {}", _recommendation(frame), frame.document("brief"))),
    )


def _recommendation(frame: Frame) -> Markdown:
    """The brief's words with the first of its conditions; when READY with what has to be confirmed first."""
    heading, conditions = brief.recommendation(frame)
    if frame.assessment.verdict is Verdict.READY:
        outside = sum(1 for item in frame.assessment.not_verified if item.needs)
        facts = wording.counted(outside, "fact")
        return say("{}, once the {} are confirmed that need AWS or GitHub", heading, facts) if outside else heading
    more = say(" and {} more", len(conditions) - 1) if len(conditions) > 1 else Markdown("")
    return say("{} {}{}", heading, joined(conditions[:1]), more)
