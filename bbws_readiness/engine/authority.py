"""Turns a failed observation into findings: defect of the code, drift of a document, or a decision to be taken.

A document is not the truth until the configuration declares it. A facet's authority is the first declared source
that speaks of the subject; `terraform` stands for its tfvars as well, because Terraform evaluates both together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from bbws_readiness.engine.finding import Observation, Side, Standing
from bbws_readiness.engine.rule import Kind, Rule, Severity
from bbws_readiness.source import CODE, SourceKind


class Judgement(Struct, frozen=True):
    """What one failure means. `standing` None: nobody in force asks for it, so the rule does not apply."""

    standing: Standing | None
    severity: Severity | None
    document: SourceKind | None = None
    authority: SourceKind | None = None


def judge(rule: Rule, observation: Observation, declared: tuple[SourceKind, ...]) -> tuple[Judgement, ...]:
    """The judgements on one failed observation under the declared authority of its facet, at least one.

    A disagreement can be several things at once: a defect of the code and a drift of each document that differs too.
    """
    match rule.kind:
        case Kind.ALONE | Kind.SELF:
            return (Judgement(Standing.DEFECT, rule.severity),)
        case Kind.DEMAND:
            return (_demand(rule, observation, declared),)
        case Kind.COMPARE:
            return tuple(_compare(rule, observation, declared))


def _demand(rule: Rule, observation: Observation, declared: tuple[SourceKind, ...]) -> Judgement:
    unasked = rule.severity_unasked or rule.severity
    asking = next((side.source for side in observation.sides if side.source in _in_force(declared)), None)
    if asking:
        return Judgement(Standing.DEFECT, rule.severity, authority=asking)
    if not declared:
        return Judgement(Standing.DEFECT, unasked)
    return Judgement(Standing.DEFECT, unasked) if rule.by_itself else Judgement(None, None)


def _compare(rule: Rule, observation: Observation, declared: tuple[SourceKind, ...]) -> Iterator[Judgement]:
    sides = observation.sides
    authority = authority_among(sides, declared)
    code = [side for side in sides if side.source in CODE]
    if any(not side.agrees_with(code[0]) for side in code[1:]):
        yield Judgement(Standing.DEFECT, rule.severity, authority=authority.source if authority else None)
        return
    if authority is None:
        yield Judgement(Standing.DECISION, rule.severity)
        return
    if any(side.source is authority.source and not side.agrees_with(authority) for side in sides):
        # What is right says two things, of two projects, say: no document has to follow either.
        yield Judgement(Standing.DEFECT, rule.severity, authority=authority.source)
        return
    differing = [side for side in sides if not side.agrees_with(authority)]
    if any(side.source in CODE for side in differing):
        yield Judgement(Standing.DEFECT, rule.severity, authority=authority.source)
    for side in differing:
        if side.source not in CODE:
            yield Judgement(Standing.DRIFT, Severity.LOW, document=side.source, authority=authority.source)


def authority_among(sides: Iterable[Side], declared: tuple[SourceKind, ...]) -> Side | None:
    """The statement that is taken as the truth; None where nobody who speaks was declared right."""
    first: dict[SourceKind, Side] = {}
    for side in sides:
        first.setdefault(side.source, side)
    return next((first[kind] for kind in _in_force(declared) if kind in first), None)


def drifting_side(observation: Observation, document: SourceKind) -> Side:
    """The statement of the document that a drift is about."""
    return next(side for side in observation.sides if side.source is document)


def _in_force(declared: tuple[SourceKind, ...]) -> tuple[SourceKind, ...]:
    """Who is right, most trusted first.

    What the configuration itself asks for is always in force, and so is which files there are.
    """
    widened = [SourceKind.CONFIGURATION, SourceKind.FILES]
    for kind in declared:
        widened.extend((kind, SourceKind.TFVARS) if kind is SourceKind.TERRAFORM else (kind,))
    return tuple(dict.fromkeys(widened))
