"""Answers the plan's checklist for the environment, item by item, from the findings of the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bbws_readiness.assess.answered import AnsweredItem, AnsweredSection
from bbws_readiness.assess.score import WORST_FIRST, open_status, rule_status
from bbws_readiness.engine.checklist import Coverage, coverage_of
from bbws_readiness.engine.finding import Finding, Status
from bbws_readiness.model.model import Model
from bbws_readiness.model.plans import ChecklistItem
from bbws_readiness.patterns import regex

BEFORE = "pre-deployment"


def answer_checklist(
    model: Model, findings: Sequence[Finding], entries: Sequence[Coverage]
) -> tuple[AnsweredSection, ...]:
    """The sections before the deployment; all of the environment when the plan has none of that name."""
    own = [one for one in model.plan.checklists if one.environment == model.environment] if model.plan else []
    before = [one for one in own if BEFORE in f"{one.parent} {one.title}".lower()]
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule.code].append(finding)
    return tuple(
        AnsweredSection(one, tuple(_answer(item, model, by_rule, entries) for item in one.items))
        for one in before or own
    )


def _answer(
    item: ChecklistItem, model: Model, by_rule: Mapping[str, Sequence[Finding]], entries: Sequence[Coverage]
) -> AnsweredItem:
    if elsewhere := _only_elsewhere(item.text, model):
        return AnsweredItem(item, Status.NOT_APPLICABLE, only_in=elsewhere)
    entry = coverage_of(item.text, entries)
    if entry is None:
        return AnsweredItem(item, Status.NOT_VERIFIED)
    if entry.needs:
        return AnsweredItem(item, Status.NOT_VERIFIED, needs=entry.needs, takes=entry.takes)
    asked = [one for code in set(entry.rules) for one in by_rule.get(code, ()) if entry.asks(code, one.subject)]
    asked.sort(key=lambda one: one.order)
    if not asked:
        return AnsweredItem(item, Status.NOT_VERIFIED)
    return AnsweredItem(item, rule_status([one for one in asked if not one.settled_by]), _telling(item, asked))


def _telling(item: ChecklistItem, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    statuses = [open_status(one) for one in findings]
    worst = min(statuses, key=WORST_FIRST.index)
    telling = [one for one, status in zip(findings, statuses, strict=True) if status is worst]
    text = item.text.casefold()
    return tuple(sorted(telling, key=lambda one: one.subject.casefold() not in text))


_ONLY = regex(r"\((?P<name>[A-Za-z][A-Za-z0-9-]{0,40}) only\)")


def _only_elsewhere(text: str, model: Model) -> str:
    """The one other environment that an item is meant for, as in `Plan the backup copy (PROD only)`, or empty."""
    match = _ONLY.search(text)
    name = match["name"].lower() if match else ""
    return name if name in model.environments and name != model.environment else ""
