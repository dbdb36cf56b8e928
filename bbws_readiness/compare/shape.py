"""Takes plain data apart, and says in our words which member is not what it should be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bbws_readiness.compare.document import refused
from bbws_readiness.errors import InvalidAssessment
from bbws_readiness.patterns import regex

FINGERPRINT = regex(r"[0-9a-f]{12}")
SHA256 = regex(r"[0-9a-f]{64}")
MOST = Decimal(1_000_000)
"""The largest number that any member may hold."""
MOST_DECIMALS = 17
"""Behind the point; with these two limits the sum of all lines of a ledger is exact."""


class Shape:
    """A JSON object that is read member by member; every method raises `InvalidAssessment` for another shape.

    What is null reads as empty, and so does a member that is not there where its reader says `may_lack`.
    """

    def __init__(self, data: object, *, path: str, name: str = "") -> None:
        """`path` names the file in messages, `name` the object within it: `issues, entry 2`."""
        self._path = path
        self._name = name
        if not isinstance(data, Mapping):
            raise self.fault("is not an object")
        self._data = data

    def fault(self, what: str, key: str = "") -> InvalidAssessment:
        """`what` is wrong with this object or its member `key`, as an error to be raised."""
        named = f"{self._name}, {key}" if self._name and key else self._name or key
        return refused(self._path, f"damaged: {named} {what}" if named else what)

    def has(self, key: str) -> bool:
        """Whether the member is there and not null."""
        return self._data.get(key) is not None

    def text(self, key: str, *, may_lack: bool = False) -> str:
        """A text; empty for null."""
        value = self._member(key, may_lack=may_lack)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.fault("is no text", key)
        return value

    def name(self, key: str) -> str:
        """A text that is not empty."""
        value = self.text(key)
        if not value:
            raise self.fault("is empty", key)
        return value

    def word(self, key: str, known: Sequence[str]) -> str:
        """One of the words `known`; null reads as the empty word, where that is known."""
        value = self.text(key)
        if value not in known:
            raise self.fault(f"is none of {', '.join(filter(None, known))}", key)
        return value

    def matched(self, key: str, pattern: re.Pattern[str], what: str) -> str:
        """A text of the form that `pattern` describes and `what` names."""
        value = self.text(key)
        if not pattern.fullmatch(value):
            raise self.fault(f"is no {what}", key)
        return value

    def number(self, key: str) -> Decimal:
        """A number from 0 to `MOST`, with exactly the digits that are written."""
        value = self._member(key)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise self.fault("is no number", key)
        # The shortest digits that stand for a float are those that were written.
        number = Decimal(repr(value) if isinstance(value, float) else value)
        if not number.is_finite():
            raise self.fault("is no number", key)
        if not 0 <= number <= MOST:
            raise self.fault(f"is not from 0 to {MOST}", key)
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
            raise self.fault(f"has more than {MOST_DECIMALS} decimals", key)
        return number

    def count(self, key: str) -> int:
        """A whole number from 0 to `MOST`."""
        number = self.number(key)
        if number != number.to_integral_value():
            raise self.fault("is no whole number", key)
        return int(number)

    def texts(self, key: str, *, may_lack: bool = False) -> tuple[str, ...]:
        """A list of texts; empty for null."""
        found = self._list(key, may_lack=may_lack)
        texts = tuple(one for one in found if isinstance(one, str))
        if len(texts) < len(found):
            raise self.fault("is no list of texts", key)
        return texts

    def fingerprints(self, key: str) -> tuple[str, ...]:
        """A list of fingerprints."""
        found = self.texts(key)
        if not all(FINGERPRINT.fullmatch(one) for one in found):
            raise self.fault("is no list of fingerprints", key)
        return found

    def object(self, key: str) -> Shape:
        """The object under `key`."""
        return Shape(self._member(key), path=self._path, name=f"{self._name}, {key}" if self._name else key)

    def objects(self, key: str, *, may_lack: bool = False) -> Iterator[Shape]:
        """The objects of a list; none for null."""
        for number, one in enumerate(self._list(key, may_lack=may_lack), 1):
            name = f"{key}, entry {number}"
            yield Shape(one, path=self._path, name=f"{self._name}, {name}" if self._name else name)

    def names(self) -> tuple[str, ...]:
        """The names of all members, in the order written."""
        if not all(isinstance(key, str) for key in self._data):
            raise self.fault("has a member without a name")
        return tuple(self._data)

    def _list(self, key: str, *, may_lack: bool) -> Sequence[Any]:
        value = self._member(key, may_lack=may_lack)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            raise self.fault("is no list", key)
        return value

    def _member(self, key: str, *, may_lack: bool = False) -> Any:  # noqa: ANN401 - plain data of any shape
        if key not in self._data and not may_lack:
            raise self.fault("is missing", key)
        return self._data.get(key)
