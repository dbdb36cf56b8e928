"""Keeps nothing itself: notes what a second process has made, so that the first one can use and keep it."""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

import msgspec

from bbws_readiness.cache.bundle import ADDED

Entry: TypeAlias = tuple[str, str, bytes, bool]
"""Kind, key, data, and whether it may be kept."""


class Noted:
    """A `Bundle` for a process that hands over what it makes: finds nothing, and takes everything."""

    is_open = True
    hands_over = True

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._added: Counter[str] = Counter()

    def get(self, _kind: str, _key: str) -> bytes | None:
        """None: whoever asks makes it."""
        return None

    def takes(self, kind: str) -> bool:
        """Whether the first process would keep a further entry of that kind."""
        return self._added[kind] <= ADDED

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Notes an entry that is to be kept."""
        self._added[kind] += len(data)
        self._entries.append((kind, key, data, True))

    def lend(self, kind: str, key: str, data: bytes) -> None:
        """Notes an entry that is for this run alone."""
        self._entries.append((kind, key, data, False))

    def packed(self) -> bytes:
        """All entries, for `unpacked`."""
        return msgspec.msgpack.encode(self._entries)

    def close(self) -> None:
        """Forgets them."""
        self._entries.clear()

    drop = close


def unpacked(data: bytes) -> list[Entry]:
    """The entries in the order in which they were noted. Raises `msgspec.MsgspecError` for what is not `packed`."""
    return msgspec.msgpack.decode(data, type=list[Entry])
