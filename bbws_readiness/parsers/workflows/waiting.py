"""Tells which of the jobs that a job needs can keep it from running, by working out its condition."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.parsers.workflows import expressions
from bbws_readiness.parsers.workflows.evaluation import ANYTHING, Anything, Value, truth_of
from bbws_readiness.parsers.workflows.expressions import Call, Expression, Literal, Name, Operation
from bbws_readiness.patterns import regex

MAX_NEEDS = 50
"""A job with a condition that needs more than these is taken to wait for none of them."""
STATUS = frozenset({"success", "always", "failure", "cancelled"})
"""The functions with which a condition takes over what GitHub asks for by itself: the success of all needed jobs."""
_STATUS_WRITTEN = regex(r"\b(?:success|always|failure|cancelled)\s*\(", re.IGNORECASE)
_NOT_SUCCESS = ("failure", "cancelled", "skipped")
_ALL_RESULTS = Name("needs.*.result")
_NOBODY_KNOWS = Name("?")


def binding(condition: Fact[str] | None, needs: Sequence[Fact[str]]) -> frozenset[str]:
    """The needed jobs without whose success a job with that condition stays undone."""
    return _keeping(condition, needs, _NOT_SUCCESS)


def stopping(condition: Fact[str] | None, needs: Sequence[Fact[str]]) -> frozenset[str]:
    """The needed jobs whose failure keeps the job undone; one that is skipped may let it run."""
    return _keeping(condition, needs, ("failure",))


def _keeping(condition: Fact[str] | None, needs: Sequence[Fact[str]], outcomes: tuple[str, ...]) -> frozenset[str]:
    wanted = tuple(dict.fromkeys(need.or_none() or "" for need in needs))
    if condition is None:
        return frozenset(wanted)
    text = "" if isinstance(condition.value, Unknown) else condition.value
    parsed = expressions.parse_condition(text)
    if parsed is None:
        return frozenset() if _STATUS_WRITTEN.search(text) else frozenset(wanted)
    if not any(call.function in STATUS for call in expressions.calls(parsed)):
        return frozenset(wanted)
    return frozenset(
        need
        for need in (wanted if len(wanted) <= MAX_NEEDS else ())
        if all(_with(parsed, need, outcome) is False for outcome in outcomes)
    )


def _with(condition: Expression, need: str, outcome: str) -> bool | None:
    """How the condition comes out when the needed job ended like that; None where others decide."""
    path = f"needs.{need}.result".lower()

    def known(name: str) -> Value | Anything:
        return outcome if name.lower() == path else ANYTHING

    return truth_of(_put_in(condition, outcome), known)


def _put_in(condition: Expression, outcome: str) -> Expression:
    """The condition with what the outcome of one needed job makes of functions that ask about all of them."""
    match condition:
        case Call("success", ()):
            return Literal("false", quoted=False)
        case Call("failure", ()) if outcome == "failure":
            return Literal("true", quoted=False)
        case Call("contains", (found, Literal(word, True))) if found == _ALL_RESULTS or _joined(found):
            return Literal("true", quoted=False) if word.lower() == outcome else _NOBODY_KNOWS
        case Call("contains", (Call("fromjson", (Literal(text),)), Name() as name)):
            return expressions.one_of(name, text) or condition
        case Operation(operator, left, right):
            return Operation(operator, _put_in(left, outcome) if left else None, _put_in(right, outcome))
    return condition


def _joined(found: Expression) -> bool:
    """Whether it is the results of all needed jobs in one text."""
    match found:
        case Call("join", (inner, *_)) | Call("tojson", (inner,)):
            return inner == _ALL_RESULTS
    return False
