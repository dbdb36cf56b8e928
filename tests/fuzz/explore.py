"""One worker that gives new inputs to the readers, keeps what goes a new way, and tells what goes wrong."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.fuzz import corpus
from tests.fuzz.expressions import expression
from tests.fuzz.judge import Judged, judge, limit_memory
from tests.fuzz.mutate import Mutator
from tests.fuzz.shrink import shrunk
from tests.fuzz.targets import TARGETS, Target
from tests.fuzz.words import encoded

POOL = 300
"""Inputs of a kind that are changed further."""
KEPT_SIZE = 4096
"""Bytes of the largest input that is worth keeping."""
FILLING_SIZE = 1024
TURN = 25
"""Inputs of one kind before the next has its turn."""


@dataclass
class Exploration:
    """What is known of one kind."""

    target: Target
    mutator: Mutator
    pool: list[bytes] = field(default_factory=list)
    signatures: set[frozenset[str]] = field(default_factory=set)
    faults: set[str] = field(default_factory=set)

    def learn(self, data: bytes, judged: Judged) -> bool:
        """Whether the input went a way that none went before; it is remembered then."""
        if judged.fault or judged.signature in self.signatures:
            return False
        self.signatures.add(judged.signature)
        if len(self.pool) < POOL:
            self.pool.append(data)
        return True


def explorations(chance: random.Random, kinds: tuple[str, ...]) -> list[Exploration]:
    """The kinds with their seeds and what the corpus holds."""
    found = []
    for kind in kinds:
        target = TARGETS[kind]
        seeds = [*target.files(), *(path.read_bytes() for path in corpus.kept(kind))]
        found.append(Exploration(target, Mutator(chance, seeds, encoded(target.words))))
    return found


def inputs(chance: random.Random, exploration: Exploration) -> Iterator[bytes]:
    """One turn's inputs of a kind."""
    for _ in range(TURN):
        if exploration.target.kind == "expression" and chance.random() < 0.7:
            yield expression(chance, chance.randrange(1, 7)).encode()
        else:
            yield exploration.mutator.new(exploration.pool)


def explore(
    seed: str,
    seconds: float,
    kinds: tuple[str, ...],
    *,
    about_to: Callable[[str, bytes], None],
    found: Callable[[str, bytes, Judged], None],
    most_kept: int = 0,
) -> Counter[str]:
    """Fuzz the kinds in turns for so long; gives how many inputs of each were read.

    `about_to` is told of every input before it is read, so that somebody knows it if this process should die of it;
    `found` is told once of every fault, with the smallest input for it. Of each kind `most_kept` inputs may lie in
    the corpus: small ones that went a new way are added up to there.
    """
    chance = random.Random(seed)
    known = explorations(chance, kinds)
    limit_memory()
    end = time.monotonic() + seconds
    executed: Counter[str] = Counter()
    while time.monotonic() < end:
        for exploration in known:
            for data in inputs(chance, exploration):
                if time.monotonic() >= end:
                    break
                about_to(exploration.target.kind, data)
                executed[exploration.target.kind] += 1
                judged = judge(exploration.target, data)
                if judged.fault and judged.fault not in exploration.faults:
                    exploration.faults.add(judged.fault)
                    found(exploration.target.kind, smallest(exploration.target, data, judged), judged)
                elif exploration.learn(data, judged) and most_kept:
                    keep_small(exploration.target, data, judged, most_kept)
    for exploration in known:
        fill(exploration, most_kept)
    return executed


def fill(exploration: Exploration, most: int) -> None:
    """Where few inputs go a way of their own, small changed ones make up for it."""
    for _ in range(most * 50):
        if len(corpus.kept(exploration.target.kind)) >= most:
            return
        data = exploration.mutator.new(exploration.pool)
        if 0 < len(data) <= FILLING_SIZE and not judge(exploration.target, data).fault:
            corpus.keep(exploration.target.kind, data)


def smallest(target: Target, data: bytes, judged: Judged) -> bytes:
    """The input cut down to what the fault needs; slow ones are left as they are."""
    if judged.fault.startswith("more than"):
        return data
    return shrunk(data, lambda candidate: judge(target, candidate).fault == judged.fault)


def keep_small(target: Target, data: bytes, judged: Judged, most: int) -> None:
    """Add an input to the corpus when there is room for it, cut down to what it takes to go the same way."""
    if len(corpus.kept(target.kind)) >= most:
        return
    small = shrunk(data, lambda one: judge(target, one) == judged, seconds=0.3)
    if len(small) <= KEPT_SIZE:
        corpus.keep(target.kind, small)


def totals(counts: Mapping[str, int]) -> str:
    """The counts in one line."""
    return ", ".join(f"{kind} {number}" for kind, number in sorted(counts.items()))
