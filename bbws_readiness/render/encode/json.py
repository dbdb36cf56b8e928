"""The encoder for JSON: every figure exact, every invisible character an escape, the same bytes for the same data."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, NoReturn, TypeVar

import msgspec

from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.characters import UNSEEN

_ESCAPED = regex(f"[{UNSEEN}\ufe0f]")
T = TypeVar("T")


class Rows:
    """A long list, as a member of the outermost object, whose elements are made when they are written."""

    def __init__(self, items: Sequence[T], make: Callable[[Sequence[T]], list[Any]]) -> None:
        """`make` gives one element for each of the items, and the same ones when it is asked again."""
        self._items = items
        self._make: Callable[[Any], list[Any]] = make

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, some: slice) -> list[Any]:
        return self._make(self._items[some])


def to_json(data: Any, *, indent: bool = False, end: str = "") -> str:  # noqa: ANN401 - plain data of any shape
    """`data` as JSON and `end`; `indent` puts every member on a line of its own, two spaces deeper.

    Mappings keep their order, and a Decimal all its digits. Raises ValueError for a number that JSON has no word for,
    and TypeError for what is no plain data. Two halves of a pair that stand side by side read back as one character.
    `Rows` are written like the list that they stand for.
    """
    try:
        if indent and type(data) is dict and data:
            text = ""
            for piece in _pieces(data):
                text += piece  # It grows where it lies, as nobody else holds it; a list to join would hold it twice.
            text += end
            return text
        return _encoded_at_once(_whole(data), indent=indent) + end
    except (_Unusual, ValueError, msgspec.DecodeError):
        return _encoded(_whole(data), "\n" if indent else "") + end


def _whole(data: Any) -> Any:  # noqa: ANN401 - plain data of any shape
    if not isinstance(data, dict) or not any(isinstance(part, Rows) for part in data.values()):
        return data
    return {name: part[:] if isinstance(part, Rows) else part for name, part in data.items()}


def _pieces(data: Mapping[str, Any]) -> Iterator[str]:
    """The indented text of `data` in pieces: of a large one there is never more than the whole and one piece."""
    before = "{"
    for name, part in data.items():
        head = len(_encoded_at_once({name: []}, indent=True)) - len(_EMPTY)
        starts = range(0, len(part) or 1, PIECE) if isinstance(part, list | Rows) else range(1)
        for start in starts:
            piece = part[start : start + PIECE] if isinstance(part, Rows) or len(starts) > 1 else part
            whole = _encoded_at_once({name: piece}, indent=True)
            first, last = start == 0, start == starts[-1]
            yield before + whole[len("{") if first else head + len("[") : -len("\n}" if last else _END_OF_PIECE)]
            before = ","
    yield "\n}"


PIECE = 500
"""Elements of a list that are encoded at once."""
_EMPTY = "[]\n}"
_END_OF_PIECE = "\n  ]\n}"


class _Unusual(Exception):
    """Something of which the library does not write what is wanted here."""


def _encoded_at_once(data: Any, *, indent: bool) -> str:  # noqa: ANN401 - plain data of any shape
    """By the encoder of the library, with the escapes put into the whole text: line ends stand in no string of it."""
    _require_named(data)
    text = (_DENSE if indent else _SPACED).encode(data)
    if not text.isascii() or "\x7f" in text:
        text = _UNUSUAL_CHARACTERS.sub(_escaped, text)
    text = text.replace("##[", "#\\u0023[")
    return msgspec.json.format(text, indent=2) if indent else text


def _require_named(data: Any) -> None:  # noqa: ANN401 - plain data of any shape
    """The library makes text of other names."""
    pending = [data]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            try:
                "".join(part)
            except TypeError:
                raise _Unusual from None
            part = part.values()
        elif not isinstance(part, list | tuple):
            continue
        pending += [inner for inner in part if isinstance(inner, _CONTAINERS)]


_CONTAINERS = (dict, list, tuple)


def _unusual(_: object) -> NoReturn:
    raise _Unusual


_SPACED = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, default=_unusual)
_DENSE = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, default=_unusual, separators=(",", ":")
)
_UNUSUAL_CHARACTERS = regex("[^\x00-\x7e]+")


def _encoded(data: Any, margin: str) -> str:  # noqa: ANN401 - plain data of any shape
    if isinstance(data, str):
        return _string(data)
    if data is None or isinstance(data, bool):
        return _WORDS[data]
    if isinstance(data, list | tuple):
        deeper = margin and f"{margin}  "
        return _members("[]", [_encoded(item, deeper) for item in data], margin)
    if isinstance(data, dict | Mapping):
        deeper = margin and f"{margin}  "
        return _members("{}", [f"{_string(key)}: {_encoded(item, deeper)}" for key, item in data.items()], margin)
    if isinstance(data, int | float | Decimal):
        return _number(data)
    raise TypeError(f"JSON cannot hold {type(data).__name__}")


_WORDS = {None: "null", True: "true", False: "false"}


def _members(brackets: str, members: list[str], margin: str) -> str:
    if not members:
        return brackets
    inner = margin and f"{margin}  "
    return f"{brackets[0]}{inner}{(',' + (inner or ' ')).join(members)}{margin}{brackets[1]}"


def _number(number: int | float | Decimal) -> str:
    if not math.isfinite(number):
        raise ValueError("JSON has no word for a number that is infinite or none")
    return format(number, "f") if isinstance(number, Decimal) else json.dumps(number)


def _string(text: object) -> str:
    """Quoted. What a runner would take for a command anywhere in a line is written with an escape, so the data stay."""
    if not isinstance(text, str):
        raise TypeError("JSON names its members with text")
    quoted = encode_basestring(text)
    if not quoted.isascii() or "\x7f" in quoted:
        quoted = _UNUSUAL_CHARACTERS.sub(_escaped, quoted)
    return quoted.replace("##[", "#\\u0023[")


def _escaped(found: re.Match[str]) -> str:
    """A run of characters beyond ASCII, with those that nobody sees as escapes."""
    return _ESCAPED.sub(lambda one: escapes(one[0]), found[0])


def escapes(text: str) -> str:
    """`text` with everything beyond ASCII as `\\uXXXX`, as it stands inside of a JSON string."""
    return json.dumps(text)[1:-1]
