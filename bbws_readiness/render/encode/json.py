"""The encoder for JSON: every figure exact, every invisible character an escape, the same bytes for the same data."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from bbws_readiness.render.encode.characters import UNSEEN

_ESCAPED = re.compile(f"[{UNSEEN}\ufe0f]")


def to_json(data: Any, *, indent: bool = False) -> str:  # noqa: ANN401 - plain data of any shape
    """`data` as JSON without a final line end; `indent` puts every member on a line of its own, two spaces deeper.

    Mappings keep their order, and a Decimal all its digits. Raises ValueError for a number that JSON has no word for,
    and TypeError for what is no plain data. Two halves of a pair that stand side by side read back as one character.
    """
    return _encoded(data, "\n" if indent else "")


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
        quoted = _ESCAPED.sub(lambda found: escapes(found[0]), quoted)
    return quoted.replace("##[", "#\\u0023[")


def escapes(text: str) -> str:
    """`text` with everything beyond ASCII as `\\uXXXX`, as it stands inside of a JSON string."""
    return json.dumps(text)[1:-1]
