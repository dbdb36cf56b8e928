"""Reads JSON as Terraform does, into values that know where they stand."""

from __future__ import annotations

import re
from typing import TypeAlias

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location
from bbws_readiness.terraform.diagnostics import Fault
from bbws_readiness.terraform.lexer import Lines
from bbws_readiness.terraform.limits import MAX_JSON_DEPTH
from bbws_readiness.terraform.numbers import Number, NumberTooLong, parse_number


class JsonText(Struct, frozen=True):
    """A string."""

    at: Location
    text: str
    offsets: range | tuple[int, ...]
    """Where in the file each character of the text begins, and where the text ends."""


class JsonScalar(Struct, frozen=True):
    """A number, `true`, `false` or `null`."""

    at: Location
    value: Number | bool | None


class JsonArray(Struct, frozen=True):
    """Values in brackets."""

    at: Location
    items: tuple[JsonValue, ...]


class JsonObject(Struct, frozen=True):
    """Members in braces, in the order written; names may come more than once."""

    at: Location
    members: tuple[tuple[JsonText, JsonValue], ...]


JsonValue: TypeAlias = JsonText | JsonScalar | JsonArray | JsonObject

_TOKEN = regex(
    r"""[ \t\r\n]*+(?:
      (?P<sign>[{}\[\]:,])
    | (?P<text>"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")
    | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z_.+-]))
    | (?P<word>(?:true|false|null)(?![0-9A-Za-z_]))
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_ESCAPE = regex(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\(.)")
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS = {"true": True, "false": False, "null": None}


def read_json(text: str, lines: Lines) -> JsonValue:
    """The value that the whole text is. Raises `Fault`."""
    reader = _Reader(text, lines)
    value = reader.value(1)
    if reader.kind != "end":
        raise reader.fault("unexpected text behind the JSON value")
    return value


class _Reader:
    def __init__(self, text: str, lines: Lines) -> None:
        self._text = text
        self._lines = lines
        self._position = 0
        self.kind = ""
        self._word = ""
        self._start = 0
        self._take()

    def fault(self, summary: str) -> Fault:
        """A fault at the next token."""
        return Fault(
            "unexpected end of file" if self.kind == "end" else summary,
            self._lines.at(self._start),
            code=Code.TERRAFORM_JSON,
        )

    def value(self, depth: int) -> JsonValue:
        """The next value."""
        at, word = self._lines.at(self._start), self._word
        if depth > MAX_JSON_DEPTH:
            raise Fault(f"nested deeper than {MAX_JSON_DEPTH} levels", at, code=Code.NESTING)
        match self.kind:
            case "text":
                return self._string()
            case "number":
                return self._number()
            case "word":
                self._take()
                return JsonScalar(at, _WORDS[word])
        if word == "{":
            return self._object(depth, at)
        if word == "[":
            return self._array(depth, at)
        raise self.fault("expected a JSON value")

    def _take(self) -> None:
        match = _TOKEN.match(self._text, self._position)
        if match is None:
            blank = re.compile(r"[ \t\r\n]*").match(self._text, self._position)
            self._start = blank.end() if blank else self._position
            wrong = "string" if self._text[self._start] == '"' else "text"
            raise self.fault(f"this {wrong} is not valid JSON")
        self.kind = match.lastgroup or ""
        self._word, self._start, self._position = match[self.kind], match.start(self.kind), match.end()

    def _expect(self, sign: str) -> None:
        if self._word != sign or self.kind != "sign":
            raise self.fault(f'expected "{sign}"')
        self._take()

    def _object(self, depth: int, at: Location) -> JsonObject:
        members: list[tuple[JsonText, JsonValue]] = []
        self._take()
        while self._word != "}":
            if members:
                self._expect(",")
            if self.kind != "text":
                raise self.fault("expected a name in quotes")
            name = self._string()
            self._expect(":")
            members.append((name, self.value(depth + 1)))
        self._take()
        return JsonObject(at, tuple(members))

    def _array(self, depth: int, at: Location) -> JsonArray:
        items: list[JsonValue] = []
        self._take()
        while self._word != "]":
            if items:
                self._expect(",")
            items.append(self.value(depth + 1))
        self._take()
        return JsonArray(at, tuple(items))

    def _number(self) -> JsonScalar:
        at = self._lines.at(self._start)
        try:
            amount = parse_number(self._word)
        except NumberTooLong as problem:
            raise Fault(str(problem), at, code=Code.DIGITS) from None
        if amount is None:
            raise Fault("not a number", at, code=Code.TERRAFORM_JSON)
        self._take()
        return JsonScalar(at, amount)

    def _string(self) -> JsonText:
        start, raw = self._start + 1, self._word[1:-1]
        at = self._lines.at(self._start)
        self._take()
        if "\\" not in raw:
            return JsonText(at, raw, range(start, start + len(raw) + 1))
        pieces: list[str] = []
        offsets: list[int] = []
        done = 0
        for match in _ESCAPE.finditer(raw):
            pieces += (raw[done : match.start()], _character(match))
            offsets += (*range(start + done, start + match.start()), start + match.start())
            done = match.end()
        pieces.append(raw[done:])
        offsets += range(start + done, start + len(raw) + 1)
        return JsonText(at, "".join(pieces), tuple(offsets))


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return chr(0x10000 + ((int(match[1], 16) & 0x3FF) << 10) + (int(match[2], 16) & 0x3FF))
    if match[3]:
        code = int(match[3], 16)
        # Half of a pair is no character; Go puts this sign in its place.
        return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)
    return _SIMPLE.get(match[4], match[4])
