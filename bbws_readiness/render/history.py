"""The runs of one folder as rows, newest first, each with what made it differ from the run before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, code, plain, say
from bbws_readiness.render.frame import Run

if TYPE_CHECKING:
    from bbws_readiness.compare.changes import AuthorityChange, Changes, DecidedChange
    from bbws_readiness.compare.snapshot import Snapshot

CORRECTION = "correction: "
"""How the reason of a run begins that came with a correction notice."""

FIRST = "first assessment"
MAX_NAMED = 6
"""More facets or decisions than this are counted instead of named."""

MAX_REASON = 500
"""Characters of a reason; a longer one is cut and ends in `…`."""

FILES = {
    "code": "code file",
    "documents": "document",
    "decisions": "decision log",
    "configuration": "configuration file",
}
"""Causes of a change that lie in files, in words."""


def run_of(snapshot: Snapshot, changes: Changes | None) -> Run:
    """The row of a run that was published; `changes` is what differs from the run before it, None for a first one."""
    return Run(
        as_of=snapshot.as_of,
        commit=snapshot.commit[:12],
        verdict=snapshot.verdict,
        score=wording.number(snapshot.score),
        change=reason_of(changes),
    )


def run_now(assessment: Assessment, changes: Changes | None) -> Run:
    """The row of the current run."""
    repository = assessment.model.repository
    commit = repository.commit.or_none() if repository else None
    return Run(
        as_of=assessment.as_of.isoformat(),
        commit=(commit or "")[:12],
        verdict=assessment.verdict.value,
        score=wording.number(assessment.score.value),
        change=reason_of(changes),
    )


def reason_of(changes: Changes | None) -> str:
    """What made a run differ from the one before it, in one line of plain text; empty for a first run."""
    if changes is None:
        return ""
    parts = [*_verdict(changes), *_authority(changes), *_decided(changes), *_inputs(changes), *_tool(changes)]
    said = (CORRECTION if changes.corrects else "") + ("; ".join(parts) or otherwise(changes))
    return said if len(said) <= MAX_REASON else said[: MAX_REASON - 1] + "…"


def otherwise(changes: Changes) -> str:
    """What differs when no file, authority, decision or tool does: git, the moment, or no more than details."""
    from bbws_readiness.compare.changes import Cause

    if changes.before.commit != changes.after.commit or any(Cause.CODE in one.causes for one in changes.issues):
        return "what git says of the checkout"
    if changes.before.as_of != changes.after.as_of:
        return "nothing but the moment of assessment"
    return "a detail that changes no issue"


def _verdict(changes: Changes) -> Iterator[str]:
    if changes.verdict_changed:
        yield f"{changes.before.verdict} → {changes.after.verdict}"


def _authority(changes: Changes) -> Iterator[str]:
    named = [f"authority{facet_words(one)} {side(one.before)} → {side(one.after)}" for one in changes.authority]
    yield from named[:MAX_NAMED]
    if len(named) > MAX_NAMED:
        yield f"authority of {len(named) - MAX_NAMED} more facets"


def facet_words(change: AuthorityChange) -> str:
    """` of tables`, or nothing for what holds where no facet is named."""
    return "" if change.facet == "default" else f" of {change.facet}"


def side(sources: tuple[str, ...]) -> str:
    """`plan, terraform`, or `nobody`."""
    return ", ".join(sources) or "nobody"


def recorded(changes: Changes) -> tuple[DecidedChange, ...]:
    """The decisions that the later run has and the earlier one had not, in the order of the log."""
    return tuple(one for one in changes.decided if one.before is None and one.after is not None)


def _decided(changes: Changes) -> Iterator[str]:
    new = [one.after.id for one in recorded(changes) if one.after]
    if new:
        yield f"{wording.counted(len(new), 'decision')} recorded ({ids(new)})"
    gone = [one.before.id for one in changes.decided if one.before and one.after is None]
    if gone:
        yield f"{wording.counted(len(gone), 'decision')} removed ({ids(gone)})"
    states: dict[str, list[str]] = {}
    for one in changes.decided:
        if one.before and one.after and one.before.state != one.after.state:
            states.setdefault(one.after.state, []).append(one.after.id)
    for state, names in states.items():
        yield f"{wording.counted(len(names), 'decision')} now {state} ({ids(names)})"


def ids(names: list[str]) -> str:
    """`D1, D2 and 3 more`: decisions by their ids."""
    shown = ", ".join(names[:MAX_NAMED])
    return f"{shown} and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else shown


def _inputs(changes: Changes) -> Iterator[str]:
    counts: Counter[str] = Counter(one.cause for one in changes.inputs)
    parts = [wording.counted(counts[cause], noun) for cause, noun in FILES.items() if counts[cause]]
    if other := sum(number for cause, number in counts.items() if cause not in FILES):
        parts.append(wording.counted(other, "other file"))
    if parts:
        yield f"changed: {wording.listed(parts)}"


def _tool(changes: Changes) -> Iterator[str]:
    if changes.tool:
        before, after = changes.tool
        yield f"tool {before} → {after}"


def corrected(run: Run) -> bool:
    """Whether a run came with a correction notice."""
    return run.change.startswith(CORRECTION)


def summary_line(run: Run) -> Markdown:
    """A correction notice in one line: when it was made, with which verdict, and why."""
    why = run.change.removeprefix(CORRECTION)
    return say("{}: {}, {} - {}", moment(run.as_of), verdict(run.verdict), score(run.score), plain(why))


def moment(text: str) -> Markdown:
    """A moment of the JSON as documents print it; text that is none as it stands."""
    try:
        return plain(wording.as_of(datetime.fromisoformat(text).replace(tzinfo=None)))
    except ValueError:
        return plain(text or wording.NOT_STATED)


def verdict(text: str) -> Markdown:
    """A verdict of the JSON in the words of the documents; any other word as it stands."""
    known = next((one for one in Verdict if one.value == text), None)
    return Markdown(wording.VERDICTS[known]) if known else plain(text or wording.NOT_STATED)


def score(text: str) -> Markdown:
    """`95/100`."""
    return say("{}/100", text) if text else plain(wording.NOT_STATED)


def commit(text: str) -> Markdown:
    """The short commit, or that there was none."""
    return code(text[:12]) if text else Markdown("not a git checkout")
