"""`format` and `formatlist`: text from a pattern of verbs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

from bbws_readiness.terraform.convert import ConversionError, convert
from bbws_readiness.terraform.functions.encoding import to_json
from bbws_readiness.terraform.functions.spec import Function, FunctionError, NotEvaluated, Parameter, plain_data
from bbws_readiness.terraform.functions.graphemes import characters
from bbws_readiness.terraform.limits import MAX_FORMAT_WIDTH, check_length
from bbws_readiness.terraform.numbers import Number, to_decimal
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

_VERB = re.compile(
    r"%(?P<flags>[-+# 0]*)(?P<width>\d*)(?:\.(?P<precision>\d*))?(?:\[(?P<index>\d+)\])?(?P<verb>.)", re.DOTALL
)
_WIDE = Context(prec=1200, rounding=ROUND_HALF_EVEN, Emax=9999, Emin=-9999)
_WANTED: dict[str, Type] = {"t": BOOL, "s": STRING, "q": STRING, **dict.fromkeys("bdoxXeEfFgG", NUMBER)}


def _format(pattern: Value, *arguments: Value) -> Value:
    marks = merge_marks(pattern.marks, *(argument.deep_marks() for argument in arguments))
    untyped = any(argument.is_null and isinstance(argument.type, DynamicType) for argument in arguments)
    if not pattern.known or untyped or not all(argument.wholly_known for argument in arguments):
        return Value(STRING, UNKNOWN, marks)
    return string(_formatted(str(pattern.raw), arguments)).marked(marks)


def _formatted(pattern: str, arguments: tuple[Value, ...]) -> str:
    out: list[str] = []
    used: set[int] = set()
    following = position = size = 0
    indexed = False
    for match in _verbs(pattern):
        out.append(pattern[position : match.start()])
        position = match.end()
        if match["verb"] == "%":
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
        raise FunctionError(f"width or precision above {MAX_FORMAT_WIDTH}")
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
        return _pad("true" if raw else "false", width, flags)
    if verb in "sq":
        text = characters(raw) if precision is not None or width else raw
        text = text if precision is None else text[:precision]
        return _pad(_json_quoted(text) if verb == "q" else text, width, flags)
    return _number(raw, verb, flags, width, precision)


def _default(argument: Value, flags: str) -> str:
    if argument.is_null:
        return "null"
    if "#" in flags or not isinstance(argument.type, PrimitiveType):
        return to_json(plain_data(argument))
    if isinstance(argument.raw, int | Fraction) and not isinstance(argument.raw, bool):
        return _shortest(to_decimal(argument.raw).normalize(_WIDE), "e")
    return str(convert(argument, STRING).raw)


def _json_quoted(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise NotEvaluated("quoting of characters beyond ASCII is not evaluated")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _number(amount: Number, verb: str, flags: str, width: int, precision: int | None) -> str:
    sign = "-" if amount < 0 else "+" if "+" in flags else " " if " " in flags else ""
    size = -amount if amount < 0 else amount
    if verb in "bdoxX":
        if not isinstance(size, int):
            raise FunctionError(f'argument for "%{verb}" is not a whole number')
        whole = size
        digits = format(whole, verb)
        if precision is not None:
            digits = digits.rjust(precision, "0")
        if "#" in flags:
            digits = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}.get(verb, "") + digits
    else:
        digits = _floating(to_decimal(size), verb, precision)
    if "0" in flags and "-" not in flags:
        return sign + digits.rjust(width - len(sign), "0")
    return _pad(sign + digits, width, flags)


def _floating(amount: Decimal, verb: str, precision: int | None) -> str:
    if verb in "fF":
        return format(_WIDE.quantize(amount, Decimal(1).scaleb(-(6 if precision is None else precision))), "f")
    if verb in "eE":
        text = format(amount, f".{6 if precision is None else precision}{verb}")
        mantissa, exponent = re.split("[eE]", text)
        power = int(exponent)
        return f"{mantissa}{verb}{'-' if power < 0 else '+'}{abs(power):02d}"
    if precision is not None:
        raise NotEvaluated('precision of "%g" is not evaluated')
    return _shortest(amount.normalize(_WIDE), "e" if verb == "g" else "E")


def _shortest(amount: Decimal, mark: str) -> str:
    """Go's rule for its big numbers: an exponent below -4 or from 6 on is written out as such."""
    exponent = amount.adjusted() if amount else 0
    if -4 <= exponent < 6:
        return format(amount, "f")
    digits = "".join(map(str, amount.as_tuple().digits))
    point = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{'-' if amount < 0 else ''}{point}{mark}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _pad(text: str, width: int, flags: str) -> str:
    if not width:
        return text
    return text.ljust(width) if "-" in flags else text.rjust(width, "0" if "0" in flags else " ")


def _formatlist(pattern: Value, *arguments: Value) -> Value:
    columns: list[tuple[Value, ...] | None] = []
    for argument in arguments:
        if isinstance(argument.type, ListType | SetType | TupleType):
            if not isinstance(argument.raw, tuple):
                return unknown(LIST_OF_STRING, marks=argument.marks)
            columns.append(tuple(part for _, part in argument.elements()))
        elif isinstance(argument.type, DynamicType) and not argument.known:
            return unknown(LIST_OF_STRING, marks=argument.marks)
        else:
            columns.append(None)
    lengths = {len(column) for column in columns if column is not None}
    if len(lengths) > 1:
        raise FunctionError("the lists have different lengths")
    rows = lengths.pop() if lengths else 1
    if any(not argument.known for argument in arguments) and not rows:
        return unknown(LIST_OF_STRING)
    made = []
    for row in range(rows):
        chosen = [
            argument if column is None else column[row] for argument, column in zip(arguments, columns, strict=True)
        ]
        made.append(_format(pattern, *chosen))
    return list_of(STRING, made)


_FORMAT = Parameter("format", STRING)
_ARGUMENTS = Parameter("args", nullable=True)

FORMATTING_FUNCTIONS = (
    Function("format", (_FORMAT,), _format, STRING, variadic=_ARGUMENTS, parts=True, unknowns=True),
    Function("formatlist", (_FORMAT,), _formatlist, LIST_OF_STRING, variadic=_ARGUMENTS, parts=True, unknowns=True),
)
