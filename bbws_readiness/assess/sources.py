"""Who says what: every fact on which at least two sources speak, and how each of them stands to the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from bbws_readiness.config import Config
from bbws_readiness.engine.authority import authority_among
from bbws_readiness.engine.finding import Finding, Outcome, Side
from bbws_readiness.source import SourceKind


class Stance(StrEnum):
    """How a statement stands to what is right about its fact."""

    AUTHORITY = "authority"
    """It is what was declared right."""
    AGREES = "agrees"
    """It can be true together with the authority, or with everybody where none is declared."""
    DIFFERS = "differs"
    """It cannot be true together with the authority."""
    DISPUTED = "disputed"
    """Nobody was declared right, and somebody says otherwise."""
    NOT_VERIFIED = "not-verified"
    """Whether it holds could not be determined."""


class Said(Struct, frozen=True):
    """One statement about a fact."""

    side: Side
    stance: Stance
    opinion: int
    """Statements of one number can be true at once; 1 is the opinion of what was declared right, else of the most."""
    holds: bool | None = None
    """Whether it says yes, where sources are compared by yes or no alone though their words tell more."""


class SpokenFact(Struct, frozen=True):
    """One fact that at least two sources speak of."""

    findings: tuple[Finding, ...]
    """What was found about it, most severe first; at least one."""
    said: tuple[Said, ...]
    """In the order of the sources; a source that says two things has two."""

    @property
    def differs(self) -> bool:
        """Whether the sources do not all say the same."""
        return len({one.opinion for one in self.said}) > 1


def spoken_facts(findings: Iterable[Finding], config: Config) -> tuple[SpokenFact, ...]:
    """The facts in the order of the findings; what is explained by another finding is told there."""
    grouped: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        sides = finding.sides
        if finding.explained_by or len(sides) < 2 or len({side.source for side in sides}) < 2:
            continue
        grouped.setdefault((finding.rule.code, finding.subject, finding.facet, sides), []).append(finding)
    return tuple(_fact(tuple(group), config) for group in grouped.values())


def _fact(findings: tuple[Finding, ...], config: Config) -> SpokenFact:
    first = findings[0]
    right = authority_among(first.sides, config.authority_of(first.facet))
    opinions = _opinions(first.sides, right)
    unsure = all(finding.outcome is Outcome.UNDETERMINED for finding in findings)
    only = _yes_or_no(opinions)
    said = tuple(
        Said(
            side,
            Stance.NOT_VERIFIED if unsure else _stance(side, right, opinions),
            opinion,
            side.says is True if only else None,
        )
        for side, opinion in zip(first.sides, _numbers(first.sides, opinions), strict=True)
    )
    return SpokenFact(findings, tuple(sorted(said, key=lambda one: _ORDER[one.side.source])))


_ORDER = {kind: place for place, kind in enumerate(SourceKind)}


def _opinions(sides: Sequence[Side], right: Side | None) -> list[list[Side]]:
    """The sides that can be true at once, together: first those of `right`, else the most, of equal ones the first."""
    groups: list[list[Side]] = []
    for side in (right, *sides) if right else sides:
        for group in groups:
            if group[0].agrees_with(side):
                group.append(side)
                break
        else:
            groups.append([side])
    return groups if right else sorted(groups, key=lambda group: -len(group))


def _yes_or_no(opinions: Sequence[Sequence[Side]]) -> bool:
    """Whether every statement is a yes or a no, and those that say yes have different words about it."""
    plain = all(isinstance(side.says, bool) for group in opinions for side in group)
    return plain and any(len({side.text for side in group}) > 1 for group in opinions if group[0].says is True)


def _numbers(sides: Iterable[Side], opinions: Sequence[Sequence[Side]]) -> Iterator[int]:
    for side in sides:
        yield next(number for number, group in enumerate(opinions, 1) if group[0].agrees_with(side))


def _stance(side: Side, right: Side | None, opinions: Sequence[object]) -> Stance:
    if right is None:
        return Stance.AGREES if len(opinions) == 1 else Stance.DISPUTED
    if not side.agrees_with(right):
        return Stance.DIFFERS
    return Stance.AUTHORITY if side.source is right.source else Stance.AGREES
