"""Functions on strings."""

from __future__ import annotations

from bbws_readiness.codes import Code
from bbws_readiness.terraform.functions.graphemes import characters
from bbws_readiness.terraform.functions.spec import Function, FunctionError, Parameter, whole
from bbws_readiness.terraform.limits import MAX_FORMAT_WIDTH, check_elements, check_length
from bbws_readiness.terraform.numbers import Number
from bbws_readiness.terraform.types import BOOL, LIST_OF_STRING, NUMBER, STRING

_TEXT = Parameter("string", STRING)


def _chomp(text: str) -> str:
    return text.rstrip("\r\n")


def _indent(spaces: Number, text: str) -> str:
    count = whole(spaces, "spaces")
    if count < 0:
        raise FunctionError("the number of spaces is negative")
    if count > MAX_FORMAT_WIDTH:
        raise FunctionError(f"more than {MAX_FORMAT_WIDTH} spaces", code=Code.FORMAT_WIDTH)
    check_length(len(text) + text.count("\n") * count)
    return text.replace("\n", "\n" + " " * count)


def _join(separator: str, *lists: list[str | None]) -> str:
    items = [item for items in lists for item in items]
    if None in items:
        raise FunctionError("an element is null")
    check_length(sum(len(item or "") for item in items) + len(separator) * len(items))
    return separator.join(item or "" for item in items)


def _split(separator: str, text: str) -> list[str]:
    if not separator:
        check_elements(len(text))
        return list(text)
    check_elements(text.count(separator) + 1)
    return text.split(separator)


def _strrev(text: str) -> str:
    return "".join(reversed(characters(text)))


def _substr(text: str, offset: Number, length: Number) -> str:
    start, count = whole(offset, "offset"), whole(length, "length")
    if start >= 0 and count == 0:
        return ""
    found = characters(text)
    if start < 0:
        start = max(len(found) + start, 0)
    # A negative length means the rest; so does zero behind a negative offset.
    return "".join(found[start:] if count <= 0 else found[start : start + count])


def _title(text: str) -> str:
    """Go's word boundaries: everything that is neither letter, digit nor underscore separates words."""
    out, previous = [], " "
    for character in text:
        starts = not (previous.isalnum() or previous == "_") and not (ord(previous) > 0x7F and not previous.isspace())
        out.append(_single(character.title(), character) if starts else character)
        previous = character
    return "".join(out)


def _single(changed: str, character: str) -> str:
    """Rune by rune, as Go does: `ß` stays."""
    return changed if len(changed) == 1 else character


def _trim(text: str, cutset: str) -> str:
    return text.strip(cutset) if cutset else text


def _upper(text: str) -> str:
    # Letters with an iota below have no single capital in Python, but one for titles, which is Go's.
    return "".join(
        upper if len(upper := character.upper()) == 1 else _single(character.title(), character) for character in text
    )


def _lower(text: str) -> str:
    # The one letter that becomes two in Python becomes one in Go; a final sigma is like any other.
    return "".join("i" if character == "\u0130" else character.lower() for character in text)


_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


TEXT_FUNCTIONS = (
    Function("chomp", (_TEXT,), _chomp, STRING),
    Function("endswith", (_TEXT, Parameter("suffix", STRING)), str.endswith, BOOL),
    Function("indent", (Parameter("spaces", NUMBER), _TEXT), _indent, STRING),
    Function(
        "join",
        (Parameter("separator", STRING), Parameter("lists", LIST_OF_STRING)),
        _join,
        STRING,
        variadic=Parameter("lists", LIST_OF_STRING),
    ),
    Function("lower", (_TEXT,), _lower, STRING),
    Function("split", (Parameter("separator", STRING), _TEXT), _split, LIST_OF_STRING),
    Function("startswith", (_TEXT, Parameter("prefix", STRING)), str.startswith, BOOL),
    Function("strcontains", (_TEXT, Parameter("substr", STRING)), str.__contains__, BOOL),
    Function("strrev", (_TEXT,), _strrev, STRING),
    Function("substr", (_TEXT, Parameter("offset", NUMBER), Parameter("length", NUMBER)), _substr, STRING),
    Function("title", (_TEXT,), _title, STRING),
    Function("trim", (_TEXT, Parameter("cutset", STRING)), _trim, STRING),
    Function("trimprefix", (_TEXT, Parameter("prefix", STRING)), str.removeprefix, STRING),
    Function("trimspace", (_TEXT,), lambda text: text.strip(_SPACE), STRING),
    Function("trimsuffix", (_TEXT, Parameter("suffix", STRING)), str.removesuffix, STRING),
    Function("upper", (_TEXT,), _upper, STRING),
)
