"""Rules with one thing about them turned wrong, and which of their cases notices."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from bbws_readiness.checks import CHECKS
from bbws_readiness.engine.check import Check, Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.engine.rule import Rule
from bbws_readiness.engine.rulebook import Rulebook
from bbws_readiness.fact import Undetermined
from bbws_readiness.rule_cases.case import Case
from bbws_readiness.rule_cases.prepare import prepare
from bbws_readiness.rule_cases.run import answer, mismatches, posed
from bbws_readiness.rule_cases.suite import Suite

PASS, FAIL, UNDETERMINED, _ = Outcome
FLIPS = ((PASS, FAIL), (FAIL, PASS), (UNDETERMINED, PASS))


@dataclass(frozen=True)
class Mutant:
    """A rulebook, or a check, in which one rule answers otherwise."""

    name: str
    book: Rulebook
    checks: Mapping[str, Check]
    outcome: str = ""
    """The only outcome whose cases can notice; empty when any may."""


def flipped(book: Rulebook, rule: Rule) -> Iterator[Mutant]:
    """The rule giving one outcome in place of another, worded as before."""
    for old, new in FLIPS:
        check = _flipping(CHECKS[rule.check], rule.code, old, new)
        yield Mutant(f"{old} told as {new}", book, {**CHECKS, rule.check: check}, old.value)


def changed(book: Rulebook, rule: Rule, values: Mapping[str, object]) -> Iterator[Mutant]:
    """The rule with each parameter of its file changed to the value given, or to another one of its type."""
    for name, value in rule.parameters.items():
        other = values[name] if name in values else another(value)
        mutated = replace(rule, parameters={**rule.parameters, name: other})
        rules = tuple(mutated if one.code == rule.code else one for one in book.rules)
        yield Mutant(f"parameter {name}: {other!r}", replace(book, rules=rules), CHECKS)


def another(value: object) -> object:
    """What a parameter becomes: nothing for a list, the opposite, the next number."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case list() if value:
            return []
        case dict() if value:
            return {}
        case str():
            return f"{value}-other"
    raise AssertionError("an empty list needs a value that changes the answer: give it in PARAMETERS")


def survivors(suite: Suite, rule: Rule, mutants: Sequence[Mutant]) -> list[str]:
    """The names of the mutants that every case of the rule takes for the rule itself.

    A project is read once for all of them, and no more projects are read than are needed.
    """
    alive = list(mutants)
    for case in sorted(suite.of(rule.code), key=lambda case: "git" in case.data):
        suspects = [one for one in alive if not one.outcome or one.outcome in case.outcomes]
        if suspects:
            alive = [one for one in alive if one not in suspects] + list(_unnoticed(suite, case, suspects))
    return [one.name for one in alive]


def _unnoticed(suite: Suite, case: Case, mutants: Sequence[Mutant]) -> Iterator[Mutant]:
    with tempfile.TemporaryDirectory(prefix="readiness-mutant-") as folder:
        project = prepare(case, Path(folder), suite.start(case), suite.plan(case))
        about = posed(case, project)
        for mutant in mutants:
            if not any(mismatches(case, answer(case, about, mutant.book, mutant.checks), project)):
                yield mutant


def _flipping(check: Check, code: str, old: Outcome, new: Outcome) -> Callable[[Question], CheckResult]:
    def flip(question: Question) -> CheckResult:
        if question.rule.code != code:
            return check(question)
        try:
            result = check(question)
        except Undetermined as unknown:
            seen = Observation(UNDETERMINED, "project", unknown.at, {"reason": unknown.reason})
            result = CheckResult((seen,))
        return replace(result, observations=tuple(_other(one, old, new) for one in result.observations))

    return flip


def _other(seen: Observation, old: Outcome, new: Outcome) -> Observation:
    if seen.outcome is not old:
        return seen
    return replace(seen, outcome=new, wording=seen.wording or old.value)
