"""What each section of the documents states, read from its rows, items and lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from tests.invariants.figures import (
    DAY,
    NO_DOWNSTREAM,
    NO_OWNER,
    NO_PRICES,
    PRIORITIES,
    listed,
    minutes,
    money,
    numbers,
    roles,
)
from tests.invariants.phrases import Named, Readers, at_least, field, issue_line, kept, planned, ready
from tests.invariants.reading import Block
from tests.invariants.work_sections import (
    action_item,
    action_plan,
    blockers,
    conclusion,
    criteria,
    impact,
    next_steps,
    plan_b,
    recommendations,
    task_groups,
    timeline,
    workflow_summary,
)


def header(block: Block, readers: Readers) -> Named:
    """The lines below the title."""
    label, value = field(block)
    match label:
        case "Date":
            yield "as of", value
        case "Environment":
            yield "environment", value
        case "Commit" if re.fullmatch(r"[0-9a-f]{12}", value):
            yield "commit", value
        case "Reproduce":
            found = re.fullmatch(r"(.+) \(with --as-of (\S+) for these dates\)", value)
            yield "command", found[1] if found else value
            yield "as of, to repeat", found[2] if found else value


def executive_summary(block: Block, readers: Readers) -> Named:
    """Of brief and report."""
    label, value = field(block)
    if label == "Time to ready":
        yield from ready(value)
    elif label == "Deployment Risk Level":
        yield "risk level", value
    elif label == "Business Impact":
        yield "waiting projects", _waiting(value)
    elif block.number:
        yield from issue_line(block.text, readers)
    yield from _reason(block, readers)


def _waiting(text: str) -> tuple[str, ...] | str:
    _, mark, names = text.partition("waiting projects: ")
    if not mark or names == NO_DOWNSTREAM:
        return ()
    return tuple(re.findall(r"(?:^|, )([\w-]+)(?: \(needs [^)]*\))?", names))


def _reason(block: Block, readers: Readers) -> Named:
    if block.kind == "line" and re.match(r"(?:❌|⚠️|❓|✅)", block.text) and ". " not in block.text[:3]:
        _, mark, rest = block.text.partition(" - ")
        tail = rest.partition(" - ")[2] if "DEPLOYMENT" not in block.text[:24] else rest
        if mark and tail:
            yield "reason", tail


def decision_block(block: Block, readers: Readers) -> Named:
    """The fields and options of one decision; those beyond the open ones are issues with a choice."""
    found = re.match(r"Decision (\d+): (.+)$", block.part)
    if not found:
        return
    number, title = int(found[1]), found[2]
    open_ones = readers.known["open decisions"]
    if not isinstance(open_ones, int) or number > open_ones:
        yield from _choice(block, readers)
        return
    name = f"decision {title}"
    if block.kind == "heading":
        yield f"decision {number}: question", title
    label, value = field(block)
    if label == "Attendees":
        yield f"{name}: owners", roles(value)
    elif label == "Effort" and block.kind == "item":
        effort, _, action = value.partition(" (Action ")
        yield f"{name}: estimate", minutes(effort)
        yield f"{name}: action", int(action.partition(":")[0] or 0)
    elif block.kind == "row":
        yield from _options(block, name)


def _choice(block: Block, readers: Readers) -> Named:
    label, value = field(block)
    if label == "Effort" and block.kind == "item":
        effort, _, action = value.partition(" (Action ")
        yield f"action {action.partition(':')[0]}: estimate", minutes(effort)


def _options(block: Block, name: str) -> Named:
    if block.cells.get("") == "Cost a month":
        added = [value for value in block.cells.values() if value.startswith("+")]
        yield "cost that an option adds", tuple(money(one) for value in added for one in value.split(", "))
    for heading, value in block.cells.items():
        if (found := re.match(r"Option (\w+): (.+)$", heading)) and block.cells[""] == "Effort":
            yield f"{name}: option {found[1]}", found[2]
            yield f"{name}: estimate of option {found[1]}", None if "above" in value else minutes(value)


def resource_requirements(block: Block, readers: Readers) -> Named:
    """Hours per phase, and the cost."""
    yield from cost(block, readers)
    cells = block.cells
    if "Hours" not in cells:
        return
    if cells["Phase"] == "TOTAL":
        yield "total effort", minutes(cells["Hours"])
        yield "actions", numbers(cells["Owners"])[0]
        return
    phase = f"phase {cells['Phase'].casefold()}"
    yield f"{phase}: estimate", minutes(cells["Hours"])
    yield f"{phase}: owners", () if cells["Owners"] == NO_OWNER else listed(cells["Owners"])


def cost(block: Block, readers: Readers) -> Named:
    """Lines, total, and what only an option would add."""
    if block.text == NO_PRICES:
        yield "cost", NO_PRICES
    if "From-To a month" in block.cells:
        item, amount = block.cells["Item"], block.cells["From-To a month"]
        if item == "TOTAL":
            yield "cost", money(amount)
        else:
            yield f"cost of {item}", money(amount)
            yield f"quantity of {item}", int(block.cells["Quantity"])
    if since := re.search(rf"Prices as of ({DAY})", block.text):
        yield "prices as of", since[1]
    if extra := re.match(r"Only with an option: (.+?)\.(?: Prices|$)", block.text):
        for item, amount in re.findall(r"(?:^|, | and )([^+]+?) \+(\S(?:[A-Z]{2} )?[\d.-]+)", extra[1]):
            yield f"cost of {item}", money(amount)


def recommendation(block: Block, readers: Readers) -> Named:
    """What stands in the way, or what remains."""
    yield from issue_line(block.text.removeprefix("remaining, not blocking: "), readers)
    if found := re.match(r"(\d+) facts? can only be confirmed in AWS or GitHub", block.text):
        yield "coverage, outside", int(found[1])


def contacts(block: Block, readers: Readers) -> Named:
    """Roles with their open actions."""
    cells = block.cells
    if "Open actions" in cells:
        yield f"actions of {cells['Role']}", numbers(cells["Open actions"])
    elif "Action required" in cells:
        required = re.findall(r"(?:^|; )(\d+) ", cells["Action required"])
        yield f"actions of {cells['Role']}", tuple(map(int, required))


def quick_status(block: Block, readers: Readers) -> Named:
    """The rows that give figures."""
    told = block.cells.get("Details", "")
    match block.cells.get("Category"):
        case "Overall Readiness":
            # Behind it stand the counts and the score, which are read wherever they are told.
            yield "reason", re.sub(r" \d+ critical, .*", "", told)
        case "Decisions":
            yield "open decisions", numbers(told)[0]
        case "Documentation":
            found = re.search(r"(\d+) open decisions?", told)
            yield "open decisions", int(found[1]) if found else 0
            yield "issues on documents", numbers(told)[0]
        case "Terraform Files":
            if found := re.search(r"; (\d+) resource instances?$", told):
                yield "instances", int(found[1])


def counted_headings(block: Block, readers: Readers) -> Named:
    """`CRITICAL BLOCKERS (1)`, `OPEN DECISIONS (2)`, and what stands below them."""
    if block.kind == "heading" and block.number == 2:
        name = "critical issues" if "CRITICAL" in block.text else "open decisions"
        yield name, numbers(block.text)[-1]
    if found := re.match(r"(?:🔴|⚖️) (\d+)\. (.+)$", block.part):
        noun = "issue" if block.part.startswith("🔴") else "decision"
        label, value = field(block)
        if label == "Action":
            yield f"{noun} {found[2]}: action", numbers(value)[0]
        elif label == "Owner":
            yield f"{noun} {found[2]}: owners", roles(value)
        elif block.kind == "heading" and noun == "decision":
            yield f"decision {found[1]}: question", found[2]


def declared(block: Block, readers: Readers) -> Named:
    """Tables, indexes and instances of Terraform, in summary and index."""
    label, value = field(block)
    names = {"Tables": "tables", "GSIs": "indexes", "Other Resources": "other resources"}
    if label in names and block.kind in ("heading", "item"):
        yield from at_least(names[label], value)
    elif label == "Resources" and block.kind == "heading":
        yield from at_least("other resources", value)
    elif label in ("Resources to create", "Resources"):
        yield from at_least("instances", value)
    elif label in ("Recovery", "Streams") and (found := re.match(r"on for (\d+) of (\d+)", value)):
        yield f"tables with {label.casefold()}", int(found[1])
        yield "tables", int(found[2])
    elif label.startswith("Features of the tables") and (counts := numbers(value)):
        yield from zip(("indexes", "tables with recovery", "tables with streams"), counts, strict=False)
    elif "Indexes" in block.cells:
        yield f"indexes of {block.cells['Table']}", numbers(block.cells["Indexes"])[0]
    elif found := re.fullmatch(r"([^:]+): (\d+)(?: - .*)?", block.text):
        yield f"indexes of {found[1]}", int(found[2])
    for number, kind in re.findall(r"(\d+) (aws_\w+)", block.text if block.part.startswith("Other") else ""):
        yield f"resources of type {kind}", int(number)


def discrepancies(block: Block, readers: Readers) -> Named:
    """The row of Terraform."""
    if block.cells.get("Document", "").startswith("terraform "):
        for name, column in (("tables", "Tables"), ("indexes", "GSIs")):
            if found := re.search(r"(\d+) listed", block.cells[column]):
                yield name, int(found[1])


def gaps(block: Block, readers: Readers) -> Named:
    """Terraform's side of missing tables and indexes."""
    noun, actual = block.cells.get("Noun", ""), block.cells.get("Actual", "")
    if noun in ("Tables", "Indexes") and (found := re.match(r"terraform: (\d+)", actual)):
        yield noun.casefold(), int(found[1])


def approval_status(block: Block, readers: Readers) -> Named:
    """What is missing for an approval."""
    if not block.text.startswith("NOT GRANTED"):
        return
    for name, words in (("blocking issues", "blocking issue"), ("open decisions", "open decision")):
        found = re.search(rf"(\d+) {words}", block.text)
        yield name, int(found[1]) if found else 0
    found = re.search(r"(\d+) needed facts? not determinable", block.text)
    yield "needed facts unknown", int(found[1]) if found else 0


def totals(block: Block, readers: Readers) -> Named:
    """The totals of the report."""
    what = block.cells.get("What", "")
    names = {
        "Resources to create (instances)": "instances",
        "Tables": "tables",
        "Indexes (a feature of the tables)": "indexes",
        "Recovery settings (a feature of the tables)": "tables with recovery",
        "Streams (a feature of the tables)": "tables with streams",
    }
    if block.part == "Totals" and what in names:
        yield from at_least(names[what], block.cells["Number"])
        if found := re.match(r"of (\d+) tables?", block.cells["Remark"]):
            yield "tables", int(found[1])


def issue_tables(block: Block, readers: Readers) -> Named:
    """The open issues by priority."""
    if "Issue" in block.cells and block.part in PRIORITIES.values():
        name = f"issue {block.cells['Issue']}"
        yield f"issue {block.cells['Rule']}: title", block.cells["Issue"]
        yield f"{name}: priority", block.part
        yield f"{name}: action", int(block.cells["Action"])


def risks(block: Block, readers: Readers) -> Named:
    """The priority of each risk."""
    found = re.match(r"([A-Z]{3}\d{3}) (.+)$", block.cells.get("From", ""))
    if found and "DECISION" not in block.cells["Priority"]:
        yield f"issue {found[1]}: title", found[2]
        yield f"issue {found[2]}: priority", block.cells["Priority"]
        yield f"issue {found[2]}: action", numbers(block.cells["Mitigation"])[0]
    elif found:
        yield f"decision {found[2]}: action", numbers(block.cells["Mitigation"])[0]


def score(block: Block, readers: Readers) -> Named:
    """The end of the ledger."""
    if block.cells.get("Line") == "End":
        yield "score", Decimal(block.cells["Points"])


def key_findings(block: Block, readers: Readers) -> Named:
    """The head of the index."""
    label, value = field(block)
    match label:
        case "Open decisions":
            yield "open decisions", int(value)
        case "Time to ready":
            yield from ready(value)
        case "Planned date":
            yield from planned(value)
            yield from kept(value.rpartition(" - ")[2])
        case "Estimated cost":
            yield "cost", NO_PRICES if value == NO_PRICES else money(value)
    yield from _reason(block, readers)


def required(block: Block, readers: Readers) -> Named:
    """The decisions of the index."""
    if "Urgency" in block.cells:
        name = f"decision {block.cells['Question']}"
        yield f"{name}: owners", roles(block.cells["Owner"])
        yield f"{name}: priority", block.cells["Urgency"]


def decisions(block: Block, readers: Readers) -> Named:
    """The open decisions of the report, and the entries of the log that are in force."""
    if "Settles" in block.cells and "Until" in block.cells:
        if found := re.match(r"(D\d+) ", block.cells["Decision"]):
            name = f"entry {found[1]}"
            yield f"{name}: by", roles(block.cells["By"])
            yield f"{name}: on", block.cells["On"]
            yield f"{name}: until", block.cells["Until"]
    else:
        yield from decision_block(block, readers)


def history(block: Block, readers: Readers) -> Named:
    """The current run among all runs."""
    if block.cells.get("Change") == "current":
        yield "as of", block.cells["As of"]
        if re.fullmatch(r"[0-9a-f]{12}", block.cells["Commit"]):
            yield "commit", block.cells["Commit"]


SECTIONS: Mapping[str, Callable[[Block, Readers], Named]] = {
    "": header,
    "executive summary": executive_summary,
    "key findings": gaps,
    "critical decisions needed": decision_block,
    "resource requirements": resource_requirements,
    "recommended action plan": action_plan,
    "impact on project timeline": impact,
    "contingency plan": plan_b,
    "recommendation": recommendation,
    "contacts": contacts,
    "quick status": quick_status,
    "critical blockers": counted_headings,
    "open decisions": counted_headings,
    "actual resources (terraform)": declared,
    "documentation discrepancies": discrepancies,
    "immediate actions required": task_groups,
    "deployment blockers summary": blockers,
    "cost estimate": cost,
    "next steps": next_steps,
    "approval status": approval_status,
    "critical - must fix before deployment": action_item,
    "high priority - should fix": action_item,
    "medium priority - recommended": action_item,
    "low priority - optional": action_item,
    "workflow summary": workflow_summary,
    "timeline": timeline,
    "success criteria": criteria,
    "decisions": decisions,
    "resources to be created": totals,
    "blockers and warnings": issue_tables,
    "risk assessment": risks,
    "recommendations": recommendations,
    "deployment process": recommendation,
    "score": score,
    "conclusion": conclusion,
    "key findings summary": key_findings,
    "what terraform defines": declared,
    "deployment workflow (when ready)": action_plan,
    "critical decisions required": required,
    "document history": history,
}
"""One reader per section, by its title in small letters; titles that several documents have mean the same there."""
