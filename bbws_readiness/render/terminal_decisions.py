"""The entries of the decision log for a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bbws_readiness.decisions.decided import Decided, Decisions
from bbws_readiness.decisions.entry import State
from bbws_readiness.render import wording
from bbws_readiness.render.encode.terminal import safe

MOST = 6
"""Places of one claim that are named."""
_ROLES = {State.IN_FORCE: "ready", State.EXPIRED: "high", State.VOID: "high", State.REFUSED: "critical"}


def decisions_text(environment: str, decisions: Decisions, paint: Callable[[str, str], str]) -> str:
    """All entries that concern one environment by state, each in the order of the log; ends in a newline."""
    told = wording.decided(decisions) or "no decision is recorded"
    lines = [
        paint(f"{safe(environment.upper() or 'NO ENVIRONMENT')}: {safe(told)} ({safe(decisions.path)})", "heading")
    ]
    for state in State:
        entries = decisions.of(state)
        if entries:
            lines += ["", paint(f"{state.value.upper()} ({len(entries)})", _ROLES.get(state, "decision"))]
            lines += [f"  {line}" for one in entries for line in entry_lines(one, paint)]
    if decisions.errors:
        lines += ["", *(f"{paint(safe(str(one.at)), 'place')}  {safe(one.summary)}" for one in decisions.errors)]
    return "\n".join(lines) + "\n"


def entry_lines(decided: Decided, paint: Callable[[str, str], str]) -> Iterator[str]:
    """Id and kind, what it settles, who, when and why, its evidence, and what keeps it from its effect."""
    entry = decided.entry
    on = f" on {wording.day(entry.on)}" if entry.on else ""
    until = f", until {entry.until}" if entry.until else ""
    head = f"{entry.id or '(no id)'} {decided.kind or '(no kind)'}"
    yield f"{paint(safe(head), 'heading')}  {paint(safe(str(entry.at)), 'place')}"
    yield f"  {safe(f'{_about(decided)}; by {wording.listed(entry.by)}{on}{until}')}"
    if entry.reason:
        yield f"  {safe(entry.reason)}"
    for one in decided.evidence:
        places = f" ({paint(safe(_places(one.places)), 'place')})" if one.places else ""
        yield f"  - {safe(one.claim)}{places}"
    if decided.note:
        hint = f"; {decided.hint}" if decided.hint else ""
        word = "but" if decided.state is State.IN_FORCE else decided.state.value
        yield f"  {paint(safe(f'{word}: {decided.note}{hint}'), 'quiet')}"


def _places(places: Sequence[str]) -> str:
    """`README.md:10, :11 and 3 more`: after the first line of a file the number is enough."""
    shown: list[str] = []
    before = ""
    for place in places[:MOST]:
        path, colon, line = place.rpartition(":")
        shown.append(f":{line}" if path and path == before else place)
        before = path if colon else place
    more = len(places) - MOST
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _about(decided: Decided) -> str:
    """`settles NAM001 orders, users and all else of NAM001@plan`; without effect, what it is about as it is written."""
    subjects: dict[str, list[str]] = {}
    if decided.settles:
        for finding in decided.settles:
            subjects.setdefault(finding.rule.code, []).append(finding.subject)
    else:
        for one in decided.entry.findings:
            subjects.setdefault(str(one.drift or one.rule or one.fingerprint), []).append(one.subject)
    shown = (f"{rule} {', '.join(dict.fromkeys(filter(None, names)))}".strip() for rule, names in subjects.items())
    later = f" and all else of {', '.join(map(str, decided.drifts))}" if decided.settles and decided.drifts else ""
    return f"{'settles' if decided.settles else 'about'} {'; '.join(shown) or 'nothing'}{later}"
