"""Finds the steps that stop a run: on a wrong account, a wrong branch, a missing confirmation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.workflows import Input
from bbws_readiness.parsers.workflows import expressions
from bbws_readiness.parsers.workflows.consequences import Consequences, is_failure
from bbws_readiness.parsers.workflows.facts import CREDENTIALS, Evidence, decisive_jobs
from bbws_readiness.parsers.workflows.situations import Situated
from bbws_readiness.parsers.workflows.structure import ReadStep
from bbws_readiness.parsers.workflows.words import Word
from bbws_readiness.source import Location, Source

_TESTS = frozenset({"[", "[[", "test"})
_EQUAL = frozenset({"=", "==", "-eq"})
_DIFFERENT = frozenset({"!=", "-ne"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two words that a script compares, and fails when they differ."""

    left: Word
    right: Word
    place: Situated
    line: int

    def mentions(self) -> Iterator[str]:
        """What both words depend on."""
        for word in (self.left, self.right):
            yield from self.place.scope.mentioned(word.raw, in_shell=True)


def failing_comparisons(read: ReadStep) -> Iterator[Comparison]:
    """The comparisons for equality whose failure ends the step with an error."""
    consequences = Consequences([place.command for place in read.situated])
    for position, place in enumerate(read.situated):
        words = place.command.words
        if not words or words[0].text not in _TESTS:
            continue
        for left, operator, right in zip(words[1:], words[2:], words[3:], strict=False):
            sign = operator.text
            if sign in _EQUAL | _DIFFERENT and consequences.fails(position, succeeding=sign in _DIFFERENT):
                yield Comparison(left, right, place, words[0].line)


def account_assertions(evidence: Evidence) -> Iterator[tuple[str, Location]]:
    """The jobs in which the account signed in to is compared and a difference ends the run, each with the place."""
    for read in evidence.steps:
        if read.uses(CREDENTIALS) and (allowed := read.step.with_.get("allowed-account-ids")):
            yield read.job, allowed.at
        for found in failing_comparisons(read):
            if found.left.raw == found.right.raw:
                continue
            if any("get-caller-identity" in mentioned for mentioned in found.mentions()):
                yield read.job, read.source.at(found.line)


def guarded_branches(evidence: Evidence) -> tuple[Fact[str], ...]:
    """The branch that a step insists on, in a job that must succeed before anything is applied."""
    jobs = decisive_jobs(evidence)
    for read in evidence.steps:
        if read.job not in jobs:
            continue
        for found in failing_comparisons(read):
            if fact := _required_branch(found, read.source):
                return (fact,)
        if (names := _refused_elsewhere(read)) and read.step.condition:
            return tuple(Fact(name, read.step.condition.at) for name in sorted(names))
    return ()


def _required_branch(found: Comparison, source: Source) -> Fact[str] | None:
    if not any(name in mentioned for mentioned in found.mentions() for name in expressions.REFERENCES):
        return None
    for word in (found.left, found.right):
        fact = found.place.scope.resolve(word.raw, source.at(word.line), in_shell=True)
        if not isinstance(fact.value, Unknown):
            return Fact(expressions.branch_name(fact.value), fact.at, fact.via)
    return None


def _refused_elsewhere(read: ReadStep) -> frozenset[str]:
    """The branches on which a step that only fails is skipped."""
    condition = read.step.condition
    if condition is None or isinstance(condition.value, Unknown):
        return frozenset()
    if not any(is_failure(place.command) for place in read.situated):
        return frozenset()
    parsed = expressions.parse_condition(condition.value)
    return (expressions.branches_when(parsed, outcome=False) if parsed else None) or frozenset()


def confirmation(evidence: Evidence) -> Fact[str] | None:
    """The typed input that must equal a word before anything is applied."""
    typed = {given.name: given for given in evidence.inputs if not given.options and given.type == "string"}
    jobs = decisive_jobs(evidence)
    for job in evidence.jobs:
        if job.id in jobs and job.condition and (name := _compared_input(job.condition, typed, equal=True)):
            return Fact(name, job.condition.at)
    for read in evidence.steps:
        if read.job not in jobs:
            continue
        for found in failing_comparisons(read):
            if not (found.left.text and found.right.text):
                # That something was typed at all confirms nothing.
                continue
            for path in found.mentions():
                if (name := _input_name(path)) in typed:
                    return Fact(name, read.source.at(found.line), (typed[name].at,))
        condition = read.step.condition
        refuses = any(is_failure(place.command) for place in read.situated)
        if condition and refuses and (name := _compared_input(condition, typed, equal=False)):
            return Fact(name, condition.at)
    return None


def _compared_input(condition: Fact[str], typed: dict[str, Input], *, equal: bool) -> str | None:
    parsed = None if isinstance(condition.value, Unknown) else expressions.parse_condition(condition.value)
    for operator, path, _ in expressions.comparisons(parsed) if parsed else ():
        if (operator == "==") is equal and (name := _input_name(path)) in typed:
            return name
    return None


def _input_name(path: str) -> str:
    if path.startswith("github.event.inputs."):
        return path.removeprefix("github.event.inputs.")
    return path.removeprefix("inputs.") if path.startswith("inputs.") else ""
