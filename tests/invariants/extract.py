"""Reads every figure of a run back out of what it printed: documents, JSON, terminal and exit code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from tests.invariants.console import terminal_figures
from tests.invariants.figures import DAY, EXITS, PRIORITIES, VERDICTS, Figure, weekday
from tests.invariants.machine import json_figures
from tests.invariants.phrases import Named, Readers
from tests.invariants.projects import MARKDOWN, TERMINAL, Run
from tests.invariants.reading import Block, blocks, title_of
from tests.invariants.sections import SECTIONS
from tests.invariants.whole import whole

VERDICT = re.compile(r"(?:❌|⚠️|❓|✅) (?!PASS|FAIL)[A-Z]+(?: - [A-Z ]{9,}[A-Z]| FOR DEPLOYMENT)")
COUNTS = re.compile(r"(\d+) critical, (\d+) high, (\d+) medium and (\d+) low issues; (\d+|no) open decisions?")
SCORE = re.compile(r"(\d[\d.]*)/100(?: \(coverage (\d+) of (\d+)(?:; (\d+) need AWS or GitHub)?\))?")
ICON = re.compile(r"(🔴|🟡|🟢|⚪) ([A-Z]{3,})\b")
ACTION = re.compile(r"\bAction (\d+): ")
LEFT = re.compile(r"(\d+) working days? left before the deployment")
STATED_DAY = re.compile(DAY)
DIGIT = re.compile(r"[0-9]")


def figures_of(run: Run) -> Iterator[Figure]:
    """Everything that is stated, the JSON first."""
    twin = next(name for name in run.texts if name.endswith(".json"))
    known: dict[str, object] = {}
    for name, value in json_figures(run.texts[twin]):
        known[name] = value
        yield Figure(name, value, twin, 0)
    yield Figure("exit code", run.exit_code, "exit code", 0)
    per_day = run.assessment.config.calendar.minutes_per_day
    for document, text in run.texts.items():
        if document.endswith(".md") or document == MARKDOWN:
            yield from document_figures(document, text, Readers(known, per_day))
        elif document == TERMINAL:
            yield from _told(_terminal(text, known), known)


THINGS = ("issue ", "decision ", "action ", "phase ", "actions of ", "indexes of ", "resources of ", "cost of ")
"""What the JSON names one by one: of a thing that it does not name, nothing may be told."""


def _told(figures: Iterator[Figure], known: Mapping[str, object]) -> Iterator[Figure]:
    for figure in figures:
        if figure.name not in known and figure.name.startswith(THINGS):
            yield Figure(figure.name, "nothing of that name", "JSON", 0)
        yield figure


def _terminal(text: str, known: Mapping[str, object]) -> Iterator[Figure]:
    for line, name, value in terminal_figures(text, known):
        yield Figure(name, value, TERMINAL, line)
    for number, shown in enumerate(text.split("\n"), start=1):
        yield from _anywhere(Block("line", shown, number, "", ""), TERMINAL, known)


def document_figures(document: str, text: str, readers: Readers) -> Iterator[Figure]:
    """What one document states: what can stand anywhere, then what its sections say, then what needs all of it."""
    yield from _told(_document(document, text, readers), readers.known)


def _document(document: str, text: str, readers: Readers) -> Iterator[Figure]:
    read = blocks(text)
    for block in read:
        yield from _anywhere(block, document, readers.known)
        if reader := SECTIONS.get(title_of(block.section)):
            for name, value in reader(block, readers):
                yield Figure(name, value, document, block.line)
    for line, name, value in whole(read, readers):
        yield Figure(name, value, document, line)


def _anywhere(block: Block, document: str, known: Mapping[str, object]) -> Iterator[Figure]:
    for offset, text in enumerate(block.text.split("\n")):
        line = block.line + (offset if block.kind == "fence" else 0)
        for name, value in _stated(text, known):
            yield Figure(name, value, document, line)


def _stated(text: str, known: Mapping[str, object]) -> Named:
    if text.isascii() and not DIGIT.search(text):  # all of it has an icon or a number
        return
    for found in VERDICT.finditer(text):
        yield "verdict", found[0]
        word = next((word for word, phrase in VERDICTS.items() if phrase == found[0]), "")
        yield "exit code", EXITS.get(word, "of no verdict")
    for found in COUNTS.finditer(text):
        for number, severity in enumerate(PRIORITIES, start=1):
            yield f"{severity} issues", int(found[number])
        yield "open decisions", 0 if found[5] == "no" else int(found[5])
    for found in SCORE.finditer(text):
        yield "score", Decimal(found[1])
        if found[2]:
            yield "coverage, determined", int(found[2])
            yield "coverage, total", int(found[3])
            yield "coverage, outside", int(found[4] or 0)
    for found in ACTION.finditer(text):
        name = f"action {found[1]}: title"
        title = str(known.get(name, "an action of the JSON"))
        rest = text[found.end() :]
        yield name, title if rest.startswith(title) else rest
    for found in LEFT.finditer(text):
        yield "working days left", int(found[1])
    for icon, word in ICON.findall(text):
        yield f"word of {icon}", word
    for day in STATED_DAY.findall(text):
        yield f"weekday of {day[4:]}", weekday(day)[:3]
        yield f"weekday of {day[4:]}", day[:3]
