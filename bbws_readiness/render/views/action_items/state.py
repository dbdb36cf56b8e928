"""Shows where things stand for one action: what each source says about each subject, and what is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bbws_readiness.assess.assessment import Action
from bbws_readiness.engine.finding import Finding, Side, Standing, Status
from bbws_readiness.engine.rule import Kind
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.markdown import Markdown, bullets, code, joined, say, table
from bbws_readiness.render.views import blocks
from bbws_readiness.render.views.report.checks import evidence, found, status_of
from bbws_readiness.render.wording import SOURCES, STATUSES
from bbws_readiness.source import SourceKind

SILENT = Markdown("-")
"""A source that does not speak of the subject."""


def current_state(frame: Frame, action: Action) -> tuple[tuple[Markdown, Markdown], ...]:
    """One table per rule that the action is about, under the rule's name."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in action.findings:
        by_rule.setdefault(finding.rule.code, []).append(finding)
    return tuple(
        (say("{} {}", code(rule_code), findings[0].rule.name), _table(frame, findings))
        for rule_code, findings in by_rule.items()
    )


def _table(frame: Frame, findings: list[Finding]) -> Markdown:
    spoken = {side.source for finding in findings for side in finding.sides}
    kinds = [kind for kind in SourceKind if kind in spoken]
    if not kinds:
        rows = [_plain_row(frame, finding) for finding in findings]
        return table(("Subject", "Expected", "Actual", "Status", "Evidence"), rows)
    rows = [
        (code(finding.subject), *(_said(frame, finding, kind) for kind in kinds), _status(finding))
        for finding in _once_per_subject(findings)
    ]
    return table(("Subject", *(SOURCES[kind] for kind in kinds), "Status"), rows)


def _plain_row(frame: Frame, finding: Finding) -> tuple[object, ...]:
    expected = finding.expected or finding.rule.holds
    return (
        code(finding.subject),
        expected,
        finding.actual or found(finding),
        _status(finding),
        evidence(frame, finding),
    )


def _once_per_subject(findings: list[Finding]) -> Iterable[Finding]:
    """A disagreement can be several findings with the same sides: the first tells all of them."""
    first: dict[tuple[str, tuple[Side, ...]], Finding] = {}
    for finding in findings:
        first.setdefault((finding.subject, finding.sides), finding)
    return first.values()


def _said(frame: Frame, finding: Finding, kind: SourceKind) -> Markdown:
    side = next((side for side in finding.sides if side.source is kind), None)
    return frame.cited(side.text or "none", *side.at[:2]) if side else SILENT


def _status(finding: Finding) -> str:
    word = STATUSES[status_of(finding)]
    return f"{word}, {finding.standing.upper()}" if finding.standing and finding.standing != "decision" else word


def requirements(frame: Frame, action: Action) -> Markdown:
    """What is asked for, each with who asks and where; empty when nobody in force asks for anything."""
    lines: dict[Markdown, None] = {}
    for finding in frame.assessment.findings:
        if finding.rule.remedy == action.key:
            for side in _asking(finding):
                said = say("{}: {} (per {})", code(finding.subject), side.text, Markdown(SOURCES[side.source]))
                lines[frame.cited(said, *side.at[:2])] = None
    return bullets(lines) if lines else Markdown("")


def _asking(finding: Finding) -> Iterator[Side]:
    """The sides that are to be followed: the authority's, else those of a demand."""
    for side in finding.sides:
        if finding.authority:
            if side.source is finding.authority:
                yield side
        elif finding.rule.kind is Kind.DEMAND and finding.open:
            yield side


def edits(frame: Frame, action: Action) -> Markdown:
    """The exact corrections of documents: place, what stands there, what has to."""
    lines = [_edit(frame, finding) for finding in action.edits]
    return bullets(lines) if lines else Markdown("")


def _edit(frame: Frame, finding: Finding) -> Markdown:
    also = [one.at for one in finding.related if one.at != finding.at]
    where = frame.places([finding.at, *also])
    if finding.standing is Standing.DRIFT and finding.expected and finding.actual:
        change = say("says {}, must say {}", finding.actual, finding.expected)
    else:
        change = say("{}", finding.message)
    return say("{}: {} ({}, {})", where, change, code(finding.rule.code), code(finding.subject))


def to_confirm(frame: Frame, action: Action) -> Markdown:
    """What a verification has to look at; empty for other actions."""
    rows = [(fact.text, STATUSES[Status.NOT_VERIFIED], blocks.needs(frame, fact)) for fact in action.not_verified]
    return table(("What", "Status", "It takes"), rows) if rows else Markdown("")


def issue_sentences(frame: Frame, action: Action) -> Markdown:
    """One sentence per issue or decision: what was expected, what is, and where."""
    sentences = [_sentence(frame, issue.title, issue.findings) for issue in action.issues]
    if action.decision:
        sentences.append(_sentence(frame, action.decision.question, action.decision.findings))
    return joined(sentences, " ")


def _sentence(frame: Frame, title: str, findings: tuple[Finding, ...]) -> Markdown:
    first = findings[0]
    told = frame.cited(first.message, first.at)
    if first.expected and first.actual:
        told = frame.cited(say("expected {}, actual {}", first.expected, first.actual), first.at)
    more = len(findings) - 1
    rest = say(", and {} more below", more) if more else Markdown("")
    return say("{}: {}{}.", title, told, rest)
