"""Ends a process whose work is done, without taking its memory apart."""

from __future__ import annotations

import os
import sys


def leave(code: object) -> None:
    """Ends the process with the exit code of a `SystemExit`; returns where the interpreter has to do that itself.

    It would give back every object one by one, which takes a thirtieth of a small run, only for the system to take
    the whole memory then. It has to, so that nothing is lost, where another thread is at work, where the run is traced
    or measured, where the code is a text to be printed, and where an output does not take what is still held back.
    """
    threads = sys.modules.get("threading")
    if threads is not None and threads.active_count() > 1:
        return
    if sys.gettrace() or sys.getprofile() or not isinstance(code, int | None):
        return
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return
    os._exit((code or 0) & 0xFF)
