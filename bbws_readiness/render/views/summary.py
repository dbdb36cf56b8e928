"""Prepares the quick summary: where do we stand, in figures."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment, Issue, Verdict
from bbws_readiness.engine.finding import Finding, Standing, Status
from bbws_readiness.engine.rule import Kind, Severity
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, codes, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import (
    blocks,
    brief,
    declared,
    diagrams,
    disagreements,
    figures,
    questions,
    statuses,
    timeline,
    workflow,
)
from bbws_readiness.source import CODE, SourceKind


class Blocker(Struct, frozen=True):
    """One critical issue in full."""

    number: int
    title: str
    sides: Markdown
    """One row per subject: what is expected and who says so, and what is there."""
    fields: tuple[blocks.Field, ...]


class ActionTasks(Struct, frozen=True):
    """The boxes of one action."""

    title: Markdown
    boxes: tuple[Markdown, ...]


class PriorityGroup(Struct, frozen=True):
    """All open actions of one priority."""

    heading: Markdown
    actions: tuple[ActionTasks, ...]


class SummaryView(Struct, frozen=True):
    """Every text of the summary, in the order of its sections."""

    quick_status: Markdown
    blockers: tuple[Blocker, ...]
    open_decisions: tuple[questions.DecisionBlock, ...]
    terraform: declared.Declared
    features: str
    discrepancies: Markdown
    groups: tuple[PriorityGroup, ...]
    in_the_way: tuple[Markdown, ...]
    ready: str
    chain: str
    downstream: Markdown
    deployment: tuple[blocks.Field, ...]
    jobs: tuple[Markdown, ...]
    workflow_checks: Markdown
    state: workflow.State
    cost: blocks.CostBlock
    steps: tuple[Markdown, ...]
    approval_status: str
    approvals: tuple[Markdown, ...]
    contacts: Markdown
    references: Markdown


def summary(frame: Frame) -> SummaryView:
    """The view of `summary.md.j2`."""
    assessment = frame.assessment
    return SummaryView(
        quick_status=table(("Category", "Status", "Details"), _quick_status(frame)),
        blockers=tuple(
            _blocker(frame, number, issue)
            for number, issue in enumerate(assessment.issues_of(Severity.CRITICAL), start=1)
        ),
        open_decisions=questions.decisions_of(frame)[: len(assessment.decisions)],
        terraform=declared.declared(frame),
        features=declared.features(frame),
        discrepancies=disagreements.matrix(frame),
        groups=tuple(_group(frame, severity) for severity in Severity),
        in_the_way=brief.stands_in_the_way(frame),
        ready=figures.ready_line(assessment),
        chain=figures.chain_line(assessment),
        downstream=brief.downstream(frame),
        deployment=workflow.deployment(frame),
        jobs=diagrams.jobs(frame),
        workflow_checks=workflow.checks(frame),
        state=workflow.state(frame),
        cost=blocks.cost(frame),
        steps=tuple(timeline.step(action) for action in timeline.in_order(assessment)),
        approval_status=approval_status(assessment),
        approvals=blocks.approval_boxes(frame),
        contacts=blocks.contacts(frame),
        references=blocks.references(frame),
    )


def approval_status(assessment: Assessment) -> str:
    """`PENDING` when READY; else not granted, with the number of blocking issues and open decisions."""
    if assessment.verdict is Verdict.READY:
        return "PENDING - approvals are given outside this tool"
    text = f"NOT GRANTED - {wording.counted(len(figures.blocking_issues(assessment)), 'blocking issue')}"
    if assessment.decisions:
        text += f", {wording.counted(len(assessment.decisions), 'open decision')}"
    if unknown := sum(1 for fact in assessment.not_verified if fact.needed):
        text += f", {wording.counted(unknown, 'needed fact')} not determinable"
    return text


def _quick_status(frame: Frame) -> tuple[tuple[object, ...], ...]:
    assessment = frame.assessment
    on_documents = tuple(issue for issue in assessment.issues if _on_documents(issue))
    documents = _documentation(assessment, failed=bool(on_documents))
    told = wording.counted(len(on_documents), "issue") + " on documents"
    if assessment.decisions:
        told += f", {wording.counted(len(assessment.decisions), 'open decision')} between sources"
    shown = statuses.shown
    return (
        ("Overall Readiness", Markdown(f"**{wording.VERDICTS[assessment.verdict]}**"), _in_figures(frame)),
        ("Code Status", shown(statuses.status_of(frame, "REL002")), workflow.branch_and_commit(frame)),
        ("Terraform Files", shown(statuses.status_of_areas(assessment, ("TFC",))), _terraform_files(frame)),
        ("AWS Access", shown(Status.NOT_VERIFIED), "read-only assessment"),
        ("Documentation", shown(documents), told),
        ("Validation Script", shown(statuses.status_of_areas(assessment, ("VAL",))), _scripts(frame)),
        ("Backup Config", shown(statuses.status_of_areas(assessment, ("BKP",))), declared.declared(frame).backup),
        ("Workflow", shown(statuses.status_of_areas(assessment, ("WFL",))), _workflow(frame)),
        ("Decisions", shown(Status.DECISION if assessment.decisions else Status.PASS), _decisions(assessment)),
    )


def _in_figures(frame: Frame) -> Markdown:
    reason, counts = frame.assessment.reason, figures.counts_sentence(frame.assessment)
    baseline = frame.assessment.baseline
    since = say(". {}", wording.since_baseline(baseline)) if baseline else Markdown("")
    return say("{} {}. Score {}{}", reason, counts[:1].upper() + counts[1:], figures.score_with_ledger(frame), since)


DOCUMENTS = ("CNT", "DOC", "PLN", "CMD", "CAL")
"""The areas whose rules look at documents alone."""


def _documentation(assessment: Assessment, *, failed: bool) -> Status:
    if failed:
        return Status.FAIL
    return Status.DECISION if assessment.decisions else statuses.status_of_areas(assessment, DOCUMENTS)


def _on_documents(issue: Issue) -> bool:
    return issue.standing is Standing.DRIFT or issue.rule.kind is Kind.SELF


def _terraform_files(frame: Frame) -> Markdown:
    configuration = frame.assessment.model.configuration
    if configuration is None:
        return Markdown("no Terraform configuration found")
    parsed = "all parse" if configuration.complete else "not all of them parse"
    instances = wording.counted(len(configuration.resources), "resource instance")
    files = wording.counted(len(configuration.files), "file")
    return say("{} in {}, {}; {}", files, frame.path(configuration.directory), parsed, instances)


def _scripts(frame: Frame) -> Markdown:
    parts = []
    for script in frame.assessment.model.scripts:
        environment = script.environment.or_none() if script.environment else None
        known = "any environment" if script.takes_environment else (environment or "not determinable").upper()
        parts.append(say("{} for {}", frame.path(script.path), known))
    return joined(parts) or Markdown("none found")


def _workflow(frame: Frame) -> Markdown:
    found: Workflow | None = frame.assessment.model.workflow
    if found is None:
        return say("no workflow deploys {}", frame.environment)
    gates = [job.environment.or_none() or "not determinable" for job in found.jobs if job.environment]
    return say("{}, gate {}", frame.path(found.path), codes(dict.fromkeys(gates[:1])))


def _decisions(assessment: Assessment) -> str:
    told = wording.decided(assessment.decided)
    return f"{len(assessment.decisions)} open" + (f"; {told}" if told else ", 0 settled")


def _blocker(frame: Frame, number: int, issue: Issue) -> Blocker:
    telling = [finding for finding in issue.findings if finding.standing is Standing.DEFECT] or list(issue.findings)
    fields = (
        blocks.field("Issue", joined((frame.told(one.message, one.at) for one in telling), "; ")),
        blocks.field("Impact", issue.rule.why),
        blocks.field("Action", figures.action_reference(frame.assessment.action(issue.action))),
    )
    rows = [
        (
            figures.subject(one.subject),
            _side(frame, one, one.authority, one.expected),
            _side(frame, one, None, one.actual),
        )
        for one in telling
    ]
    return Blocker(number, issue.title, table(("Subject", "Expected", "Actual"), rows), fields)


def _side(frame: Frame, finding: Finding, authority: SourceKind | None, text: str) -> Markdown:
    """What is expected (by the authority) or there (in the code), with the place that says it."""
    wanted = {authority} if authority else CODE
    places = [side.at[0] for side in finding.sides if side.source in wanted and side.at]
    return frame.cited(text or "see the issue", *(places[:1] or [finding.at]))


def _group(frame: Frame, severity: Severity) -> PriorityGroup:
    actions = [action for action in frame.assessment.actions if action.priority is severity]
    listed = tuple(
        ActionTasks(figures.action_reference(action), tuple(blocks.task_box(action, task) for task in action.tasks))
        for action in actions
    )
    return PriorityGroup(Markdown(wording.PRIORITIES[severity]), listed)
