"""Runs items on the workers of a Dask scheduler that the user has named; the one door to that library.

A worker does not work on an item itself: it starts a process of ours and hands the item on (`carrier.py`), so that
limits, withheld credentials and lost processes are what they are on one machine.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import re
import secrets
import socket
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError
from bbws_readiness.workers.carrier import carried, end_children, other_version, version
from bbws_readiness.workers.engine import ENDED, SMALLER, Done, ItemLost
from bbws_readiness.workers.frames import packed, unpacked

T = TypeVar("T")
R = TypeVar("R")

SECONDS = 10
"""In which the scheduler must answer."""
AHEAD = 4
"""Items that each worker has been given and not begun."""
LOOK_SECONDS = 5.0
"""Without a result, after which it is seen whether there are workers."""
MISSED_LOOKS = 4
"""Times that there were none, one after the other, at which nobody waits for them any more."""
FETCH_SECONDS = 120
"""In which a result that is there must arrive."""

_ADDRESS = re.compile(r"(?:tcp|tls)://[A-Za-z0-9.:\[\]-]{1,255}:[0-9]{1,5}")


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
            self._version = version()
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
        found = self._client.run(version, on_error="return")
        # A worker without this package answers with a fault of its own.
        told = {theirs if isinstance(theirs, str) else "" for theirs in found.values()}
        if others := sorted(told - {self._version}):
            raise other_version(others[0], self._version)
        if not found:
            raise UsageError("the scheduler has no workers", hint="start some", code=Code.ENGINE)
        self._threads = max(sum(self._client.nthreads().values()), 1)

    def run(
        self, task: Callable[[T], R], items: Sequence[T], homes: Sequence[Hashable] = ()
    ) -> Iterator[tuple[int, R | ItemLost]]:
        """As `Engine.run`. Raises `UsageError` when the scheduler is gone, or all workers are."""
        from concurrent.futures import CancelledError

        from distributed.client import ClosedClientError

        try:
            yield from self._results(task, items)
        except (ClosedClientError, CancelledError, OSError, RuntimeError):
            what = "the scheduler is gone, and with it what its workers were doing"
            raise UsageError(what, hint="see to it, and run it again", code=Code.ENGINE) from None

    def _results(self, task: Callable[[T], R], items: Sequence[T]) -> Iterator[tuple[int, R | ItemLost]]:
        """Workers have few items ahead of them, so that neither side holds many."""
        folder = os.getcwd()  # noqa: PTH109 - given on as text
        numbers: dict[Any, int] = {}
        ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        todo = iter(range(len(items)))

        def give(most: int) -> None:
            for number in todo:
                frame = packed((task, items[number]))
                arguments = (frame, folder, self._run, self._version)
                future = self._client.submit(carried, *arguments, pure=False, retries=0)
                numbers[future] = number
                future.add_done_callback(ended.put)
                if len(numbers) >= most:
                    return

        give(self._threads * AHEAD)
        while numbers:
            future = self._next(ended)
            number = numbers.pop(future)
            done = _done(future)
            future.release()
            if done.raised:
                raise done.raised
            yield number, done.result
            give(len(numbers) + 1)

    def _next(self, ended: queue.SimpleQueue[Any]) -> Any:  # noqa: ANN401 - of the library
        """What has ended, waited for; the library itself would wait for workers for ever."""
        missed = 0
        while missed < MISSED_LOOKS:
            try:
                return ended.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                missed = 0 if self._client.nthreads() else missed + 1
        raise UsageError("all workers are gone", hint="see to them, and run it again", code=Code.ENGINE)

    def close(self) -> None:
        """Ends the processes on the workers, and leaves the scheduler as it was."""
        from distributed.client import ClosedClientError

        try:
            self._client.run(end_children, self._run, on_error="ignore")
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
        if isinstance(error, ImportError):
            error = other_version("", version())
        return Done(None, error) if isinstance(error, UsageError) else Done(ItemLost(ENDED, hint=SMALLER))
    return cast(Done, unpacked(future.result(timeout=FETCH_SECONDS)))
