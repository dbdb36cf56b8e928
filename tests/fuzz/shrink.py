"""Makes an input as small as it can be while what is wrong with it stays."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 30.0


def shrunk(data: bytes, still: Callable[[bytes], bool], *, seconds: float = SECONDS) -> bytes:
    """`data` without the parts that do not matter, by halves, quarters and so on, as far as the time allows."""
    end = time.monotonic() + seconds
    size = len(data) // 2
    while size and time.monotonic() < end:
        start, smaller = 0, False
        while start < len(data) and time.monotonic() < end:
            candidate = data[:start] + data[start + size :]
            if still(candidate):
                data, smaller = candidate, True
            else:
                start += size
        if not smaller or size > len(data):
            size = min(size // 2, len(data))
    return data
