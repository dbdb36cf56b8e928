"""Fills the places of standard streams that the caller has closed."""

from __future__ import annotations

import os


def fill_closed_streams() -> None:
    """Opens the null device at each of the descriptors 0, 1 and 2 that is closed.

    Otherwise the next file that is opened would be the standard output of this process and of those it starts.
    Python's own `sys.stdout` stays None, so that what cannot be printed is still known.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
