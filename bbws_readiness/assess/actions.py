"""Derives the actions: one per remedy that something open asks for, besides verifications and wanted reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.assess.assessment import Action, Decision, Issue, NotVerified, Prerequisite
from bbws_readiness.assess.issues import DOCUMENTATION, filled_options
from bbws_readiness.assess.verified import PLAN_OUTPUT
from bbws_readiness.assess.wording import fill, summary_of
from bbws_readiness.config import Config
from bbws_readiness.engine.finding import Finding, Outcome, Standing
from bbws_readiness.engine.rule import Kind, Remedy, Rule, Severity, Task
from bbws_readiness.engine.run import Answer
from bbws_readiness.source import Location

UNKNOWN_FACTS = "unknown-facts"
"""Key of the remedy for gating facts that the files do not tell."""

CONFIGURATION = "configuration"
"""Key of the remedy that repairs files Terraform cannot read."""


class _Draft(Struct, dict=True):
    remedy: Remedy
    position: int
    findings: list[Finding] = field(default_factory=list)
    """All of them, before anything below is asked."""

    @cached_property
    def own(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.explained_by]

    @cached_property
    def priority(self) -> Severity:
        if not self.own:
            return self.remedy.priority or Severity.HIGH
        return min((urgency(finding) for finding in self.own), key=lambda severity: severity.rank)

    @cached_property
    def order(self) -> tuple[int, bool, tuple[int, str], int]:
        leading = [finding.rule.order for finding in self.own if urgency(finding) is self.priority]
        follows = not leading and self.remedy.key != UNKNOWN_FACTS
        return (self.priority.rank, follows, min(leading, default=(0, "")), self.position)


def plan_actions(
    answers: Sequence[Answer],
    issues: Sequence[Issue],
    decisions: Sequence[Decision],
    not_verified: Sequence[NotVerified],
    remedies: Mapping[str, Remedy],
    config: Config,
    values: Mapping[str, str],
) -> tuple[Action, ...]:
    """All actions, numbered by priority, then in the order of the catalogue; those that close no rule come last."""
    drafts = _drafts(answers, remedies, config, not_verified)
    ordered = sorted(drafts.values(), key=lambda draft: draft.order)
    sharing: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        sharing[answer.rule.remedy].append(answer)
    actions = []
    for number, draft in enumerate(ordered, start=1):
        summary = summary_of(sharing.get(draft.remedy.key, ()), values)
        actions.append(_action(number, draft, drafts, issues, decisions, not_verified, summary))
    return tuple(actions)


def _drafts(
    answers: Sequence[Answer], remedies: Mapping[str, Remedy], config: Config, not_verified: Sequence[NotVerified]
) -> dict[str, _Draft]:
    available = {**remedies, **{review.key: review for review in _reviews(config)}}
    positions = {key: position for position, key in enumerate(available)}
    drafts: dict[str, _Draft] = {}

    def draft(key: str) -> _Draft:
        return drafts.setdefault(key, _Draft(available[key], positions[key]))

    for answer in answers:
        for finding in (*answer.failures, *answer.unknowns):
            if key := remedy_of(finding):
                draft(key).findings.append(finding)
    for answer in answers:
        for finding in answer.failures:
            if finding.explained_by and answer.rule.remedy in drafts:
                drafts[answer.rule.remedy].findings.append(finding)
    for key, remedy in available.items():
        if remedy.always or key not in remedies:
            draft(key)
    if any(fact.needed for fact in not_verified) and CONFIGURATION not in drafts:
        draft(UNKNOWN_FACTS)
    return drafts


def remedy_of(finding: Finding) -> str:
    """Key of the remedy that closes the finding, or empty when nothing has to be done about it."""
    if finding.outcome is Outcome.UNDETERMINED and finding.rule.gating and not finding.needs:
        return finding.rule.remedy if finding.rule.remedy == CONFIGURATION else UNKNOWN_FACTS
    if not finding.open:
        return ""
    return DOCUMENTATION if finding.standing is Standing.DRIFT else finding.rule.remedy


def urgency(finding: Finding) -> Severity:
    """The priority a finding lends its action: a decision or an unknown stands in the way like a high defect."""
    if finding.outcome is Outcome.UNDETERMINED or finding.standing is Standing.DECISION:
        return Severity.HIGH
    return finding.severity or Severity.LOW


def _reviews(config: Config) -> Iterable[Remedy]:
    for number, review in enumerate(config.reviews):
        yield Remedy(
            key=review.key,
            title=review.title,
            phase="verify",
            at=config.at(f"reviews.{number}") or Location("readiness.yaml", 0),
            after=review.after,
            tasks=(Task("hold", f"Hold the review: {review.title}"), Task("record", "Record the result and its date")),
            owners=review.owners,
            minutes=review.minutes,
            priority=Severity(review.priority),
            always=True,
            group="Validation & Testing",
            deliverable="Recorded review",
        )


def _leading_rule(draft: _Draft) -> Rule | None:
    rules = [finding.rule for finding in draft.own]
    return min(rules, key=lambda rule: rule.order) if rules else None


def _action(
    number: int,
    draft: _Draft,
    drafts: Mapping[str, _Draft],
    issues: Sequence[Issue],
    decisions: Sequence[Decision],
    not_verified: Sequence[NotVerified],
    summary: Mapping[str, str],
) -> Action:
    remedy, leading = draft.remedy, _leading_rule(draft)
    findings = tuple(sorted(draft.findings, key=lambda finding: (*finding.rule.order, finding.order)))
    return Action(
        number=number,
        key=remedy.key,
        title=fill(remedy.title, summary),
        priority=draft.priority,
        owners=remedy.owners or (leading.owners if leading else ()),
        minutes=remedy.minutes or (leading.minutes if leading else 60),
        phase=remedy.phase,
        after=_prerequisites(draft, drafts),
        issues=tuple(_closed(draft, issues)),
        decision=next((decision for decision in decisions if decision.key == remedy.key), None),
        findings=findings,
        question=fill(remedy.question, summary),
        options=filled_options(remedy, summary),
        tasks=tuple(
            replace(task, text=fill(task.text, summary))
            for task in remedy.tasks
            if task.for_ in ("", summary.get("declares", ""))
        ),
        edits=_edits(findings) if remedy.key == DOCUMENTATION else (),
        not_verified=tuple(fact for fact in not_verified if _confirms(remedy, fact)),
        group=remedy.group,
        deliverable=fill(remedy.deliverable, summary),
        summary=summary,
    )


def _closed(draft: _Draft, issues: Iterable[Issue]) -> Iterator[Issue]:
    mine = {finding.about for finding in draft.findings}
    return (issue for issue in issues if mine and any(finding.about in mine for finding in issue.findings))


def _edits(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(
        finding
        for finding in findings
        if finding.standing is Standing.DRIFT or finding.rule.kind is Kind.SELF or finding.rule.remedy == DOCUMENTATION
    )


def _confirms(remedy: Remedy, fact: NotVerified) -> bool:
    if remedy.key in (UNKNOWN_FACTS, CONFIGURATION):
        return fact.needed
    if not remedy.verifies or not fact.needs:
        return False
    plan_only = remedy.verifies == ("AWS",)
    return (fact.key == PLAN_OUTPUT) is plan_only


def _prerequisites(draft: _Draft, drafts: Mapping[str, _Draft]) -> tuple[Prerequisite, ...]:
    keys = [key for wanted in draft.remedy.after for key in _selected(wanted, drafts) if key != draft.remedy.key]
    ordered = sorted(dict.fromkeys(keys), key=lambda key: drafts[key].order)
    return tuple(Prerequisite(key) for key in ordered) + tuple(
        Prerequisite("", external) for external in draft.remedy.external
    )


def _selected(wanted: str, drafts: Mapping[str, _Draft]) -> list[str]:
    def having(test: object) -> list[str]:
        return [key for key, draft in drafts.items() if callable(test) and test(draft.remedy)]

    match wanted:
        case "every:decide":
            return having(lambda remedy: remedy.phase == "decide")
        case "every:terraform-change":
            return having(lambda remedy: remedy.changes_terraform and remedy.phase in ("decide", "build"))
        case "every:build-but-documentation":
            return having(lambda remedy: remedy.phase == "build" and remedy.key != DOCUMENTATION)
        case _:
            return [wanted] if wanted in drafts else []
