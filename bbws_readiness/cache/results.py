"""Remembers between runs what a pure function made of a file, and of files that it read for it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec

from bbws_readiness.cache.codec import Codec, Uncodable
from bbws_readiness.cache.current import store
from bbws_readiness.cache.keys import key_of
from bbws_readiness.memory import Read
from bbws_readiness.source import Source

MAX_TEXT = 512 * 1024
"""Characters of a file whose result is kept."""
MAX_READ = 64
"""Files that were read for it."""

T = TypeVar("T")
P = ParamSpec("P")


def recalled(kind: str, codec: Callable[[], Codec], source: Source, given: str, make: Callable[[], T]) -> T:
    """What `make` gives, or gave in an earlier run for the same file. `given` is all that it depends on beside it."""
    if not store().is_open or len(source.text) > MAX_TEXT:
        return make()
    return _recalled(kind, codec, _key(kind, source, given), source.text, make)


def kept(
    kind: str, codec: Callable[[], Codec]
) -> Callable[[Callable[Concatenate[Source, P], T]], Callable[Concatenate[Source, P], T]]:
    """The same for a pure function of a file. What it takes beside the file must have a telling `repr`."""

    def decorated(function: Callable[Concatenate[Source, P], T]) -> Callable[Concatenate[Source, P], T]:
        @wraps(function)
        def answer(source: Source, /, *rest: P.args, **options: P.kwargs) -> T:
            given = repr((rest, sorted(options.items())))
            return recalled(kind, codec, source, given, lambda: function(source, *rest, **options))

        return answer

    return decorated


def recalled_with(
    kind: str, codec: Callable[[], Codec], source: Source, given: str, read: Read, make: Callable[[Read], T]
) -> T:
    """The same for what reads other files by `read`, in which case those have to be what they were."""
    if not store().is_open or len(source.text) > MAX_TEXT:
        return make(read)
    first = _key(kind, source, given)
    found = _read_again(store().get(f"{kind}-reads", first), read)
    if found is not None:
        before = _decoded(kind, codec, _key_with(first, found), _texts(source, found))
        if before is not None:
            known: T = before[0]
            return known
    noted: dict[str, Source | None] = {}
    made = make(lambda path: noted.setdefault(path, read(path)))
    if len(noted) <= MAX_READ:
        digests = [(path, _digest(one)) for path, one in noted.items()]
        store().put(f"{kind}-reads", first, msgspec.msgpack.encode(digests))
        _keep(kind, codec, _key_with(first, noted), _texts(source, noted), made)
    return made


def _read_again(kept: bytes | None, read: Read) -> dict[str, Source | None] | None:
    """The files that were read before, in that order; None as soon as one is another: what follows depends on it."""
    try:
        before = msgspec.msgpack.decode(kept, type=list[tuple[str, str]]) if kept else None
    except msgspec.MsgspecError:
        return None
    if before is None:
        return None
    found = {}
    for path, digest in before:
        found[path] = read(path)
        if _digest(found[path]) != digest:
            return None
    return found


def _digest(read: Source | None) -> str:
    return key_of(read.path, read.sha256, str(read.size), read.text) if read else ""


def _texts(source: Source, found: Mapping[str, Source | None]) -> str:
    return source.text + "".join(one.text for one in found.values() if one)


def _recalled(kind: str, codec: Callable[[], Codec], key: str, text: str, make: Callable[[], T]) -> T:
    before = _decoded(kind, codec, key, text)
    if before is not None:
        known: T = before[0]
        return known
    made = make()
    _keep(kind, codec, key, text, made)
    return made


def _decoded(kind: str, codec: Callable[[], Codec], key: str, text: str) -> tuple[Any] | None:
    data = store().get(kind, key)
    if data is None:
        return None
    try:
        return (codec().decode(data, text),)
    except Uncodable:
        return None


def _keep(kind: str, codec: Callable[[], Codec], key: str, text: str, made: object) -> None:
    kept = store()
    try:
        if kept.takes(kind):
            kept.put(kind, key, codec().encode(made, text))
            return
    except Uncodable:
        pass
    if kept.hands_over:
        with contextlib.suppress(Uncodable):
            kept.lend(kind, key, codec().encode_as_it_is(made))


def _key(kind: str, source: Source, given: str) -> str:
    return key_of(kind, source.path, source.sha256, str(source.size), source.text, given)


def _key_with(first: str, found: Mapping[str, Source | None]) -> str:
    return key_of(first, *(part for path, one in found.items() for part in (path, _digest(one))))
