"""What a worker of Dask does with an item, and what is told of a scheduler that cannot be; no cluster is needed."""

import logging
import operator
import os
import socket
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError
from bbws_readiness.workers import cluster
from bbws_readiness.workers.engine import Done
from bbws_readiness.workers.frames import packed, unpacked


def carried(task: partial[Any], folder: Path, run: str) -> object:
    done = unpacked(cluster.carried(packed((operator.call, task)), str(folder), run))
    assert isinstance(done, Done)
    return done.result


def test_runs_at_the_same_time_have_processes_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    where, who = partial(os.getcwd), partial(os.getpid)
    try:
        for name in ("a", "b", "a"):
            assert carried(where, tmp_path / name, name) == str(tmp_path / name)
        first, other = carried(who, tmp_path / "a", "a"), carried(who, tmp_path / "b", "b")
        cluster.end_children("a")
        assert carried(who, tmp_path / "b", "b") == other
        with pytest.raises(ProcessLookupError):
            os.kill(int(str(first)), 0)
    finally:
        cluster.end_children("a")
        cluster.end_children("b")


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
