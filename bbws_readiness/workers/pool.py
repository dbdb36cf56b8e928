"""Runs items in processes of our own, one item at a time in each, so that a lost process loses no other item."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar, cast

from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError
from bbws_readiness.process.environment import secrets
from bbws_readiness.process.limits import SECONDS
from bbws_readiness.workers.child import READY
from bbws_readiness.workers.engine import ENDED, SMALLER, TIME, Done, ItemLost
from bbws_readiness.workers.frames import packed, receive, send, unpacked
from bbws_readiness.workers.waiting import Waiting

T = TypeVar("T")
R = TypeVar("R")

GRACE = 5.0
"""Seconds beyond the limit of an item after which its process, which should have ended the item itself, is killed."""
PATIENCE = 3.0
"""Seconds in which a process that is told to end may bring the files that it writes in order."""

_BOOT = "import sys; sys.path[:] = sys.argv[1:]; from bbws_readiness.workers.child import main; main()"


class Child:
    """One process, ready to work; nothing but its pipes connects it with this one."""

    def __init__(self) -> None:
        """Raises `UsageError` when it does not start."""
        self._process = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # An interruption of the terminal is for the run to pass on.
            start_new_session=True,
        )
        assert self._process.stdin and self._process.stdout  # noqa: S101 - narrows the type
        self._in, self.out = self._process.stdin, self._process.stdout
        self.number = -1
        """The item that it works on."""
        self.until = 0.0
        """When that has to be done, by `time.monotonic`."""

    def greet(self, folder: str, withheld: tuple[str, ...]) -> None:
        """Waits until it is ready in `folder`; raises `UsageError` when it does not come to that."""
        with contextlib.suppress(BrokenPipeError):
            send(self._in, packed((folder, withheld)))
        if (said := receive(self.out)) != READY:
            self.end()
            what = "see the folder in which this run was started" if said else "be started"
            raise UsageError(
                f"a worker cannot {what}",
                hint="use --jobs 1, or start where all workers have that folder",
                code=Code.WORKER_ENDED,
            )

    def give(self, frame: bytes) -> bool:
        """Whether it has taken a task and an item; false when it is no longer there."""
        try:
            send(self._in, frame)
        except BrokenPipeError:
            return False
        self.until = time.monotonic() + SECONDS + GRACE
        return True

    def take(self) -> bytes | None:
        """The answer, waited for; None when it ended before that."""
        return receive(self.out)

    def take_in_time(self) -> Done | bytes:
        """The answer, waited for as long as the item may take; what is to be said where none comes."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.out, selectors.EVENT_READ)
            if not selector.select(max(self.until - time.monotonic(), 0.0)):
                return Done(ItemLost(TIME, hint=SMALLER, code=Code.TOO_SLOW))
        return self.take() or Done(ItemLost(ENDED, hint=SMALLER))

    def stop(self) -> None:
        """Tells it to end, which it does once its files are in order."""
        with contextlib.suppress(OSError):
            self._process.terminate()

    def end(self, *, patience: float = 0.0) -> None:
        """Ends it: by force when it is still there after so many seconds."""
        if patience:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        for stream in (self._in, self.out):
            with contextlib.suppress(OSError):
                stream.close()


def _command() -> list[str]:
    """This interpreter without the user's own settings, which imports from where this process does."""
    flags = ["-I", *(["-B"] if sys.dont_write_bytecode else []), *(["-X", "utf8"] if sys.flags.utf8_mode else [])]
    return [sys.executable, *flags, "-c", _BOOT, *(entry for entry in sys.path if os.path.isabs(entry))]  # noqa: PTH117


class Pool:
    """An engine of at most `jobs` processes, which are started when there is something to do."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._idle: list[Child] = []
        self._busy: list[Child] = []
        self._served: dict[Hashable, Child] = {}
        """By home, the process that has worked on it last."""

    def run(
        self, task: Callable[[T], R], items: Sequence[T], homes: Sequence[Hashable] = ()
    ) -> Iterator[tuple[int, R | ItemLost]]:
        """As `Engine.run`. An item whose process was killed is lost; nobody else's is."""
        there = {*self._idle, *self._busy}
        served = {home: child for home, child in self._served.items() if child in there} if homes else {}
        waiting = Waiting([served.get(homes[number]) if served else None for number in range(len(items))])
        with selectors.DefaultSelector() as selector:
            while waiting or self._busy:
                for child, number in self._beginning(task, items, waiting):
                    child.number = number
                    selector.register(child.out, selectors.EVENT_READ, child)
                    if homes:
                        self._served[homes[number]] = child
                ended = list(self._ended(selector)) if self._busy else []
                for child, done in ended:
                    if isinstance(done.result, ItemLost):
                        waiting.lost(child)
                    if done.raised:
                        raise done.raised
                    yield child.number, done.result

    def close(self) -> None:
        """Ends every process: one that writes has a moment to bring its files in order."""
        for child in self._idle:
            child.end()
        for child in self._busy:
            child.stop()
        deadline = time.monotonic() + PATIENCE
        for child in self._busy:
            child.end(patience=max(deadline - time.monotonic(), 0.01))
        self._idle, self._busy = [], []

    def _beginning(
        self, task: Callable[[T], R], items: Sequence[T], waiting: Waiting[Child]
    ) -> Iterator[tuple[Child, int]]:
        """Gives work to every process that has none, and to new ones; raises `UsageError` when none can be started."""
        for child in tuple(self._idle):
            number = waiting.next_for(child)
            if number is None:
                continue
            self._idle.remove(child)
            if child.give(packed((task, items[number]))):
                self._busy.append(child)
                yield child, number
            else:
                child.end()
                waiting.put_back(number)
                waiting.lost(child)
        started = []
        while len(self._busy) + len(self._idle) < self._jobs and (number := waiting.next_for(None)) is not None:
            child = Child()
            self._busy.append(child)
            started.append((child, number))
        # All of them load what they need at the same time.
        for child, number in started:
            child.greet(os.getcwd(), secrets())  # noqa: PTH109 - given on as text
            if not child.give(packed((task, items[number]))):
                raise UsageError("a worker cannot be started", hint="use --jobs 1", code=Code.WORKER_ENDED)
            yield child, number

    def _ended(self, selector: selectors.BaseSelector) -> Iterator[tuple[Child, Done]]:
        """Waits until an item has ended, or has had its time."""
        first = min(child.until for child in self._busy)
        ready = [key.data for key, _ in selector.select(max(first - time.monotonic(), 0.0))]
        for child in ready:
            answer = child.take()
            if answer is None:
                yield self._gone(selector, child, ItemLost(ENDED, hint=SMALLER))
                continue
            selector.unregister(child.out)
            self._busy.remove(child)
            done = cast(Done, unpacked(answer))
            if isinstance(done.result, ItemLost):
                # What is left of its memory is nothing to go on with.
                child.end()
            else:
                self._idle.append(child)
            yield child, done
        for child in [one for one in self._busy if one.until <= time.monotonic()]:
            yield self._gone(selector, child, ItemLost(TIME, hint=SMALLER, code=Code.TOO_SLOW))

    def _gone(self, selector: selectors.BaseSelector, child: Child, lost: ItemLost) -> tuple[Child, Done]:
        selector.unregister(child.out)
        self._busy.remove(child)
        child.end()
        return child, Done(lost)
