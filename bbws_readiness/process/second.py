"""A second process for a part of the work: a fork of this one, which is asked once and answers once."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from types import TracebackType
from typing import NoReturn, TypeAlias

from bbws_readiness.process.limits import SECONDS
from bbws_readiness.process.processors import available
from bbws_readiness.process.signals import ENDING, Held

Work: TypeAlias = Callable[[bytes], bytes]
"""Makes the answer of the question."""

_ROOM = 1024 * 1024
"""Bytes of a question that a pipe takes before anybody reads, where the system allows as many."""
_STREAMS = (0, 1, 2)


class Second:
    """Does its work at the same time, and shows nothing of it: what it cannot do, whoever asked does himself.

    It has what this process had in memory, opens no stream of it, and ends with it: at the end of a `with` block, or
    when the question does not come because this process is gone. Once it runs, nothing raises `OSError`.
    """

    def __init__(self, prepare: Callable[[], Work]) -> None:
        """Starts it; there `prepare` is called at once, and what it gives is called with the question.

        Raises `OSError` where the system starts no further process.
        """
        asked, self._asking = os.pipe()
        self._answered, answering = os.pipe()
        self._open = {self._asking, self._answered}
        if signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN:
            # Otherwise the system itself asks how it ended, and nobody else can.
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        held = [getattr(signal, name) for name in (*ENDING, "SIGALRM")]
        before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
        self._process = 0
        try:
            try:
                self._process = os.fork()
                if not self._process:
                    self._close()
                    _work(prepare, asked, answering, held)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        except BaseException:
            self.end()
            raise
        finally:
            os.close(asked)
            os.close(answering)

    def ask(self, question: bytes) -> None:
        """Gives it the question, which is not empty; to be called once."""
        _make_room(self._asking)
        self._open.remove(self._asking)
        with contextlib.suppress(BrokenPipeError), os.fdopen(self._asking, "wb") as pipe:
            pipe.write(question)

    def answer(self) -> bytes | None:
        """What it made of the question, waited for; None where it did not come to that. To be called once."""
        self._open.remove(self._answered)
        with os.fdopen(self._answered, "rb") as pipe:
            data = pipe.read()
        return data if self._ended() == 0 else None

    def end(self) -> None:
        """Ends it, by force where it is at work; nothing where it has ended."""
        # Another signal that ends the run would leave it to nobody.
        with Held():
            self._close()
            if self._process:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._process, signal.SIGKILL)
                self._ended()

    def _ended(self) -> int:
        """Its exit code, waited for; 1 where nobody can tell."""
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        except ChildProcessError:
            status = 1
        self._process = 0
        return status

    def _close(self) -> None:
        while self._open:
            os.close(self._open.pop())

    def __enter__(self) -> Second:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.end()


def second(prepare: Callable[[], Work]) -> Second | None:
    """One where it can start and a processor is free for it: not beside threads, nor where each line is watched."""
    threads = sys.modules.get("threading")
    alone = threads is None or threads.active_count() == 1
    if sys.platform != "linux" or not alone or sys.gettrace() or sys.getprofile() or available() == 1:
        return None
    try:
        return Second(prepare)
    except OSError:
        return None


def _work(prepare: Callable[[], Work], asked: int, answering: int, held: list[signal.Signals]) -> NoReturn:
    """What the second process does; nothing that goes wrong in it is told, and no code of its caller runs in it."""
    code = 1
    try:
        for number in held:
            if callable(signal.getsignal(number)):  # what is ignored stays so
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, held)
        # Nobody else would end it if this process were killed while it is at work.
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in _STREAMS:
            # Who reads what this process prints waits until nobody has it open.
            os.dup2(nowhere, stream)
        work = prepare()
        with os.fdopen(asked, "rb") as pipe:
            question = pipe.read()
        if question:
            with os.fdopen(answering, "wb") as pipe:
                pipe.write(work(question))
            code = 0
    finally:
        os._exit(code)


def _make_room(pipe: int) -> None:
    """Lets a question of the usual size be given to one who is not ready to read it."""
    from fcntl import F_SETPIPE_SZ, fcntl

    with contextlib.suppress(OSError):
        fcntl(pipe, F_SETPIPE_SZ, _ROOM)
