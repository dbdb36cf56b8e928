"""Keeps what Python's compiler makes of our regular expressions, for the Python that made it and no other."""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]  # the engine of `re`, which no type stubs describe
import functools
import sys
from array import array
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, AnyStr

import msgspec

from bbws_readiness.resources import prepared_root

if TYPE_CHECKING:
    import re

FILE = "patterns.msgpack"
_HEAD = 64
"""Bytes of two digests: of the Python that compiled, and of what it made."""


class Compiled(msgspec.Struct, array_like=True, frozen=True):
    """What `_sre.compile` takes, the text itself apart; `code` is an array of machine words."""

    flags: int
    code: bytes
    groups: int
    names: dict[str, int]


def packed(patterns: Iterable[tuple[str | bytes, int]]) -> bytes:
    """The content of `FILE` for these texts with their flags; the same ones, in any order, give the same bytes.

    Raises `re.error` for a text that is no regular expression.
    """
    made = {_key(text, flags): _compiled(text, flags) for text, flags in patterns}
    data = msgspec.msgpack.encode(dict(sorted(made.items())))
    return _python() + sha256(data).digest() + data


def patterns_in(folder: Path) -> Mapping[bytes, msgspec.Raw]:
    """What `FILE` in `folder` holds for `ready`; nothing unless this Python made it."""
    try:
        data = (folder / FILE).read_bytes()
    except OSError:
        return {}
    kept = memoryview(data)[_HEAD:]
    if data[:_HEAD] != _python() + sha256(kept).digest():
        return {}
    return msgspec.msgpack.decode(kept, type=dict[bytes, msgspec.Raw])


@functools.cache
def shipped() -> Mapping[bytes, msgspec.Raw]:
    """What was made ready when this package was built or installed."""
    return patterns_in(prepared_root())


def ready(text: AnyStr, flags: int, patterns: Mapping[bytes, msgspec.Raw] | None = None) -> re.Pattern[AnyStr] | None:
    """The pattern that `re.compile` would make, or None where it has to; of `shipped` ones unless others are given."""
    kept = (shipped() if patterns is None else patterns).get(_key(text, flags))
    if kept is None:
        return None
    made = msgspec.msgpack.decode(kept, type=Compiled)
    words = array("I")
    words.frombytes(made.code)
    indexes: list[str | None] = [None] * (made.groups + 1)
    for name, index in made.names.items():
        indexes[index] = name
    pattern: re.Pattern[AnyStr] = _sre.compile(
        text, made.flags, words.tolist(), made.groups, made.names, tuple(indexes)
    )
    return pattern


def _compiled(text: str | bytes, flags: int) -> Compiled:
    import re
    from re import _compiler, _parser  # type: ignore[attr-defined]  # what `re.compile` itself calls

    whole = re.compile(text, flags)
    code = array("I", _compiler._code(_parser.parse(text, flags), flags))
    return Compiled(whole.flags, code.tobytes(), whole.groups, dict(whole.groupindex))


def _key(text: str | bytes, flags: int) -> bytes:
    if isinstance(text, bytes):
        return b"b%d:%b" % (flags, text)
    return b"s%d:%b" % (flags, text.encode("utf-8", "surrogatepass"))


def _python() -> bytes:
    """Of the form that compiled patterns have: its number, the size of a word, and the version that makes it."""
    return sha256(f"{sys.implementation.cache_tag} {_sre.MAGIC} {_sre.CODESIZE} {sys.byteorder}".encode()).digest()
