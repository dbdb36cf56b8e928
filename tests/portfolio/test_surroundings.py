"""What is left out of a project's surroundings changes nothing: the rules answer as if all others were there."""

import random
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from bbws_readiness.checks import CHECKS
from bbws_readiness.config import config_in_force
from bbws_readiness.engine.run import run_rules
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.footprint import Claim, Footprint, Need, StatePlace
from bbws_readiness.model.plans import BlockedProject
from bbws_readiness.pipeline import ReadProject, read_project
from bbws_readiness.portfolio.sighting import Sighting, sighting_of, unseen
from bbws_readiness.portfolio.surroundings import Surroundings
from bbws_readiness.siblings import with_neighbours
from bbws_readiness.source import Location
from tests.example import ROOT

EXAMPLE = ROOT / "examples" / "portfolio"
NAMES = ("order_lambda", "order_schemas", "label_buckets")
BETWEEN = ("POR", "TBL")
"""The areas of the rules that look at other projects."""
TIMES = 60


def read(name: str) -> ReadProject:
    root = EXAMPLE / name
    return read_project(root, "sit", config=config_in_force(root, None), outputs="deployments")


@pytest.fixture(scope="module")
def projects() -> dict[str, ReadProject]:
    return {name: read(name) for name in NAMES}


class Draw:
    """Footprints over few words, so that they meet the example's and each other's in every way."""

    def __init__(self, seed: int, own: Footprint) -> None:
        self._random = random.Random(seed)
        self._doubt = (0.2, 0.02, 0.0)[seed % 3]
        self._at = Location("main.tf", 3)
        self._names = ["orders", "orders-sit", "labels", "order-events", *(c.name.or_none() or "x" for c in own.claims)]
        self._buckets = [*(state.bucket.or_none() or "b" for state in own.states), "elsewhere"]
        self._keys = [*(state.key.or_none() or "k" for state in own.states), "other.tfstate"]

    def fact(self, words: list[str]) -> Fact[str]:
        if self._random.random() < self._doubt:
            return Fact(Unknown("nobody says it"), self._at)
        return Fact(self._random.choice(words), self._at)

    def maybe(self, words: list[str]) -> Fact[str] | None:
        return None if self._random.random() < 0.4 else self.fact(words)

    def some(self, most: int) -> range:
        return range(self._random.choice((0, 0, 1, most)))

    def claim(self) -> Claim:
        kind = self._random.choice(("aws_dynamodb_table", "aws_s3_bucket", "aws_lambda_function"))
        name = self.fact(self._names)
        return Claim(
            kind,
            name,
            (name.or_none() or "").removesuffix("-sit"),
            f"{kind}.{self._random.choice(('orders', 'labels', 'this'))}",
            self._at,
            self.maybe(["111111111111", "222222222222"]),
            self.maybe(["eu-west-1", "af-south-1"]),
            self._random.choice((None, frozenset(), frozenset({"by_day"}))),
            self._random.random() < 0.9,
        )

    def footprint(self, number: int) -> Footprint:
        gap = self._random.random() < self._doubt / 2
        unknown: Fact[str] = Fact(Unknown("it could not be read"), self._at)
        name = self._random.choice((f"p{number}", "order_schemas", "acme_label_buckets", "labels"))
        blocks = (BlockedProject("order_lambda", self._at),) if self._random.random() < 0.1 else ()
        needs = tuple(Need("table", self.fact(self._names), "x", planned=True) for _ in self.some(2))
        return Footprint(
            name,
            "",
            (name, f"p{number}"),
            tuple(self.claim() for _ in self.some(3)),
            needs,
            tuple(StatePlace(self.fact(self._buckets), self.fact(self._keys)) for _ in self.some(2)),
            dependencies=(Fact("order_lambda", self._at),) if self._random.random() < 0.1 else (),
            blocks=blocks,
            at=self._at,
            gap=unknown if gap else None,
            states_gap=unknown if gap or self._random.random() < self._doubt else None,
        )


def answers(project: ReadProject, others: list[Footprint], further: int) -> list[object]:
    """What the rules between projects say."""
    model = with_neighbours(project.model, project.project, others, further)
    rules = tuple(rule for rule in project.rulebook.rules if rule.area in BETWEEN)
    found = run_rules(model, replace(project.rulebook, rules=rules), CHECKS, project.config, date(2026, 3, 4))
    return list(found)


@pytest.mark.parametrize("name", NAMES)
def test_the_rules_answer_as_if_all_were_there(projects: dict[str, ReadProject], name: str) -> None:
    project = projects[name]
    own = sighting_of(project)
    left_out = 0
    for seed in range(TIMES):
        draw = Draw(seed, own.footprint)
        drawn = [Sighting(draw.footprint(number), f"p{number}") for number in range(12)]
        place = seed % 12
        broken = [unseen("broken")] if seed % 4 == 0 else []
        all_of_them = [*drawn[:place], own, *drawn[place:], *broken]
        around = Surroundings([Path(f"/x/{number}") for number in range(len(all_of_them))], all_of_them).of(place)
        others = [one.footprint.seen_from(f"../{number}") for number, one in enumerate(all_of_them) if number != place]
        related = [all_of_them[number].footprint.seen_from(f"../{number}") for number in around.related]
        assert answers(project, related, around.further) == answers(project, others, 0), f"seed {seed}"
        assert around.further + len(related) == len(others)
        left_out += around.further
    assert left_out > TIMES


def test_those_that_have_nothing_in_common_are_counted_alone() -> None:
    def alone(number: int) -> Sighting:
        at = Location("main.tf", 1)
        table = Claim("aws_dynamodb_table", Fact(f"t{number}", at), f"t{number}", "aws_dynamodb_table.this", at)
        state = StatePlace(Fact("bucket", at), Fact(f"{number}.tfstate", at))
        return Sighting(Footprint(f"p{number}", "", (f"p{number}",), (table,), states=(state,), at=at), f"p{number}")

    surroundings = Surroundings([Path(f"/x/{number}") for number in range(300)], [alone(one) for one in range(300)])
    assert {surroundings.of(number) for number in (0, 150, 299)} == {surroundings.of(0)}
    assert (surroundings.of(7).related, surroundings.of(7).further) == ((), 299)
