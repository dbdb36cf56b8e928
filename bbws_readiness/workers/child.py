"""The process at the other end of a pool's pipes: it works on one item after the other until the pipe is closed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import IO, Any, NoReturn, cast

from bbws_readiness.errors import ReadinessError
from bbws_readiness.process.environment import remember, secrets, withhold_credentials
from bbws_readiness.process.imports import leave_working_directory
from bbws_readiness.process.signals import Interrupted, handled
from bbws_readiness.process.streams import fill_closed_streams
from bbws_readiness.workers.engine import Done, attempted, collect_often, internal_fault, tidied
from bbws_readiness.workers.frames import packed, receive, send, unpacked

READY = b"ready"
NO_FOLDER = b"no folder"


def main() -> NoReturn:
    """Serves the pipe; the end of the other process ends this one."""
    collect_often()
    fill_closed_streams()
    withhold_credentials()
    leave_working_directory()
    incoming, outgoing = _streams()
    try:
        with handled():
            _serve(incoming, outgoing)
    except (Interrupted, BrokenPipeError):
        os._exit(1)
    os._exit(0)


def _streams() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes, out of reach of anything that prints."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    return incoming, outgoing


def _serve(incoming: IO[bytes], outgoing: IO[bytes]) -> None:
    greeting = receive(incoming)
    if greeting is None:
        return
    folder, withheld = cast("tuple[str, tuple[str, ...]]", unpacked(greeting))
    remember({*secrets(), *withheld})
    try:
        os.chdir(folder)
    except OSError:
        send(outgoing, NO_FOLDER)
        return
    send(outgoing, READY)
    items = 0
    while (frame := receive(incoming)) is not None:
        send(outgoing, answer(frame))
        items += 1
        tidied(items)


def answer(frame: bytes) -> bytes:
    """What comes of the task and the item that a frame holds, as a `Done`."""
    task, item = cast("tuple[Callable[[Any], Any], Any]", unpacked(frame))
    try:
        done = Done(attempted(task, item))
    except ReadinessError as error:
        done = Done(None, error)
    try:
        return packed(done)
    except Exception as error:  # noqa: BLE001 - the outermost edge: a result that cannot be told
        return packed(Done(internal_fault(error)))
