"""What the sections about actions, days and what stands in the way state."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.invariants.figures import (
    DAY,
    HOURS,
    MOMENT,
    NO_APPROVER,
    NO_OWNER,
    PRIORITIES,
    listed,
    minutes,
    numbers,
    roles,
)
from tests.invariants.phrases import PRIORITY, Named, Readers, field, issue_line, kept, planned, ready, span, step
from tests.invariants.reading import Block

PHASE = re.compile(r"│ PHASE \d+: ([A-Z]+) \((?:not before )?(.+?)\) *│")


def action_plan(block: Block, readers: Readers) -> Named:
    """The table of phases."""
    cells = block.cells
    if "When" not in cells:
        return
    phase = f"phase {cells['Phase'].casefold()}"
    if phase == "phase deploy":
        yield "earliest deployment", cells["When"]
        return
    yield from span(phase, cells["When"])
    actions = cells["Actions"].split("\n")
    yield f"{phase}: actions", tuple(int(one.partition(" ")[0]) for one in actions)
    for one in actions:
        number, _, title = one.partition(" ")
        yield f"action {number}: title", title
    yield f"{phase}: owners", () if cells["Owners"] == NO_OWNER else listed(cells["Owners"])


def impact(block: Block, readers: Readers) -> Named:
    """The plan's dates against readiness."""
    label, value = field(block)
    match label:
        case "Original Plan":
            yield from planned(value)
        case "Ready On":
            yield "ready on", "now" if value == "ready now" else value
        case "Slack or delay":
            yield from kept(value)
        case "Earliest deployment":
            yield "earliest deployment", value
    if "New date" in block.cells:
        yield f"planned {block.cells['Milestone']}", _without_place(block.cells["Planned"])
        yield "milestones stay", readers.known["plan kept"] is True
        yield "milestones stay", block.cells["New date"] == "stays"


def plan_b(block: Block, readers: Readers) -> Named:
    """`wait until ready: …`."""
    _, mark, rest = block.text.partition("wait until ready: ")
    if mark:
        yield from ready(rest)


def next_steps(block: Block, readers: Readers) -> Named:
    """Steps with priority, owners and estimate, or by their days."""
    if found := re.match(rf"(Immediate|Short-term) \((?:until )?({DAY})\)$", block.text):
        yield "first day" if found[1] == "Immediate" else "last day of the first week", found[2]
    yield from step(block.text)


def action_item(block: Block, readers: Readers) -> Named:
    """One action in full."""
    found = re.match(r"(🔴|🟡|🟢|⚪) Action (\d+): ", block.part)
    if not found:
        return
    name = f"action {found[2]}"
    label, value = field(block)
    if block.kind == "heading":
        group = block.section.split(" ")[0]
        yield f"{name}: priority", group
        yield f"{name}: priority", next(word for word in PRIORITIES.values() if found[1] in word).partition(" ")[2]
    match label if block.kind == "item" and not block.label else "":
        case "Priority":
            yield f"{name}: priority", value
        case "Owner":
            yield f"{name}: owners", roles(value)
        case "Estimated Time":
            yield f"{name}: estimate", minutes(value)
        case "Prerequisites":
            yield f"{name}: after", tuple(int(one) for one in re.findall(r"\bAction (\d+)", value))
        case "Earliest":
            yield from span(name, value)
        case "Issue":
            yield f"known: what {name} is about", _begins_as_known(value, readers)
            yield f"known: what {name} is about", True
    if block.label == "Options" and (option := re.match(rf"Option (\w+): (.+?)(?: \(({HOURS})\))?$", block.text)):
        for question in [one for one, action in readers.known.items() if one.endswith(": action")]:
            if question.startswith("decision ") and readers.known[question] == int(found[2]):
                told = question.removesuffix(": action")
                yield f"{told}: option {option[1]}", option[2]
                yield f"{told}: estimate of option {option[1]}", minutes(option[3]) if option[3] else None
    if block.label == "Decision Required" and (by := re.search(r"Decided by (.+?)\. ", f"{block.text} ")):
        yield f"{name}: owners", roles(by[1])


def _begins_as_known(sentence: str, readers: Readers) -> bool:
    """Whether it begins with the title of an issue, the question of a decision, or the number of edits."""
    titles = [str(value) for name, value in readers.known.items() if name.endswith((": title", ": question")) and value]
    return sentence.startswith(tuple(titles)) or bool(re.match(r"\d+ statements? to correct", sentence))


def workflow_summary(block: Block, readers: Readers) -> Named:
    """The boxes of the phases."""
    phase, last = "", None
    for line in block.text.split("\n") if block.label_of_fence == "text" else ():
        if found := PHASE.match(line):
            phase = found[1].casefold()
            if phase == "deploy":
                yield "earliest deployment", found[2]
            else:
                yield from span(f"phase {phase}", found[2])
            last = []
        elif (found := re.match(r"│ Action (\d+): ", line)) and last is not None:
            last.append(int(found[1]))
        elif line.startswith("└") and phase not in ("", "deploy"):
            yield f"phase {phase}: actions", tuple(last or ())


def timeline(block: Block, readers: Readers) -> Named:
    """Of action items and index: sums, days, slack, and the plan's dates."""
    label, value = field(block)
    cells = block.cells
    if label == "Total effort":
        yield "total effort", minutes(value)
    elif label == "Time to ready":
        yield from ready(value)
        for title, hours in re.findall(rf"(?:: |, then )([^:]+?) \(({HOURS})\)", value):
            for name in [one for one, known in readers.known.items() if known == title and one.endswith(": title")]:
                yield name.replace(": title", ": estimate"), minutes(hours)
    elif label == "All actions":
        if found := re.match(rf"({HOURS}) - ({MOMENT}) \(([\d → ]+)\)", value):
            yield "time of all actions", minutes(found[1])
            yield "all actions done", found[2]
            yield "chain of all actions", numbers(found[3])
    elif "May end later by" in cells:
        number = numbers(cells["Action"])[0]
        yield f"action {number}: slack", _slack(cells["May end later by"], readers.minutes_per_day)
    elif "Deliverables" in cells:
        yield from _day(cells)
    elif "Milestone" in cells:
        yield from _milestone(cells)
    yield from impact(block, readers)


def _slack(text: str, per_day: int) -> int:
    if text == "none":
        return 0
    found = re.fullmatch(rf"(?:(\d+) working days?)?\s*({HOURS})?", text)
    return int(found[1] or 0) * per_day + (minutes(found[2]) if found[2] else 0) if found else -1


def _day(cells: Mapping[str, str]) -> Named:
    """A row of the days: the actions that start on it, and until when."""
    for number, until in re.findall(rf"(?:^|, )(\d+)(?: \(until ({DAY})\))?", cells["Actions"]):
        yield f"action {number}: phase", cells["Phase"].casefold()
        yield f"action {number}: day of start", cells["Day"]
        yield f"action {number}: day of end", until or cells["Day"]


def _milestone(cells: Mapping[str, str]) -> Named:
    date, what = cells["Date"], cells["Milestone"]
    if what == "Assessment of the files":
        yield "as of", date
    elif what == "Ready":
        yield "ready on", date
    elif what == "Plan: Deployment":
        yield from planned(date)
        yield "planned Deployment", _without_place(date)
    elif what.startswith("Plan: "):
        yield f"planned {what.removeprefix('Plan: ')}", _without_place(date)
    elif found := re.match(r"(\w+): actions? ([\d, and]+)$", what):
        phase = f"phase {found[1].casefold()}"
        yield from span(phase, date)
        yield f"{phase}: actions", numbers(found[2])


def _without_place(date: str) -> str:
    return re.sub(r" \([^()]*\)$", "", date)


def criteria(block: Block, readers: Readers) -> Named:
    """What the action items ask before the deployment."""
    label, value = field(block)
    match label:
        case "All CRITICAL actions are done":
            yield f"actions of priority {PRIORITIES['critical']}", numbers(value)
        case "All HIGH PRIORITY actions are done":
            yield f"actions of priority {PRIORITIES['high']}", numbers(value)
        case "Every decision is taken and recorded":
            yield "open decisions", (*numbers(value), 0)[0]
        case "All approvals are obtained":
            yield "approvers", () if value == NO_APPROVER else tuple(value.split(", "))


def conclusion(block: Block, readers: Readers) -> Named:
    """The last word of the report."""
    label, value = field(block)
    if label == "Time to ready":
        yield from ready(value)
    elif found := re.match(r"(\d+) more actions?: see", block.text):
        yield "actions", int(found[1]) + 5
    else:
        yield from issue_line(block.text, readers)
        yield from step(block.text)


def task_groups(block: Block, readers: Readers) -> Named:
    """Under which priority an action stands in the summary."""
    if found := re.match(r"Action (\d+): ", block.text):
        yield f"action {found[1]}: priority", block.part.partition(" ")[2]


def blockers(block: Block, readers: Readers) -> Named:
    """What stands in the way, in the summary."""
    label, value = field(block)
    if label == "Time to ready":
        yield from ready(value)
    yield from issue_line(block.text, readers)


def recommendations(block: Block, readers: Readers) -> Named:
    """All actions in order."""
    if found := re.match(rf"Action (\d+) ({PRIORITY}): (.+)$", block.text):
        name, title = f"action {found[1]}", str(readers.known.get(f"action {found[1]}: title"))
        rest = found[3].removeprefix(f"{title} (")
        yield f"{name}: title", title if rest != found[3] else found[3]
        yield f"{name}: priority", found[2].partition(" ")[2]
        if owned := re.match(rf"(.+?), ({HOURS})\)", rest):
            yield f"{name}: owners", roles(owned[1])
            yield f"{name}: estimate", minutes(owned[2])
