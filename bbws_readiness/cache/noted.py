"""Keeps nothing itself: notes what a second process would have kept, so that the first one can."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

Entry: TypeAlias = tuple[str, str, bytes]
"""Kind, key and data."""


class Noted:
    """A `Bundle` for a process that hands over what it makes: finds nothing, and takes everything."""

    is_open = True

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def get(self, _kind: str, _key: str) -> bytes | None:
        """None: whoever asks makes it."""
        return None

    def takes(self, _kind: str) -> bool:
        """Always."""
        return True

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Notes an entry."""
        self._entries.append((kind, key, data))

    def packed(self) -> bytes:
        """All entries, for `unpacked`."""
        return msgspec.msgpack.encode(self._entries)

    def close(self) -> None:
        """Forgets them."""
        self._entries.clear()

    drop = close


def unpacked(data: bytes) -> list[Entry]:
    """The entries in the order in which they were put. Raises `msgspec.MsgspecError` for what `packed` has not made."""
    return msgspec.msgpack.decode(data, type=list[Entry])
