"""Appends to the files by which a step talks to the runner of GitHub Actions, which name themselves in variables."""

from __future__ import annotations

import os
import stat

from bbws_readiness.errors import NotWritten
from bbws_readiness.process.environment import scrub

_EXISTING = (
    os.O_RDWR | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)


class RunnerFile:
    """The regular file, made by the runner, that a variable names; a link or a device is not written to."""

    def __init__(self, variable: str, handle: int) -> None:
        self._variable = variable
        self._handle = handle
        self.size = os.fstat(handle).st_size
        """Bytes that are there already."""

    @classmethod
    def named_by(cls, variable: str) -> RunnerFile | None:
        """None where the variable is not set: outside of a workflow. Raises `NotWritten`."""
        path = os.environ.get(variable, "")
        if not path:
            return None
        try:
            handle = os.open(path, _EXISTING)
        except (OSError, ValueError) as error:
            raise _lost(variable, getattr(error, "strerror", None) or "no name of a file") from None
        if stat.S_ISREG(os.fstat(handle).st_mode):
            return cls(variable, handle)
        os.close(handle)
        raise _lost(variable, "not a regular file")

    def __enter__(self) -> RunnerFile:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def append(self, text: str) -> None:
        """Adds `text`, without the credentials of the environment, on a line of its own; raises `NotWritten`."""
        data = encoded(text)
        try:
            if self.size and os.pread(self._handle, 1, self.size - 1) != b"\n":
                data = b"\n" + data
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._handle, rest) :]
        except OSError as error:
            raise _lost(self._variable, error.strerror or "cannot be written") from None


def encoded(text: str) -> bytes:
    """The bytes that `RunnerFile.append` writes for `text`."""
    return scrub(text).encode("utf-8", "backslashreplace")


def _lost(variable: str, why: str) -> NotWritten:
    return NotWritten(f"{variable}: {why[:1].lower()}{why[1:]}", hint="the verdict and the other outputs stand")
