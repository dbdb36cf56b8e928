"""The limits of a run end it, and only it."""

import signal
import time

import pytest

from bbws_readiness.process.limits import MEMORY_BYTES, SECONDS, OutOfTime, limited, waiting
from bbws_readiness.process.signals import Held

resource = pytest.importorskip("resource")


def test_the_limits_are_the_documented_ones() -> None:
    assert (SECONDS, MEMORY_BYTES) == (60, 512 * 1024 * 1024)


def test_time_runs_out_and_the_clock_stops() -> None:
    with pytest.raises(OutOfTime), limited(0.01):
        while True:
            pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_an_alarm_that_is_lost_comes_again() -> None:
    lost = []
    with pytest.raises(OutOfTime), limited(0.01):
        try:
            while True:
                pass
        except OutOfTime as first:
            lost.append(first)
        while True:
            pass
    assert len(lost) == 1


def test_a_writer_is_not_interrupted_halfway() -> None:
    reached = []
    with pytest.raises(OutOfTime), limited(0.01), Held() as held:
        time.sleep(0.05)
        reached.append("the end of what must be whole")
        held.check()
        reached.append("never")
    assert reached == ["the end of what must be whole"]


def test_waiting_for_a_person_does_not_count() -> None:
    with limited(0.05):
        with waiting():
            assert signal.getitimer(signal.ITIMER_REAL)[0] == 0.0
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 0.05


def test_memory_is_limited_and_then_free_again() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(MemoryError), limited(memory=MEMORY_BYTES):
        bytearray(MEMORY_BYTES)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
