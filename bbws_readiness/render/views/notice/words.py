"""Words what two runs have made of one issue: its priority, what became of it, where it was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bbws_readiness.compare.changes import Cause, Changes, IssueChange, Kind
from bbws_readiness.compare.snapshot import DecidedState, IssueState
from bbws_readiness.engine.rule import Severity
from bbws_readiness.patterns import regex
from bbws_readiness.render import history, wording
from bbws_readiness.render.encode.markdown import Markdown, code, joined, plain, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.source import Location

MAX_ROWS = 50
"""More files, decisions or resources than this are counted instead of listed."""

DECISION = Markdown("⚖️ DECISION")
RANK = {severity.value: severity.rank for severity in Severity}
_PLACE = regex(r"(?P<path>.+?)(?::(?P<line>\d{1,7}))?")


def priority(issue: IssueState) -> Markdown:
    """Icon and word of an issue's priority, or that it is a decision."""
    if issue.standing == "decision":
        return DECISION
    return severity(issue.severity)


def severity(word: str) -> Markdown:
    """Icon and word; a word that is no priority as it stands."""
    known = next((one for one in Severity if one.value == word), None)
    return Markdown(wording.PRIORITIES[known]) if known else plain(word or wording.NOT_STATED)


def fate(changes: Changes, change: IssueChange) -> Markdown:
    """`withdrawn`, `withdrawn for now, until Tue 2026-03-31`, `🔴 CRITICAL → ⚪ LOW`, `fixed`."""
    before, now = change.before, changes.now(change)
    match change.kind:
        case Kind.RESOLVED if change.decisions:
            return _settled(change)
        case Kind.RESOLVED if change.causes == (Cause.CODE,):
            return Markdown("fixed")
        case Kind.RESOLVED:
            return Markdown("withdrawn")
        case Kind.RECLASSIFIED if before and now:
            return moved(before, now)
        case _:
            return plain(change.kind.value)


def holds_now(changes: Changes, change: IssueChange) -> Markdown:
    """The same behind `now`: of an issue that is still told only where it stands today."""
    now = changes.now(change)
    return priority(now) if change.kind is Kind.RECLASSIFIED and now else fate(changes, change)


def why(change: IssueChange) -> Markdown:
    """The label of the reason: `Why withdrawn`, `Why lowered`."""
    words = {Kind.RECLASSIFIED: "lowered", Kind.NOT_COMPARABLE: "not comparable"}
    fixed = change.kind is Kind.RESOLVED and not change.decisions and change.causes == (Cause.CODE,)
    return say("Why {}", "fixed" if fixed else words.get(change.kind, "withdrawn"))


def lowered(changes: Changes, change: IssueChange) -> bool:
    """Whether an earlier issue is not told any more, or stands lower than it did."""
    before, now = change.before, changes.now(change)
    if before is None or change.kind in (Kind.UNCHANGED, Kind.REINSTATED):
        return False
    if now is None or (now.standing == "decision") > (before.standing == "decision"):
        return True
    return RANK.get(now.severity, len(RANK)) > RANK.get(before.severity, len(RANK))


def _settled(change: IssueChange) -> Markdown:
    ends = [one.until for one in change.decisions if one.until and one.state == "in-force"]
    return say("withdrawn for now, until {}", day(min(ends))) if ends else Markdown("withdrawn")


def moved(before: IssueState, after: IssueState) -> Markdown:
    """The priority before and after; the standing, where only that is another."""
    if priority(before) == priority(after) and before.standing != after.standing:
        return say("{} → {}", before.standing.upper(), after.standing.upper())
    return say("{} → {}", priority(before), priority(after))


def day(text: str) -> Markdown:
    """A day of a decision as documents print it; text that is none as it stands."""
    try:
        return plain(wording.day(date.fromisoformat(text)))
    except ValueError:
        return plain(text or wording.NOT_STATED)


def decision(one: DecidedState) -> Markdown:
    """`D3 (accepted-risk, until Tue 2026-03-31) by DBA on Wed 2026-01-07`."""
    until = say(", until {}", day(one.until)) if one.until else Markdown("")
    who = wording.owners(one.by) if one.by else "nobody named"
    return say("{} ({}{}) by {} on {}", code(one.id), one.kind or wording.NOT_STATED, until, who, day(one.on))


def at(frame: Frame, changes: Changes, text: str) -> Markdown:
    """A place of the earlier run: a link where the file is the same today, else its words as code."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return Markdown("no place")
    before = {one.path: one.sha256 for one in changes.before.inputs}
    now = {one.path: one.sha256 for one in frame.assessment.inputs}
    path = found["path"]
    if path in now and before.get(path) == now[path]:
        return frame.place(Location(path, int(found["line"] or 0)))
    return code(text)


def said_in(frame: Frame, changes: Changes, issue: IssueState) -> Markdown:
    """Priority, document, section and number under which the earlier set told the issue, and the place it rested on."""
    when = history.moment(changes.before.as_of)
    report = next(kind.title for kind in frame.kinds if kind.key == "report")
    alike = [one.key for one in changes.before.issues if one.severity == issue.severity and one.standing != "decision"]
    place = at(frame, changes, issue.at)
    number = alike.index(issue.key) + 1 if issue.key in alike else 0
    section = say("CRITICAL FINDINGS, number {}", number) if number else Markdown("BLOCKERS AND WARNINGS")
    told = say("{}, in the {} as of {}, section {}", priority(issue), report, when, section)
    return say("{}, on the strength of {}", told, place)


def ids(decisions: Sequence[DecidedState]) -> Markdown:
    """`D1`, `D2` and 3 more."""
    shown = joined(code(one.id) for one in decisions[: history.MAX_NAMED])
    more = len(decisions) - history.MAX_NAMED
    return say("{} and {} more", shown, more) if more > 0 else shown


def at_most(headings: Sequence[object], rows: Sequence[Sequence[object]]) -> Markdown:
    """A table of the first rows, and how many there are besides; empty without rows."""
    if not rows:
        return Markdown("")
    shown = table(headings, rows[:MAX_ROWS])
    return say("{}\n\nand {} more", shown, len(rows) - MAX_ROWS) if len(rows) > MAX_ROWS else shown
