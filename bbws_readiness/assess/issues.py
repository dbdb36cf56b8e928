"""Groups open findings: all defects and drifts of a rule are one issue, all decisions of a remedy one decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from bbws_readiness.assess.assessment import Decision, Issue
from bbws_readiness.assess.wording import fill, summary_of
from bbws_readiness.engine.finding import Finding, Standing
from bbws_readiness.engine.rule import Option, Remedy
from bbws_readiness.engine.run import Answer

DOCUMENTATION = "documentation"
"""Key of the remedy that takes all edits of documents together."""


def open_issues(answers: Iterable[Answer], values: Mapping[str, str]) -> tuple[Issue, ...]:
    """One issue per rule with an open defect or drift, worst first, then in the order of the catalogue."""
    answers = tuple(answers)
    explained = [finding for answer in answers for finding in answer.failures if finding.explained_by]
    issues = []
    for answer in answers:
        findings = [one for one in answer.failures if one.open and one.standing is not Standing.DECISION]
        if findings:
            issues.append(_issue(answer, tuple(findings), explained, values))
    return tuple(sorted(issues, key=lambda issue: (issue.severity.rank, *issue.rule.order)))


def open_decisions(
    answers: Iterable[Answer], remedies: Mapping[str, Remedy], values: Mapping[str, str]
) -> tuple[Decision, ...]:
    """One decision per remedy with an open disagreement, in the order of the catalogue."""
    answers = tuple(answers)
    deciding: dict[str, list[Answer]] = {}
    for answer in answers:
        if any(finding.open and finding.standing is Standing.DECISION for finding in answer.failures):
            deciding.setdefault(answer.rule.remedy, []).append(answer)
    decisions = []
    for key, group in deciding.items():
        sharing = [answer for answer in answers if answer.rule.remedy == key]
        decisions.append(_decision(remedies[key], group, summary_of(sharing, values)))
    return tuple(decisions)


def filled_options(remedy: Remedy, values: Mapping[str, str]) -> tuple[Option, ...]:
    """The remedy's options with all placeholders replaced."""
    return tuple(
        replace(
            option,
            title=fill(option.title, values),
            changes=fill(option.changes, values),
            pro=fill(option.pro, values),
            con=fill(option.con, values),
            irreversible=fill(option.irreversible, values),
            tasks=tuple(fill(task, values) for task in option.tasks),
        )
        for option in remedy.options
    )


def _issue(answer: Answer, findings: tuple[Finding, ...], explained: list[Finding], values: Mapping[str, str]) -> Issue:
    defect = any(finding.standing is Standing.DEFECT for finding in findings)
    telling = [finding for finding in findings if finding.standing is Standing.DEFECT] or list(findings)
    subjects = ", ".join(dict.fromkeys(finding.subject for finding in telling))
    severities = [finding.severity for finding in findings if finding.severity]
    own = {finding.fingerprint for finding in findings}
    return Issue(
        rule=answer.rule,
        title=fill(answer.rule.title, {**values, **answer.summary, "subjects": subjects}),
        severity=min(severities, key=lambda severity: severity.rank),
        standing=Standing.DEFECT if defect else Standing.DRIFT,
        findings=findings,
        evidence=tuple(finding for finding in explained if finding.explained_by in own),
        votes=answer.votes,
        action=answer.rule.remedy if defect else DOCUMENTATION,
    )


def _decision(remedy: Remedy, answers: list[Answer], values: Mapping[str, str]) -> Decision:
    leading = answers[0].rule
    findings = [
        finding
        for answer in answers
        for finding in answer.failures
        if finding.open and finding.standing is Standing.DECISION
    ]
    return Decision(
        key=remedy.key,
        question=fill(remedy.question or remedy.title, values),
        rules=tuple(answer.rule for answer in answers),
        findings=tuple(findings),
        # The rules of one remedy ask about the same thing; the first one's votes say it as a whole.
        votes=next((answer.votes for answer in answers if answer.votes), ()),
        options=filled_options(remedy, values),
        owners=remedy.owners or leading.owners,
        minutes=remedy.minutes or leading.minutes,
    )
