"""Tells what became of the issues of an earlier set: withdrawn, lowered, refused, still open, new or reinstated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from bbws_readiness.assess.assessment import Issue
from bbws_readiness.compare.changes import GRAVE, Changes, IssueChange, Kind
from bbws_readiness.compare.snapshot import IssueState
from bbws_readiness.engine.finding import Standing
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, code, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import blocks, figures
from bbws_readiness.render.views.notice import words
from bbws_readiness.render.views.notice.reality import Reality, reality
from bbws_readiness.source import Location

REFUSED = "refused"
NOTHING = Markdown("No critical issue of the earlier set was withdrawn or lowered.")


class Blocker(Struct, frozen=True):
    """One earlier critical issue that no longer stands as such."""

    number: int
    title: Markdown
    said: Markdown
    label: Markdown
    why: tuple[Markdown, ...]
    reality: tuple[Markdown, ...]
    action: Markdown


class Blockers(Struct, frozen=True):
    """The blocks about the issues of the earlier set."""

    overview: Markdown
    details: tuple[Blocker, ...]
    others: Markdown
    """Withdrawn issues of lower priority."""
    refused: tuple[Markdown, ...]
    standing: tuple[Markdown, ...]
    """Earlier critical and high issues that still stand."""


def blockers(frame: Frame, changes: Changes) -> Blockers:
    """Every issue of the earlier set that was critical, then the withdrawn rest."""
    told = [
        (change, issue, reality(frame, changes, change))
        for change in changes.issues
        if (issue := change.before) and issue.severity == "critical" and words.lowered(changes, change)
    ]
    rows = [
        (number, issue.title, words.fate(changes, change), change.why or wording.NOT_STATED, real.short)
        for number, (change, issue, real) in enumerate(told, start=1)
    ]
    headings = ("No.", "Earlier issue", "Now", "Why", "Reality")
    return Blockers(
        overview=table(headings, rows, right=frozenset({0})) if rows else NOTHING,
        details=tuple(_blocker(frame, changes, number, *one) for number, one in enumerate(told, start=1)),
        others=_others(frame, changes),
        refused=tuple(_refused(frame, changes)),
        standing=tuple(_standing(changes)),
    )


def _blocker(
    frame: Frame, changes: Changes, number: int, change: IssueChange, issue: IssueState, real: Reality
) -> Blocker:
    return Blocker(
        number=number,
        title=say("{} - {}", issue.title, words.fate(changes, change)),
        said=words.said_in(frame, changes, issue),
        label=words.why(change),
        why=(*_told_now_as(changes, change), *_why(frame, change)),
        reality=real.facts,
        action=_action(frame, changes, change),
    )


def _told_now_as(changes: Changes, change: IssueChange) -> Iterator[Markdown]:
    """The issue of another rule that tells the rest."""
    before, now = change.before, changes.now(change)
    if before and now and now.key != before.key:
        yield say("what is left is told as {}: {}", words.priority(now), now.title)


def _why(frame: Frame, change: IssueChange) -> Iterator[Markdown]:
    """The comparison's sentence, then each decision with who, when and why, and the lines it rests on."""
    yield say("{}", change.why or wording.NOT_STATED)
    known = {one.key: one for one in frame.assessment.decided.listed}
    for one in change.decisions:
        told = say("{}: {}", words.decision(one), one.reason or wording.NOT_STATED)
        entry = known.get(one.id)
        yield frame.cited(told, entry.entry.at) if entry else told
        for claim in entry.evidence if entry else ():
            yield frame.cited(say("evidence: {}", code(claim.claim)), *claim.at)


def _action(frame: Frame, changes: Changes, change: IssueChange) -> Markdown:
    """What is left to do about it."""
    if (now := changes.now(change)) is not None:
        issue = _issue(frame, now)
        return remaining(frame, issue) if issue else Markdown("see the action items")
    ids = {one.id for one in change.decisions}
    parts = []
    ends = [one for one in change.decisions if one.until]
    for one in ends:
        parts.append(say("decide again by {} ({})", words.day(one.until), wording.owners(one.by)))
    if documents := list(_drifting(frame, ids)):
        parts.append(say("documents still say otherwise: {}", joined(documents)))
    none = Markdown("none before the deployment")
    return joined((none, *parts), "; ") if ids else Markdown("none")


def _drifting(frame: Frame, decisions: set[str]) -> Iterator[Markdown]:
    """The documents whose drift these decisions settle, each once with its first place."""
    seen: dict[str, Location] = {}
    for finding in frame.assessment.findings:
        if finding.settled_by in decisions and finding.standing is Standing.DRIFT and finding.document:
            seen.setdefault(str(finding.document), finding.at)
    for name, at in seen.items():
        yield frame.cited(name, at)


def _issue(frame: Frame, state: IssueState) -> Issue | None:
    return next((one for one in frame.assessment.issues if one.rule.code == state.key), None)


def remaining(frame: Frame, issue: Issue) -> Markdown:
    """The action that closes what is left, with its owners and effort, and whether it blocks."""
    assessment = frame.assessment
    blocking = issue in figures.blocking_issues(assessment)
    return say(
        "{} ({}, {}, {}; {})",
        figures.action_reference(assessment.action(issue.action)),
        Markdown(wording.PRIORITIES[issue.severity]),
        figures.owners_of(assessment, issue),
        figures.effort_of(assessment, issue),
        Markdown("blocks the deployment" if blocking else "does not block the deployment"),
    )


def _others(frame: Frame, changes: Changes) -> Markdown:
    """Withdrawn issues that were not critical, worst first, and decisions that are no longer open."""
    rows = [
        (words.priority(one.before), one.before.title, words.fate(changes, one), one.why or wording.NOT_STATED)
        for one in changes.issues
        if one.before
        and one.before.severity != "critical"
        and (changes.now(one) is None or one.before.severity == "high")
        and words.lowered(changes, one)
    ]
    return table(("Priority", "Earlier issue", "Now", "Why"), rows)


def _refused(frame: Frame, changes: Changes) -> Iterator[Markdown]:
    """Decisions that a source contradicts: with that source, in place of their effect."""
    refused = [one for one in changes.after.decided if one.state == REFUSED]
    for one in refused[: words.MAX_ROWS]:
        rules = joined(map(code, dict.fromkeys(one.rules))) or Markdown("no rule")
        told = say("{}, on {}, reason given: {}", words.decision(one), rules, one.reason or wording.NOT_STATED)
        yield say("{} - refused: {}", told, frame.told(one.note or wording.NOT_STATED, Location("", 0)))
    if len(refused) > words.MAX_ROWS:
        yield say("and {} more", len(refused) - words.MAX_ROWS)


def _standing(changes: Changes) -> Iterator[Markdown]:
    for one in changes.issues:
        if one.kind is Kind.UNCHANGED and one.before and one.before.severity in GRAVE:
            yield say("{}: {}", words.priority(one.before), one.before.title)


def reclassified(changes: Changes) -> Markdown:
    """Every issue that is told at another priority, or in another way, than before."""
    rows = [
        (
            before.title,
            words.priority(before),
            words.priority(now),
            now.title if now.key != before.key else Markdown("the same"),
            one.why or wording.NOT_STATED,
        )
        for one in changes.of(Kind.RECLASSIFIED)
        if (before := changes.then(one)) and (now := changes.now(one))
    ]
    return table(("Earlier issue", "Before", "Now", "Told now as", "Why"), rows)


def appeared(frame: Frame, changes: Changes, kind: Kind) -> Markdown:
    """The issues that were not there, or are back, with their reason and where to look."""
    rows = [
        (words.priority(state), state.title, one.why or wording.NOT_STATED, _evidence(frame, state))
        for one in changes.of(kind)
        if (state := one.after)
    ]
    return table(("Priority", "Issue", "Why", "Evidence"), rows)


def _evidence(frame: Frame, state: IssueState) -> Markdown:
    """Where to look first; both an issue and a decision have findings."""
    marks = set(state.findings)
    places = [one.at for one in frame.assessment.findings if one.fingerprint in marks]
    return frame.places(places) or Markdown("-")


def minor(issues: Iterable[IssueState]) -> int:
    """How many issues are neither critical nor high."""
    return sum(1 for one in issues if one.standing != "decision" and one.severity not in GRAVE)


def counts(issues: Iterable[IssueState]) -> str:
    """`5 critical issues, 1 high, 7 minor`, `0 blocking issues, 2 minor`."""
    listed = list(issues)
    per = {word: sum(1 for one in listed if one.severity == word) for word in GRAVE}
    parts = [wording.counted(per["critical"], "critical issue")] if per["critical"] else []
    if per["high"]:
        parts.append(f"{per['high']} high" if parts else wording.counted(per["high"], "high issue"))
    decisions = sum(1 for one in listed if one.standing == "decision")
    if decisions:
        parts.append(wording.counted(decisions, "open decision"))
    if not parts:
        parts.append("0 blocking issues")
    return ", ".join((*parts, f"{minor(listed)} minor"))


def approval_line(frame: Frame) -> Markdown:
    """Who has yet to say yes; an approval is never stated as given."""
    roles = [one.role for one in frame.assessment.approvers]
    return say("pending: {}", wording.listed(roles, nothing=wording.NO_APPROVER))


def corrected_by(frame: Frame, changes: Changes) -> str:
    """As configured, else those who recorded the decisions of this correction, else the tool."""
    if frame.assessment.config.corrected_by:
        return frame.assessment.config.corrected_by
    new = [one.after for one in changes.decided if one.after and one.after.state == "in-force" and not one.before]
    roles = dict.fromkeys(role for one in new for role in one.by)
    return wording.listed(list(roles), nothing=f"readiness {frame.assessment.tool_version}, no decision was recorded")


def footer(frame: Frame, changes: Changes) -> tuple[blocks.Field, ...]:
    """Who corrected, when, and what is still to be approved."""
    return (
        blocks.field("Corrected By", corrected_by(frame, changes)),
        blocks.field("Correction Date", wording.as_of(frame.assessment.as_of)),
        blocks.field("Approval", approval_line(frame)),
    )
