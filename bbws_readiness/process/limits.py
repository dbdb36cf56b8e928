"""The limits of a whole run: how long it may take, and how much memory it may use."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from bbws_readiness.process.signals import arrived

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

SECONDS = 60
"""Of wall clock; waiting for a person does not count."""
MEMORY_BYTES = 512 * 1024 * 1024
"""Of data, which is what a run itself asks for: libraries and mapped files do not count."""
REPEAT_SECONDS = 0.5
"""The alarm is repeated, because an exception raised in a finaliser is lost."""


class OutOfTime(BaseException):
    """The run took longer than its limit."""


@contextmanager
def limited(seconds: float = SECONDS, memory: int = MEMORY_BYTES) -> Iterator[None]:
    """Within it a run that takes too long ends with `OutOfTime`, one that needs too much memory with `MemoryError`.

    Where the system cannot limit (Windows, a thread) nothing happens. Both limits are gone at the end, also when that
    is an error, so that the error can be told.
    """
    before = _limit_memory(memory)
    clock = _Clock() if _has_clock() else None
    if clock:
        clock.start(seconds)
    try:
        yield
    finally:
        if clock:
            clock.stop()
        if resource and before:
            resource.setrlimit(resource.RLIMIT_DATA, before)


@contextmanager
def waiting() -> Iterator[None]:
    """Stops the clock while the run waits for a person, or works on files of our own; it goes on afterwards."""
    left = signal.setitimer(signal.ITIMER_REAL, 0)[0] if _has_clock() else 0.0
    try:
        yield
    finally:
        if left:
            signal.setitimer(signal.ITIMER_REAL, left, REPEAT_SECONDS)


class _Clock:
    def start(self, seconds: float) -> None:
        self._former = signal.signal(signal.SIGALRM, _ring)
        signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT_SECONDS)

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._former)


def _ring(_number: int, _: FrameType | None) -> None:
    arrived(OutOfTime())


def _has_clock() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def _limit_memory(memory: int) -> tuple[int, int] | None:
    """The limits as they were, or None when nothing was set: a stricter one of the caller stays."""
    if resource is None:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if any(limit != resource.RLIM_INFINITY and limit <= memory for limit in (soft, hard)):
        return None
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))
    except (OSError, ValueError):
        return None
    return soft, hard
