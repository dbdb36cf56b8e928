"""Tells the comparisons whose outcome neither a choice of the inputs nor the way a run is started can change."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from bbws_readiness.model.workflows import FixedComparison, Input
from bbws_readiness.parsers.workflows import expressions
from bbws_readiness.parsers.workflows.evaluation import ANYTHING, Value, truth_of
from bbws_readiness.parsers.workflows.events import FOLLOWED, Starts, followed_in
from bbws_readiness.parsers.workflows.expressions import Call, Expression, Literal, Name, Operation
from bbws_readiness.parsers.workflows.mentions import Mention

MAX_CHOICES = 64
"""Combinations of values that are tried for one condition."""
MAX_TOLD = 120
_FORMS = {
    "github.ref": "github.ref begins with refs/",
    "github.ref_name": "github.ref_name is the name alone, without refs/",
    "github.ref_type": "github.ref_type is branch or tag",
}
"""What a context looks like, told where it is compared with what it never is."""


def fixed_comparisons(
    mentions: Sequence[Mention], inputs: Sequence[Input], starts: Starts
) -> tuple[FixedComparison, ...]:
    """The comparisons that are always or never true: of an input, or of what an event determines, with a literal.

    `github.event.inputs.x` is text whatever the declared type, `inputs.x` has the type. Of inputs only what a person
    can choose when starting the workflow by hand is tried: another event has no inputs at all.
    """
    declared = {given.name.lower(): given for given in inputs}
    every = Starts()
    found: list[FixedComparison] = []
    for mention in mentions:
        if mention.parsed is None:
            continue
        found += _of_contexts(mention, mention.parsed, starts, every)
        dead = bool(mention.owner) and _never(mention.parsed, declared)
        for part, name in _parts(mention.parsed, declared, condition=bool(mention.owner)):
            outcomes = {_truth(part, {name: one}) for one in _choices(name, declared)}
            if len(outcomes) == 1 and None not in outcomes:
                outcome = outcomes.pop() is True
                text = _written(part)
                given = name.removeprefix("github.event.").removeprefix("inputs.")
                found.append(FixedComparison(text, outcome, given, mention.at, mention.owner, dead))
    return tuple(found)


def _of_contexts(mention: Mention, parsed: Expression, starts: Starts, every: Starts) -> Iterator[FixedComparison]:
    """What no reference at all can make true or false; else the condition that no start of this workflow can meet."""
    if not any(path in FOLLOWED for path in expressions.names(parsed)):
        return
    dead = bool(mention.owner) and never_met(parsed, starts)
    malformed = False
    for part, path in _compared_contexts(parsed):
        outcome = _alike(part, every)
        if outcome is not None:
            malformed = True
            yield FixedComparison(_written(part), outcome, "", mention.at, mention.owner, dead, _FORMS[path])
    if dead and not malformed:
        because = "no event that starts the workflow lets it hold"
        yield FixedComparison(_line(mention.text), False, "", mention.at, mention.owner, True, because)


def never_met(condition: Expression, starts: Starts) -> bool:
    """Whether the condition is false however the workflow is started, whatever else happens."""
    followed = followed_in(condition)
    tried = starts.told_apart_by(tuple(dict.fromkeys(expressions.literals(followed))))
    return bool(tried) and all(truth_of(followed, start.surely) is False for start in tried)


def _compared_contexts(expression: Expression) -> Iterator[tuple[Expression, str]]:
    match expression:
        case Operation("==" | "!=", Name(path), Literal(_, True)) | Operation(
            "==" | "!=", Literal(_, True), Name(path)
        ) if path in _FORMS:
            yield expression, path
        case Operation(_, left, right):
            yield from _compared_contexts(left) if left else ()
            yield from _compared_contexts(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from _compared_contexts(argument)


def _alike(part: Expression, every: Starts) -> bool | None:
    """How the comparison comes out for every start there can be; None when that differs, or is not told."""
    outcomes = {truth_of(part, start.known) for start in every.told_apart_by(tuple(expressions.literals(part)))}
    return outcomes.pop() if len(outcomes) == 1 else None


def _line(text: str) -> str:
    joined = " ".join(text.replace("${{", "").replace("}}", "").split())
    return joined if len(joined) <= MAX_TOLD else joined[:MAX_TOLD] + "…"


def _parts(
    expression: Expression, declared: Mapping[str, Input], *, condition: bool
) -> Iterator[tuple[Expression, str]]:
    """Comparisons of one input with a literal, and in a condition the inputs that stand for themselves."""
    match expression:
        case Operation("&&" | "||", left, right) if left:
            yield from _parts(left, declared, condition=True)
            yield from _parts(right, declared, condition=condition)
        case Operation("!", _, right):
            yield from _parts(right, declared, condition=True)
        case Operation(_, Name(path), Literal() as literal) | Operation(_, Literal() as literal, Name(path)) if (
            _speaks_of(path, literal, declared)
        ):
            yield expression, path
        case Operation(_, left, right) if left:
            yield from _parts(left, declared, condition=False)
            yield from _parts(right, declared, condition=False)
        case Call(_, arguments):
            for argument in arguments:
                yield from _parts(argument, declared, condition=False)
        case Name(path) if condition and _bare_text(path, declared):
            yield expression, path


def _bare_text(path: str, declared: Mapping[str, Input]) -> bool:
    """Whether it is a boolean read as text, which is true even when it says `false`."""
    given = _declared(path, declared)
    return path.startswith("github.event.inputs.") and given is not None and given.type == "boolean"


def _speaks_of(path: str, literal: Literal, declared: Mapping[str, Input]) -> bool:
    """Whether the comparison is one of a boolean, or of a choice with `true` or `false`.

    A choice that no option offers any more is left alone: it does nothing, and says so to everybody who reads it.
    """
    if not _choices(path, declared):
        return False
    given = _declared(path, declared)
    return bool(given and given.type == "boolean") or (not literal.quoted and literal.text in ("true", "false"))


def _declared(path: str, declared: Mapping[str, Input]) -> Input | None:
    return declared.get(path.removeprefix("github.event.").removeprefix("inputs.").lower())


def _choices(path: str, declared: Mapping[str, Input]) -> tuple[Value, ...]:
    """Every value that a person can choose; empty when it is free text or no input."""
    as_text = path.startswith("github.event.inputs.")
    if not as_text and not path.startswith("inputs."):
        return ()
    given = _declared(path, declared)
    if given is None:
        return ()
    if given.type == "boolean":
        return ("true", "false") if as_text else (True, False)
    # Of one option alone nobody expects a choice, and more may be offered later.
    return given.options if given.type == "choice" and len(given.options) > 1 else ()


def _never(expression: Expression, declared: Mapping[str, Input]) -> bool:
    """Whether the condition is false for every choice, whatever else happens."""
    paths = [path for path in dict.fromkeys(expressions.names(expression)) if _choices(path, declared)]
    offered = [_choices(path, declared) for path in paths]
    if math.prod(len(one) for one in offered) > MAX_CHOICES:
        return False
    for chosen in islice(product(*offered), MAX_CHOICES):
        if _truth(expression, dict(zip(paths, chosen, strict=True))) is not False:
            return False
    return bool(paths)


def _truth(expression: Expression, known: Mapping[str, Value]) -> bool | None:
    return truth_of(expression, lambda path: known.get(path, ANYTHING))


def _written(part: Expression) -> str:
    match part:
        case Literal(text, quoted):
            return f"'{text}'" if quoted else text
        case Name(path):
            return path
        case Operation(operator, left, right) if left:
            return f"{_written(left)} {operator} {_written(right)}"
    return ""
