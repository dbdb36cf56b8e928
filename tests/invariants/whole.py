"""What can only be read from several pieces of a document together: lists, sums, diagrams, header and footer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from tests.invariants.figures import NO_APPROVER, PRIORITIES, stamped
from tests.invariants.phrases import Readers, field
from tests.invariants.reading import Block, title_of

Found = Iterator[tuple[int, str, object]]
APPROVALS = (
    "approval requirements",
    "approval status",
    "approvals required",
    "checklist tracker",
    "deployment process",
)
BAR = re.compile(r"^  (\d+) .* :(crit, )?a\1, (\d{4}-\d\d-\d\d \d\d:\d\d), (\d{4}-\d\d-\d\d \d\d:\d\d)$", re.MULTILINE)
NODE = re.compile(r'^    a(\d+)\["(\d+) ')
BOX = re.compile(r'^  subgraph (\w+)\["\w+ - (.+)"\]$')
FRAME = {
    "Status": "verdict",
    "Document Status": "document status",
    "Last Updated": "as of",
    "Next Review": "next review",
}
"""What header and footer tell, under the names of the figures."""
DETERMINED = ("✅ PASS", "❌ FAIL", "⏸️ NOT VERIFIED", "➖ NOT APPLICABLE", "⚖️ DECISION")


def whole(read: Sequence[Block], readers: Readers) -> Found:
    """Line, name and value."""
    for reader in (_frame, _approvers, _ledger, _coverage, _lists, _cost, _people, _priorities, _diagrams):
        yield from reader(read, readers)


def _frame(read: Sequence[Block], readers: Readers) -> Found:
    """The verdict stands in the header; the footer says how final the document is, and of when."""
    told = {label: (block.line, value) for block in read for label, value in [field(block)]}
    for label, name in FRAME.items():
        line, value = told.get(label, (0, "missing"))
        yield line, name, value


def _section(read: Sequence[Block], *titles: str) -> list[Block]:
    return [one for one in read if title_of(one.section) in titles]


def _approvers(read: Sequence[Block], readers: Readers) -> Found:
    for title in APPROVALS:
        own = [one for one in _section(read, title) if title != "checklist tracker" or one.part == "Approvals"]
        if not own:
            continue
        boxes = [one for one in own if one.box and not one.text.startswith("Action ")]
        names = tuple(re.split(r" - | \(|; waiting", one.text)[0] for one in boxes)
        yield (boxes or own)[0].line, "approvers", names
        if title != "checklist tracker":
            yield own[0].line, "approvers", () if any(one.text == NO_APPROVER for one in own) else names or "nothing"


def _ledger(read: Sequence[Block], readers: Readers) -> Found:
    rows = [one for one in read if "Points" in one.cells]
    if not rows:
        return
    points = [(one.cells["Line"], Decimal(one.cells["Points"].lstrip("+"))) for one in rows]
    middle = [one for one in points[1:-1] if not one[0].startswith("The score does not go below")]
    yield rows[0].line, "deductions", tuple((label, -number) for label, number in middle)
    yield rows[-1].line, "score, as its ledger adds up", sum((number for _, number in points[:-1]), Decimal(0))
    for row in rows:
        if row.cells["Priority"] in PRIORITIES.values():
            yield row.line, f"issue {row.cells['Line']}: priority", row.cells["Priority"]


def _coverage(read: Sequence[Block], readers: Readers) -> Found:
    rows = [one for one in read if "Area" in one.cells]
    if not rows:
        return
    counts = [[int(one.cells[name]) for name in DETERMINED] for one in rows]
    yield rows[0].line, "coverage by area", tuple(map(tuple, counts))
    determined = sum(one[0] + one[1] + one[4] for one in counts)
    yield rows[0].line, "coverage, determined", determined
    beyond = readers.known["coverage, outside"]
    assert isinstance(beyond, int)
    yield rows[0].line, "coverage, total", determined + sum(one[2] for one in counts) + beyond


def _lists(read: Sequence[Block], readers: Readers) -> Found:
    """How many are listed where all have to be."""
    yield from _counted(read, "critical issues", "critical blockers", r"🔴 \d+\. ")
    yield from _counted(read, "open decisions", "open decisions", r"⚖️ \d+\. ")
    yield from _counted(read, "critical issues", "critical findings", r"\d+\. ")
    for title in ("blockers and warnings",):
        for severity, word in PRIORITIES.items():
            own = [one for one in _section(read, title) if one.part == word]
            if own:
                yield own[0].line, f"{severity} issues", sum(1 for one in own if one.kind == "row")
    for title in ("deployment blockers summary", "recommendation", "conclusion"):
        own = _section(read, title)
        if own and not any(one.text == "DEPLOY" or one.text.startswith("DO NOT DEPLOY: ") for one in own):
            waiting = [one for one in own if one.kind == "item" and re.match(r"🔴|🟡|⚖️|⏸️", one.text)]
            yield own[0].line, "in the way", len(waiting)
    own = [one for one in _section(read, "blockers and warnings") if one.part == "What the files cannot tell"]
    if own:
        yield own[0].line, "not verified", sum(1 for one in own if one.text.startswith("⏸️ NOT VERIFIED"))
    own = [one for one in _section(read, "checklist tracker") if one.part == "Infrastructure Readiness"]
    if own:
        yield own[0].line, "not verified", sum(1 for one in own if one.text.startswith("⏸️ NOT VERIFIED"))
    decisions = [one for one in read if "Urgency" in one.cells]
    if section := _section(read, "critical decisions required"):
        yield section[0].line, "open decisions", len(decisions)


def _counted(read: Sequence[Block], name: str, title: str, pattern: str) -> Found:
    own = _section(read, title)
    if own:
        found = [one for one in own if one.kind == "heading" and one.number == 3 and re.match(pattern, one.text)]
        yield own[0].line, name, len(found)


def _cost(read: Sequence[Block], readers: Readers) -> Found:
    rows = [one for one in read if "From-To a month" in one.cells]
    if rows:
        yield rows[0].line, "lines of cost", tuple(one.cells["Item"] for one in rows if one.cells["Item"] != "TOTAL")


def _people(read: Sequence[Block], readers: Readers) -> Found:
    rows = [one for one in _section(read, "contacts") if "Role" in one.cells]
    if rows:
        yield rows[0].line, "roles", tuple(one.cells["Role"] for one in rows)
    for part in ("Downstream", "3. Downstream Impact"):
        rows = [one for one in read if one.part == part and "Project" in one.cells]
        if rows:
            yield rows[0].line, "waiting projects", tuple(one.cells["Project"] for one in rows)


def _priorities(read: Sequence[Block], readers: Readers) -> Found:
    """All actions, by group and in order."""
    groups = {"critical -": "critical", "high priority": "high", "medium priority": "medium", "low priority": "low"}
    details = [one for one in read if one.kind == "heading" and re.match(r"(?:🔴|🟡|🟢|⚪) Action \d+: ", one.text)]
    if any(one.section.startswith("CRITICAL - MUST") for one in read):
        for start, severity in groups.items():
            own = [one for one in details if one.section.casefold().startswith(start)]
            yield 0, f"actions of priority {PRIORITIES[severity]}", tuple(_number(one) for one in own)
        tracked = [one for one in _section(read, "checklist tracker") if one.text.startswith("Action ")]
        yield tracked[0].line if tracked else 0, "actions", len({_number(one) for one in tracked})
        yield 0, "actions", len(details)
    for severity, word in PRIORITIES.items():
        own = [one for one in _section(read, "immediate actions required") if one.part == word]
        if own:
            found = tuple(_number(one) for one in own if one.text.startswith("Action ") and one.kind == "line")
            yield own[0].line, f"actions of priority {PRIORITIES[severity]}", found
    for title in ("next steps",):
        own = _section(read, title)
        steps = tuple(_number(one) for one in own if one.kind == "item" and one.text.startswith("Action "))
        if own:
            yield own[0].line, "actions in order", steps
    if any(one.section == "RECOMMENDATIONS" for one in read):
        named = [one for one in _section(read, "recommendations") if re.match(r"Action \d+ ", one.text)]
        yield named[0].line if named else 0, "actions", len(named)


def _number(block: Block) -> int:
    found = re.search(r"Action (\d+)", block.text)
    return int(found[1]) if found else 0


def _diagrams(read: Sequence[Block], readers: Readers) -> Found:
    for block in read:
        if block.kind != "fence" or block.label_of_fence != "mermaid":
            continue
        reader: Callable[[Block], Found] = _gantt if block.text.startswith("gantt") else _phases
        yield from reader(block)


def _gantt(block: Block) -> Found:
    marked = []
    for found in BAR.finditer(block.text):
        line = block.line + 1 + block.text[: found.start()].count("\n")
        name = f"action {found[1]}"
        yield line, f"{name}: start", _iso(found[3])
        yield line, f"{name}: end", _iso(found[4])
        marked += [int(found[1])] if found[2] else []
    yield block.line, "actions marked as on the chain", tuple(sorted(marked))


def _iso(text: str) -> str:
    try:
        return stamped(datetime.strptime(text, "%Y-%m-%d %H:%M").isoformat())
    except ValueError:
        return text


def _phases(block: Block) -> Found:
    own: dict[str, list[int]] = {}
    phase = ""
    for offset, line in enumerate(block.text.split("\n"), start=1):
        if found := BOX.match(line):
            phase = found[1]
            own[phase] = []
            yield block.line + offset, f"phase {phase}: day of start", found[2]
        elif (found := NODE.match(line)) and phase:
            own[phase].append(int(found[1]))
            yield block.line + offset, "the same number in node and label", True
            if found[1] != found[2]:
                yield block.line + offset, "the same number in node and label", False
    for phase, numbers in own.items():
        yield block.line, f"phase {phase}: actions", tuple(numbers)
