"""How checks put sets, places and amounts into words, so that all of them read alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from bbws_readiness.engine.finding import Related, Side
from bbws_readiness.source import Location, SourceKind

NAMES: Mapping[SourceKind, str] = {
    SourceKind.PLAN: "the plan",
    SourceKind.TERRAFORM: "Terraform",
    SourceKind.TFVARS: "the settings",
    SourceKind.SCHEMAS: "the schemas",
    SourceKind.WORKFLOWS: "the workflows",
    SourceKind.SCRIPT: "the validation script",
    SourceKind.README: "the README",
    SourceKind.PLAN_JSON: "the plan JSON",
    SourceKind.PORTFOLIO: "the portfolio documents",
    SourceKind.FILES: "the files",
    SourceKind.CONFIGURATION: "the configuration",
}
"""What a sentence calls a source."""

MOST_NAMED = 24
"""Other subjects that are told with one subject. All of them with each of them would be their number squared."""


def listed(names: Iterable[str]) -> str:
    """The names in order, `none` when there are none: `carriers, parcels`."""
    return ", ".join(sorted(names)) or "none"


def few(names: Iterable[str]) -> str:
    """As `listed`, but of more than `MOST_NAMED` names the first and how many more: for what every subject repeats."""
    ordered = sorted(names)
    more = len(ordered) - MOST_NAMED
    return f"{', '.join(ordered[:MOST_NAMED])} and {more} more" if more > 0 else listed(ordered)


def counted(names: Iterable[str]) -> str:
    """How many names, and which: `2 (carriers, parcels)`; `0` alone."""
    names = sorted(names)
    return f"{len(names)} ({', '.join(names)})" if names else "0"


def amount(number: int, noun: str) -> str:
    """A number with its noun in the right form: `1 table`, `2 tables`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun}es" if noun.endswith("x") else f"{number} {noun}s"


def joined(words: Sequence[str], *, last: str = "and") -> str:
    """An enumeration in running text: `vault, plan and selection`."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def sources_in_words(kinds: Iterable[SourceKind]) -> str:
    """The sources by their usual words: `terraform, schemas`."""
    return ", ".join(map(str, kinds))


def documents_in_words(kinds: Iterable[SourceKind]) -> str:
    """The sources as a sentence names them: `the plan and the README`."""
    return joined([NAMES.get(kind, kind.value) for kind in kinds])


def places(locations: Iterable[Location]) -> str:
    """Several places, those of one file and neighbouring lines together: `plan.md:15, :61-64, :97`."""
    by_path: dict[str, set[int]] = {}
    for at in locations:
        by_path.setdefault(at.path, set()).add(at.line)
    parts = []
    for path, lines in by_path.items():
        spans = [f":{first}" if first == last else f":{first}-{last}" for first, last in _spans(sorted(lines - {0}))]
        parts.append(path + ", ".join(spans))
    return ", ".join(parts)


def _spans(numbers: Sequence[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return spans


def related(sides: Iterable[Side], *, besides: Location) -> tuple[Related, ...]:
    """The places of all sides but the finding's own, each with what its source says there."""
    return tuple(Related(at, f"{side.source}: {side.text}") for side in sides for at in side.at[:1] if at != besides)


def others(places: Collection[tuple[Location, str]], kind: SourceKind) -> tuple[Related, ...]:
    """Places of other subjects, each with its name; with the last of `MOST_NAMED` stands how many more there are."""
    told = [Related(at, f"{kind}: {name}") for at, name in islice(places, MOST_NAMED)]
    if more := len(places) - len(told):
        told[-1] = Related(told[-1].at, f"{told[-1].text} and {more} more")
    return tuple(told)
