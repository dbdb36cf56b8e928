"""Puts one assessment together from the model and the answers of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bbws_readiness.assess.actions import plan_actions
from bbws_readiness.assess.assessment import Assessment, Input
from bbws_readiness.assess.checklist import answer_checklist
from bbws_readiness.assess.cost import monthly_cost
from bbws_readiness.assess.issues import open_decisions, open_issues
from bbws_readiness.assess.outside import not_verified
from bbws_readiness.assess.people import approvers, contacts, downstream
from bbws_readiness.assess.schedule import lay_out
from bbws_readiness.assess.score import coverage, score
from bbws_readiness.assess.verdict import verdict
from bbws_readiness.assess.verified import verified
from bbws_readiness.assess.wording import common_values
from bbws_readiness.config import Config
from bbws_readiness.decisions.decided import Decisions
from bbws_readiness.engine.finding import RANKS
from bbws_readiness.engine.rulebook import Rulebook
from bbws_readiness.engine.run import Answer
from bbws_readiness.engine.whereabouts import stated
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.model.model import Model
from bbws_readiness.waivers.notices import notices
from bbws_readiness.waivers.waiver import Waivers


def assess(
    model: Model,
    answers: Sequence[Answer],
    rulebook: Rulebook,
    config: Config,
    *,
    as_of: datetime,
    identity: tuple[str, str, str, str],
    inputs: tuple[Input, ...],
    tool: tuple[str, str],
    waivers: Waivers,
    decisions: Decisions,
) -> Assessment:
    """The assessment of one project; `identity` is project, slug, component and title as documents name them.

    `tool` is its version and the digest of its rules. The answers are in the order of the catalogue.
    """
    account, region = stated(model, config, "account"), stated(model, config, "region")
    values = common_values(model, (account and account.or_none()) or "", (region and region.or_none()) or "")
    issues = open_issues(answers, values)
    undecided = open_decisions(answers, rulebook.remedies, values)
    unverified = tuple(not_verified(model, answers, rulebook.outside, config, values))
    actions = plan_actions(answers, issues, undecided, unverified, rulebook.remedies, config, values)
    dates = model.plan.dates.get(model.environment) if model.plan else None
    judged, reason = verdict(model, issues, undecided, unverified)
    approving = approvers(model, config)
    findings = [finding for answer in answers for finding in answer.findings]
    # By all of their order: those of an answer keep it, and so do the answers.
    findings.sort(key=lambda finding: RANKS[finding.severity])
    project, slug, component, title = identity
    return Assessment(
        project=project,
        slug=slug,
        component=component,
        title=title,
        environment=model.environment,
        account=account,
        region=region,
        as_of=as_of,
        tool_version=tool[0],
        rulebook=tool[1],
        verdict=judged,
        reason=reason,
        score=score(issues, undecided, config.weights),
        coverage=coverage(answers, unverified),
        findings=tuple(findings),
        issues=issues,
        decisions=undecided,
        not_verified=unverified,
        verified=verified(model),
        actions=actions,
        schedule=lay_out(
            actions,
            dates,
            model.environment,
            config,
            as_of,
            not_before=[earliest for one in answers if (earliest := one.earliest)],
        ),
        cost=monthly_cost(model, config, issues),
        approvers=approving,
        contacts=contacts(model, config, actions, approving),
        downstream=tuple(downstream(model)),
        inputs=inputs,
        unread=tuple(fault for fault in model.diagnostics if fault.severity is DiagnosticSeverity.ERROR),
        diagnostics=_told(model, waivers, decisions),
        config=config,
        model=model,
        rules=tuple(answer.rule for answer in answers),
        waivers=waivers,
        decided=decisions,
        checklist=answer_checklist(model, findings, rulebook.checklist),
    )


def _told(model: Model, waivers: Waivers, decisions: Decisions) -> tuple[Diagnostic, ...]:
    """The faults of all inputs, and the waivers and decisions that settle nothing, each once, ordered by place."""
    of_log = [one for one in decisions.notices if one not in decisions.errors]
    told = (*model.diagnostics, *notices(waivers), *of_log)
    return tuple(sorted(told, key=lambda one: (one.at, one.summary, one.detail)))
