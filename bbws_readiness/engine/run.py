"""Puts every rule to the model and collects the findings, each worded, judged and placed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.config import Config
from bbws_readiness.engine.authority import Judgement, drifting_side, judge
from bbws_readiness.engine.check import Check, Question
from bbws_readiness.engine.finding import RANKS, CheckResult, Finding, Observation, Outcome, Standing, Vote
from bbws_readiness.engine.rule import Rule, Scope
from bbws_readiness.engine.rulebook import Rulebook
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.source import Location

DEVELOPER_ENVIRONMENTS = frozenset({"dev", "development", "local", "sandbox"})
"""Environments that a rule of scope `shared` leaves alone."""


class Answer(Struct, frozen=True, dict=True):
    """All findings of one rule, with what the check says about the whole question."""

    rule: Rule
    findings: tuple[Finding, ...]
    """Worst first, then by place and subject."""
    votes: tuple[Vote, ...]
    summary: Mapping[str, str]
    not_before: Mapping[str, datetime] = field(default_factory=dict)
    """Per subject, the moment before which the environment cannot be deployed, unless its finding is settled."""

    @cached_property
    def failures(self) -> tuple[Finding, ...]:
        """Those of its findings that failed, explained and settled ones too."""
        return tuple([finding for finding in self.findings if finding.outcome is Outcome.FAIL])

    @property
    def unknowns(self) -> tuple[Finding, ...]:
        """Those of its findings that could not be determined."""
        return tuple([finding for finding in self.findings if finding.outcome is Outcome.UNDETERMINED])

    @property
    def earliest(self) -> datetime | None:
        """The latest of these moments whose finding nobody has settled; None when there is none."""
        if not self.not_before:
            return None
        settled = {finding.subject for finding in self.findings if finding.settled_by}
        return max((at for subject, at in self.not_before.items() if subject not in settled), default=None)


def run_rules(
    model: Model, rulebook: Rulebook, checks: Mapping[str, Check], config: Config, as_of: date
) -> tuple[Answer, ...]:
    """One answer per enabled rule in the order of the catalogue; explained findings are marked, never dropped."""
    answers = [
        _answer(Question(rule, model, config, as_of), checks[rule.check]) for rule in rulebook.rules if rule.enabled
    ]
    return explain(answers)


def _answer(question: Question, check: Check) -> Answer:
    rule = question.rule
    if out_of_scope := _out_of_scope(question):
        result = question.not_applicable(out_of_scope)
    else:
        try:
            result = check(question)
        except Undetermined as unknown:
            seen = Observation(Outcome.UNDETERMINED, "project", unknown.at, {"reason": unknown.reason})
            result = CheckResult((seen,))
    config, environment = question.config, question.environment
    findings: list[Finding] = []
    for observation in result.observations:
        findings += _findings(rule, observation, config, environment)
    if len(findings) > 1:
        findings.sort(key=_place)
    return Answer(rule, tuple(findings), result.votes, result.summary, result.not_before)


def _place(finding: Finding) -> tuple[int, Location, str]:
    """Its order among the findings of one rule."""
    return RANKS[finding.severity], finding.at, finding.subject


def _out_of_scope(question: Question) -> str:
    environment = question.environment
    match question.rule.scope:
        case Scope.SHARED if environment in DEVELOPER_ENVIRONMENTS:
            return f"not asked of {environment}"
        case Scope.PRODUCTION if not question.config.is_production(environment):
            return "required in PROD only"
        case _:
            return ""


def _findings(rule: Rule, observation: Observation, config: Config, environment: str) -> Sequence[Finding]:
    finding = Finding(
        rule=rule,
        outcome=observation.outcome,
        subject=observation.subject,
        at=observation.at,
        message=_worded(rule, observation, environment),
        facet=observation.facet or rule.facet,
        expected=observation.expected,
        actual=observation.actual,
        related=observation.related,
        sides=observation.sides,
        needs=observation.needs,
    )
    if observation.outcome is not Outcome.FAIL:
        return (finding,)
    judgements = judge(rule, observation, config.authority_of(finding.facet))
    return [_judged(finding, judgement, observation) for judgement in judgements]


def _judged(finding: Finding, judgement: Judgement, observation: Observation) -> Finding:
    if judgement.standing is None:
        reason = "asked only by a source that is not the declared authority"
        return replace(finding, outcome=Outcome.NOT_APPLICABLE, message=reason)
    if judgement.standing is not Standing.DRIFT or judgement.document is None or judgement.authority is None:
        return replace(finding, standing=judgement.standing, severity=judgement.severity, authority=judgement.authority)
    said = drifting_side(observation, judgement.document)
    right = drifting_side(observation, judgement.authority)
    return replace(
        finding,
        standing=Standing.DRIFT,
        severity=judgement.severity,
        document=judgement.document,
        authority=judgement.authority,
        at=said.at[0] if said.at else finding.at,
        expected=f"{right.text} ({right.source})",
        actual=said.text,
        message=f"{finding.subject}: {said.source.says} {said.text}; {right.source.says} {right.text}",
    )


def _worded(rule: Rule, observation: Observation, environment: str) -> str:
    """The rule's wording for the outcome with the observation's values in it."""
    template = rule.messages[observation.wording or observation.outcome]
    values = {
        **observation.values,
        "subject": observation.subject,
        "expected": observation.expected,
        "actual": observation.actual,
        "environment": environment,
        "place": observation.at,
    }
    try:
        return template.format_map(values)
    except KeyError as missing:
        raise KeyError(f"{rule.code} has no value for {{{missing.args[0]}}}") from None


def explain(answers: Iterable[Answer], *, decided: Collection[str] = ()) -> tuple[Answer, ...]:
    """The answers with every failure marked that another one explains.

    What is settled explains nothing, unless `decided` names what settles it: then a drift or a decision that it
    explains is settled with it, and a defect stands by itself.
    """
    ordered = tuple(answers)
    failed = {answer.rule.code: answer.failures for answer in ordered}
    return tuple(
        replace(answer, findings=tuple([_explained(finding, failed, decided) for finding in answer.findings]))
        if answer.failures
        else answer
        for answer in ordered
    )


def _explained(finding: Finding, failed: Mapping[str, tuple[Finding, ...]], decided: Collection[str]) -> Finding:
    if finding.outcome is not Outcome.FAIL:
        return finding
    finding = replace(finding, explained_by="")
    if finding.settled_by:
        return finding
    causes = tuple(_causes(finding, failed))
    for cause in causes:
        if not cause.settled_by:
            return replace(finding, explained_by=cause.fingerprint)
    if finding.standing is Standing.DEFECT:
        return finding
    for cause in causes:
        if cause.settled_by in decided:
            return replace(finding, explained_by=cause.fingerprint, settled_by=cause.settled_by)
    return finding


def _causes(finding: Finding, failed: Mapping[str, tuple[Finding, ...]]) -> Iterator[Finding]:
    """The failures that can explain a finding, settled ones too, in the order in which its rule names them."""
    for explanation in finding.rule.explained_by:
        for cause in failed.get(explanation.rule, ()):
            if _covers(cause, finding) and _shares(cause, finding, explanation.same):
                yield cause


def _covers(cause: Finding, finding: Finding) -> bool:
    """Whether the cause is at least as binding: a defect explains all, others only what has the same standing."""
    return cause.standing in (Standing.DEFECT, finding.standing) or (
        finding.standing is Standing.DRIFT and cause.standing is Standing.DRIFT
    )


def _shares(cause: Finding, finding: Finding, same: str) -> bool:
    match same:
        case "subject":
            return cause.subject == finding.subject
        case "facet":
            return cause.facet == finding.facet
        case _:
            return True
