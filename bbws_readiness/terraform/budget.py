"""What one evaluation has built so far, charged before it grows beyond all measure."""

from __future__ import annotations

from bbws_readiness.codes import Code
from bbws_readiness.terraform.limits import MAX_LIVE_BYTES, MAX_PARTS, BudgetExceeded
from bbws_readiness.terraform.values import Raw, Value

_PART_BYTES = 16
"""What an element costs besides what it holds."""
_WORTH_KEEPING = 1_000
"""Parts; the count of anything larger is kept, so that a value in many places is counted once."""


class Account:
    """Counts the bytes of everything built and the parts of every single value."""

    def __init__(self) -> None:
        self._bytes = 0
        # With the values themselves, so that an identity is not given away again.
        self._counts: dict[int, tuple[Raw, int]] = {}

    def charge(self, value: Value) -> Value:
        """`value` itself. Raises `BudgetExceeded`."""
        raw = value.raw
        if isinstance(raw, str):
            self._bytes += len(raw)
        elif value.outline:
            self._bytes += len(value.outline)
        elif isinstance(raw, tuple | dict):
            self._bytes += _PART_BYTES * len(raw)
            self._parts(raw)
        if self._bytes > MAX_LIVE_BYTES:
            raise BudgetExceeded(f"values of more than {MAX_LIVE_BYTES} bytes together", Code.VALUE_BYTES)
        return value

    def _parts(self, raw: tuple[Value, ...] | dict[str, Value]) -> int:
        """All parts on all levels: a value may contain another many times, and everyone who reads it goes there."""
        if found := self._counts.get(id(raw)):
            return found[1]
        total = 1
        for part in raw if isinstance(raw, tuple) else raw.values():
            inner = part.raw
            total += self._parts(inner) if isinstance(inner, tuple | dict) else 1
            if total > MAX_PARTS:
                raise BudgetExceeded(f"value with more than {MAX_PARTS} parts", Code.VALUE_PARTS)
        if total > _WORTH_KEEPING:
            self._counts[id(raw)] = (raw, total)
        return total
