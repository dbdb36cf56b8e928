"""Turns the signals that end a run into an exception, which a writer may put off until its files are in order."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
"""Signals that ask the process to end; one that the caller ignores (`nohup`) stays ignored."""


class Interrupted(BaseException):
    """The run is told to end; `exit_code` is 128 and the signal's number, as shells say it."""

    def __init__(self, exit_code: int) -> None:
        self.exit_code = exit_code
        super().__init__(exit_code)


_held = 0
_pending: BaseException | None = None
_over = False


def arrived(interruption: BaseException) -> None:
    """What a handler calls: raises `interruption` at once, or at the end of the outermost `Held`."""
    global _pending
    if _over:
        return
    if not _held:
        raise interruption
    _pending = _pending or interruption


def end_is_near() -> None:
    """From here on nothing interrupts: the run is over, and only has to say how it ended."""
    global _over
    _over = True


class Held:
    """While it lasts an interruption is only noted; it is raised by `check`, else at the end."""

    def __enter__(self) -> Held:
        global _held
        _held += 1
        return self

    def check(self) -> None:
        """A point at which ending is safe; raises what was noted."""
        if _pending is not None:
            raise _pending

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        global _held, _pending
        _held -= 1
        if _held or _pending is None:
            return
        interruption, _pending = _pending, None
        if error is not interruption:
            raise interruption


@contextmanager
def handled() -> Iterator[None]:
    """Lets the signals of `ENDING` raise `Interrupted`, in the main thread.

    The former handlers come back, unless the end is near: then the signals are ignored, as the exit code is known.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    global _over
    _over = False
    former = {}
    for number in (getattr(signal, name) for name in ENDING if hasattr(signal, name)):
        handler = signal.getsignal(number)
        if handler is not None and handler != signal.SIG_IGN:
            former[number] = handler
            signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in former.items():
            # When the run has been ended, a second signal must not change the exit code.
            signal.signal(number, signal.SIG_IGN if _over else handler)


def _end(number: int, _: FrameType | None) -> None:
    arrived(Interrupted(128 + number))
