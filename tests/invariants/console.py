"""Reads the figures of the terminal text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tests.invariants.figures import HOURS, MOMENT, PRIORITIES, minutes, numbers, roles

HEAD = re.compile(r"^.+ to (\w+(?: \(.*\))?), as of (.+)$")
GROUP = re.compile(r"^(🔴 CRITICAL|🟡 HIGH|🟢 MEDIUM|⚪ LOW) \((\d+)\)$")
OWNED = re.compile(rf"\baction (\d+): (.+), ({HOURS})$")
EFFORT = re.compile(rf"; (\d+) actions?, ({HOURS}) of work$")
READY = re.compile(rf"^Time to ready ({HOURS}): ({MOMENT}) \(actions? ([\d → ]+)\)")
PLANNED = re.compile(r"^Planned (.+?) \((\S+)\): (.*)$")


def terminal_figures(text: str, known: Mapping[str, object]) -> Iterator[tuple[int, str, object]]:
    """Line, name and value; counts of what is not listed are 0."""
    missing = {f"{severity} issues" for severity in PRIORITIES} | {"open decisions", "not verified"}
    told = ""
    for line, shown in enumerate(text.split("\n"), start=1):
        for name, value in _line(shown, told):
            missing.discard(name)
            yield line, name, value
        told = shown
    for name in sorted(missing):
        yield 0, name, 0


def _line(shown: str, before: str) -> Iterator[tuple[str, object]]:
    if found := HEAD.match(shown):
        yield "as of", found[2]
    if found := GROUP.match(shown):
        severity = next(severity for severity, word in PRIORITIES.items() if word == found[1])
        yield f"{severity} issues", int(found[2])
    if found := re.match(r"^⚖️ DECISIONS \((\d+)\)$", shown):
        yield "open decisions", int(found[1])
    if found := re.match(r"^⏸️ NOT VERIFIED \((\d+)\)$", shown):
        yield "not verified", int(found[1])
    if found := OWNED.search(shown):
        yield f"action {found[1]}: owners", roles(found[2].rpartition("  ")[2])
        yield f"action {found[1]}: estimate", minutes(found[3])
        if title := re.match(r"^  [A-Z]{3}\d{3}  (.+)$", before):
            yield f"issue {title[1]}: action", int(found[1])
        elif question := re.match(r"^  (.+?)  [A-Z]{3}\d{3}(?:, [A-Z]{3}\d{3})*$", before):
            yield f"decision {question[1]}: action", int(found[1])
    if shown.startswith("Time to ready"):
        yield from _time(shown)
    if shown.startswith("Planned"):
        yield from _planned(shown)
    if found := re.match(r"^Next action (\d+), (.+) \((.+?)\)(?:;|$)", shown):
        yield f"action {found[1]}: title", found[2]
        yield f"action {found[1]}: owners", roles(found[3])


def _time(shown: str) -> Iterator[tuple[str, object]]:
    if found := EFFORT.search(shown):
        yield "actions", int(found[1])
        yield "total effort", minutes(found[2])
    if found := READY.match(shown):
        yield "time to ready", minutes(found[1])
        yield "ready on", found[2]
        yield "chain to ready", numbers(found[3])
    elif found := re.match(rf"^Time to ready ({HOURS}|not computable)", shown):
        yield "time to ready", minutes(found[1]) if found[1] != "not computable" else found[1]
    else:
        yield "time to ready", shown


def _planned(shown: str) -> Iterator[tuple[str, object]]:
    found = PLANNED.match(shown)
    if not found:
        yield "planned", "not stated" if "no date stated" in shown else shown
        return
    yield "planned", found[1]
    if slack := re.match(r"kept, slack (\d+) working days?$", found[3]):
        yield "plan kept", True
        yield "slack in days", int(slack[1])
    elif later := re.match(rf"not kept, earliest ({MOMENT})$", found[3]):
        yield "plan kept", False
        yield "earliest deployment", later[1]
    else:
        yield "plan kept", found[3]
