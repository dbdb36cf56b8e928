"""Processes of our own: what comes back, what is lost, and that one lost item is nobody else's loss."""

import operator
import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bbws_readiness.cli.options import _settings
from bbws_readiness.codes import Code
from bbws_readiness.config import InvalidConfiguration
from bbws_readiness.errors import ConfigurationError, UsageError
from bbws_readiness.process import environment
from bbws_readiness.process.limits import limited
from bbws_readiness.source import Location
from bbws_readiness.workers import engine
from bbws_readiness.workers import pool as workers
from bbws_readiness.workers.engine import ItemLost
from bbws_readiness.workers.frames import packed, unpacked
from bbws_readiness.workers.here import Here
from bbws_readiness.workers.pool import Pool


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """Two processes for all tests; those that die in one are replaced."""
    made = Pool(2)
    yield made
    made.close()


def outcomes(engine: Pool | Here, *items: partial) -> list[object]:
    """What came of each, in the order of the items; of a lost one its code."""
    found = dict(engine.run(operator.call, items))
    return [came.code if isinstance(came := found[number], ItemLost) else came for number in range(len(items))]


def test_results_belong_to_their_items(pool: Pool) -> None:
    words = ["a" * length for length in range(40)]
    assert outcomes(pool, *(partial(len, word) for word in words)) == list(range(40))


def test_the_work_is_done_elsewhere_and_in_the_same_folder(pool: Pool) -> None:
    (number, folder) = outcomes(pool, partial(os.getpid), partial(os.getcwd))
    assert number != os.getpid()
    assert folder == str(Path.cwd())


def test_a_process_that_dies_loses_its_item_alone(pool: Pool) -> None:
    items = [partial(len, "a"), partial(os._exit, 0), partial(len, "bb"), partial(os.abort), partial(len, "ccc")]
    assert outcomes(pool, *items) == [1, Code.WORKER_ENDED, 2, Code.WORKER_ENDED, 3]


@pytest.mark.parametrize("engine", ["pool", "here"])
def test_memory_and_faults_of_ours_are_told_apart(pool: Pool, engine: str) -> None:
    items = [partial(bytearray, 1 << 30), partial(int, "no number"), partial(len, "a")]
    assert outcomes(pool if engine == "pool" else Here(), *items) == [Code.TOO_MUCH_MEMORY, Code.INTERNAL, 1]


def test_an_item_that_takes_too_long_is_lost_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "limited", partial(limited, 0.1))
    assert outcomes(Here(), partial(time.sleep, 30), partial(len, "a")) == [Code.TOO_SLOW, 1]


def test_a_process_that_does_not_end_its_item_in_time_is_ended(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECONDS", "GRACE"):
        monkeypatch.setattr(workers, name, 1.5)
    assert outcomes(pool, partial(time.sleep, 30), partial(len, "a")) == [Code.TOO_SLOW, 1]


def test_a_home_is_worked_on_where_it_was_before(pool: Pool) -> None:
    items = [partial(os.getpid)] * 2
    first = dict(pool.run(operator.call, items, ["a", "b"]))
    assert first[0] != first[1]
    for homes, expected in ((["b", "a"], [first[1], first[0]]), (["a", "b"], [first[0], first[1]])):
        found = dict(pool.run(operator.call, items, homes))
        assert [found[0], found[1]] == expected


def test_what_is_printed_there_disturbs_nobody(pool: Pool) -> None:
    assert outcomes(pool, partial(print, "x" * 100_000), partial(os.write, 1, b"xx")) == [None, 2]


def test_credentials_are_unknown_there_but_for_what_is_to_be_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    before = environment.secrets()
    monkeypatch.setenv("GITHUB_TOKEN", "a-token-of-a-test")
    made = Pool(1)
    try:
        environment.withhold_credentials()
        found = outcomes(made, partial(os.getenv, "GITHUB_TOKEN"), partial(environment.scrub, "a-token-of-a-test!"))
    finally:
        made.close()
        environment.remember(set(before))
    assert found == [None, f"{environment.WITHHELD}!"]


def test_what_ends_the_run_is_raised_here(pool: Pool) -> None:
    with pytest.raises(UsageError, match="--var sets nothing"):
        outcomes(pool, partial(_settings, (), ("x",), tf_vars=False))


def test_closing_ends_what_is_still_at_work() -> None:
    made = Pool(2)
    results = made.run(operator.call, [partial(os.getpid), partial(time.sleep, 600)])
    _, busy = next(results)
    begun = time.monotonic()
    made.close()
    assert time.monotonic() - begun < 60
    with pytest.raises(ProcessLookupError):
        os.kill(int(str(busy)), 0)


@pytest.mark.parametrize(
    "error",
    [
        UsageError("what", hint="way out", code=Code.NAMED_FILE),
        InvalidConfiguration([ConfigurationError("one", at=Location("a", 1)), ConfigurationError("two")]),
        ItemLost("gone"),
    ],
)
def test_faults_cross_processes_as_they_are(error: Exception) -> None:
    again = unpacked(packed(error))
    assert (type(again), str(again), vars(again).keys()) == (type(error), str(error), vars(error).keys())
