"""Keeps the small entries of one project in one file, so that a run reads one and writes one."""

from __future__ import annotations

import msgspec

from bbws_readiness.cache.store import Store

KIND = "project"
SMALL = 256 * 1024
"""Bytes of an entry that is kept with the others; larger ones have files of their own."""
MAX_BYTES = 4 * 1024**2
"""Of all small entries of a project. Those that a run did not use are the first to go."""
ADDED = 128 * 1024
"""Bytes of one kind after which a run makes no more of them: to make them takes time, and the next run adds its own."""


class Bundle:
    """A `Store` with the same promises, which writes its small entries when it is closed."""

    hands_over = False

    def __init__(self, store: Store, key: str) -> None:
        """`key` stands for the project: another one shares nothing with it but the large entries."""
        self._store = store
        self._key = key
        self._before: dict[str, bytes] | None = None
        self._used: dict[str, bytes] = {}
        self._lent: dict[str, bytes] = {}
        self._large: list[tuple[str, str]] = []
        """Entries with files of their own that were used."""
        self._is_changed = False
        self._added: dict[str, int] = {}

    @property
    def is_open(self) -> bool:
        """Whether it is worth while to make a key."""
        return self._store.is_open

    @property
    def is_new(self) -> bool:
        """Whether no earlier run has kept anything of the project."""
        return not self._kept()

    def get(self, kind: str, key: str) -> bytes | None:
        """What was kept, or None."""
        if not self._store.is_open:
            return None
        name = f"{kind}-{key}"
        if lent := self._lent.get(name):
            return lent
        found = self._used.get(name)
        if found is None:
            found = self._kept().get(name)
        if found is None:
            found = self._store.get(kind, key)
            if found is not None:
                self._large.append((kind, key))
            return found
        self._used[name] = found
        return found

    def takes(self, kind: str) -> bool:
        """Whether it is worth while to make an entry of a kind of which there can be many."""
        return self._store.is_open and self._added.get(kind, 0) <= ADDED

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keeps `data`, unless it is too large or the folder does not take it."""
        self._added[kind] = self._added.get(kind, 0) + len(data)
        if len(data) > SMALL:
            self._store.put(kind, key, data)
        elif self._store.is_open:
            self._used[f"{kind}-{key}"] = data
            self._is_changed = True

    def lend(self, kind: str, key: str, data: bytes) -> None:
        """Has `data` at hand until it is closed, and writes it nowhere."""
        self._lent[f"{kind}-{key}"] = data

    def close(self) -> None:
        """Writes what is new, and keeps nothing from now on."""
        if self._is_changed:
            chosen: dict[str, bytes] = {}
            size = 0
            for name, data in (*self._used.items(), *self._kept().items()):
                if name in chosen:
                    continue
                size += len(name) + len(data)
                if size > MAX_BYTES:
                    break
                chosen[name] = data
            self._store.put(KIND, self._key, msgspec.msgpack.encode(chosen))
        self._used, self._lent, self._before, self._is_changed, self._added = {}, {}, None, False, {}
        self._store.close()

    def drop(self) -> None:
        """Leaves nothing for later runs of what this one was given or has made, and keeps nothing from now on."""
        if self._store.is_open:
            for kind, key in self._large:
                self._store.put(kind, key, b"")
            self._used, self._before, self._is_changed = {}, {}, True
        self.close()

    def _kept(self) -> dict[str, bytes]:
        if self._before is None:
            data = self._store.get(KIND, self._key)
            try:
                self._before = msgspec.msgpack.decode(data, type=dict[str, bytes]) if data else {}
            except msgspec.MsgspecError:
                self._before = {}
        return self._before
