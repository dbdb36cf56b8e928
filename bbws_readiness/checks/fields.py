"""Checks without a subject of their own: parameters say which field of which noun is held against what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bbws_readiness.checks.conditions import CONDITIONS, canonical, expected, fits
from bbws_readiness.checks.filters import Chosen, chosen_subjects, noun_faults, operand_faults
from bbws_readiness.checks.nouns import Reading, Subject, read
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.wording import amount, listed
from bbws_readiness.engine.check import Check, Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.engine.rule import Kind
from bbws_readiness.engine.signature import Fault, Signature
from bbws_readiness.fact import Undetermined

ALONE = frozenset({Kind.ALONE, Kind.SELF})
SAYS = dict.fromkeys(("pass", "fail"), frozenset({"noun", "field"}))
SUMS_UP = frozenset({"noun", "field", "expected", "failed", "kept", "total", "tables"})
CHOICE = {"noun": "text", "where": "filters"}


def holding(name: str) -> Check:
    """The check that every chosen subject's `field` meets the condition of that name."""
    parameter = CONDITIONS[name].parameter

    def check(question: Question) -> CheckResult:
        operand = question.parameters[parameter] if parameter else True
        return _each(question, name, operand)

    check.__name__ = name
    return check


def unique(question: Question) -> CheckResult:
    """Whether no two chosen subjects have one value of `field`. What is not set is no value."""
    chosen = chosen_subjects(question)
    if refusal := _nothing(question, chosen):
        return refusal
    seen: dict[str, Subject] = {}
    observations = [undetermined(subject.name, why) for subject, why in chosen.doubtful]
    for subject, reading in _readings(question, chosen, observations):
        if reading.value is None:
            continue
        first = seen.setdefault(canonical(reading.value), subject)
        twin = first is not subject
        outcome = Outcome.FAIL if twin else Outcome.PASS
        told = f"{reading.shown}, as {first.name} ({first.at})" if twin else reading.shown
        values = _values(question, chosen)
        observations.append(
            Observation(outcome, subject.name, reading.at, values, expected="a value of its own", actual=told)
        )
    return _result(question, chosen, observations, "a value of its own")


def count(question: Question) -> CheckResult:
    """Whether the number of chosen subjects lies between `minimum` and `maximum`, each left out when not given."""
    chosen = chosen_subjects(question)
    low, high = question.parameters.get("minimum"), question.parameters.get("maximum")
    least, most = len(chosen.subjects), len(chosen.subjects) + len(chosen.doubtful)
    wanted = _range(low, high)
    place = question.parameter_at("minimum" if low is not None else "maximum")
    at = chosen.subjects[0].at if chosen.subjects else place
    values = _values(question, chosen)
    surely = _within(least, low, high) and _within(most, low, high)
    never = not any(_within(number, low, high) for number in range(least, most + 1))
    doubt = next((why for _, why in chosen.doubtful), chosen.gap)
    if doubt and not (never and not chosen.gap) and not (surely and (not chosen.gap or not isinstance(high, int))):
        return CheckResult((undetermined(chosen.noun.word, doubt),))
    outcome = Outcome.PASS if surely else Outcome.FAIL
    seen = Observation(outcome, chosen.noun.word, at, values, expected=wanted, actual=str(least))
    return _result(question, chosen, [seen], wanted)


def signature_of(name: str) -> Signature:
    """How a rule uses the check of a condition."""
    condition = CONDITIONS[name]
    operand = {condition.parameter: condition.type} if condition.parameter else {}

    def content(parameters: Mapping[str, object]) -> Iterator[Fault]:
        yield from noun_faults(parameters)
        if condition.parameter:
            yield from operand_faults(name, (condition.parameter,), parameters[condition.parameter])

    return Signature(
        ALONE, {"field": "text", **CHOICE, **operand}, frozenset({"field", *operand}), SAYS, SUMS_UP, content
    )


def _count_faults(parameters: Mapping[str, object]) -> Iterator[Fault]:
    yield from noun_faults(parameters)
    if not {"minimum", "maximum"} & set(parameters):
        yield Fault((), "a count needs the parameter minimum or maximum")


UNIQUE = Signature(ALONE, {"field": "text", **CHOICE}, frozenset({"field"}), SAYS, SUMS_UP, noun_faults)
COUNT = Signature(
    ALONE, {**CHOICE, "minimum": "number", "maximum": "number"}, frozenset(), SAYS, SUMS_UP, _count_faults
)


def _each(question: Question, name: str, operand: object) -> CheckResult:
    chosen = chosen_subjects(question)
    if refusal := _nothing(question, chosen):
        return refusal
    wanted = expected(name, operand, switch=chosen.noun.switches)
    observations = [undetermined(subject.name, why) for subject, why in chosen.doubtful]
    values = _values(question, chosen)
    for subject, reading in _readings(question, chosen, observations):
        outcome = Outcome.PASS if fits(name, reading.value, operand) else Outcome.FAIL
        observations.append(
            Observation(outcome, subject.name, reading.at, values, expected=wanted, actual=reading.shown)
        )
    return _result(question, chosen, observations, wanted)


def _nothing(question: Question, chosen: Chosen) -> CheckResult | None:
    if chosen.subjects or chosen.doubtful:
        return None
    if chosen.gap:
        return CheckResult((undetermined("project", chosen.gap),))
    return question.not_applicable(chosen.none)


def _readings(question: Question, chosen: Chosen, observations: list[Observation]) -> Iterator[tuple[Subject, Reading]]:
    """What the field says of each subject; one of which it cannot be told is observed as undetermined."""
    for subject in chosen.subjects:
        try:
            yield subject, read(chosen.noun, subject, str(question.parameters["field"]))
        except Undetermined as unknown:
            observations.append(undetermined(subject.name, unknown))


def _values(question: Question, chosen: Chosen) -> dict[str, str]:
    return {"noun": chosen.noun.word, "field": str(question.parameters.get("field", ""))}


def _result(question: Question, chosen: Chosen, observations: Iterable[Observation], wanted: str) -> CheckResult:
    seen = tuple(observations)
    total = len(chosen.subjects) + len(chosen.doubtful)
    summary = {
        **_values(question, chosen),
        "expected": wanted,
        "failed": listed(one.subject for one in seen if one.outcome is Outcome.FAIL),
        "kept": str(sum(one.outcome is Outcome.PASS for one in seen)),
        "total": str(total),
        "tables": amount(total, chosen.noun.word),
    }
    return CheckResult(seen, summary=summary)


def _within(number: int, low: object, high: object) -> bool:
    return (not isinstance(low, int) or number >= low) and (not isinstance(high, int) or number <= high)


def _range(low: object, high: object) -> str:
    if low == high:
        return f"{low}"
    bounds = [f"{word} {bound}" for word, bound in (("at least", low), ("at most", high)) if bound is not None]
    return ", ".join(bounds)
