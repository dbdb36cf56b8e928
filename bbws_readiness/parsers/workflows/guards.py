"""Finds the steps that stop a run: on a wrong account, a wrong branch, a missing confirmation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from msgspec import Struct

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.workflows import Input
from bbws_readiness.parsers.workflows import expressions
from bbws_readiness.parsers.workflows.consequences import Consequences, is_failure
from bbws_readiness.parsers.workflows.evaluation import ANYTHING, Value, truth_of
from bbws_readiness.parsers.workflows.events import EVERY, MAX_WORDS, REFERENCES, Start, branches_of
from bbws_readiness.parsers.workflows.expressions import Expression
from bbws_readiness.parsers.workflows.facts import CREDENTIALS, Evidence, decisive_jobs
from bbws_readiness.parsers.workflows.situations import Situated
from bbws_readiness.parsers.workflows.structure import ReadStep
from bbws_readiness.parsers.workflows.words import Word
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, Source

MAX_NAMES = 8
"""Names of a condition that are looked at."""
_ASKED = "get-caller-identity"
_WHOLE_LINE = regex(r"-[qFsE]*x[qxFsE]*|--line-regexp")
_SIMPLE = regex(r"-[qxFsE]+|--(?:line-regexp|quiet|silent|fixed-strings|no-messages)")
_VARIABLE = regex(r"\$\w+|\$\{\w+\}|\$\{\{[^{}]+\}\}")
_ACCOUNT = regex(r"[0-9]{12}")
_TESTS = frozenset({"[", "[[", "test"})
_EQUAL = frozenset({"=", "==", "-eq"})
_DIFFERENT = frozenset({"!=", "-ne"})


class Comparison(Struct, frozen=True, dict=True):
    """Two words that a script compares, and fails when they differ."""

    left: Word
    right: Word
    place: Situated
    line: int

    @cached_property
    def mentions(self) -> tuple[str, ...]:
        """What both words depend on."""
        return tuple([said for word in (self.left, self.right) for said in _mentions(self.place, word)])


Compared: TypeAlias = Sequence[tuple[ReadStep, tuple[Comparison, ...]]]
"""Every step with the comparisons for equality whose failure ends it with an error."""


def comparisons_of(evidence: Evidence) -> Compared:
    """What the steps of the workflow compare."""
    return [(read, tuple(_failing_comparisons(read)) if read.situated else ()) for read in evidence.steps]


def _failing_comparisons(read: ReadStep) -> Iterator[Comparison]:
    tests = [(position, place) for position, place in enumerate(read.situated) if place.command.name in _TESTS]
    consequences = Consequences([place.command for place in read.situated]) if tests else None
    for position, place in tests:
        words = place.command.words
        for left, operator, right in zip(words[1:], words[2:], words[3:], strict=False):
            sign = operator.text
            different = sign in _DIFFERENT
            if consequences and (different or sign in _EQUAL) and consequences.fails(position, succeeding=different):
                yield Comparison(left, right, place, words[0].line)


def account_assertions(compared: Compared) -> Iterator[tuple[str, Location]]:
    """The jobs in which the account signed in to is compared and a difference ends the run, each with the place."""
    for read, comparisons in compared:
        if read.uses(CREDENTIALS) and (allowed := read.step.with_.get("allowed-account-ids")):
            yield read.job, allowed.at
        for found in comparisons:
            if found.left.raw == found.right.raw:
                continue
            if any(_ASKED in mentioned for mentioned in found.mentions):
                yield read.job, read.source.at(found.line)
        yield from ((read.job, read.source.at(line)) for line in _whole_line_matches(read))


def _whole_line_matches(read: ReadStep) -> Iterator[int]:
    """The lines on which `grep -x` has to find the account, as it is signed in to, or the step ends with an error."""
    searches = [(position, place) for position, place in enumerate(read.situated) if place.command.name == "grep"]
    for position, place in searches:
        words = place.command.words
        flags = [word.text for word in words[1:] if word.text.startswith("-")]
        sought = [word for word in words[1:] if not word.text.startswith("-")]
        whole = any(_WHOLE_LINE.fullmatch(flag) for flag in flags) and all(_SIMPLE.fullmatch(flag) for flag in flags)
        if not whole or len(sought) != 1 or not _names_account(sought[0], place, read.source):
            continue
        consequences = Consequences([one.command for one in read.situated])
        earlier = consequences.beside(position)[:-1]
        told = [mentioned for one in earlier[:1] for word in one.words for mentioned in _mentions(place, word)]
        told += [" ".join(word.text for word in one.words) for one in earlier[:1]]
        passing = len(earlier) == 1 and earlier[0].name in ("aws", "echo", "printf")
        if passing and any(_ASKED in one for one in told) and consequences.fails(position, succeeding=False):
            yield words[0].line


def _names_account(word: Word, place: Situated, source: Source) -> bool:
    """Whether it stands for one account that is not the one signed in to: twelve digits, or a variable."""
    if any(_ASKED in mentioned for mentioned in _mentions(place, word)):
        return False
    value = place.scope.resolve(word.raw, source.at(word.line), in_shell=True).value
    if isinstance(value, Unknown):
        return _VARIABLE.fullmatch(word.raw) is not None
    return _ACCOUNT.fullmatch(value) is not None


def _mentions(place: Situated, word: Word) -> Iterator[str]:
    return place.scope.mentioned(word.raw, in_shell=True)


class Restriction(Struct, frozen=True):
    """What a condition or a step says about the branches from which anything can be changed."""

    job: str
    text: str
    """The condition, or the comparison, on one line."""
    branches: frozenset[str]
    """Tags as `refs/tags/…`; `*` for all branches. Empty when it can never be met."""
    at: Location
    via: tuple[Location, ...] = ()


def restrictions(evidence: Evidence, compared: Compared) -> tuple[Restriction, ...]:
    """Those of the jobs that must succeed before anything is applied: conditions of jobs first, then steps."""
    jobs = decisive_jobs(evidence)
    found = [_required_by(job.id, job.condition, evidence, outcome=True) for job in evidence.jobs if job.id in jobs]
    for read, comparisons in compared:
        if read.job not in jobs or (read.step.tolerated and read.step.tolerated.or_none() is not False):
            continue
        found += [_required_in(comparison, read, evidence) for comparison in comparisons]
        if any(is_failure(place.command) for place in read.situated):
            found.append(_required_by(read.job, read.step.condition, evidence, outcome=False))
    return tuple(one for one in found if one is not None)


def restriction(
    triggers: Sequence[Fact[str]], filters: Sequence[Fact[str]], found: Sequence[Restriction]
) -> tuple[str, tuple[Fact[str], ...]]:
    """The branches on which the workflow can change anything, and the job that sees to it; none when nothing does.

    The filters of the triggers count only when every trigger has them: a manual start takes any branch.
    """
    if triggers and filters and all(fact.or_none() in ("push", "workflow_run", "schedule") for fact in triggers):
        return "", tuple(filters)
    met = [one for one in found if one.branches]
    first = next((one for one in met if EVERY not in one.branches), met[0] if met else None)
    if first is None:
        return "", ()
    return first.job, tuple(Fact(name, first.at, first.via) for name in sorted(first.branches))


def _required_by(job: str, condition: Fact[str] | None, evidence: Evidence, *, outcome: bool) -> Restriction | None:
    """The branches on which a condition can have that outcome; None when any can."""
    if condition is None or isinstance(condition.value, Unknown):
        return None
    parsed = expressions.parse_condition(condition.value)
    named = branches_of(evidence.starts.letting_through(parsed, outcome=outcome)) if parsed else None
    # Which event it was restricts the branches too, but a condition on it alone that never holds names none.
    if parsed is None or named is None or not (named or REFERENCES & set(expressions.names(parsed))):
        return None
    return Restriction(job, " ".join(condition.value.split()), named, condition.at)


def _required_in(found: Comparison, read: ReadStep, evidence: Evidence) -> Restriction | None:
    """The branch that a script insists on, unless the step is skipped on others."""
    if not any(name in mentioned for mentioned in found.mentions for name in REFERENCES):
        return None
    source, scope = read.source, found.place.scope
    facts = [scope.resolve(word.raw, source.at(word.line), in_shell=True) for word in (found.left, found.right)]
    given = next((fact for fact in facts if isinstance(fact.value, str)), None)
    if given is None or not isinstance(given.value, str):
        return None
    starts = [
        start
        for start in evidence.starts.told_apart_by((given.value,))
        if _equal_at(start, found, source) or not _asked_at(start, read.step.condition)
    ]
    named = branches_of(starts)
    text = f"{found.left.text} = {found.right.text}"
    return None if named is None else Restriction(read.job, text, named, given.at, given.via)


def _equal_at(start: Start, found: Comparison, source: Source) -> bool:
    """Whether both words are the same for that start; also when that cannot be told of a word that names a branch."""
    known = {path: start.known(path) for path in ("github.ref", "github.ref_name")}
    at = source.at(found.line)
    bound = {path: Fact(str(value), at) for path, value in known.items()}
    shell = {"GITHUB_REF": bound["github.ref"], "GITHUB_REF_NAME": bound["github.ref_name"]}
    own = {name: fact for name, fact in shell.items() if name not in found.place.scope.variables}
    scope = found.place.scope.with_bound(bound).with_variables(own)
    one, other = (scope.resolve(word.raw, at, in_shell=True).value for word in (found.left, found.right))
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        reasons = " ".join(side.reason for side in (one, other) if isinstance(side, Unknown))
        # A variable that the script has set from it.
        written = next((side for side in (one, other) if isinstance(side, str)), "")
        path = "github.ref" if "github.ref is known" in reasons else "github.ref_name"
        return path in reasons and known[path] == written
    return one == other


def _asked_at(start: Start, condition: Fact[str] | None) -> bool:
    """Whether the step surely runs for that start, as long as nothing has failed before."""
    if condition is None:
        return True
    parsed = None if isinstance(condition.value, Unknown) else expressions.parse_condition(condition.value)
    return parsed is not None and truth_of(parsed, start.known) is True


def confirmation(evidence: Evidence, compared: Compared) -> Fact[str] | None:
    """The typed input that must equal a word before anything is applied."""
    typed = {given.name: given for given in evidence.inputs if not given.options and given.type == "string"}
    jobs = decisive_jobs(evidence)
    for job in evidence.jobs:
        if job.id in jobs and job.condition and (name := _compared_input(job.condition, typed, equal=True)):
            return Fact(name, job.condition.at)
    for read, comparisons in compared:
        if read.job not in jobs:
            continue
        for found in comparisons:
            if not (found.left.text and found.right.text):
                # That something was typed at all confirms nothing.
                continue
            for path in found.mentions:
                if (name := _input_name(path)) in typed:
                    return Fact(name, read.source.at(found.line), (typed[name].at,))
        condition = read.step.condition
        refuses = any(is_failure(place.command) for place in read.situated)
        if condition and refuses and (name := _compared_input(condition, typed, equal=False)):
            return Fact(name, condition.at)
    return None


def _compared_input(condition: Fact[str], typed: dict[str, Input], *, equal: bool) -> str | None:
    """The typed input without whose right word the condition comes out other than `equal`, whatever else is chosen."""
    parsed = None if isinstance(condition.value, Unknown) else expressions.parse_condition(condition.value)
    for path in islice(dict.fromkeys(expressions.names(parsed)), MAX_NAMES) if parsed else ():
        name = _input_name(path)
        if parsed is None or name not in typed:
            continue
        wrong = {_truth_with(parsed, name, word) for word in ("", "a-word-that-nobody-asked-for")}
        right = {_truth_with(parsed, name, word) for word in islice(expressions.literals(parsed), MAX_WORDS)}
        if wrong == {not equal} and right - {not equal}:
            return name
    return None


def _truth_with(condition: Expression, name: str, word: str) -> bool | None:
    """How the condition comes out when a person starts the workflow and types that word."""
    known: dict[str, Value] = {"github.event_name": "workflow_dispatch"}
    known |= {f"inputs.{name}": word, f"github.event.inputs.{name}": word}
    return truth_of(condition, lambda path: known.get(path, ANYTHING))


def _input_name(path: str) -> str:
    if path.startswith("github.event.inputs."):
        return path.removeprefix("github.event.inputs.")
    return path.removeprefix("inputs.") if path.startswith("inputs.") else ""
