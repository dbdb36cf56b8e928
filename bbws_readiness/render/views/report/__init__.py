"""Prepares the full readiness report: what was looked at, what was found, on which line."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.render.encode.markdown import Markdown
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import blocks, figures, questions
from bbws_readiness.render.views.report import findings, outlook
from bbws_readiness.render.views.report import workflows as delivery
from bbws_readiness.render.views.report.access import access
from bbws_readiness.render.views.report.checklist import ChecklistView, checklist_source, checklist_views
from bbws_readiness.render.views.report.decided import decision_notices, settled
from bbws_readiness.render.views.report.deployment import DeploymentView, deployment
from bbws_readiness.render.views.report.files import FilesView, files_view
from bbws_readiness.render.views.report.resources import ResourcesView, resources_view
from bbws_readiness.render.views.report.schemas import SchemaView, schemas_view
from bbws_readiness.render.views.report.terraform import TerraformView, terraform_view
from bbws_readiness.render.views.report.waivers import WaiverSection, waiver_section
from bbws_readiness.render.wording import VERDICTS


class Headline(Struct, frozen=True):
    """The assessment in five lines."""

    verdict: str
    reason: str
    issues: str
    ready: str
    score: str


class ReportView(Struct, frozen=True):
    """What `readiness_report.md.j2` prints, section by section."""

    plan_reference: Markdown
    headline: Headline
    critical: tuple[findings.CriticalFinding, ...]
    decisions: tuple[questions.DecisionBlock, ...]
    disputed_indexes: tuple[findings.IndexDifference, ...]
    settled: Markdown
    decision_notices: Markdown
    waivers: WaiverSection | None
    checklist_source: Markdown
    checklist: tuple[ChecklistView, ...]
    resources: ResourcesView
    terraform: TerraformView
    schemas: tuple[SchemaView, ...]
    workflows: tuple[delivery.WorkflowView, ...]
    workflow_checks: Markdown
    scripts: tuple[delivery.ScriptView, ...]
    script_checks: Markdown
    access: Markdown
    issues: tuple[findings.OpenIssues, ...]
    drift: Markdown
    not_verified: tuple[Markdown, ...]
    verified: tuple[Markdown, ...]
    dependencies: outlook.Dependencies
    risks: Markdown
    recommendations: Markdown
    attendees: str
    deployment: DeploymentView
    approvals: tuple[Markdown, ...]
    cost: blocks.CostBlock
    score: outlook.ScoreView
    conclusion: outlook.Conclusion
    files: FilesView
    contacts: Markdown
    references: Markdown


def report(frame: Frame) -> ReportView:
    """The whole report, in the order of its sections."""
    assessment = frame.assessment
    disputed = any(one.rule.facet == findings.INDEXES for decision in assessment.decisions for one in decision.findings)
    return ReportView(
        plan_reference=figures.plan_line(frame),
        headline=Headline(
            verdict=VERDICTS[assessment.verdict],
            reason=assessment.reason,
            issues=figures.counts_sentence(assessment),
            ready=figures.ready_line(assessment),
            score=figures.score_line(assessment),
        ),
        critical=findings.critical_findings(frame),
        decisions=questions.decisions_of(frame),
        disputed_indexes=findings.index_differences(frame, None) if disputed else (),
        settled=settled(frame),
        decision_notices=decision_notices(frame),
        waivers=waiver_section(frame),
        checklist_source=checklist_source(frame),
        checklist=checklist_views(frame),
        resources=resources_view(frame),
        terraform=terraform_view(frame),
        schemas=schemas_view(frame),
        workflows=delivery.workflow_views(frame),
        workflow_checks=delivery.workflow_checks(frame),
        scripts=delivery.script_views(frame),
        script_checks=delivery.script_checks(frame),
        access=access(frame),
        issues=findings.issues_by_priority(frame),
        drift=findings.drift(frame),
        not_verified=blocks.not_verified(frame),
        verified=blocks.verified(frame),
        dependencies=outlook.dependencies(frame),
        risks=outlook.risks(frame),
        recommendations=outlook.recommendations(frame),
        attendees=outlook.attendees(assessment),
        deployment=deployment(frame),
        approvals=blocks.approval_boxes(frame),
        cost=blocks.cost(frame),
        score=outlook.score(frame),
        conclusion=outlook.conclusion(frame),
        files=files_view(frame),
        contacts=blocks.contacts(frame),
        references=blocks.references(frame),
    )
