"""What several sources say about one subject, aspect by aspect, made into sides that can be compared.

A source that leaves an aspect out contradicts nobody about it: a script that names keys without types agrees with
Terraform's types.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from msgspec import Struct

from bbws_readiness.checks.wording import related
from bbws_readiness.engine.finding import Observation, Outcome, Side, Vote
from bbws_readiness.model.model import TABLE_SOURCES
from bbws_readiness.source import Location, SourceKind


class Statement(Struct, frozen=True):
    """One source's words about a subject."""

    source: SourceKind
    aspects: Mapping[str, str]
    """Aspect to value; an aspect the source does not speak of is absent."""
    text: str
    at: tuple[Location, ...]


class Opinion(Struct, frozen=True):
    """One source's answer to a rule's whole question."""

    source: SourceKind
    content: Hashable
    """Equal for sources that hold the same opinion."""
    text: str
    at: Location


def sides(statements: Sequence[Statement]) -> tuple[Side, ...]:
    """The statements as comparable sides; what one leaves out is taken from the first that tells it."""
    told: dict[str, str] = {}
    for statement in sorted(statements, key=lambda statement: statement.source is not SourceKind.TERRAFORM):
        for aspect, value in statement.aspects.items():
            told.setdefault(aspect, value)
    usual = _comparable(told)
    found = []
    for statement in statements:
        whole = {**told, **statement.aspects}
        says = usual if whole == told else _comparable(whole)
        found.append(Side(statement.source, says, statement.text, statement.at))
    return tuple(found)


def contrast(statements: Sequence[Statement]) -> str:
    """The aspects on which the sources differ, with everybody's value: `retention: plan 5, schemas 10`."""
    parts = []
    for aspect in dict.fromkeys(aspect for statement in statements for aspect in statement.aspects):
        values = {s.source: s.aspects[aspect] for s in statements if aspect in s.aspects}
        if len(set(values.values())) > 1:
            parts.append(f"{aspect}: " + ", ".join(f"{source} {value}" for source, value in values.items()))
    return "; ".join(parts)


def compare(subject: str, statements: Sequence[Statement], at: Location) -> Observation:
    """Whether all statements about the subject can be true at once; `at` is the place of what will be deployed."""
    compared = sides(statements)
    first = compared[0]
    if all(side.agrees_with(first) for side in compared):
        speaks = ", ".join(str(side.source) for side in compared)
        values = {"value": max((side.text for side in compared), key=len), "sources": speaks}
        return Observation(Outcome.PASS, subject, at, values, sides=compared, related=related(compared, besides=at))
    deployed = next((side for side in compared if side.source is SourceKind.TERRAFORM), first)
    other = next(side for side in compared if not side.agrees_with(deployed))
    return Observation(
        Outcome.FAIL,
        subject,
        at,
        {"differences": contrast(statements)},
        expected=f"{other.text} ({other.source})",
        actual=f"{deployed.text} ({deployed.source})",
        sides=compared,
        related=related(compared, besides=at),
    )


def votes(opinions: Iterable[Opinion]) -> tuple[Vote, ...]:
    """The opinions grouped by equal content, in the order in which the first holder of each speaks.

    A holder that says it in other words, or less of it, is quoted with its own: nobody is made to say more.
    """
    groups: dict[Hashable, list[Opinion]] = {}
    for opinion in opinions:
        groups.setdefault(opinion.content, []).append(opinion)
    return tuple(
        Vote(tuple(one.source for one in group), _quoted(group), tuple(one.at for one in group))
        for group in groups.values()
    )


def _quoted(group: Sequence[Opinion]) -> str:
    first = group[0].text
    return "; ".join([first, *(f"{one.source}: {one.text}" for one in group[1:] if one.text != first)])


def votes_on(failed: Sequence[Observation]) -> tuple[Vote, ...]:
    """What each source says of the subjects on which the sources differ, as its opinion on the whole."""
    said: dict[SourceKind, list[tuple[str, Side]]] = {}
    for observation in failed:
        for side in observation.sides:
            said.setdefault(side.source, []).append((observation.subject, side))
    return votes(
        Opinion(
            kind,
            tuple((subject, side.says) for subject, side in said[kind]),
            "; ".join(f"{subject}: {side.text}" for subject, side in said[kind]),
            said[kind][0][1].at[0],
        )
        for kind in TABLE_SOURCES
        if kind in said
    )


def _comparable(aspects: Mapping[str, str]) -> str:
    return "; ".join([f"{aspect}: {value}" for aspect, value in sorted(aspects.items())])
