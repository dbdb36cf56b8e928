"""The encoder for JSON: every figure exact, every invisible character an escape, the same bytes for the same data."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, NoReturn, TypeAlias, TypeVar

import msgspec

from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.characters import UNSEEN
from bbws_readiness.render.encode.contents import Contents, contents_of

_ESCAPED = regex(f"[{UNSEEN}\ufe0f]")
T = TypeVar("T")
Seen: TypeAlias = Callable[[Any, Contents], Any]


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
    if indent and type(data) is dict and data:
        return "".join(pieces(data)) + end
    return _written(whole(data), indent=indent) + end


def whole(data: Any) -> Any:  # noqa: ANN401 - plain data of any shape
    """`data` with the lists that `Rows` stand for."""
    if not isinstance(data, dict) or not any(isinstance(part, Rows) for part in data.values()):
        return data
    return {name: part[:] if isinstance(part, Rows) else part for name, part in data.items()}


def pieces(data: Mapping[str, Any], *, seen: Seen | None = None) -> Iterator[str]:
    """The indented text of an object that is not empty, of which no more is made at once than a piece.

    `seen` is shown every piece of the data with its contents, and gives what is written in its place, of the same
    classes.
    """
    before = "{"
    for piece in _cut(data):
        contents = contents_of(piece.members)
        members = seen(piece.members, contents) if seen else piece.members
        text = _written(members, indent=True, contents=contents)
        head = len("{") if piece.begins else len(_written(dict.fromkeys(members, ()), indent=True)) - len("]\n}")
        yield before + text[head : -len("\n}" if piece.ends else "\n  ]\n}")]
        before = ","
    yield "\n}"


class _Piece(msgspec.Struct, frozen=True):
    members: dict[str, Any]
    begins: bool = True
    """Whether they have their first elements, which counts when it is one list."""
    ends: bool = True


def _cut(data: Mapping[str, Any]) -> Iterator[_Piece]:
    """The members: a long list a slice at a time, all others together between two of these."""
    together: dict[str, Any] = {}
    for name, part in data.items():
        if isinstance(part, Rows) or (isinstance(part, list) and len(part) > PIECE):
            if together:
                yield _Piece(together)
            together = {}
            starts = range(0, len(part) or 1, PIECE)
            yield from (
                _Piece({name: part[start : start + PIECE]}, start == 0, start == starts[-1]) for start in starts
            )
        else:
            together[name] = part
    if together:
        yield _Piece(together)


PIECE = 500
"""Elements of a list that are encoded at once."""


class _Unusual(Exception):
    """Something of which the library does not write what is wanted here."""


def _written(data: Any, *, indent: bool, contents: Contents | None = None) -> str:  # noqa: ANN401 - plain data
    """By a library, with the escapes put into the whole text: line ends stand in no string of it."""
    contents = contents or contents_of(data)
    try:
        text = _by_library(data, contents, indent=indent)
        if not text.isascii() or "\x7f" in text:
            text = _UNUSUAL_CHARACTERS.sub(_escaped, text)
        text = text.replace("##[", "#\\u0023[")
        return msgspec.json.format(text, indent=2) if indent else text
    except (_Unusual, ValueError, msgspec.DecodeError):
        return _encoded(data, "\n" if indent else "")


def _by_library(data: Any, contents: Contents, *, indent: bool) -> str:  # noqa: ANN401 - plain data of any shape
    """Of two the faster one, where it writes the same."""
    if not contents.named:  # they make text of other names
        raise _Unusual
    if not indent:
        return _SPACED.encode(data)
    return msgspec.json.encode(data).decode() if contents.classes <= _SAME else _DENSE.encode(data)


_SAME = {str, int, bool, type(None), dict, list, tuple}
"""Classes that both of them write alike: figures with a point are none."""


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
