"""What differs between two assessments for a person at a terminal: verdict, score, causes, then every change."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from bbws_readiness.assess.assessment import Verdict
from bbws_readiness.compare.changes import Changes, IssueChange, Kind
from bbws_readiness.render import diff_words
from bbws_readiness.render.encode.terminal import guarded, safe
from bbws_readiness.render.terminal import WIDTH
from bbws_readiness.render.terminal_line import ROLES, Paint

POINTS = 8
"""Columns of the points in front of a change."""


def diff_text(changes: Changes, paint: Paint) -> str:
    """The whole text, ending in a newline."""
    lines = [*_head(changes, paint), *_causes(changes, paint)]
    for kind in diff_words.TOLD:
        lines += _kind(changes, kind, paint)
    lines += _unchanged(changes, paint)
    if not changes.differs:
        lines += ["", "Both assessments say the same."]
    # A line that was wrapped may begin in the middle of what was inert as a whole.
    return guarded("\n".join(lines) + "\n")


def _head(changes: Changes, paint: Paint) -> Iterator[str]:
    yield paint(diff_words.verdicts(changes), ROLES[Verdict(changes.after.verdict)])
    yield safe(diff_words.runs(changes))
    yield f"{safe(diff_words.score(changes))}. {diff_words.coverage(changes)}."


def _causes(changes: Changes, paint: Paint) -> Iterator[str]:
    told = list(diff_words.causes(changes))
    if told:
        yield ""
        yield paint("WHAT DIFFERS BESIDE THE FINDINGS", "heading")
    for cause, text in told:
        yield f"  {cause:<14} {safe(text)}"


def _kind(changes: Changes, kind: Kind, paint: Paint) -> Iterator[str]:
    listed = changes.of(kind)
    if listed:
        yield ""
        yield paint(f"{kind.value.upper()} ({len(listed)})", "heading")
    for change in listed:
        yield from _change(change, paint)


def _change(change: IssueChange, paint: Paint) -> Iterator[str]:
    told = f"{diff_words.name(change)}  {diff_words.priority(change)}"
    points = diff_words.signed(change.points)
    yield f"{points:>{POINTS}}  {paint(safe(told), diff_words.gravest(change))}  {safe(diff_words.title(change))}"
    indent = " " * (POINTS + 2)
    yield from textwrap.wrap(
        safe(change.why), WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _unchanged(changes: Changes, paint: Paint) -> Iterator[str]:
    listed = changes.of(Kind.UNCHANGED)
    if not listed:
        return
    yield ""
    yield paint(f"UNCHANGED ({len(listed)})", "heading")
    yield from textwrap.wrap(
        safe(diff_words.unchanged(changes)), WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
    )
    for change in listed:
        if change.why:
            yield safe(f"  {diff_words.name(change)}: {change.why}")
