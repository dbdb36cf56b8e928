"""What goes through the pipes between this process and those it started: length, then a pickle.

Both ends are ours and on one machine, or on machines that the user has named as workers; nothing of a project is ever
unpickled.
"""

from __future__ import annotations

import pickle
import struct
from typing import IO

_LENGTH = struct.Struct("!Q")


def packed(value: object) -> bytes:
    """The value as a pickle."""
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def unpacked(data: bytes) -> object:
    """What `packed` has packed, in this process or in one of ours."""
    return pickle.loads(data)  # noqa: S301 - written by our own process, never by a project


def send(stream: IO[bytes], data: bytes) -> None:
    """Writes one frame; raises `BrokenPipeError` when nobody is left to read."""
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next frame; None when the other end has gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None
