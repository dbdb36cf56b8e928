"""Runs items on the workers of a Dask scheduler that the user has named; the one door to that library.

A worker does not work on an item itself: it starts a process of ours and hands the item on, so that limits, withheld
credentials and lost processes are what they are on one machine.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import bbws_readiness
from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError
from bbws_readiness.workers.engine import ENDED, SMALLER, Done, ItemLost
from bbws_readiness.workers.frames import packed, unpacked
from bbws_readiness.workers.pool import Child

T = TypeVar("T")
R = TypeVar("R")

SECONDS = 10
"""In which the scheduler must answer."""
AHEAD = 4
"""Items that each worker has been given and not begun."""

_ADDRESS = re.compile(r"(?:tcp|tls)://[A-Za-z0-9.:\[\]-]{1,255}:[0-9]{1,5}")
_children: dict[tuple[str, int], Child] = {}
"""In a worker: the process of each run and thread. Runs of others may be under way, and from other folders."""


class Cluster:
    """An engine over the workers of one scheduler."""

    def __init__(self, address: str) -> None:
        """Raises `UsageError` when there is no such scheduler, or its workers are not of this version."""
        if not _ADDRESS.fullmatch(address):
            raise UsageError("--scheduler is no address", hint="write tcp://host:port", code=Code.OPTION_VALUE)
        try:
            import distributed
        except ImportError:
            hint = 'install it: pip install "bbws-readiness[dask]"'
            raise UsageError("--engine dask needs the package distributed", hint=hint, code=Code.ENGINE) from None
        # What goes wrong is told here, in one line.
        logging.disable(logging.CRITICAL)
        try:
            _knock(address)
            # The library is not typed.
            client: Any = distributed.Client
            self._client: Any = client(address, timeout=SECONDS, set_as_default=False)
            self._run = secrets.token_hex(8)
        except (OSError, ValueError, ImportError):
            what = f"no scheduler answers at {address} within {SECONDS} seconds"
            raise UsageError(what, hint="start it, or name another", code=Code.ENGINE) from None
        except TypeError:
            # What the library raises for want of certificates.
            hint = "name them in the configuration of Dask, under distributed.comm.tls"
            raise UsageError("tls:// needs certificates", hint=hint, code=Code.ENGINE) from None
        try:
            self._require_same()
        except BaseException:
            self.close()
            raise

    def _require_same(self) -> None:
        """Raises `UsageError` where a worker would not do as this process does."""
        ours = version()
        try:
            found = self._client.run(version)
        except Exception:  # noqa: BLE001 - whatever a worker without this package answers
            found = {"": "none"}
        others = sorted({theirs for theirs in found.values() if theirs != ours})
        if others:
            raise UsageError(
                f"a worker has another version: {others[0]}; this is {ours}",
                hint="install the same bbws-readiness and Python on all workers",
                code=Code.ENGINE,
            )
        if not found:
            raise UsageError("the scheduler has no workers", hint="start some", code=Code.ENGINE)
        self._threads = max(sum(self._client.nthreads().values()), 1)

    def run(
        self, task: Callable[[T], R], items: Sequence[T], homes: Sequence[Hashable] = ()
    ) -> Iterator[tuple[int, R | ItemLost]]:
        """As `Engine.run`. Raises `UsageError` when the scheduler is gone."""
        from concurrent.futures import CancelledError

        from distributed.client import ClosedClientError

        try:
            yield from self._results(task, items)
        except (ClosedClientError, CancelledError, OSError, RuntimeError):
            what = "the scheduler is gone, and with it what its workers were doing"
            raise UsageError(what, hint="see to it, and run it again", code=Code.ENGINE) from None

    def _results(self, task: Callable[[T], R], items: Sequence[T]) -> Iterator[tuple[int, R | ItemLost]]:
        """Workers have few items ahead of them, so that neither side holds many."""
        import distributed

        as_completed: Any = distributed.as_completed
        folder = os.getcwd()  # noqa: PTH109 - given on as text
        numbers: dict[Any, int] = {}
        waiting: Any = as_completed(loop=self._client.loop)
        todo = iter(range(len(items)))

        def give(most: int) -> None:
            for number in todo:
                frame = packed((task, items[number]))
                future = self._client.submit(carried, frame, folder, self._run, pure=False, retries=0)
                numbers[future] = number
                waiting.add(future)
                if len(numbers) >= most:
                    return

        give(self._threads * AHEAD)
        while numbers:
            future = next(waiting)
            number = numbers.pop(future)
            done = _done(future)
            future.release()
            if done.raised:
                raise done.raised
            yield number, done.result
            give(len(numbers) + 1)

    def close(self) -> None:
        """Ends the processes on the workers, and leaves the scheduler as it was."""
        from distributed.client import ClosedClientError

        try:
            self._client.run(end_children, self._run)
        except (OSError, ValueError, RuntimeError, ImportError, AttributeError, ClosedClientError):
            pass
        finally:
            # Of a scheduler that is gone there is nothing to close.
            with contextlib.suppress(OSError, RuntimeError):
                self._client.close(SECONDS)


def _knock(address: str) -> None:
    """Raises `OSError` or `ValueError` where nobody speaks first, as schedulers do: the library waits for ever."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=SECONDS) as line:
        if parts.scheme == "tcp" and not line.recv(1):
            raise ConnectionResetError


def _done(future: Any) -> Done:  # noqa: ANN401 - of the library
    if future.status in ("cancelled", "lost"):
        raise ConnectionResetError
    if future.status != "finished":
        error = future.exception()
        return Done(None, error) if isinstance(error, UsageError) else Done(ItemLost(ENDED, hint=SMALLER))
    return cast(Done, unpacked(future.result()))


# What runs in a worker.


def version() -> str:
    """What must be the same on both sides for a result to be the same."""
    from bbws_readiness.engine.rulebook import digest
    from bbws_readiness.rulebooks import shipped_rulebook

    rules = digest(shipped_rulebook().rules)[:12]
    return f"{bbws_readiness.__version__}, rules {rules}, Python {sys.version_info[0]}.{sys.version_info[1]}"


def carried(frame: bytes, folder: str, run: str) -> bytes:
    """What the process of this run and thread makes of the frame, as a packed `Done`; one that is lost is replaced."""
    key = (run, threading.get_ident())
    child = _children.get(key)
    if child is None or not child.give(frame):
        if child:
            child.end()
        child = _children[key] = Child()
        child.greet(folder, ())
        child.give(frame)
    answer = child.take_in_time()
    done = answer if isinstance(answer, Done) else cast(Done, unpacked(answer))
    if isinstance(done.result, ItemLost):
        child.end()
        _children.pop(key, None)
    return packed(answer) if isinstance(answer, Done) else answer


def end_children(run: str) -> None:
    """Ends the processes that this worker has for a run."""
    for key in [key for key in list(_children) if key[0] == run]:
        if child := _children.pop(key, None):
            child.end()
