"""Prepares the executive brief: may we deploy, and if not, who must decide what until when."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment, Issue, Verdict
from bbws_readiness.assess.risks import rating as rating_of
from bbws_readiness.engine.rule import AREAS, Rule, Severity
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, code, codes, joined, plain, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import blocks, diagrams, disagreements, figures, nouns, questions, statuses, timeline


class BriefView(Struct, frozen=True):
    """Every text of the brief, in the order of its sections."""

    prepared_for: str
    prepared_by: str
    verdict: Markdown
    reason: str
    counts: str
    ready: str
    chain: str
    score: Markdown
    waived: str
    """How many findings are waived; empty when there is no waiver."""
    settled: str
    """What the recorded decisions settle; empty when none is recorded."""
    risk_level: str
    business_impact: Markdown
    first_issues: tuple[Markdown, ...]
    gaps: Markdown
    inconsistencies: tuple[Markdown, ...]
    downstream: Markdown
    decisions: tuple[questions.DecisionBlock, ...]
    working_well: tuple[Markdown, ...]
    risks: Markdown
    effort: Markdown
    cost: blocks.CostBlock
    plan_table: Markdown
    diagrams: tuple[Markdown, ...]
    approvals: tuple[Markdown, ...]
    impact: tuple[blocks.Field, ...]
    milestones: Markdown
    criteria: tuple[Markdown, ...]
    partial: Markdown
    wait: Markdown
    contingency: str
    lessons: tuple[Markdown, ...]
    recommendation: Markdown
    conditions: tuple[Markdown, ...]
    confirm_heading: Markdown
    confirm: tuple[Markdown, ...]
    references: Markdown
    contacts: Markdown
    next_steps: tuple[timeline.Step, ...]


def brief(frame: Frame) -> BriefView:
    """The view of `exec_brief.md.j2`."""
    assessment = frame.assessment
    heading, conditions = recommendation(frame)
    return BriefView(
        prepared_for=assessment.config.prepared_for or wording.NOT_CONFIGURED,
        prepared_by=assessment.config.prepared_by or f"readiness {assessment.tool_version}",
        verdict=Markdown(wording.VERDICTS[assessment.verdict]),
        reason=assessment.reason,
        counts=figures.counts_sentence(assessment),
        ready=figures.ready_line(assessment),
        chain=figures.chain_line(assessment),
        score=figures.score_with_ledger(frame),
        waived=wording.waived(assessment.waivers),
        settled=wording.decided(assessment.decided),
        risk_level=risk_level(assessment),
        business_impact=_business_impact(frame),
        first_issues=first_issues(frame),
        gaps=_gaps(frame),
        inconsistencies=disagreements.lines(frame),
        downstream=downstream(frame),
        decisions=questions.decisions_of(frame),
        working_well=statuses.working_well(frame),
        risks=_risks(frame),
        effort=timeline.effort_table(frame),
        cost=blocks.cost(frame),
        plan_table=timeline.phases_table(frame),
        diagrams=diagrams.phases(frame) + diagrams.schedule(frame),
        approvals=blocks.approval_boxes(frame, with_actions=True),
        impact=_impact(frame),
        milestones=timeline.milestones(frame),
        criteria=criteria(frame),
        partial=_partial(frame),
        wait=_wait(frame),
        contingency=assessment.config.contingency or "No contingency policy configured",
        lessons=_lessons(frame),
        recommendation=heading,
        conditions=conditions,
        confirm_heading=_confirm_heading(frame),
        confirm=blocks.not_verified(frame) if assessment.verdict is Verdict.READY else (),
        references=blocks.references(frame),
        contacts=blocks.contacts(frame, with_titles=True),
        next_steps=timeline.next_steps(frame),
    )


def risk_level(assessment: Assessment) -> str:
    """The highest open priority as a level: critical and high are HIGH, medium MEDIUM, all else LOW."""
    priorities = [issue.severity for issue in assessment.issues]
    priorities += [assessment.action(decision.key).priority for decision in assessment.decisions]
    if assessment.verdict is Verdict.UNDETERMINED or any(one in figures.NOT_READY for one in priorities):
        return "HIGH"
    return "MEDIUM" if Severity.MEDIUM in priorities else "LOW"


def _business_impact(frame: Frame) -> Markdown:
    assessment = frame.assessment
    default = "MEDIUM" if assessment.downstream else "LOW"
    if assessment.config.is_production(assessment.environment):
        default = "HIGH"
    level = assessment.config.business_impact.get(assessment.environment, default)
    return say("**{}** - waiting projects: {}", level, figures.blocked_line(frame))


def first_issues(frame: Frame) -> tuple[Markdown, ...]:
    """The first three things that are open: what stands between now and READY, then the rest; one line each."""
    assessment = frame.assessment
    blocking = figures.blocking_issues(assessment)
    lines = [_issue_line(assessment, issue) for issue in blocking]
    for decision in assessment.decisions:
        owners, effort = wording.owners(decision.owners), wording.hours(decision.minutes)
        lines.append(say("⚖️ DECISION: **{}** - {}, {}", decision.question, owners, effort))
    lines += [_issue_line(assessment, issue) for issue in assessment.issues if issue not in blocking]
    return tuple(lines[:3])


def _issue_line(assessment: Assessment, issue: Issue) -> Markdown:
    owners, effort = figures.owners_of(assessment, issue), figures.effort_of(assessment, issue)
    return say("{}: **{}** - {}, {}", Markdown(wording.PRIORITIES[issue.severity]), issue.title, owners, effort)


def _gaps(frame: Frame) -> Markdown:
    gaps = nouns.gaps(frame)
    if not gaps:
        return Markdown("No source besides Terraform speaks of tables, indexes, backups or other resources.")
    kinds = {gap.declared for gap in gaps}
    first = "Expected or claimed" if len(kinds) > 1 else "Expected" if True in kinds else "Claimed"
    return table(("Noun", first, "Actual", "Gap"), [(gap.noun, gap.expected, gap.actual, gap.gap) for gap in gaps])


def downstream(frame: Frame) -> Markdown:
    """The waiting projects with the resource each needs and whether this project defines it."""
    rows = []
    for project in frame.assessment.downstream:
        unknown = "not determinable" if project.needs else "not named"
        defined = {True: "defined here", False: "NOT DEFINED here", None: unknown}[project.defined_here]
        needs = code(project.needs) if project.needs else "not named by the plan"
        rows.append((code(project.name), project.remark or "none", needs, defined, frame.place(project.at)))
    headings = ("Project", "Remark", "Needs", "Here", "Source")
    return table(headings, rows) if rows else Markdown(wording.NO_DOWNSTREAM)


def _risks(frame: Frame) -> Markdown:
    rows = []
    for issue in figures.blocking_issues(frame.assessment):
        if issue.rule.risk:
            likelihood, impact = rating(frame, issue.rule)
            rows.append((say("{} {}", issue.rule.code, issue.title), likelihood, impact, issue.rule.risk.text))
    if not rows and frame.assessment.decisions:
        return Markdown("No critical or high issue is open. What is at stake in each decision stands with its options.")
    return table(("Risk", "Likelihood", "Impact", "Consequence"), rows)


def rating(frame: Frame, rule: Rule) -> tuple[str, str]:
    """Likelihood and impact of a rule's risk: as configured, else as the rule rates them, else `Not rated`."""
    likelihood, impact = rating_of(frame.assessment.config, rule)
    return likelihood or wording.NOT_RATED, impact or wording.NOT_RATED


def _impact(frame: Frame) -> tuple[blocks.Field, ...]:
    assessment = frame.assessment
    return (
        blocks.field("Original Plan", figures.planned_line(frame)),
        blocks.field("Ready On", timeline.ready_on(assessment)),
        blocks.field("Slack or delay", figures.slack_line(assessment)),
        blocks.field("Earliest deployment", wording.moment(assessment.schedule.planned.earliest)),
        blocks.field("Other environments", timeline.other_environments(frame)),
        blocks.field("Waiting projects scheduled earlier", timeline.earlier_downstream(frame)),
    )


DECIDABLE = (
    "document",
    "changelog",
    "open defect",
    "release tag",
    "git tag",
    "readme",
    "terraform code",
    "schema file",
)
"""Words of a criterion that the files alone can answer; every other one is about what was deployed."""


def criteria(frame: Frame) -> tuple[Markdown, ...]:
    """The plan's success criteria for this environment, else those that follow from what is declared."""
    assessment = frame.assessment
    plan = assessment.model.plan
    stated = [one for one in plan.success if one.environment == assessment.environment] if plan else []
    if stated:
        return tuple(say("{} - {}", frame.cited(one.text, one.at), _decidable(one.text)) for one in stated)
    tables = assessment.model.terraform_tables or ()
    if not tables:
        return ()
    names = codes(one.full_name.or_none() or one.name for one in tables)
    return (
        say("Derived: all declared tables exist: {} - needs AWS", names),
        say("Derived: every index is active, recovery and streams are as declared - needs AWS"),
    )


def _decidable(text: str) -> str:
    return "decidable here" if any(word in text.casefold() for word in DECIDABLE) else "needs AWS"


def _partial(frame: Frame) -> Markdown:
    """The tables without an open critical issue, by name, and what stays blocked."""
    assessment = frame.assessment
    if assessment.verdict is Verdict.READY:
        return Markdown("not needed: nothing is in the way")
    subjects = {finding.subject for issue in assessment.issues_of(Severity.CRITICAL) for finding in issue.findings} | {
        finding.subject for decision in assessment.decisions for finding in decision.findings
    }
    free = [
        one
        for one in assessment.model.terraform_tables or ()
        if not subjects & {one.name, one.full_name.or_none() or one.name, one.address or one.name}
    ]
    names = codes(one.full_name.or_none() or one.name for one in free)
    blocked = figures.blocked_line(frame)
    if not assessment.model.has_tables:
        return say("none derived: the project has no table to begin with; blocked: {}", blocked)
    if not free:
        return say("none: every table has an open critical issue or decision; blocked: {}", blocked)
    return say("{} have no critical issue and no decision of their own; still blocked: {}", names, blocked)


def _wait(frame: Frame) -> Markdown:
    return say("wait until ready: {}", figures.ready_line(frame.assessment))


def _lessons(frame: Frame) -> tuple[Markdown, ...]:
    """One sentence per area with an open issue or decision: the lesson of its first rule that has one."""
    assessment = frame.assessment
    rules = [issue.rule for issue in assessment.issues]
    rules += [rule for decision in assessment.decisions for rule in decision.rules]
    lessons: dict[str, Markdown] = {}
    for rule in sorted(rules, key=lambda rule: rule.order):
        if rule.lesson:
            name = Markdown(AREAS.get(rule.area, rule.area))
            lessons.setdefault(rule.area, say("**{}** ({}): {}", name, rule.code, rule.lesson))
    configured = (plain(assessment.config.lessons),) if assessment.config.lessons else ()
    return (*lessons.values(), *configured)


def recommendation(frame: Frame) -> tuple[Markdown, tuple[Markdown, ...]]:
    """The recommendation's heading and its numbered conditions or remaining items."""
    assessment = frame.assessment
    match assessment.verdict:
        case Verdict.BLOCKED:
            return Markdown("**DO NOT DEPLOY until:**"), stands_in_the_way(frame)
        case Verdict.CONDITIONAL:
            return Markdown("**DO NOT DEPLOY until decided or fixed:**"), stands_in_the_way(frame)
        case Verdict.UNDETERMINED:
            return Markdown("**DO NOT DEPLOY: these must be readable first:**"), _unreadable(frame)
        case Verdict.READY:
            rest = tuple(say("remaining, not blocking: {}", _closing(assessment, one)) for one in assessment.issues)
            return Markdown("**DEPLOY**"), rest or (Markdown("No item remains."),)


def _confirm_heading(frame: Frame) -> Markdown:
    if frame.assessment.verdict is Verdict.READY:
        return Markdown("Confirm before the deployment, because the files cannot tell:")
    outside = sum(1 for item in frame.assessment.not_verified if item.needs)
    facts = wording.counted(outside, "fact")
    return say(
        "{} can only be confirmed in AWS or GitHub before the deployment: see {}.", facts, frame.document("report")
    )


def stands_in_the_way(frame: Frame) -> tuple[Markdown, ...]:
    """Every blocking issue, then every open decision, each with the action that closes it."""
    assessment = frame.assessment
    issues = [_closing(assessment, issue) for issue in figures.blocking_issues(assessment)]
    decisions = [
        say("⚖️ DECISION: {} ({})", decision.question, figures.action_reference(assessment.action(decision.key)))
        for decision in assessment.decisions
    ]
    return (*issues, *decisions, *_unreadable(frame))


def _closing(assessment: Assessment, issue: Issue) -> Markdown:
    action = figures.action_reference(assessment.action(issue.action))
    return say("{}: {} ({})", Markdown(wording.PRIORITIES[issue.severity]), issue.title, action)


def _unreadable(frame: Frame) -> tuple[Markdown, ...]:
    return tuple(
        joined((Markdown("⏸️ NOT VERIFIED:"), item.text, Markdown("-"), blocks.needs(frame, item)), " ")
        for item in frame.assessment.not_verified
        if item.gating and not item.needs
    )
