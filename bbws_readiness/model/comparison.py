"""One name, as each source describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from msgspec import Struct

from bbws_readiness.source import SourceKind

T = TypeVar("T")


class Comparison(Struct, Generic[T], frozen=True):
    """The descriptions of one noun under one logical name."""

    name: str
    sides: Mapping[SourceKind, T]
    """Only the sources that name it, in the order of `SourceKind`."""

    def side(self, kind: SourceKind) -> T | None:
        """That source's description, or None when it does not name it."""
        return self.sides.get(kind)
