"""Reads JSON that is right into the nodes of `positioned`, in one pass; what is wrong is for that module to explain."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Any

from msgspec import Struct

from bbws_readiness.patterns import regex
from bbws_readiness.positioned import MAX_NODES, Node, resolve_scalar
from bbws_readiness.source import Location, Source

MAX_KEY = 1000
"""Characters of a key as written; YAML allows 1024 between its quote and its colon, which stand on one line."""

_SPACE = r"(?:[ \t\n]|\r\n)*+"
_STRING = r"""
    "(?:[^"\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]++|\\["\\/bfnrt]|\\u(?![dD])[0-9a-fA-F]{4})*+"
"""
"""What means the same in YAML: no controls, and no halves of surrogate pairs."""
_ITEM = regex(
    rf"""{_SPACE}
      (?:(?P<key>{_STRING})[ \t]{{,20}}+:{_SPACE})?
      (?:
        (?P<string>{_STRING})
      | (?P<plain>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|true|false|null)
      | (?P<opening>[{{\[])
      )
      (?P<closing>(?:{_SPACE}[}}\]])*+)
      {_SPACE}(?P<comma>,)?""",
    re.VERBOSE,
)
"""A member or an element, or its first bracket; the brackets that end behind it, and the comma before the next one."""
_LINE_END = regex("\n")


def read_plain_json(source: Source, *, max_depth: int) -> Node | None:
    """The object or list that `source` holds, node for node what `read_yaml` makes of it.

    None where the text is not strict JSON, sets a key twice or comes near a limit, and for the little that YAML reads
    in another way than JSON: `read_yaml` has the answer then.
    """
    return _Reader(source, max_depth).document()


class _Open(Struct):
    """An object or a list whose end was not met yet."""

    at: Location
    key: Node | None
    """Under which it stands in an object."""
    names: set[str] | None
    """Of an object, the keys that were met."""
    items: list[tuple[Node, Node] | Node]


class _Reader:
    def __init__(self, source: Source, max_depth: int) -> None:
        self._path = source.path
        self._text = source.text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(source.text))]
        self._max_depth = max_depth
        self._nodes = 0
        self._open: list[_Open] = []
        self._whole: Node | None = None

    def document(self) -> Node | None:
        # YAML knows no tabs where no bracket is open.
        position = len(self._text) - len(self._text.lstrip(" \n"))
        if not (self._text.startswith(("{", "["), position) and self._text.rstrip(" \r\n").endswith(("}", "]"))):
            return None
        while self._whole is None:
            match = _ITEM.match(self._text, position)
            if match is None or not self._take(match):
                return None
            position = match.end()
        return self._whole if position == len(self._text) else None

    def _take(self, match: re.Match[str]) -> bool:
        """Take what was met; whether the text can go on, or end, as it does."""
        key, string, plain, opening, closing, comma = match.groups()
        within = self._open[-1] if self._open else None
        named = None
        if key is not None:
            if within is None or within.names is None or len(key) > MAX_KEY:
                return False
            name = _text(key)
            if name in within.names or name == "<<":
                return False
            within.names.add(name)
            named = Node(self._at(match.start("key")), name, "scalar", name)
        elif within is not None and within.names is not None:
            return False
        self._nodes += 2
        if opening:
            at = self._at(match.start("opening"))
            self._open.append(_Open(at, named, set() if opening == "{" else None, []))
        elif within is None:
            return False
        elif string is not None:
            text = _text(string)
            within.items.append(_item(named, Node(self._at(match.start("string")), text, "scalar", text)))
        else:
            within.items.append(
                _item(named, Node(self._at(match.start("plain")), resolve_scalar(plain), "scalar", plain))
            )
        if len(self._open) > self._max_depth or self._nodes > MAX_NODES // 2:
            return False
        if opening and not closing:
            return not comma
        return self._close(closing) and bool(comma) == bool(self._open)

    def _close(self, brackets: str) -> bool:
        """Whether each of the brackets, which have space between them, ends what is open then."""
        for bracket in brackets:
            if bracket not in "}]":
                continue
            if not self._open or (self._open[-1].names is None) == (bracket == "}"):
                return False
            ended = self._open.pop()
            content: Any = tuple(ended.items)
            node = Node(ended.at, content, "sequence" if ended.names is None else "mapping")
            if self._open:
                self._open[-1].items.append(_item(ended.key, node))
            else:
                self._whole = node
        return True

    def _at(self, offset: int) -> Location:
        line = bisect_right(self._starts, offset)
        return Location(self._path, line, offset - self._starts[line - 1] + 1)


def _item(key: Node | None, value: Node) -> tuple[Node, Node] | Node:
    return value if key is None else (key, value)


def _text(string: str) -> str:
    return json.loads(string) if "\\" in string else string[1:-1]
