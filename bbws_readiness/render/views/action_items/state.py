"""Shows where things stand for one action: what each source says about each subject, and what is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bbws_readiness.assess.assessment import Action, Decision
from bbws_readiness.assess.score import open_status
from bbws_readiness.engine.finding import Finding, Side, Standing, Status
from bbws_readiness.engine.rule import Kind
from bbws_readiness.render.encode.markdown import Markdown, bullets, code, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import blocks, statuses
from bbws_readiness.render.views.checks import evidence, found
from bbws_readiness.render.wording import STATUSES, counted
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
    each = _once_per_subject(findings)
    if not kinds:
        rows = [_plain_row(frame, finding) for finding in each]
        return table(("Subject", "Expected", "Actual", "Status", "Evidence"), rows)
    if findings[0].rule.kind is Kind.DEMAND:
        rows = [_demand_row(frame, finding) for finding in each]
        return table(("Subject", "Asked by", "Actual", "Status", "Evidence"), rows)
    rows = [
        (code(finding.subject), *(_said(frame, finding, kind) for kind in kinds), _status(finding)) for finding in each
    ]
    return table(("Subject", *(str(kind) for kind in kinds), "Status"), rows)


def _plain_row(frame: Frame, finding: Finding) -> tuple[object, ...]:
    expected = finding.expected or finding.rule.holds
    return (
        code(finding.subject),
        expected,
        finding.actual or found(finding),
        _status(finding),
        evidence(frame, finding),
    )


def _demand_row(frame: Frame, finding: Finding) -> tuple[object, ...]:
    asked = joined((frame.cited(f"{side.source}: {side.text}", *side.at[:1]) for side in finding.sides), "; ")
    return (code(finding.subject), asked, finding.actual or found(finding), _status(finding), evidence(frame, finding))


def _once_per_subject(findings: list[Finding]) -> Iterable[Finding]:
    """A disagreement can be several findings with the same sides: the first tells all of them."""
    first: dict[tuple[str, tuple[Side, ...]], Finding] = {}
    for finding in findings:
        first.setdefault((finding.subject, finding.sides), finding)
    return first.values()


def _said(frame: Frame, finding: Finding, kind: SourceKind) -> Markdown:
    side = next((side for side in finding.sides if side.source is kind), None)
    return frame.cited(side.text or "none", *side.at[:1]) if side else SILENT


def _status(finding: Finding) -> str:
    word = STATUSES[open_status(finding)]
    return f"{word}, {finding.standing.upper()}" if finding.standing and finding.standing != "decision" else word


def requirements(frame: Frame, action: Action) -> Markdown:
    """What is asked for, each with who asks and where; empty when nobody in force asks for anything."""
    lines: dict[Markdown, Markdown] = {}
    groups = [group for group in frame.once(statuses.by_rule).values() if group[0].rule.remedy == action.key]
    asked = [(one, sides) for group in groups for one in group if (sides := tuple(_asking(one)))]
    for finding, sides in sorted(asked, key=lambda pair: pair[0].order):
        for side in sides:
            said = say("{}: {} (per {})", code(finding.subject), side.text, Markdown(str(side.source)))
            lines.setdefault(said, frame.cited(said, *side.at[:2]))
    return bullets(lines.values()) if lines else Markdown("")


def _asking(finding: Finding) -> Iterator[Side]:
    """The sides that are to be followed: the authority's, else those of a demand. Terraform asks nothing of itself."""
    for side in finding.sides:
        if side.source is SourceKind.TERRAFORM:
            continue
        if finding.authority:
            if side.source is finding.authority:
                yield side
        elif finding.rule.kind is Kind.DEMAND and finding.open:
            yield side


def edits(frame: Frame, action: Action) -> Markdown:
    """The exact corrections of documents, file by file and line by line; one statement is corrected once."""
    told = {(one.at.path, one.at.line, one.actual) for one in action.edits if not one.explained_by}
    needed = [one for one in action.edits if not one.explained_by or (one.at.path, one.at.line, one.actual) not in told]
    ordered = sorted(needed, key=lambda one: (one.at, one.rule.order, one.subject))
    rows = [(*_edit(frame, finding), code(finding.rule.code), code(finding.subject)) for finding in ordered]
    return table(("Where", "Says", "Must say", "Check", "Subject"), rows) if rows else Markdown("")


def _needed(action: Action) -> list[Finding]:
    """The edits without those that another one on the same words explains."""
    told = {(one.at.path, one.at.line, one.actual) for one in action.edits if not one.explained_by}
    return [one for one in action.edits if not one.explained_by or (one.at.path, one.at.line, one.actual) not in told]


def _edit(frame: Frame, finding: Finding) -> tuple[Markdown, object, object]:
    """The places in the document itself; what contradicts itself has no one right value."""
    if finding.standing is Standing.DRIFT and finding.expected and finding.actual:
        return frame.place(finding.at), finding.actual, finding.expected
    also = [one.at for one in finding.related if one.at.path == finding.at.path]
    return frame.places([finding.at, *also]), finding.message, finding.expected or finding.rule.fix or "-"


def to_confirm(frame: Frame, action: Action) -> Markdown:
    """What a verification has to look at; empty for other actions."""
    rows = [(fact.text, STATUSES[Status.NOT_VERIFIED], blocks.needs(frame, fact)) for fact in action.not_verified]
    return table(("What", "Status", "It takes"), rows) if rows else Markdown("")


def issue_sentences(frame: Frame, action: Action) -> Markdown:
    """One sentence per issue or decision: what was expected, what is, and where."""
    sentences = [_sentence(frame, one.title, one.findings) for one in action.issues if one.action == action.key]
    if action.decision:
        sentences.append(_undecided(frame, action.decision))
    if action.edits:
        documents = dict.fromkeys(finding.at.path for finding in action.edits)
        places = counted(len(_needed(action)), "statement")
        sentences.append(say("{} to correct in {}.", Markdown(places), joined(map(frame.path, documents))))
    return joined(sentences, " ")


def _sentence(frame: Frame, title: str, findings: tuple[Finding, ...]) -> Markdown:
    first = findings[0]
    told, rest = _told(frame, first, findings)
    if first.expected and first.actual:
        wanted = say("{}: expected {}; actual {}", code(first.subject), first.expected, first.actual)
        told = frame.cited(wanted, first.at)
    return say("**{}** - {}{}.", title, told, rest)


def _undecided(frame: Frame, decision: Decision) -> Markdown:
    """Who says what, without anybody being right or wrong."""
    first = decision.findings[0]
    return say(
        "**{}** Nobody has said who is right - {}{}.", decision.question, *_told(frame, first, decision.findings)
    )


def _told(frame: Frame, first: Finding, findings: tuple[Finding, ...]) -> tuple[Markdown, Markdown]:
    more = len(dict.fromkeys(one.subject for one in findings)) - 1
    rest = say("; {} below", Markdown(counted(more, "more subject"))) if more else Markdown("")
    return frame.cited(first.message, first.at), rest
