"""The score as a ring of 100 points: what is left, and one segment for every deduction, with the ledger beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import cos, pi, sin
from typing import Any

from msgspec import Struct

from bbws_readiness.render import wording
from bbws_readiness.render.site.pictures.markup import data_table, drawing, figure, label, number, sentence, tag, words
from bbws_readiness.render.site.pictures.priorities import LETTERS, class_of, letter_of, word_of

SIZE = 240
RADIUS = 92
"""Of the middle of the ring."""
BREADTH = 30
UNFOLDED = 15
"""A longer ledger is folded."""
LEFT = "left"
"""The key of the segment that is the score itself."""
LETTERED = Decimal(4)
"""Segments of as many points have room for their letter."""
GAP = Decimal("0.5")
"""Between two segments, taken from the end of the first one."""


class Segment(Struct, frozen=True):
    """A part of the 100 points."""

    key: str
    """`left`, the key of the deduction, or empty for points that nobody has explained."""
    label: str
    severity: str
    start: Decimal
    points: Decimal


def segments(score: Mapping[str, Any]) -> tuple[Segment, ...]:
    """The score and then its deductions in their order, exactly `start` points in all."""
    whole = Decimal(str(score["start"]))
    left = min(whole, max(Decimal(0), Decimal(str(score["value"]))))
    found = [Segment(LEFT, "score", "", Decimal(0), left)] if left else []
    used = left
    for line in score["ledger"]:
        points = min(Decimal(str(line["points"])), whole - used)
        if points > 0:
            found.append(Segment(line["key"], line["label"], line["severity"], used, points))
            used += points
    if used < whole:
        found.append(Segment("", "not told in the ledger", "", used, whole - used))
    return tuple(found)


def score_picture(data: Mapping[str, Any], *, mark: str = "") -> str:
    """The ring with the score in its middle, what the colours mean, and the ledger as a table."""
    score = data["score"]
    shares = segments(score)
    ledger = score["ledger"]
    value, whole = _points(score["value"]), _points(score["start"])
    title = f"Score {value} of {whole}"
    description = f"{title}: {_told(ledger)}"
    middle = label(SIZE / 2, SIZE / 2 + 10, value, "pic-t pic-huge", anchor="middle")
    middle += label(SIZE / 2, SIZE / 2 + 32, f"of {whole}", "pic-t pic-soft", anchor="middle")
    ring = "".join(_drawn(shares, Decimal(whole)))
    return figure(
        "score",
        drawing(f"{mark}pic-score", title, description, SIZE, SIZE, ring + middle),
        tag("div", _ledger(ledger, whole, value) + _rest(score, shares), class_="pic-beside"),
    )


def _drawn(shares: Sequence[Segment], whole: Decimal) -> Iterator[str]:
    yield _sector(0, 1, "pic-ring pic-track", "", None)
    for share in shares:
        class_ = class_of(share.severity) if share.severity else f"pic-{LEFT}" if share.key == LEFT else "pic-untold"
        points = max(share.points - GAP, share.points / 2) if len(shares) > 1 else share.points
        name = f"{share.key}: {share.label}, {_points(share.points)} points" if share.severity else share.label
        start, end = float(share.start / whole), float((share.start + points) / whole)
        yield _sector(start, end, f"pic-ring {class_}", name, share.points)
    for share in shares:
        if share.severity and share.points >= LETTERED:
            x, y = _on_circle(float((share.start + share.points / 2) / whole), RADIUS)
            yield label(x, y + 4.5, letter_of(share.severity), "pic-t pic-letter", anchor="middle")


def _sector(start: float, end: float, class_: str, name: str, points: Decimal | None) -> str:
    """A part of the ring between two shares of a whole turn; a whole turn is drawn as two halves."""
    outer, inner = RADIUS + BREADTH / 2, RADIUS - BREADTH / 2
    middle = (start + end) / 2
    there = "".join(_arc(share, outer, 1) for share in (middle, end))
    back = "".join(_arc(share, inner, 0) for share in (middle, start))
    path = f"M{_place(start, outer)}{there} L{_place(end, inner)}{back} Z"
    content = tag("title", words(name)) if name else ""
    return tag("path", content, d=path, class_=class_, data_points=f"{points:f}" if points is not None else None)


def _arc(share: float, radius: float, sweep: int) -> str:
    return f" A{number(radius)} {number(radius)} 0 0 {sweep} {_place(share, radius)}"


def _place(share: float, radius: float) -> str:
    x, y = _on_circle(share, radius)
    return f"{x:.2f} {y:.2f}"


def _on_circle(share: float, radius: float) -> tuple[float, float]:
    """The place at that share of a turn, clockwise from the top."""
    return SIZE / 2 + radius * sin(2 * pi * share), SIZE / 2 - radius * cos(2 * pi * share)


def _told(ledger: Sequence[Mapping[str, Any]]) -> str:
    if not ledger:
        return "nothing is deducted."
    parts = []
    for severity in LETTERS:
        taken = [Decimal(str(line["points"])) for line in ledger if line["severity"] == severity]
        if taken:
            parts.append(f"{len(taken)} {severity} take {_points(sum(taken))}")
    return f"deductions: {', '.join(parts)}."


def _ledger(ledger: Sequence[Mapping[str, Any]], whole: str, value: str) -> str:
    rows = [
        (line["key"], f"{line['label']} ({word_of(line['severity'])})", f"−{_points(line['points'])}")
        for line in ledger
    ]
    legend = "".join(
        tag("li", tag("span", letter, class_=f"pic-chip {class_of(severity)}") + words(severity))
        for severity, letter in LETTERS.items()
        if any(line["severity"] == severity for line in ledger)
    )
    table = data_table(
        f"The ledger: {wording.counted(len(rows), 'deduction')}",
        ("Deduction", "What", "Points"),
        [("Start", "", whole), *rows, ("Score", "", value)],
        unfolded=len(rows) <= UNFOLDED,
    )
    return (tag("ul", legend, class_="pic-legend") if legend else "") + table


def _rest(score: Mapping[str, Any], shares: Sequence[Segment]) -> str:
    """What the ledger takes beyond the last point, which no ring can show."""
    taken = sum((Decimal(str(line["points"])) for line in score["ledger"]), Decimal(0))
    beyond = taken - sum((share.points for share in shares if share.severity), Decimal(0))
    if beyond <= 0:
        return ""
    return sentence(
        f"The deductions are {_points(taken)} points in all; the ring shows them until none of the "
        f"{_points(score['start'])} is left, in the order of the ledger."
    )


def _points(value: object) -> str:
    """`2.5`, `20`."""
    return number(float(str(value)))
