"""Knows again an assessment whose documents lie in the folder as a run would write them: nothing is rendered then.

Kept is no text, only that these files, told by their digests, are the set of that assessment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from hashlib import sha256

import msgspec
from msgspec.structs import astuple, replace

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.cache.current import store
from bbws_readiness.cache.keys import key_of
from bbws_readiness.engine.finding import Finding
from bbws_readiness.published.folder import Listed
from bbws_readiness.published.result import Publication
from bbws_readiness.render.frame import Document, LongDocument
from bbws_readiness.source import Refused, Source

KIND = "set"


class _Set(msgspec.Struct, frozen=True):
    documents: tuple[str, ...]
    twin: str
    superseded: tuple[str, ...]


class KnownSet:
    """What is kept of the set of one assessment, which is looked through once for that, however often it is asked."""

    def __init__(self, assessment: Assessment, directory: str) -> None:
        """`directory` is where the set lies, as `publication` takes it."""
        self._assessment = assessment
        self._directory = directory

    def unchanged(self, listed: Listed) -> Publication | None:
        """What `publication` would give, when it is known that it would change nothing and warn of nothing."""
        if not store().is_open or listed.twin not in listed.files or not (key := self._key(listed, _digests(listed))):
            return None
        kept = store().get(KIND, key)
        if kept is None:
            return None
        try:
            names = msgspec.msgpack.decode(kept, type=_Set)
        except msgspec.MsgspecError:
            return None
        texts = {name: read.text for name, read in listed.files.items() if isinstance(read, Source)}
        if not {*names.documents, names.twin, *names.superseded} <= texts.keys():
            return None
        documents = tuple(Document(name, texts[name]) for name in names.documents)
        superseded = tuple(Document(name, texts[name]) for name in names.superseded)
        return Publication(documents, Document(names.twin, texts[names.twin]), superseded, (), (), ())

    def remember(self, listed: Listed, result: Publication, *, written: Iterable[Document | LongDocument] = ()) -> None:
        """Keeps that `result` is what lies in the folder, if it does to the last byte and nothing had to be told.

        `written` is what was written since it was listed, as it is read back when nobody else changes it.
        """
        if not store().is_open or result.warnings:
            return
        digests = _digests(listed) | {one.path: one.sha256 for one in written}
        whole = (*result.documents, *result.superseded, result.twin)
        if any(digests.get(one.path) != one.sha256 for one in whole) or not (key := self._key(listed, digests)):
            return
        names = _Set(
            tuple(one.path for one in result.documents), result.twin.path, tuple(one.path for one in result.superseded)
        )
        store().put(KIND, key, msgspec.msgpack.encode(names))

    def _key(self, listed: Listed, digests: Mapping[str, str]) -> str:
        """Of all that the set is made from; empty when there is more in the folder than files of this set."""
        if listed.left or listed.other_twins(self._assessment.environment):
            return ""
        if any(isinstance(read, Refused) for read in listed.files.values()) or not self._digest:
            return ""
        parts: list[str | bytes] = [self._digest, self._directory, listed.prefix, listed.twin]
        for name, digest in sorted(digests.items()):
            parts += [name, digest]
        return key_of(*parts)

    @cached_property
    def _digest(self) -> bytes:
        """Of the whole assessment but its baseline; empty when that cannot be told."""
        digest = sha256()
        try:
            for piece in _pieces(replace(self._assessment, baseline=None), depth=2):
                data = msgspec.msgpack.encode(piece, enc_hook=_plain, order="deterministic")
                digest.update(len(data).to_bytes(8, "big"))
                digest.update(data)
        except (TypeError, ValueError, OverflowError, RecursionError):
            return b""
        return digest.digest()


def _pieces(value: object, *, depth: int) -> Iterator[object]:
    """What the value is made of, a little at a time, as deep as said: of a thousand tables it is a lot at once."""
    if depth and isinstance(value, msgspec.Struct):
        yield type(value).__name__
        for name in value.__struct_fields__:
            yield from _pieces(getattr(value, name), depth=depth - 1)
    elif isinstance(value, tuple):
        yield len(value)
        for start in range(0, len(value), PIECE):
            yield [_told(one) for one in value[start : start + PIECE]]
    else:
        yield value


PIECE = 200
"""Elements that are looked at together."""


def _told(value: object) -> object:
    """Of a finding its rule by the code: it is among the rules of the assessment, and longer than all else."""
    if not isinstance(value, Finding):
        return value
    rule, *rest = astuple(value)
    return rule.code, *rest


def _digests(listed: Listed) -> dict[str, str]:
    return {name: read.sha256 for name, read in listed.files.items() if isinstance(read, Source)}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} has no bytes of its own")
