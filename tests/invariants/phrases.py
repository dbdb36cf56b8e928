"""The phrases in which several sections state the same figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.invariants.figures import DAY, HOURS, MOMENT, NOT_COMPUTABLE, PRIORITIES, minutes, numbers, roles
from tests.invariants.reading import Block

Named = Iterator[tuple[str, object]]
PRIORITY = "|".join(PRIORITIES.values())


@dataclass(frozen=True)
class Readers:
    """What a reader may look up."""

    known: Mapping[str, object]
    """The figures of the JSON, only to find where a title ends."""
    minutes_per_day: int


def field(block: Block) -> tuple[str, str]:
    """Label and value of `Label: value`."""
    label, _, value = block.text.partition(": ")
    return label, value


def ready(text: str) -> Named:
    """Time to ready, as hours and as a date, with the chain when it follows."""
    found = re.match(rf"({HOURS}|{NOT_COMPUTABLE})(?: - ({MOMENT}|ready now)( \(default calendar\))?)?", text)
    if not found:
        yield "time to ready", text
        return
    open_end = found[1] == NOT_COMPUTABLE
    yield "time to ready", NOT_COMPUTABLE if open_end else minutes(found[1])
    yield "ready on", NOT_COMPUTABLE if open_end else "now" if found[2] == "ready now" else found[2]
    yield "default calendar", bool(found[3])
    if chain := re.search(r"(?:Actions?|critical path) (\d+(?: → \d+)*)", text[found.end() :]):
        yield "chain to ready", numbers(chain[1])
    elif "no action stands in between" in text:
        yield "chain to ready", ()


def planned(text: str) -> Named:
    """The date of the plan, and how it is kept."""
    if text.startswith("No date stated"):
        yield "planned", "not stated"
    elif found := re.match(rf"{MOMENT}|{DAY}", text):
        yield "planned", found[0]
    else:
        yield "planned", text


def kept(text: str) -> Named:
    """Slack or delay."""
    if found := re.fullmatch(r"kept; slack (\d+) working days?", text):
        yield "plan kept", True
        yield "slack in days", int(found[1])
    elif found := re.fullmatch(r"delay (\d+) working days?", text):
        yield "plan kept", False
        yield "delay in days", int(found[1])
    else:
        yield "plan kept", None if text == NOT_COMPUTABLE else text


def issue_line(text: str, readers: Readers) -> Named:
    """`🔴 CRITICAL: title (Action 1: …)` or `- owners, 4 h`; the same for a decision."""
    found = re.match(rf"({PRIORITY}|⚖️ DECISION): (.+)$", text)
    if not found:
        return
    noun = "decision" if "DECISION" in found[1] else "issue"
    rest = found[2]
    if closing := re.search(r" \(Action (\d+): [^()]+(?:\([^()]*\)[^()]*)*\)$", rest):
        name = f"{noun} {rest[: closing.start()]}"
        yield f"{name}: action", int(closing[1])
    elif owned := re.search(rf" - (\S.*?), ({HOURS})$", rest):
        title = rest[: owned.start()]
        for known in readers.known:
            told = known.removeprefix(f"{noun} ").removesuffix(": owners")
            if known.endswith(": owners") and rest.startswith(f"{told} - ") and len(told) > len(title):
                title = told
        name = f"{noun} {title}"
        yield f"{name}: owners", roles(rest[len(title) + 3 :].rpartition(", ")[0])
        yield f"{name}: estimate", minutes(owned[2])
    else:
        name = f"{noun} {rest}"
        yield f"{name}: action", "not told"
    if noun == "issue":
        yield f"{name}: priority", found[1]


def step(text: str, *, numbered: str = "Action ") -> Named:
    """`Action 1: title (HIGH, owners, 4 h)`."""
    if found := re.match(rf"{numbered}(\d+): .*\((CRITICAL|HIGH|MEDIUM|LOW), (.+), ({HOURS})\)$", text):
        yield f"action {found[1]}: priority", found[2]
        yield f"action {found[1]}: owners", roles(found[3])
        yield f"action {found[1]}: estimate", minutes(found[4])


def span(name: str, text: str) -> Named:
    """`Thu 2026-01-08 09:00 to 13:00`, or to another day."""
    found = re.match(rf"({MOMENT}) to ({MOMENT}|\d\d:\d\d)$", text)
    if not found:
        yield f"{name}: start", text
        return
    end = found[2] if len(found[2]) > 5 else f"{found[1][:-5]}{found[2]}"
    yield f"{name}: start", found[1]
    yield f"{name}: end", end


def at_least(name: str, text: str) -> Named:
    """A count; what is only a lower bound, or not determinable, says so, and does so everywhere."""
    yield f"{name}: all of them known", "not determinable" not in text
    if found := re.match(r"(?:at least )?(\d+)", text):
        yield name, int(found[1])
