"""Holds what sources say against a claim: a number, names, agreement, a state, a recovery window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from msgspec import Struct

from bbws_readiness.decisions.claims.said import DEFAULT_WINDOW, PLURAL, Noun, Said, Stated, Subject
from bbws_readiness.source import Location, SourceKind

MOST_PLACES = 12
"""Places that one answer quotes; the rest stands nearby."""
MOST_NAMES = 8
"""Names that one answer lists."""


class Answer(Struct, frozen=True):
    """Whether a claim holds (None: the files cannot tell), what is said instead or as well, and where."""

    holds: bool | None
    said: str
    at: tuple[Location, ...]


def number_is(said: Said, number: int) -> Answer:
    """Whether a source gives that number: states it, or lists so many."""
    counts = said.counts
    if said.silent or not counts:
        empty = said.listed and not said.subjects and said.certain
        return Answer(number == 0, f"{said.source.says} 0", said.places) if empty else nothing_said(said)
    right = [one for one in counts if one.number == number]
    words = f"{said.source.says} {_numbers(counts, said.noun)}"
    if right:
        return Answer(True, words, _cut([one.at for one in right]))
    return Answer(False if said.certain else None, words + _doubt(said), _cut(_of_counts(said, counts)))


def names_are(said: Said, names: Sequence[str]) -> Answer:
    """Whether a source lists exactly these; an index may be named with or without its table."""
    if said.silent or not said.listed:
        return nothing_said(said)
    wanted = set(names)
    mine = said.subjects if said.noun is not Noun.NAMES else [one.aspects.get("name") for one in said.subjects.values()]
    full = {name for name in mine if name}
    qualified = said.noun is not Noun.INDEXES or any("." in name for name in wanted)
    bare = full if qualified else {name.partition(".")[2] for name in full}
    listed = f"{said.source.says} {_listed(full)}"
    if bare == wanted and not said.unknown:
        return Answer(True, listed, _cut(said.places))
    return Answer(False if said.certain else None, listed + _doubt(said), _cut(said.places))


def agree(saids: Sequence[Said]) -> Answer:
    """Whether several sources can all be true at once; what one leaves out contradicts nobody."""
    noun = saids[0].noun
    places = tuple(at for said in saids for at in said.places[:MOST_PLACES])
    silent = [said.source for said in saids if said.silent]
    if silent:
        return Answer(None, f"{_joined(silent)} {_say(silent)} nothing about {noun}", places)
    for one, other in combinations(saids, 2):
        if difference := next(_differences(one, other), None):
            return difference
    doubtful = next((said for said in saids if not said.certain), None)
    if doubtful:
        return Answer(None, f"{doubtful.source} cannot be told apart in full{_doubt(doubtful)}", places)
    return Answer(True, f"{_joined([said.source for said in saids])} agree on {noun}", places)


def state_is(said: Said, *, on: bool, table: str = "") -> Answer:
    """Whether a feature is on, or off, for one table or for every table that the source describes."""
    chosen = {name: one for name, one in said.subjects.items() if one.table and table in ("", one.table)}
    if not chosen:
        return nothing_said(said)
    wanted = "on" if on else "off"
    other = {name: one for name, one in chosen.items() if one.aspects.get("state") not in (wanted, None)}
    told = f"{said.source}: {_states(chosen)}"
    if other:
        return Answer(False, told, _cut([one.at for one in other.values()]))
    unsure = any("state" not in one.aspects for one in chosen.values()) or (not table and not said.certain)
    return Answer(None if unsure else True, told + (_doubt(said) if unsure else ""), _cut(_at(chosen.values())))


def window_is(said: Said, days: int | None, *, at_least: bool = False, others: Sequence[Said] = ()) -> Answer:
    """Whether recovery reaches back so many days; None asks for the service's default, which needs no setting.

    `others` are the further sources that could set a window, for the words of the answer.
    """
    chosen = list(said.subjects.values())
    if not chosen:
        return nothing_said(said)
    places = _cut([one.at for one in chosen])
    set_to = sorted({int(one.aspects["window"]) for one in chosen if "window" in one.aspects})
    off = [one for one in chosen if one.aspects.get("state") == "off"]
    if off:
        return Answer(False, f"{said.source}: recovery is off", _cut([one.at for one in off]))
    if any(one.unknown for one in chosen):
        return Answer(None, f"{said.source}: the window cannot be told{_doubt(said)}", places)
    if not set_to:
        told = f"{_nobody(said, others)} a recovery window; the service default is {DEFAULT_WINDOW} days"
        within = days is None or days == DEFAULT_WINDOW or (at_least and days <= DEFAULT_WINDOW)
        return Answer(within, told, places)
    told = f"{said.source}: the window is {' or '.join(map(str, set_to))} days"
    if len(set_to) == 1 and all("window" in one.aspects for one in chosen):
        holds = days is not None and (set_to[0] == days or (at_least and days <= set_to[0]))
        return Answer(holds, told, places)
    return Answer(False, f"{told}, not for every table", places)


def nothing_said(said: Said) -> Answer:
    """The answer of a source that does not speak of the noun, or not in this way."""
    return Answer(None, f"{said.source.says} nothing about {said.noun} that answers this{_doubt(said)}", said.places)


def _differences(one: Said, other: Said) -> Iterator[Answer]:
    both = f"{one.source} and {other.source} differ on {one.noun}"
    if one.listed and other.listed:
        only = [_only(one, other), _only(other, one)]
        told = [
            f"only {said.source} {{{_listed(names)}}}" for said, names in zip((one, other), only, strict=True) if names
        ]
        if told:
            at = [one.subjects[name].at for name in only[0]] + [other.subjects[name].at for name in only[1]]
            yield Answer(False, f"{both}: {'; '.join(told)}", _cut(at))
    yield from _by_numbers(one, other, both)
    for name in sorted(one.subjects.keys() & other.subjects.keys()):
        mine, theirs = one.subjects[name], other.subjects[name]
        for aspect in sorted(mine.aspects.keys() & theirs.aspects.keys()):
            if mine.aspects[aspect] != theirs.aspects[aspect]:
                words = f"{one.source} {mine.aspects[aspect]}, {other.source} {theirs.aspects[aspect]}"
                told_of = f"{name} {aspect.replace('_', ' ')}"
                yield Answer(False, f"{both}: {told_of}: {words}", (mine.at, theirs.at))


def _only(one: Said, other: Said) -> list[str]:
    """What one lists and the other, which names all it knows, does not; environments may be described in part."""
    if not other.certain or one.noun is Noun.ENVIRONMENTS:
        return []
    tables = {subject.table for subject in other.subjects.values()}
    if one.noun is Noun.NAMES:
        return [name for name in one.subjects if name not in other.subjects and name in tables]
    return sorted(set(one.subjects) - set(other.subjects))


def _by_numbers(one: Said, other: Said, both: str) -> Iterator[Answer]:
    for mine, theirs in ((one, other), (other, one)):
        if not theirs.certain or not mine.numbers:
            continue
        for stated in mine.numbers:
            size = theirs.of(stated.table).counts if stated.table else theirs.counts
            known = [count for count in size if count.number != stated.number]
            if known and not any(count.number == stated.number for count in size):
                scope = f" of {stated.table}" if stated.table else ""
                words = f"{mine.source} {stated.number}{scope}, {theirs.source} {known[0].number}"
                yield Answer(False, f"{both}: {words}", (stated.at, known[0].at))


def _of_counts(said: Said, counts: Sequence[Stated]) -> list[Location]:
    return [*(one.at for one in counts), *(at for at in said.places if at not in {one.at for one in counts})]


def _numbers(counts: Iterable[Stated], noun: Noun) -> str:
    numbers = list(dict.fromkeys(one.number for one in counts))
    if numbers == [1]:
        return "1 index" if noun is Noun.INDEXES else f"1 {noun.removesuffix('s')}"
    return f"{' and '.join(map(str, numbers))} {noun}"


def _states(chosen: Mapping[str, Subject]) -> str:
    by_state: dict[str, list[str]] = {}
    for name, one in chosen.items():
        by_state.setdefault(one.aspects.get("state", "unknown"), []).append(name)
    return "; ".join(f"{state} for {_listed(names)}" for state, names in sorted(by_state.items(), reverse=True))


def _nobody(said: Said, others: Sequence[Said]) -> str:
    if any("window" in one.aspects for other in others for one in other.subjects.values()):
        return f"{said.source} {'do' if said.source in PLURAL else 'does'} not set"
    return "no source sets"


def _doubt(said: Said) -> str:
    reasons = [said.unknown, *(one.unknown for one in said.subjects.values())]
    reasons += [] if said.whole else ["a file of it could not be read"]
    reason = next((reason for reason in reasons if reason), "")
    return f" ({reason})" if reason else ""


def _listed(names: Iterable[str]) -> str:
    ordered = sorted(names)
    more = f", … ({len(ordered)})" if len(ordered) > MOST_NAMES else ""
    return (", ".join(ordered[:MOST_NAMES]) or "none") + more


def _joined(kinds: Sequence[SourceKind]) -> str:
    words = [str(kind) for kind in kinds]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def _say(kinds: Sequence[SourceKind]) -> str:
    return "say" if len(kinds) > 1 or kinds[0] in PLURAL else "says"


def _at(subjects: Iterable[Subject]) -> list[Location]:
    return [one.at for one in subjects]


def _cut(places: Iterable[Location]) -> tuple[Location, ...]:
    return tuple(dict.fromkeys(places))[:MOST_PLACES]
