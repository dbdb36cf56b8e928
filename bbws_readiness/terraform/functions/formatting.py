"""`format` and `formatlist`: text from a pattern of verbs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from bbws_readiness.codes import Code
from bbws_readiness.patterns import regex
from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.functions.encoding import to_json
from bbws_readiness.terraform.functions.graphemes import characters
from bbws_readiness.terraform.functions.number_verbs import number_text, shortest
from bbws_readiness.terraform.functions.spec import Function, FunctionError, Parameter, plain_data
from bbws_readiness.terraform.limits import MAX_FORMAT_WIDTH, check_length
from bbws_readiness.terraform.types import (
    BOOL,
    LIST_OF_STRING,
    NUMBER,
    STRING,
    DynamicType,
    ListType,
    PrimitiveType,
    SetType,
    TupleType,
    Type,
)
from bbws_readiness.terraform.values import UNKNOWN, Value, list_of, merge_marks, string, unknown

_VERB = regex(
    r"%(?P<flags>[-+# 0]*)(?P<width>\d*)(?:\.(?P<precision>\d*))?(?:\[(?P<index>\d+)\])?(?P<verb>.)", re.DOTALL
)
_UNTYPED = "Terraform does not format a null without a type"
_WANTED: dict[str, Type] = {"t": BOOL, "s": STRING, "q": STRING, **dict.fromkeys("bdoxXeEfgG", NUMBER)}


def _format(pattern: Value, *arguments: Value) -> Value:
    if any(argument.is_null and isinstance(argument.type, DynamicType) for argument in arguments):
        return unknown(STRING, _UNTYPED, marks=pattern.marks)
    return _row(pattern, arguments) if pattern.known else Value(STRING, UNKNOWN, pattern.marks)


def _formatted(pattern: str, arguments: tuple[Value, ...]) -> str:
    out: list[str] = []
    used: set[int] = set()
    following = position = size = 0
    indexed = False
    for match in _verbs(pattern):
        out.append(pattern[position : match.start()])
        position = match.end()
        if match["verb"] == "%":
            if len(match.group()) > 2:
                raise FunctionError('"%%" takes no flags')
            out.append("%")
            continue
        indexed = indexed or bool(match["index"])
        current = int(match["index"]) - 1 if match["index"] else following
        following = current + 1
        if not 0 <= current < len(arguments):
            raise FunctionError(f"there is no argument for the verb at character {match.start() + 1}")
        used.add(current)
        text = _verb(match, arguments[current])
        size += len(text)
        check_length(size + position)
        out.append(text)
    if not indexed and len(used) < len(arguments):
        raise FunctionError(f"too many arguments: the format has {len(used)} verbs")
    out.append(pattern[position:])
    return "".join(out)


def _verbs(pattern: str) -> Iterator[re.Match[str]]:
    position = pattern.find("%")
    while position >= 0:
        match = _VERB.match(pattern, position)
        if match is None:
            raise FunctionError("the format ends inside a verb")
        yield match
        position = pattern.find("%", match.end())


def _verb(match: re.Match[str], argument: Value) -> str:
    verb, flags = match["verb"], match["flags"]
    width = int(match["width"][:6] or 0)
    precision = None if match["precision"] is None else int(match["precision"][:6] or 0)
    if max(width, precision or 0) > MAX_FORMAT_WIDTH:
        raise FunctionError(f"width or precision above {MAX_FORMAT_WIDTH}", code=Code.FORMAT_WIDTH)
    if verb == "v":
        return _pad(_default(argument, flags), width, flags)
    wanted = _WANTED.get(verb)
    if wanted is None:
        raise FunctionError(f'unknown verb "%{verb}"' if verb.isascii() else "unknown verb")
    if argument.is_null:
        raise FunctionError(f'argument for "%{verb}" is null')
    try:
        raw: Any = convert(argument, wanted).raw
    except ConversionError as error:
        raise FunctionError(f'argument for "%{verb}": {error}') from None
    if verb == "t":
        return "true" if raw else "false"
    if verb in "sq":
        # A precision of zero is as good as none.
        text = "".join(characters(raw)[:precision]) if precision else raw
        return _pad(to_json(text) if verb == "q" else text, width, flags)
    return _pad(number_text(raw, verb, flags, width, precision), width, flags.replace("0", ""))


def _default(argument: Value, flags: str) -> str:
    if argument.is_null:
        return "null"
    if "#" in flags or not isinstance(argument.type, PrimitiveType):
        return to_json(plain_data(argument))
    if isinstance(argument.raw, int | Fraction) and not isinstance(argument.raw, bool):
        return shortest(argument.raw)
    return str(convert(argument, STRING).raw)


def _pad(text: str, width: int, flags: str) -> str:
    if not width:
        return text
    missing = width - len(characters(text))
    if missing <= 0:
        return text
    return text + " " * missing if "-" in flags else ("0" if "0" in flags else " ") * missing + text


def _formatlist(pattern: Value, *arguments: Value) -> Value:
    columns: list[tuple[Value, ...] | None] = []
    for argument in arguments:
        if isinstance(argument.type, DynamicType) or (argument.is_null and _is_sequence(argument)):
            if argument.is_null and not isinstance(argument.type, DynamicType):
                raise FunctionError("a list is null")
            return unknown(LIST_OF_STRING, _UNTYPED if argument.is_null else "", marks=argument.marks)
        if not _is_sequence(argument):
            columns.append(None)
        elif isinstance(argument.raw, tuple):
            columns.append(tuple(part for _, part in argument.elements()))
        else:
            return unknown(LIST_OF_STRING, marks=argument.marks)
    lengths = {len(column) for column in columns if column is not None}
    if len(lengths) > 1:
        raise FunctionError("the lists have different lengths")
    rows = lengths.pop() if lengths else 1
    if not pattern.known:
        return unknown(LIST_OF_STRING, marks=pattern.marks)
    made: list[Value] = []
    size = 0
    for row in range(rows):
        chosen = [
            argument if column is None else column[row] for argument, column in zip(arguments, columns, strict=True)
        ]
        made.append(_row(pattern, tuple(chosen)))
        size += len(made[-1].raw) if isinstance(made[-1].raw, str) else 0
        check_length(size)
    return list_of(STRING, made)


def _row(pattern: Value, chosen: tuple[Value, ...]) -> Value:
    marks = merge_marks(pattern.marks, *(argument.deep_marks() for argument in chosen))
    if not all(argument.wholly_known for argument in chosen):
        return Value(STRING, UNKNOWN, marks)
    return string(_formatted(str(pattern.raw), chosen)).marked(marks)


def _is_sequence(value: Value) -> bool:
    return isinstance(value.type, ListType | SetType | TupleType)


_FORMAT = Parameter("format", STRING)
_ARGUMENTS = Parameter("args", nullable=True)

FORMATTING_FUNCTIONS = (
    Function("format", (_FORMAT,), _format, STRING, variadic=_ARGUMENTS, parts=True, unknowns=True),
    Function(
        "formatlist",
        (_FORMAT,),
        _formatlist,
        LIST_OF_STRING,
        variadic=_ARGUMENTS,
        parts=True,
        hides_parts=True,
        unknowns=True,
    ),
)
