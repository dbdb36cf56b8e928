"""What a worker of Dask does with an item, and what is told of a scheduler that cannot be; no cluster is needed."""

import logging
import operator
import os
import socket
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError
from bbws_readiness.workers import carrier, cluster
from bbws_readiness.workers.engine import Done, ItemLost
from bbws_readiness.workers.frames import packed, unpacked


def done(task: partial[Any], folder: Path, run: str, version: str = "") -> Done:
    found = unpacked(carrier.carried(packed((operator.call, task)), str(folder), run, version or carrier.version()))
    assert isinstance(found, Done)
    return found


def carried(task: partial[Any], folder: Path, run: str) -> object:
    return done(task, folder, run).result


def is_there(process: object) -> bool:
    try:
        os.kill(int(str(process)), 0)
    except ProcessLookupError:
        return False
    return True


def test_runs_at_the_same_time_have_processes_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    where, who = partial(os.getcwd), partial(os.getpid)
    try:
        for name in ("a", "b", "a"):
            assert carried(where, tmp_path / name, name) == str(tmp_path / name)
        first, other = carried(who, tmp_path / "a", "a"), carried(who, tmp_path / "b", "b")
        carrier.end_children("a")
        assert carried(who, tmp_path / "b", "b") == other
        assert (is_there(first), is_there(other)) == (False, True)
    finally:
        carrier.end_children("a")
        carrier.end_children("b")


def test_of_a_run_that_is_over_nothing_is_begun(tmp_path: Path) -> None:
    carrier.end_children("over")
    assert isinstance(carried(partial(os.getpid), tmp_path, "over"), ItemLost)
    assert not [key for key in carrier._children if key[0] == "over"]


def test_a_process_for_which_nothing_comes_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    who = partial(os.getpid)
    try:
        first = carried(who, tmp_path, "killed")
        monkeypatch.setattr(carrier, "IDLE_SECONDS", 0.3)
        assert carried(who, tmp_path, "killed") == first
        # While it works its time is not counted.
        assert carried(partial(time.sleep, 1), tmp_path, "killed") is None
        deadline = time.monotonic() + 20
        while is_there(first) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not is_there(first)
        assert carried(who, tmp_path, "killed") != first
    finally:
        carrier.end_children("killed")


def test_a_worker_of_another_version_ends_the_run(tmp_path: Path) -> None:
    raised = done(partial(os.getpid), tmp_path, "new", version="9.9, rules 0, Python 3.99").raised
    assert isinstance(raised, UsageError)
    assert raised.code is Code.ENGINE
    words = f"a worker has another version: {carrier.version()}; this is 9.9, rules 0, Python 3.99; install the same"
    assert str(raised).startswith(words)


def test_a_scheduler_whose_workers_are_all_gone_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
    monkeypatch.setattr(logging.root.manager, "disable", logging.NOTSET)
    monkeypatch.setattr(cluster, "LOOK_SECONDS", 0.1)
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as local:
        engine = cluster.Cluster(local.scheduler_address)
        try:
            results = engine.run(operator.call, [partial(len, "a"), *[partial(time.sleep, 30)] * 2])
            assert next(results) == (0, 1)
            local.scale(0)
            with pytest.raises(UsageError, match="all workers are gone"):
                list(results)
        finally:
            engine.close()


def test_a_scheduler_that_cannot_be_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    monkeypatch.setattr(cluster, "SECONDS", 0.1)
    # The library would say the same once more; other tests may want to hear it.
    monkeypatch.setattr(logging.root.manager, "disable", logging.NOTSET)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for address in (f"tcp://127.0.0.1:{silent.getsockname()[1]}", "tcp://127.0.0.1:1", "tcp://127.0.0.1:99999"):
            with pytest.raises(UsageError, match="no scheduler answers") as raised:
                cluster.Cluster(address)
            assert raised.value.code is Code.ENGINE
        with pytest.raises(UsageError, match="tls:// needs certificates"):
            cluster.Cluster(f"tls://127.0.0.1:{silent.getsockname()[1]}")
