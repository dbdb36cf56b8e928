"""Every figure that the JSON states, under the names by which documents are compared with it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.invariants.figures import EXITS, NO_PRICES, NOT_COMPUTABLE, PRIORITIES, SIGNS, VERDICTS, stamped, weekday

Named = Iterator[tuple[str, object]]
PHASES = ("decide", "build", "verify", "release", "deploy")
NOT_READY = ("critical", "high")


def json_figures(text: str) -> Named:
    """Name and value of every figure."""
    data = json.loads(text, parse_float=Decimal)
    yield "verdict", VERDICTS[data["verdict"]]
    yield "exit code", EXITS[data["verdict"]]
    yield "reason", data["reason"]
    for icon, word in map(str.split, PRIORITIES.values()):
        yield f"word of {icon}", word
    yield from _head(data)
    yield from _counts(data)
    for message in (one["message"] for one in data["findings"]):
        if left := re.search(r"(\d+) working days? left before the deployment", message):
            yield "working days left", int(left[1])
    yield from _issues(data)
    yield from _actions(data)
    yield from _time(data)
    yield from _cost(data["cost"])
    yield from _people(data)
    yield from _resources(data["resources"])
    for one in data["decided"]:
        if one["state"] == "in-force" and one["id"]:
            yield f"entry {one['id']}: by", tuple(one["by"])
            yield f"entry {one['id']}: on", weekday(one["on"])
            yield f"entry {one['id']}: until", weekday(one["until"]) if one["until"] else "no end"


def _head(data: Any) -> Named:
    environment = data["environment"]
    known = [one["value"] if one else None for one in (environment["account"], environment["region"])]
    account, region = (value or f"{name} not known" for value, name in zip(known, ("account", "region"), strict=True))
    yield "environment", f"{environment['name'].upper()} ({account}, {region})"
    when = stamped(data["as_of"])
    yield "as of", when.removesuffix(" 00:00")
    yield "as of, to repeat", data["as_of"][:16].removesuffix("T00:00")
    yield "command", f"readiness assess {environment['name']}"
    if data["commit"]:
        yield "commit", data["commit"][:12]
    yield "document status", "FINAL" if data["verdict"] == "READY" else "ACTIVE"


def _counts(data: Any) -> Named:
    by_severity = Counter(one["severity"] for one in data["issues"])
    for severity in PRIORITIES:
        yield f"{severity} issues", by_severity[severity]
    yield "open decisions", len(data["decisions"])
    blocking = [one for one in data["issues"] if one["severity"] in NOT_READY and one["standing"] == "defect"]
    yield "blocking issues", len(blocking)
    unknown = [one for one in data["not_verified"] if one["gating"] and not one["needs"]]
    yield "needed facts unknown", len(unknown)
    yield "in the way", len(blocking) + len(data["decisions"]) + len(unknown)
    yield "not verified", len(data["not_verified"])
    yield "actions", len(data["actions"])
    coverage = data["coverage"]
    yield "score", Decimal(data["score"]["value"])
    yield "score, as its ledger adds up", Decimal(data["score"]["value"])
    yield "deductions", tuple((one["label"], Decimal(one["points"])) for one in data["score"]["ledger"])
    for name in ("determined", "total", "outside"):
        yield f"coverage, {name}", coverage[name]
    sums = ("passed", "failed", "not_verified", "not_applicable", "decisions")
    yield "coverage by area", tuple(tuple(area[one] for one in sums) for area in coverage["areas"])
    yield "risk level", _risk(data)


def _risk(data: Any) -> str:
    severities = {one["severity"] for one in data["issues"]}
    if data["verdict"] == "UNDETERMINED" or data["decisions"] or severities & set(NOT_READY):
        return "HIGH"
    return "MEDIUM" if "medium" in severities else "LOW"


def _issues(data: Any) -> Named:
    for issue in data["issues"]:
        name = f"issue {issue['title']}"
        yield f"{name}: priority", PRIORITIES[issue["severity"]]
        yield f"{name}: owners", tuple(issue["owners"])
        yield f"{name}: estimate", issue["minutes"]
        yield f"{name}: action", issue["action"]
        yield f"issue {issue['rule']}: title", issue["title"]
    for number, decision in enumerate(data["decisions"], start=1):
        name = f"decision {decision['question']}"
        yield f"decision {number}: question", decision["question"]
        yield f"{name}: owners", tuple(decision["owners"])
        yield f"{name}: estimate", decision["minutes"]
        yield f"{name}: action", decision["action"]
        yield f"{name}: priority", _priority_of(data, decision["action"])
        for option in decision["options"]:
            yield f"{name}: option {option['key']}", option["title"]
            yield f"{name}: estimate of option {option['key']}", option["minutes"]


def _priority_of(data: Any, number: int) -> str:
    return next(PRIORITIES[one["priority"]] for one in data["actions"] if one["number"] == number)


def _actions(data: Any) -> Named:
    for action in data["actions"]:
        name = f"action {action['number']}"
        yield f"{name}: title", action["title"]
        yield f"{name}: priority", action["priority"].upper()
        yield f"{name}: owners", tuple(action["owners"])
        yield f"{name}: estimate", action["minutes"]
        yield f"{name}: after", tuple(action["after"])
        yield f"{name}: start", stamped(action["start"])
        yield f"{name}: end", stamped(action["end"])
        yield f"{name}: day of start", stamped(action["start"])[:14]
        yield f"{name}: day of end", stamped(action["end"])[:14]
        yield f"{name}: slack", action["slack_minutes"]
        yield f"{name}: phase", action["phase"]
        yield f"{name}: tasks", len(action["tasks"])
    for priority, word in PRIORITIES.items():
        yield f"actions of priority {word}", _numbers(one for one in data["actions"] if one["priority"] == priority)
    for phase in PHASES:
        own = [one for one in data["actions"] if one["phase"] == phase]
        yield f"phase {phase}: actions", _numbers(own)
        yield f"phase {phase}: estimate", sum(one["minutes"] for one in own)
        yield f"phase {phase}: owners", tuple(dict.fromkeys(role for one in own for role in one["owners"]))
        if own:
            yield f"phase {phase}: day of start", stamped(min(one["start"] for one in own))[:14]
            yield f"phase {phase}: start", stamped(min(one["start"] for one in own))
            yield f"phase {phase}: end", stamped(max(one["end"] for one in own))
    ordered = sorted(data["actions"], key=lambda one: (one["start"], one["number"]))
    yield "actions in order", _numbers(ordered)


def _numbers(actions: Any) -> tuple[int, ...]:
    return tuple(one["number"] for one in actions)


def _time(data: Any) -> Named:
    schedule = data["schedule"]
    number = {one["key"]: one["number"] for one in data["actions"]}
    ready, everything, planned = schedule["ready"], schedule["all"], schedule["planned"]
    now = data["verdict"] == "READY"
    open_end = ready["at"] is None
    yield "time to ready", (0 if now else NOT_COMPUTABLE) if open_end else ready["minutes"]
    yield "ready on", ("now" if now else NOT_COMPUTABLE) if open_end else stamped(ready["at"])
    yield "default calendar", schedule["default_calendar"] if not open_end else False
    yield "chain to ready", tuple(number[key] for key in ready["chain"])
    yield "actions marked as on the chain", tuple(sorted(number[key] for key in ready["chain"]))
    yield "first day", stamped(schedule["start"])[:14]
    ends = [max(one["end"] for one in data["actions"] if one["phase"] == phase) for phase in _present(data)]
    yield "next review", "before the deployment window" if now else stamped(ends[0])[:14] if ends else NOT_COMPUTABLE
    yield "total effort", schedule["effort_minutes"]
    yield "time of all actions", everything["minutes"]
    yield "chain of all actions", tuple(number[key] for key in everything["chain"])
    if everything["at"]:
        yield "all actions done", stamped(everything["at"])
    yield "earliest deployment", stamped(planned["earliest"])
    yield "planned", stamped(planned["at"]).removesuffix(" 00:00") if planned["at"] else "not stated"
    yield "plan kept", planned["kept"]
    yield "slack in days", planned["slack_days"]
    yield "delay in days", planned["delay_days"]


def _present(data: Any) -> list[str]:
    return [phase for phase in PHASES if any(one["phase"] == phase for one in data["actions"])]


def _cost(cost: Any) -> Named:
    sign = SIGNS.get(cost["currency"], cost["currency"])
    added = [(sign, Decimal(one["low"]), Decimal(one["high"])) for one in cost["lines"] if not one["counted"]]
    yield "cost that an option adds", tuple(added)
    if not cost["lines"]:
        yield "cost", NO_PRICES
        return
    if cost["as_of"]:
        yield "prices as of", weekday(cost["as_of"])
    yield "cost", (sign, Decimal(cost["low"]), Decimal(cost["high"]))
    for line in cost["lines"]:
        yield f"cost of {line['item']}", (sign, Decimal(line["low"]), Decimal(line["high"]))
        yield f"quantity of {line['item']}", line["quantity"]
    yield "lines of cost", tuple(one["item"] for one in cost["lines"] if one["counted"])
    yield "lines of cost with an option", tuple(one["item"] for one in cost["lines"] if not one["counted"])


def _people(data: Any) -> Named:
    yield "approvers", tuple(one["role"] for one in data["approvers"])
    yield "roles", tuple(one["role"] for one in data["contacts"])
    for one in data["contacts"]:
        yield f"actions of {one['role']}", tuple(one["open_actions"])
    yield "waiting projects", tuple(one["project"] for one in data["downstream"])


def _resources(resources: Any) -> Named:
    tables = resources["tables"]
    yield "tables", len(tables)
    yield "indexes", sum(len(one["indexes"]) for one in tables)
    yield "instances", resources["to_create"]
    yield "tables with recovery", sum(1 for one in tables if (one["recovery"] or {}).get("value") is True)
    yield "tables with streams", sum(1 for one in tables if (one["streams"] or {}).get("value") is True)
    others = Counter(one["type"] for one in resources["instances"] if one["type"] != "aws_dynamodb_table")
    yield "other resources", sum(others.values())
    for kind, number in others.items():
        yield f"resources of type {kind}", number
    for one in tables:
        name = (one["name"] or {}).get("value") or f"{one['address']} (name not determinable)"
        yield f"indexes of {name}", len(one["indexes"])
