"""Changes one figure of a document, found by what figures look like, without knowing what the extractor reads."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tests.invariants.drafts import ROLES
from tests.invariants.figures import WEEKDAYS

VERDICTS = ("BLOCKED", "CONDITIONAL", "UNDETERMINED", "READY")
PRIORITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
NOUNS = (
    "critical",
    "high",
    "medium",
    "low",
    "open decisions?",
    "resource instances?",
    "blocking issues?",
    "actions?",
    "recovery settings?",
    "streams?",
    "indexes",
    "tables?",
    "working days?",
    "facts? can only",
    "needed facts?",
    "more actions?",
)


@dataclass(frozen=True)
class Mutation:
    """One figure changed in one text."""

    kind: str
    text: str
    """The whole document, changed."""
    line: int
    was: str
    section: str


def _other(chance: random.Random, words: tuple[str, ...], was: str) -> str:
    return chance.choice([word for word in words if word != was])


def _number(chance: random.Random, was: str) -> str:
    return str(int(was) + chance.choice((1, 2, 10)))


def _day(chance: random.Random, was: str) -> str:
    """Another day with its right weekday: a wrong one would be told too easily."""
    when = date.fromisoformat(was[4:]) + timedelta(days=chance.choice((-7, 1, 2, 7)))
    return f"{WEEKDAYS[when.weekday()]} {when}"


def _clock(chance: random.Random, was: str) -> str:
    hour = (int(was[:2]) + chance.choice((1, 2))) % 24
    return f"{hour:02}{was[2:]}"


Change = Callable[[random.Random, str], str]
KINDS: Mapping[str, tuple[str, Change]] = {
    "verdict": (
        r"(?<=(?:❌|❓|✅) )(?:BLOCKED|UNDETERMINED|READY)\b|(?<=⚠️ )CONDITIONAL",
        lambda chance, was: _other(chance, VERDICTS, was),
    ),
    "priority": (
        r"(?<=(?:🔴|🟡|🟢|⚪) )(?:CRITICAL|HIGH|MEDIUM|LOW)\b"
        r"|(?<=Priority\*\*: )[A-Z]+|(?<=\()(?:HIGH|MEDIUM|LOW)(?=, )",
        lambda chance, was: _other(chance, PRIORITIES, was),
    ),
    "hours": (r"\b\d+(?= h\b)|\b\d+(?= min\b)", _number),
    "day": (r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d", _day),
    "clock": (r"(?<=\d )\d\d:\d\d\b|(?<=to )\d\d:\d\d\b", _clock),
    "money": (r"(?<=[$€])\d+|(?<=CHF )\d+", _number),
    "score": (r"\b\d+(?=(?:\.\d+)?/100)", _number),
    "coverage": (r"(?<=coverage )\d+|(?<= of )\d+(?=; \d+ need)|\d+(?= need AWS or GitHub)", _number),
    "count": (rf"(?<![\w./-])\d+(?= (?:{'|'.join(NOUNS)})\b)|(?<=s: )\d+$|(?<=\()\d+(?=\)$)", _number),
    "action": (r"(?<=\bAction )\d+(?=: )|(?<=\bActions )\d+|(?<=→ )\d+", _number),
    "owner": (
        rf"\b(?:{'|'.join(map(re.escape, ROLES))})\b",
        lambda chance, was: _other(chance, ROLES, was),
    ),
}
"""What each kind of figure looks like in the text, and how it is changed."""


NO_FIGURE = re.compile(r"^- \*\*Audience\*\*.*$", re.MULTILINE)
"""Names of roles that own nothing: for whom a document is written."""


def mutations(chance: random.Random, text: str) -> Iterator[Mutation]:
    """One figure after the other, for ever: a kind at random that the text has, then a place at random."""
    told = NO_FIGURE.sub(lambda found: " " * len(found[0]), text)
    spots = {kind: list(re.finditer(pattern, told, re.MULTILINE)) for kind, (pattern, _) in KINDS.items()}
    present = [kind for kind, found in spots.items() if found]
    while present:
        kind = chance.choice(present)
        found = chance.choice(spots[kind])
        changed = KINDS[kind][1](chance, found[0])
        before = text[: found.start()]
        section = re.findall(r"^## (.+)$", before, re.MULTILINE)[-1:] or [""]
        whole = before + changed + text[found.end() :]
        yield Mutation(kind, whole, before.count("\n") + 1, found[0], section[0])
