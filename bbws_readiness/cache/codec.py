"""Turns what was read from a text into bytes and back: trees of known classes, and of the text only the places.

The bytes hold no word of the text: what stands in it is told by position and length, and is taken from the text again;
of what stands nowhere in it as a whole (lines of a script that were joined) this holds word by word.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec
from msgspec.structs import astuple

from bbws_readiness.disclosure import looks_secret
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

Class: TypeAlias = type[Any]
Build: TypeAlias = Callable[[Any], Any]

_SMALL = 1000
"""Numbers below it are no secret."""
_WORD = 4
"""Characters from which a part of a text is looked for by itself."""
_SEARCHED = 128_000_000
"""Characters that are looked through for one value, some 0.1 s: what is not there is looked for in the whole text."""
_LINES = regex(r"\n+|[^\n]+")
_SPACED = regex(r"\s+|\S+")
_PARTS = regex(r"\w+|\W+")
_TUPLE, _LIST, _DICT, _SET, _ENUM, _NUMBER, _FRACTION, _PLACE, _PROXY, _MOMENT = range(-1, -11, -1)
_MOMENTS: Mapping[str, Class] = {"date": date, "datetime": datetime, "time": time}


class Uncodable(Exception):
    """What was read cannot be kept: other classes, perhaps a secret, or too much to look for."""


class Codec:
    """Encodes and decodes values of a closed set of classes, beside texts, numbers, tuples, dicts and the like."""

    def __init__(self, classes: Iterable[Class]) -> None:
        """`classes` are Structs, of which the fields are kept, and enums."""
        self._classes = {_name(one): one for one in classes}

    def encode(self, value: object, text: str) -> bytes:
        """The bytes of a value that was read from `text`. Raises `Uncodable`."""
        return _Encoder(self._classes, text).run(value)

    def encode_as_it_is(self, value: object) -> bytes:
        """Bytes that hold the text itself, for another process and never for a file. Raises `Uncodable`."""
        return _Whole(self._classes, "").run(value)

    def decode(self, data: bytes, text: str) -> Any:  # noqa: ANN401 - as it was encoded
        """The value again, with the same `text`. Raises `Uncodable` for what `encode` does not give."""
        collecting = gc.isenabled()
        gc.disable()  # it is looked through again and again while a tree grows, and nothing of it is garbage
        try:
            return _decoded(self._classes, data, text)
        except (msgspec.MsgspecError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise Uncodable from error
        finally:
            if collecting:
                gc.enable()


def _name(kind: Class) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def classes_of(*modules: object) -> list[Class]:
    """The Structs and enums that the modules define, in the order of their names."""
    found = []
    for module in modules:
        name = getattr(module, "__name__", "")
        for _, one in sorted(vars(module).items()):
            if isinstance(one, type) and issubclass(one, msgspec.Struct | Enum) and one.__module__ == name:
                found.append(one)
    return found


class _Encoder:
    def __init__(self, classes: Mapping[str, Class], text: str) -> None:
        self._classes = classes
        self._text = text
        self._reached = 0
        self._searched = 0
        self._names: dict[str, int] = {}
        self._indexes: dict[Class, int] = {}
        self._strings: dict[str, int] = {}
        self._written: list[object] = []

    def run(self, value: object) -> bytes:
        try:
            tree = self._part(value)
            return msgspec.msgpack.encode((list(self._names), self._written, tree))
        except (RecursionError, ValueError, OverflowError) as error:  # lone surrogates, numbers without end
            raise Uncodable from error

    def _part(self, value: Any) -> object:  # noqa: ANN401 - of any class
        kind = value.__class__
        if kind is str:
            known = self._strings.get(value)
            return self._string(value) if known is None else known
        if kind is Location:
            return [_PLACE, self._string(value.path), value.line, value.column]
        if kind is tuple:
            return [_TUPLE, *map(self._part, value)]  # faster than a loop, as are the others
        if value is None or kind is bool or kind is float:
            return value
        if isinstance(value, msgspec.Struct):
            index = self._indexes.get(kind)
            return [self._class(kind) if index is None else index, *map(self._part, astuple(value))]
        if kind is int:
            return [_NUMBER, value] if -_SMALL < value < _SMALL else [_NUMBER, None, self._string(str(value))]
        if isinstance(value, Enum):
            return [_ENUM, self._class(kind), self._part(value.value)]
        return self._rarer(kind, value)

    def _rarer(self, kind: Class, value: Any) -> object:  # noqa: ANN401
        if kind is list:
            return [_LIST, *[self._part(one) for one in value]]
        if kind is dict or kind is MappingProxyType:
            parts = [self._part(part) for pair in value.items() for part in pair]
            return [_DICT if kind is dict else _PROXY, *parts]
        if kind is frozenset:
            return [_SET, *[self._part(one) for one in sorted(value, key=repr)]]
        if kind is Fraction:
            return [_FRACTION, self._part(value.numerator), self._part(value.denominator)]
        if kind in _MOMENTS.values() and not (getattr(value, "tzinfo", None) or getattr(value, "fold", 0)):
            return [_MOMENT, self._string(kind.__name__), self._string(value.isoformat())]
        raise Uncodable(f"a {kind.__name__}")

    def _class(self, kind: Class) -> int:
        name = _name(kind)
        if self._classes.get(name) is not kind:
            raise Uncodable(f"a {name}")
        index = self._indexes[kind] = self._names.setdefault(name, len(self._names))
        return index

    def _string(self, value: str) -> int:
        known = self._strings.get(value)
        if known is None:
            known = self._strings[value] = len(self._written)
            self._written.append(self._placed(value))
        return known

    def _placed(self, value: str) -> object:
        """Where it stands in the text; else its parts, each told so or, where it stands nowhere, as itself."""
        if found := self._found(value):
            return found
        if looks_secret(value):
            raise Uncodable("text that may be a secret")
        parts: list[object] = []
        for part in self._parts(value):
            if part.__class__ is str and parts and parts[-1].__class__ is str:
                parts[-1] = f"{parts[-1]}{part}"
            else:
                parts.append(part)
        return value if parts in ([], [value]) else [None, *parts]

    def _parts(self, value: str) -> Iterator[object]:
        """Lines, of what is no line of the text its words, and of what is none of these the parts of them."""
        for line in _LINES.findall(value):
            if found := self._stands(line):
                yield found
                continue
            for spaced in _SPACED.findall(line):
                if found := self._stands(spaced):
                    yield found
                else:
                    yield from (self._stands(part) or part for part in _PARTS.findall(spaced))

    def _stands(self, part: str) -> tuple[int, int] | None:
        return self._found(part) if len(part) >= _WORD else None

    def _found(self, value: str) -> tuple[int, int] | None:
        """Where it stands, looked for from where the last one was."""
        if not value:
            return None
        if self._searched > _SEARCHED:
            raise Uncodable("too much to look for")
        before = self._reached
        found = self._text.find(value, before)
        if found < 0:
            self._searched += len(self._text) - before
            found, before = self._text.find(value, 0, before + len(value)), 0
        if found < 0:
            self._searched += self._reached
            return None
        self._searched += found - before
        self._reached = found
        return found, len(value)


class _Whole(_Encoder):
    """Writes texts themselves."""

    def _placed(self, value: str) -> object:
        return value


def _decoded(classes: Mapping[str, Class], data: bytes, text: str) -> Any:  # noqa: ANN401
    names, written, tree = msgspec.msgpack.decode(data)
    strings = [one if one.__class__ is str else _taken(one, text) for one in written]
    makers = [classes[name] for name in names]
    by_name = [len(getattr(one, "__match_args__", ())) != len(getattr(one, "__struct_fields__", ())) for one in makers]

    def part(node: Any) -> Any:  # noqa: ANN401
        kind = node.__class__
        if kind is int:
            return strings[node]
        if kind is not list:
            return node
        tag = node[0]
        if tag == _PLACE:
            return Location(strings[node[1]], node[2], node[3])
        if tag == _TUPLE:
            return tuple([part(one) for one in node[1:]])  # faster than with a generator
        if tag >= 0:
            if by_name[tag]:
                return makers[tag](**dict(zip(makers[tag].__struct_fields__, map(part, node[1:]), strict=True)))
            return makers[tag](*[part(one) for one in node[1:]])
        return _OTHERS[tag](node, part, makers)

    def number(node: Any) -> int:  # noqa: ANN401
        value: int = node[1] if node[1] is not None else int(strings[node[2]])
        return value

    _OTHERS: dict[int, Callable[[Any, Build, list[Class]], Any]] = {**_BUILT, _NUMBER: lambda node, *_: number(node)}
    return part(tree)


def _taken(place: list[Any], text: str) -> str:
    """What stands at a place, or the parts of which some do."""
    if place[0] is None:
        return "".join([one if one.__class__ is str else _taken(one, text) for one in place[1:]])
    return text[place[0] : place[0] + place[1]]


def _pairs(node: list[Any], part: Build) -> dict[Any, Any]:
    flat = [part(one) for one in node[1:]]
    return dict(zip(flat[::2], flat[1::2], strict=True))


_BUILT: dict[int, Callable[[Any, Build, list[Class]], Any]] = {
    _LIST: lambda node, part, _: [part(one) for one in node[1:]],
    _DICT: lambda node, part, _: _pairs(node, part),
    _PROXY: lambda node, part, _: MappingProxyType(_pairs(node, part)),
    _SET: lambda node, part, _: frozenset(map(part, node[1:])),
    _ENUM: lambda node, part, makers: makers[node[1]](part(node[2])),
    _FRACTION: lambda node, part, _: Fraction(part(node[1]), part(node[2])),
    _MOMENT: lambda node, part, _: _MOMENTS[part(node[1])].fromisoformat(part(node[2])),
}
