"""Whether a promotion plan agrees with itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from bbws_readiness.checks.tables.indexes import index_pairs
from bbws_readiness.checks.unknown import plan_in_question, undetermined
from bbws_readiness.checks.wording import amount, places
from bbws_readiness.config import Calendar
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.plans import ChecklistItem, Plan
from bbws_readiness.source import Location

NOUN_FACETS: Mapping[str, str] = {"tables": "tables", "indexes": "indexes", "workflows": "workflow"}
"""Facet of a noun; every other one is a resource."""


OVERVIEW_ROWS: Mapping[str, tuple[str, ...]] = {
    "indexes": ("gsis",),
    "workflows": ("ci/cd workflows",),
    "buckets": ("buckets", "s3 buckets"),
    "templates": ("email templates", "templates"),
    "functions": ("functions", "lambda functions", "lambda@edge functions"),
    "files": ("terraform files", "files"),
}
"""The rows of the overview that list a noun, where they are not called like it."""


def counts_and_lists(question: Question) -> CheckResult:
    """PLN001: all numbers that the plan states for a noun and its own enumeration of it agree."""
    plan = plan_in_question(question)
    if isinstance(plan, CheckResult):
        return plan
    stated: dict[str, list[Fact[int]]] = {}
    tables = {table.name: table for table in plan.tables}
    for count in plan.counts:
        noun = f"{count.noun} of {count.scope}" if count.scope in tables else count.noun
        stated.setdefault(noun, []).append(count.number)
    for group in plan.file_groups:
        stated.setdefault(f"files of {group.title}", []).append(group.stated)
    observations = []
    for noun, numbers in stated.items():
        try:
            observations.append(_agreement(noun, numbers, _enumeration(plan, noun)))
        except Undetermined as unknown:
            observations.append(undetermined(noun, unknown))
    if not observations:
        return question.not_applicable("the plan states no numbers")
    failed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    summary = {"contradictions": "; ".join(seen.values["short"] for seen in failed) or "none"}
    return CheckResult(tuple(observations), summary=summary)


def plan_status(question: Question) -> CheckResult:
    """PLN002: one status in header and footer, no completion beside open boxes, no tick before its day."""
    plan = plan_in_question(question)
    if isinstance(plan, CheckResult):
        return plan
    observations = [seen for seen in (_one_status(plan), _completion(plan)) if seen]
    observations.append(_ticks(question, plan))
    parts = [seen.values["short"] for seen in observations if seen.outcome is Outcome.FAIL]
    return CheckResult(tuple(observations), summary={"contradictions": "; ".join(parts) or "none"})


def named_contacts(question: Question) -> CheckResult:
    """PLN004: every contact of the plan has a name or address, in the plan or in the configuration."""
    plan = plan_in_question(question)
    if isinstance(plan, CheckResult):
        return plan
    if not plan.contacts:
        return question.not_applicable("the plan lists no contacts")
    remaining = _remaining(question, plan)
    observations = []
    for contact in plan.contacts:
        configured = question.config.contacts.get(contact.role)
        reached = contact.contact.or_none() if contact.contact else (configured.contact if configured else "")
        values = {"contact": reached or "none", "remaining": remaining}
        outcome = Outcome.PASS if reached else Outcome.FAIL
        actual = reached or "TBD"
        observations.append(
            Observation(outcome, contact.role, contact.at, values, expected="a name or address", actual=actual)
        )
    unnamed = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    open_in_plan = sum(1 for contact in plan.contacts if contact.contact is None)
    figure = f"{open_in_plan} of {len(plan.contacts)} open in the plan, {len(unnamed)} named nowhere"
    summary = {"figure": figure, "remaining": remaining}
    return CheckResult(tuple(observations), summary=summary)


def _agreement(
    noun: str, numbers: list[Fact[int]], listed: tuple[list[str], list[Location], str] | None
) -> Observation:
    values = [fact.get() for fact in numbers]
    by_number: dict[int, list[Location]] = {}
    for fact, value in zip(numbers, values, strict=True):
        by_number.setdefault(value, []).append(fact.at)
    figures = [f"states {value} at {places(at)}" for value, at in by_number.items()]
    related = [Related(fact.at, f"plan: states {value}") for fact, value in zip(numbers, values, strict=True)]
    agree = len(by_number) == 1
    if listed is not None:
        names, at, parts = listed
        figures.append(f"lists {len(names)} at {places(at)}{parts}")
        related += [Related(place, "plan: lists") for place in at]
        agree = agree and len(names) in by_number
    return Observation(
        Outcome.PASS if agree else Outcome.FAIL,
        noun,
        numbers[0].at,
        {"figures": "; ".join(figures), "short": _short(noun, by_number, listed)},
        expected="one number in all places",
        actual="; ".join(figures),
        related=tuple(related[1:]),
        facet=NOUN_FACETS.get(noun.split(" of ")[0], "resources"),
    )


def _short(noun: str, by_number: Iterable[int], listed: tuple[list[str], list[Location], str] | None) -> str:
    """`8 indexes stated, 11 listed`."""
    stated = f"{' and '.join(map(str, by_number))} {noun} stated"
    return stated + (f", {len(listed[0])} listed" if listed else "")


def _enumeration(plan: Plan, noun: str) -> tuple[list[str], list[Location], str] | None:
    """The names that the plan lists for a noun, where, and how they add up; None when it lists none, or not all."""
    kind, _, scope = noun.partition(" of ")
    rows = (plan.overview.get(row) for row in OVERVIEW_ROWS.get(kind, (kind,)))
    entry = next((row for row in rows if row), None)
    whole = plan.overview.get("tables")
    tables = [] if whole and whole.open_list else [table for table in plan.tables if scope in ("", table.name)]
    if kind == "tables" and tables:
        return [table.name for table in tables], sorted({table.at for table in tables}), ""
    whole = plan.overview.get("tables")
    if (
        kind == "indexes"
        and tables
        and not (whole and whole.open_list)
        and all(table.indexes is not None for table in tables)
    ):
        pairs = index_pairs(tables) or frozenset()
        sizes = [str(len(table.indexes or ())) for table in tables]
        parts = f" ({'+'.join(sizes)})" if len(sizes) > 1 else ""
        at = sorted({index.name.at for table in tables for index in table.indexes or ()})
        return [f"{table}.{name}" for table, name in sorted(pairs)], at, parts
    if kind == "workflows" and plan.workflows and not (entry and entry.open_list):
        return [fact.get() for fact in plan.workflows], [fact.at for fact in plan.workflows], ""
    if kind == "files" and plan.file_groups:
        return _files(plan, scope)
    if entry and entry.names and not entry.open_list:
        return list(entry.names), [entry.text.at], ""
    return _listed_resources(plan, kind.removesuffix("s"), entry.text.at if entry else None)


def _files(plan: Plan, title: str) -> tuple[list[str], list[Location], str]:
    """The files of one group, or of all of them."""
    groups = [group for group in plan.file_groups if title in ("", group.title)]
    names = [name for group in groups for name in group.names]
    parts = f" ({'+'.join(str(len(group.names)) for group in groups)})" if len(groups) > 1 else ""
    return [name.get() for name in names], sorted({name.at for name in names}) or [groups[0].stated.at], parts


def _listed_resources(plan: Plan, kind: str, overview: Location | None) -> tuple[list[str], list[Location], str] | None:
    """The names that planning lists give for a kind, the environment left out; None where they give none, or not all.

    What stands in the list of components is no part of a list of its own kind.
    """
    others = {component.at.line for component in plan.components}
    others |= {overview.line} if overview else set()
    found = [
        one
        for one in plan.resources
        if one.kind == kind and not one.consumed and one.name.known and one.name.at.line not in others
    ]
    if not found or any(one.open_list for one in found):
        return None
    names = [one.name.get().removesuffix(f"-{one.environment}") for one in found]
    return list(dict.fromkeys(names)), [one.name.at for one in found], ""


def _one_status(plan: Plan) -> Observation | None:
    if plan.status is None or plan.footer_status is None:
        return None
    header, footer = plan.status.get(), plan.footer_status.get()
    same = re.sub(r"\W+", " ", header).casefold().strip() == re.sub(r"\W+", " ", footer).casefold().strip()
    figures = f"{header} at {plan.status.at}, {footer} at {plan.footer_status.at}"
    return Observation(
        Outcome.PASS if same else Outcome.FAIL,
        "status",
        plan.status.at,
        {"figures": figures, "short": f"{header} and {footer}"},
        expected="one status in header and footer",
        actual=figures,
        related=(Related(plan.footer_status.at, f"plan: {footer}"),),
    )


def _completion(plan: Plan) -> Observation | None:
    claim = next((entry for entry in plan.overview.values() if entry.percent == 100), None)
    if claim is None:
        return None
    figures = f"100% complete at {claim.text.at}; {amount(plan.open_boxes, 'open box')}"
    return Observation(
        Outcome.FAIL if plan.open_boxes else Outcome.PASS,
        "completion",
        claim.text.at,
        {"figures": figures, "short": f"100% complete beside {amount(plan.open_boxes, 'open box')}"},
        expected="no open box beside a claim of completion",
        actual=figures,
    )


def _ticks(question: Question, plan: Plan) -> Observation:
    early = list(_early_ticks(plan, question.as_of))
    if not early:
        values = {"figures": f"{plan.ticked} ticked, {plan.open_boxes} open, none ticked before its day"}
        return Observation(Outcome.PASS, "ticked items", plan.at, values)
    item, day = early[0]
    figures = f"{amount(len(early), 'item')} ticked before {day:%a %Y-%m-%d} ({places(one.at for one, _ in early)})"
    return Observation(
        Outcome.FAIL,
        "ticked items",
        item.at,
        {"figures": figures, "short": f"{amount(len(early), 'item')} ticked early"},
        expected="a tick only once its phase has begun",
        actual=figures,
        related=tuple(Related(one.at, "plan: ticked") for one, _ in early[1:]),
    )


def _early_ticks(plan: Plan, as_of: date) -> Iterator[tuple[ChecklistItem, date]]:
    for section in plan.checklists:
        dates = plan.dates.get(section.environment)
        if dates is None:
            continue
        parent = section.parent.casefold()
        moment = None
        if parent.startswith("pre-deployment checklist"):
            moment = dates.preparation
        elif parent.startswith("post-deployment validation"):
            moment = dates.validation or dates.deployment
        if moment and moment.start > as_of:
            yield from ((item, moment.start) for item in section.items if item.ticked)


def _remaining(question: Question, plan: Plan) -> str:
    dates = plan.dates.get(question.environment)
    if dates is None or dates.deployment is None:
        return "no deployment date is stated"
    if dates.deployment.start <= question.as_of:
        return "the day of the deployment has come"
    days = _working_days(question.config.calendar, question.as_of, dates.deployment.start)
    return f"{amount(days, 'working day')} left before the deployment"


def _working_days(calendar: Calendar, after: date, before: date) -> int:
    """Working days strictly between two days."""
    days = ((after + timedelta(number)) for number in range(1, (before - after).days))
    return len([day for day in days if calendar.is_working_day(day)])
