"""Lists the waivers of the files: what they settle, who decided until when and why, and those without effect."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bbws_readiness.render.encode.markdown import Markdown, code, codes, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.wording import last_day, waived
from bbws_readiness.waivers.waiver import State, Waiver


class WaiverSection(Struct, frozen=True):
    """What the report says about waivers."""

    counts: str
    table: Markdown
    """Those in force, one row each."""
    notes: tuple[Markdown, ...]
    """The others, one line each, with what to do."""


def waiver_section(frame: Frame) -> WaiverSection | None:
    """The waivers of the project, or None when it has none."""
    waivers = frame.assessment.waivers
    if not waivers.listed:
        return None
    rows = [
        (code(one.rule), codes(one.subjects), one.by, last_day(one), one.reason, frame.place(one.at))
        for one in waivers.of(State.IN_FORCE)
    ]
    headings = ("Rule", "Subjects", "By", "Until", "Reason", "Place")
    return WaiverSection(waived(waivers), table(headings, rows), tuple(_notes(frame)))


def _notes(frame: Frame) -> Iterator[Markdown]:
    waivers = frame.assessment.waivers
    for one in waivers.listed:
        if one.state is not State.IN_FORCE:
            yield frame.cited(_note(one), one.at)
    if waivers.more:
        yield say("and {} more, which have no effect", waivers.more)


def _note(waiver: Waiver) -> Markdown:
    decided = (
        say(" (until {} by {}: {})", last_day(waiver), waiver.by, waiver.reason) if waiver.reason else Markdown("")
    )
    return say("{} {}{}: {}", code(waiver.rule or "waiver"), waiver.state.value, decided, waiver.note)
