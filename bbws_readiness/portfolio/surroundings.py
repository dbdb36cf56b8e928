"""Finds, for each of many projects, those few others that could change what is told of it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from bbws_readiness.checks.portfolio.produced_names import core_of, environments_of, label_of
from bbws_readiness.fact import Fact
from bbws_readiness.model.footprint import Claim, Footprint
from bbws_readiness.model.portfolio import project_alias
from bbws_readiness.portfolio.sighting import Sighting


class Around(Struct, frozen=True):
    """What stands around one project of many."""

    related: tuple[int, ...]
    """The numbers of those that could change what is told of it, in their order."""
    further: int
    """How many of the others are not among them."""


class _Index:
    """Numbers of projects by what they have; each number once under a key, in rising order."""

    def __init__(self) -> None:
        self._numbers: defaultdict[Hashable, list[int]] = defaultdict(list)

    def add(self, key: Hashable, number: int) -> None:
        numbers = self._numbers[key]
        if not numbers or numbers[-1] != number:
            numbers.append(number)

    def __getitem__(self, key: Hashable) -> Sequence[int]:
        return self._numbers.get(key, ())

    def keys(self) -> Collection[Hashable]:
        return self._numbers.keys()


class Surroundings:
    """All projects of a run, each as the first look has left it.

    What is left out of `Around.related` changes nothing: rules between projects ask for the first project that makes a
    name, opens a state or could do either, for the last one of a name, and count the rest.
    """

    def __init__(self, roots: Sequence[Path], sightings: Sequence[Sighting]) -> None:
        """The two go together, in the order of the projects; roots have no links."""
        self._roots = {root: number for number, root in enumerate(roots)}
        self._order = tuple(roots)
        self._sightings = tuple(sightings)
        self._names, self._blocks, self._made, self._logical = _Index(), _Index(), _Index(), _Index()
        self._taken: defaultdict[tuple[str, str], list[tuple[int, Claim]]] = defaultdict(list)
        self._nameless, self._types, self._states = _Index(), _Index(), _Index()
        self._vague: set[Hashable] = set()
        """The states of which something is unknown."""
        self._plain = _Index()
        """By one of the words `gap`, `states-gap`, `claims`, `doubt`."""
        self._cores: dict[tuple[str, ...], _Index] = {}
        for number, one in enumerate(self._sightings):
            self._add(number, one.footprint)

    def _add(self, number: int, one: Footprint) -> None:
        for name in one.names:
            self._names.add(project_alias(name), number)
        for blocked in one.blocks:
            self._blocks.add(project_alias(blocked.name), number)
        for state in one.states:
            place = (state.bucket.or_none(), state.key.or_none())
            self._states.add(place, number)
            if None in place:
                self._vague.add(place)
        for claim in one.claims:
            self._add_claim(number, claim)
        hidden = any(claim.kind == "table" and not claim.name.known for claim in one.claims)
        kinds = {"gap": one.gap, "states-gap": one.states_gap, "claims": one.claims, "doubt": one.gap or hidden}
        for word, holds in kinds.items():
            if holds:
                self._plain.add(word, number)

    def _add_claim(self, number: int, claim: Claim) -> None:
        self._types.add(claim.type, number)
        name = claim.name.or_none()
        if name is None:
            self._nameless.add(claim.type, number)
            return
        self._taken[claim.type, name].append((number, claim))
        self._made.add((claim.kind, name), number)
        self._logical.add((claim.kind, claim.logical_name), number)

    def of(self, number: int) -> Around:
        """What stands around the project of that number."""
        seen = self._sightings[number]
        passed = {number, *self._apart(number)}
        found = {one for one in self._asked(seen, passed) if one not in passed}
        for one in tuple(found):
            # Whoever is named is looked up by that name again.
            names = self._sightings[one].footprint.names
            found.update(self._called([project_alias(name) for name in names], seen.organisation, passed))
        return Around(tuple(sorted(found)), len(self._order) - len(passed) - len(found))

    def folder(self, number: int, *, seen_from: int) -> str:
        """Where one project lies, relative to the other one."""
        return Path(os.path.relpath(self._order[number], self._order[seen_from])).as_posix()

    def footprint(self, number: int) -> Footprint:
        """What the project takes of its environment, placed in itself."""
        return self._sightings[number].footprint

    def number(self, folder: str, *, seen_from: int) -> int | None:
        """The project in a folder as one of them sees it; None when there is none of the run."""
        return self._roots.get(Path(os.path.normpath(self._order[seen_from] / folder)))

    def _apart(self, number: int) -> Iterator[int]:
        """Those that the project's own configuration names: it reads them itself."""
        for folder in self._sightings[number].apart:
            other = self.number(folder, seen_from=number)
            if other is not None:
                yield other

    def _asked(self, seen: Sighting, passed: Collection[int]) -> Iterator[int]:
        own = seen.footprint
        named = [*(name for fact in own.dependencies if (name := fact.or_none())), *seen.mentioned]
        yield from self._called([project_alias(name) for name in named], seen.organisation, passed)
        for alias in _spelt([project_alias(name) for name in own.names], seen.organisation):
            yield from self._blocks[alias]
        for name in seen.missing:
            yield from _first(self._made["table", name], passed)
            yield from _first(self._logical["table", name], passed)
        yield from _first(self._plain["doubt"], passed)
        yield from self._needed(seen, passed)
        yield from self._opened(own, passed)
        yield from self._claimed(own, passed)

    def _called(self, aliases: Sequence[str], organisation: str, passed: Collection[int]) -> Iterator[int]:
        """Of those that share a name the last one counts."""
        for alias in _spelt(aliases, organisation):
            yield from _first(reversed(self._names[alias]), passed)

    def _needed(self, seen: Sighting, passed: Collection[int]) -> Iterator[int]:
        """Who makes what is needed, under that name or nearly; who could."""
        environments = environments_of(seen.environments)
        for need in seen.footprint.needs:
            wanted = need.name.or_none()
            if wanted is None:
                continue
            yield from _first(self._made[need.kind, wanted], passed)
            if need.planned:
                yield from _first(self._logical[need.kind, wanted], passed)
            cores, core = self._cores_in(environments), core_of(wanted, environments)
            yield from _first(cores[need.kind, core, True], passed)
            yield from _first(cores[need.kind, core, False], passed)
            yield from _first(self._plain["gap"], passed)
            # Of an index the tables count, whichever project makes them.

    def _cores_in(self, environments: tuple[str, ...]) -> _Index:
        """By kind, name without an environment, and whether that is the name itself or, for want of one, its label."""
        if environments not in self._cores:
            index = self._cores[environments] = _Index()
            for number, one in enumerate(self._sightings):
                for claim in one.footprint.claims:
                    name = claim.name.or_none()
                    core = core_of(label_of(claim) if name is None else name, environments)
                    index.add((claim.kind, core, name is not None), number)
        return self._cores[environments]

    def _opened(self, own: Footprint, passed: Collection[int]) -> Iterator[int]:
        """The first that surely opens a state of this project, and the first that could."""
        for state in own.states:
            mine = (state.bucket.or_none(), state.key.or_none())
            alike = [
                number
                for theirs in (self._states.keys() if None in mine else self._vague)
                if theirs != mine and _could_be(mine, theirs)
                for number in _first(self._states[theirs], passed)
            ]
            yield from _first(self._states[mine], passed)
            yield from _first(sorted(alike), passed)
        if own.states:
            yield from _first(self._plain["states-gap"], passed)

    def _claimed(self, own: Footprint, passed: Collection[int]) -> Iterator[int]:
        """Who takes a name of this project, and all that may take one of which nobody knows."""
        for claim in own.claims:
            if claim.name.known:
                yield from _first_meeting(claim, self._taken[claim.type, claim.name.get()], passed)
            else:
                yield from _first(self._types[claim.type], passed)
            yield from self._nameless[claim.type]
        if own.claims:
            yield from self._plain["gap"]
        if own.gap:
            yield from _first(self._plain["claims"], passed)


def _first(numbers: Iterator[int] | Sequence[int], passed: Collection[int]) -> Iterator[int]:
    for one in numbers:
        if one not in passed:
            yield one
            return


def _spelt(aliases: Sequence[str], organisation: str) -> Iterator[str]:
    """Every spelling that is one of these to a project of the organisation, which leaves its own name out."""
    prefix = f"{organisation.casefold()}_" if organisation else ""
    for alias in aliases:
        bare = alias.removeprefix(prefix)
        yield from dict.fromkeys((alias, bare, f"{prefix}{bare}"))


def _could_be(mine: Hashable, theirs: Hashable) -> bool:
    assert isinstance(mine, tuple) and isinstance(theirs, tuple)  # noqa: S101 - narrows the type
    return all(one is None or other is None or one == other for one, other in zip(mine, theirs, strict=True))


def _first_meeting(claim: Claim, others: Sequence[tuple[int, Claim]], passed: Collection[int]) -> Iterator[int]:
    """The first that could be in the same account and region, and of those whose region is not known the first."""
    found: dict[bool, int] = {}
    for number, theirs in others:
        if number in passed or _apart(claim.account, theirs.account) or _apart(claim.region, theirs.region):
            continue
        found.setdefault(bool(theirs.region and theirs.region.or_none()), number)
        if len(found) == 2:
            break
    yield from found.values()


def _apart(mine: Fact[str] | None, theirs: Fact[str] | None) -> bool:
    known = mine is not None and theirs is not None and mine.known and theirs.known
    return known and mine is not None and theirs is not None and mine.or_none() != theirs.or_none()
