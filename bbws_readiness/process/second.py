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

Work: TypeAlias = Callable[[bytes], bytes]
"""Makes the answer of the question."""

_ROOM = 1024 * 1024
"""Bytes of a question that a pipe takes before anybody reads, where the system allows as many."""
_STREAMS = (0, 1, 2)


class Second:
    """Does its work at the same time, and shows nothing of it: what it cannot do, whoever asked does himself.

    It has what this process had in memory, opens no stream of it, and ends with it: at the end of a `with` block, or
    when the question does not come because this process is gone.
    """

    def __init__(self, prepare: Callable[[], Work]) -> None:
        """Starts it; there `prepare` is called at once, and what it gives is called with the question.

        Raises `OSError` where the system starts no further process.
        """
        asked, self._question = os.pipe()
        self._answer, answered = os.pipe()
        self._open = [self._question, self._answer]
        try:
            self._number = os.fork()
        except OSError:
            for end in (asked, answered):
                os.close(end)
            self._close()
            raise
        if not self._number:
            self._close()
            _work(prepare, asked, answered)
        os.close(asked)
        os.close(answered)

    def ask(self, question: bytes) -> None:
        """Gives it the question, which is not empty; to be called once."""
        _make_room(self._question)
        self._open.remove(self._question)
        with contextlib.suppress(BrokenPipeError), os.fdopen(self._question, "wb") as pipe:
            pipe.write(question)

    def answer(self) -> bytes | None:
        """What it made of the question, waited for; None where it did not come to that. To be called once."""
        self._open.remove(self._answer)
        with os.fdopen(self._answer, "rb") as pipe:
            data = pipe.read()
        return data if self._ended() == 0 else None

    def _ended(self) -> int:
        number, self._number = self._number, 0
        return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])

    def _close(self) -> None:
        while self._open:
            os.close(self._open.pop())

    def __enter__(self) -> Second:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._close()
        if self._number:
            os.kill(self._number, signal.SIGKILL)
            self._ended()


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


def _work(prepare: Callable[[], Work], asked: int, answered: int) -> NoReturn:
    """What the second process does; nothing that goes wrong in it is told, and no code of its caller runs in it."""
    code = 1
    try:
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
            with os.fdopen(answered, "wb") as pipe:
                pipe.write(work(question))
            code = 0
    finally:
        os._exit(code)


def _make_room(pipe: int) -> None:
    """Lets a question of the usual size be given to one who is not ready to read it."""
    from fcntl import F_SETPIPE_SZ, fcntl

    with contextlib.suppress(OSError):
        fcntl(pipe, F_SETPIPE_SZ, _ROOM)
