"""Words what differs between two assessments, the same for a terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from bbws_readiness.assess.assessment import Verdict
from bbws_readiness.compare.changes import Cause, Changes, DecidedChange, InputChange, IssueChange, Kind
from bbws_readiness.compare.snapshot import DecidedState, IssueState, Snapshot
from bbws_readiness.errors import cut
from bbws_readiness.render import wording

MOST = 10
"""More files of one cause, or entries of the log, than this are counted."""

TOLD = (Kind.NEW, Kind.REINSTATED, Kind.RECLASSIFIED, Kind.RESOLVED, Kind.NOT_COMPARABLE)
"""The kinds that are listed, in the order in which a reader needs them."""


def verdict(snapshot: Snapshot) -> str:
    """Icon and words, as in every document."""
    return wording.VERDICTS[Verdict(snapshot.verdict)]


def verdicts(changes: Changes) -> str:
    """`❌ BLOCKED - … → ✅ READY …`, or the one verdict that both have."""
    before, after = verdict(changes.before), verdict(changes.after)
    return f"{before} → {after}" if changes.verdict_changed else f"{after} (unchanged)"


def runs(changes: Changes) -> str:
    """What was assessed, and the two moments."""
    before, after = changes.before, changes.after
    commits = f", commit {_commit(before)} → {_commit(after)}" if before.commit != after.commit else ""
    return cut(f"{after.slug} for {after.environment.upper()}: {_moment(before)} → {_moment(after)}{commits}")


def _moment(snapshot: Snapshot) -> str:
    return wording.as_of(datetime.fromisoformat(snapshot.as_of))


def _commit(snapshot: Snapshot) -> str:
    return snapshot.commit[:12] or "none"


def score(changes: Changes) -> str:
    """Both scores, their difference, and how it comes about where the floor of 0 has a part in it."""
    before, after = changes.before.score, changes.after.score
    told = f"Score {wording.number(before)} → {wording.number(after)}: {signed(after - before)}"
    if not changes.floor:
        return told
    worth = signed(sum((change.points for change in changes.issues), Decimal(0)))
    takes = "takes" if changes.floor > 0 else "spares"
    return f"{told} (the changes are worth {worth}; the floor of 0 {takes} {wording.number(abs(changes.floor))})"


def coverage(changes: Changes) -> str:
    """How much both could determine."""
    before, after = (f"{one.determined} of {one.total}" for one in (changes.before, changes.after))
    return f"Coverage {before} → {after}" if before != after else f"Coverage {after}"


def signed(points: Decimal) -> str:
    """`+17.5`, `-2.5`, `0`."""
    return wording.number(points) if points <= 0 else f"+{wording.number(points)}"


def name(change: IssueChange) -> str:
    """`VAL001`, `NAM001 → NAM002`, `tables` for an open decision."""
    keys = dict.fromkeys(_key(one) for one in (change.before, change.after) if one)
    return cut(" → ".join(keys))


def _key(issue: IssueState) -> str:
    return issue.key.removeprefix("decision:")


def priority(change: IssueChange) -> str:
    """`critical → low`, or the one priority where there is but one."""
    sides = [one for one in (change.before, change.after) if one]
    words = dict.fromkeys(_priority(one) for one in sides)
    if len(words) == 1 and len({one.standing for one in sides}) == 2:
        words = dict.fromkeys(f"{_priority(one)} {one.standing}" for one in sides)
    return " → ".join(words)


def _priority(issue: IssueState) -> str:
    return issue.severity or issue.standing


def title(change: IssueChange) -> str:
    """The issue as the later assessment tells it, else as the earlier one did, at a bearable length."""
    issue = change.after or change.before
    return cut(issue.title if issue else change.key)


def gravest(change: IssueChange) -> str:
    """The worst priority of both sides: what the change is painted as."""
    order = ("critical", "high", "decision", "medium", "low")
    words = [_priority(one) for one in (change.before, change.after) if one]
    return min(words, key=lambda word: order.index(word) if word in order else len(order), default="low")


def causes(changes: Changes) -> Iterator[tuple[str, str]]:
    """What differs beside the issues, each with the word of its cause, in the order of the causes."""
    yield from ((cause, cut(told)) for cause, told in _causes(changes))


def _causes(changes: Changes) -> Iterator[tuple[str, str]]:
    for cause in Cause:
        if cause is Cause.AUTHORITY:
            for one in changes.authority:
                yield cause.value, f"{one.facet}: {_sources(one.before)} → {_sources(one.after)}"
        if cause is Cause.DECISIONS:
            yield from ((cause.value, told) for told in _decided(changes.decided))
        yield from ((cause.value, told) for told in _files([one for one in changes.inputs if one.cause is cause]))
        if cause is Cause.TOOL and changes.tool:
            yield cause.value, " → ".join(changes.tool)


def _sources(sources: Iterable[str]) -> str:
    return ", ".join(sources) or "nobody"


def _decided(changes: Iterable[DecidedChange]) -> Iterator[str]:
    """One line for all entries of which the same is told, in the order of the first."""
    alike: dict[str, list[str]] = {}
    for change in changes:
        entry = change.after or change.before
        alike.setdefault(_happened(change), []).append((entry.id if entry else "") or "an entry without an id")
    for told, ids in alike.items():
        yield f"{_some(ids)} {told}"


def _happened(change: DecidedChange) -> str:
    before, after = change.before, change.after
    if after is None:
        return "removed"
    if before is None:
        return f"recorded, {after.state}{_note(after)}"
    moved = f"{before.state} → {after.state}" if before.state != after.state else f"rewritten, {after.state}"
    return f"{moved}{_note(after)}"


def _note(entry: DecidedState) -> str:
    return f" ({cut(entry.note)})" if entry.note else ""


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:MOST])
    return f"{shown} and {len(names) - MOST} more" if len(names) > MOST else shown


def _files(inputs: list[InputChange]) -> Iterator[str]:
    for one in inputs[:MOST]:
        yield f"{one.path} {one.verb}"
    if len(inputs) > MOST:
        yield f"and {len(inputs) - MOST} more"


def unchanged(changes: Changes) -> str:
    """`DUR002, PLN001`, or nothing."""
    return ", ".join(name(change) for change in changes.of(Kind.UNCHANGED))
