"""Functions that encode and decode: JSON, YAML, base64, URL, CSV."""

from __future__ import annotations

import base64
import json
import re
from fractions import Fraction
from typing import Any
from urllib.parse import quote_plus

from bbws_readiness.codes import Code
from bbws_readiness.patterns import regex
from bbws_readiness.terraform.functions.charsets import from_base64
from bbws_readiness.terraform.functions.csv_reading import from_csv
from bbws_readiness.terraform.functions.spec import Function, FunctionError, NotEvaluated, Parameter
from bbws_readiness.terraform.limits import MAX_NESTING, check_elements, check_string
from bbws_readiness.terraform.numbers import NumberTooLong, format_number, parse_number
from bbws_readiness.terraform.types import STRING
from bbws_readiness.terraform.values import Value, from_python, object_of, string, tuple_of

_TEXT = Parameter("string", STRING)
_JSON_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_JSON_TOKENS = regex(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def to_json(data: Any) -> str:  # noqa: ANN401 - plain data of any shape
    """JSON as Go's encoder writes it: no spaces, members ordered, characters that HTML minds escaped."""
    match data:
        case None:
            return "null"
        case bool():
            return "true" if data else "false"
        case str():
            return _json_string(data)
        case int() | Fraction():
            return format_number(data)
        case dict():
            return "{" + ",".join(f"{_json_string(key)}:{to_json(item)}" for key, item in sorted(data.items())) + "}"
    return "[" + ",".join(map(to_json, data)) + "]"


def _json_string(text: str) -> str:
    encoded = json.dumps(text, ensure_ascii=False)
    return re.sub("[<>&\u2028\u2029]", lambda match: _JSON_ESCAPES[match.group()], encoded)


def _jsonencode(data: Any) -> str:  # noqa: ANN401
    return check_string(to_json(data))


def from_json(text: str) -> Value:
    """The value of a JSON text. Raises `FunctionError`."""
    _check_depth(text)
    try:
        data = json.loads(
            text,
            parse_float=_json_number,
            parse_int=_json_number,
            parse_constant=_no_constant,
            object_pairs_hook=_Pairs,
        )
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and text[error.pos] in "]}":
            raise NotEvaluated("the text goes on behind the JSON value") from None
        raise FunctionError("not valid JSON") from None
    return _json_value(data)


class _Pairs(list[tuple[str, Any]]):
    """The members of a JSON object, as they stand."""


def _json_number(text: str) -> int | Fraction:
    try:
        amount = parse_number(text)
    except NumberTooLong as error:
        raise FunctionError(str(error)) from None
    if amount is None:
        raise FunctionError("not valid JSON")
    return amount


def _no_constant(_: str) -> None:
    raise FunctionError("not valid JSON")


def _json_value(data: Any) -> Value:  # noqa: ANN401
    match data:
        case _Pairs():
            check_elements(len(data))
            return object_of({_paired(key): _json_value(item) for key, item in data})
        case str():
            return string(_paired(data))
        case list():
            check_elements(len(data))
            return tuple_of(map(_json_value, data))
    return from_python(data)


def _paired(text: str) -> str:
    """Half a surrogate pair is no character; Go puts the replacement character in its place."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _check_depth(text: str) -> None:
    depth = 0
    for token in _JSON_TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > MAX_NESTING:
                raise FunctionError(f"JSON nested deeper than {MAX_NESTING} levels", code=Code.NESTING)
        elif token[0] in "]}":
            depth -= 1


def _base64decode(text: str) -> str:
    try:
        return from_base64(text).decode()
    except ValueError:
        raise FunctionError("not base64 of a UTF-8 text") from None


def _base64encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _yamldecode(text: str) -> Value:
    # Few configurations read YAML, and its library is slow to load.
    from bbws_readiness.terraform.functions.yaml_reading import from_yaml

    return from_yaml(text)


def _yamlencode(data: Any) -> str:  # noqa: ANN401 - plain data of any shape
    from bbws_readiness.terraform.functions.yaml_writing import to_yaml

    return to_yaml(data)


ENCODING_FUNCTIONS = (
    Function("base64decode", (_TEXT,), _base64decode, STRING),
    Function("base64encode", (_TEXT,), _base64encode, STRING),
    Function("csvdecode", (_TEXT,), from_csv),
    Function("jsondecode", (_TEXT,), from_json),
    Function("jsonencode", (Parameter("val", nullable=True),), _jsonencode, STRING),
    Function("urlencode", (_TEXT,), lambda text: quote_plus(text, safe="~"), STRING),
    Function("yamldecode", (_TEXT,), _yamldecode),
    Function("yamlencode", (Parameter("value", nullable=True),), _yamlencode, STRING),
)
