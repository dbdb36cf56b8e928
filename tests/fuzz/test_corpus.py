"""Inputs that once broke something or went a way of their own are read without a fault, today and tomorrow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fuzz import corpus, projects
from tests.fuzz.judge import judge
from tests.fuzz.mutate import Mutator
from tests.fuzz.shrink import shrunk
from tests.fuzz.targets import TARGETS, Answer, Target
from tests.hostile.check import Runner

ENOUGH = 60
"""Kept inputs that every kind has."""


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """The process that whole projects are assessed in."""
    process = Runner()
    yield process
    process.close()


@pytest.mark.parametrize("kind", TARGETS)
def test_kept_inputs(kind: str) -> None:
    found = {path.name: judge(TARGETS[kind], path.read_bytes()) for path in corpus.kept(kind)}
    assert len(found) >= ENOUGH
    assert {name: one.fault + one.detail for name, one in found.items() if one.fault} == {}


@pytest.mark.parametrize("path", corpus.kept(projects.KIND), ids=lambda path: path.name)
def test_kept_projects(path: object, runner: Runner) -> None:
    project = projects.Mutated.of_bytes(path.read_bytes())  # type: ignore[attr-defined]
    assert list(projects.check(project, runner)) == []


def test_a_project_comes_back() -> None:
    project = projects.Mutated("shipments", {"a": b"\xff\0", "b": b""})
    assert projects.Mutated.of_bytes(project.to_bytes()) == project


def stumbling(data: bytes) -> Answer:
    """A reader with a fault."""
    if b"x" in data and b"y" in data:
        raise KeyError("both")
    return Answer()


def test_a_fault_is_found_and_made_small() -> None:
    target = Target("stumbling", (), (), stumbling)
    data = b"a" * 500 + b"x" + b"b" * 300 + b"y" + b"c" * 200
    judged = judge(target, data)
    assert judged.fault == "KeyError at an unknown place"
    assert shrunk(data, lambda one: judge(target, one).fault == judged.fault) == b"xy"


def test_the_same_seed_gives_the_same_inputs() -> None:
    import random

    def made(seed: str) -> list[bytes]:
        mutator = Mutator(random.Random(seed), [b"a = 1\nb = [2]\n", b"c {}\n"], [b"for"])
        return [mutator.new() for _ in range(50)]

    assert made("a") == made("a")
    assert made("a") != made("b")
    assert len(set(made("a"))) > 40
