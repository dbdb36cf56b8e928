"""`yamlencode`: the one layout of YAML that Terraform writes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from bbws_readiness.terraform.functions.spec import NotEvaluated
from bbws_readiness.terraform.limits import check_string
from bbws_readiness.terraform.numbers import format_number

_WIDTH = 80
_MAX_SIMPLE_KEY = 128
"""Bytes; a longer key is introduced by a question mark."""
_ESCAPES = {
    "\0": "0",
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\u2028": "L",
    "\u2029": "P",
}


def to_yaml(data: Any) -> str:  # noqa: ANN401 - plain data of any shape
    """The document for plain data."""
    text = _node(data, -2, 0, key=False)
    if not isinstance(data, str | list | dict):
        # A plain scalar at the top is followed by the mark of the document's end.
        return check_string(f"{text}\n...\n")
    return check_string(text if text.endswith("\n") else text + "\n")


def _node(data: Any, indent: int, column: int, *, key: bool) -> str:  # noqa: ANN401
    """The text of one node that begins in `column`, below a parent indented by `indent`; without a line's end."""
    match data:
        case None:
            return "null"
        case bool():
            return "true" if data else "false"
        case int() | Fraction():
            return format_number(data)
        case str():
            return _string(data, indent, column, key=key)
        case list():
            return _lines(["[]"] if not data else [_item(item, indent + 2) for item in data], indent + 2)
        case dict():
            members = sorted(data.items(), key=lambda member: member[0].encode())
            return _lines(["{}"] if not data else [_member(*member, indent + 2) for member in members], indent + 2)
    raise TypeError(type(data))


def _lines(parts: list[str], indent: int) -> str:
    *others, last = parts
    return ("\n" + " " * indent).join((*(part.removesuffix("\n") for part in others), last))


def _item(item: Any, indent: int) -> str:  # noqa: ANN401
    return "- " + _node(item, indent, indent + 2, key=False)


def _member(name: str, item: Any, indent: int) -> str:  # noqa: ANN401
    if ("\n" in name and _is_block(name)) or len(name.encode()) > _MAX_SIMPLE_KEY:
        written = _string(name, indent, indent + 2, key=False).removesuffix("\n")
        return f"? {written}\n{' ' * indent}: {_node(item, indent, indent + 2, key=False)}"
    written = _string(name, indent, indent, key=True)
    if isinstance(item, dict) and item:
        return f"{written}:\n{' ' * (indent + 2)}{_node(item, indent, indent + 2, key=False)}"
    if isinstance(item, list) and item:
        # A list below a key is not indented further.
        return f"{written}:\n{' ' * indent}{_node(item, indent - 2, indent, key=False)}"
    return f"{written}: {_node(item, indent, indent + len(written) + 2, key=False)}"


def _string(text: str, indent: int, column: int, *, key: bool) -> str:
    if "\n" in text and _is_block(text):
        return _block(text, max(indent, 0) + 2)
    return _quoted(text, max(indent, 0) + 2, column, breaks=not key)


def _is_block(text: str) -> bool:
    """Whether a text of several lines can stand in a literal block: no special characters, no space at a line's end."""
    if text[-1] == " " or " \n" in text:
        return False
    if not {"\x85", "\u2028", "\u2029"}.isdisjoint(text):
        raise NotEvaluated("YAML with line ends other than newlines is not written")
    return all(character == "\n" or _is_printable(character) for character in text)


def _block(text: str, indent: int) -> str:
    stripped = text.rstrip("\n")
    ending = "-" if stripped == text else "" if stripped and text == stripped + "\n" else "+"
    header = "|" + ("2" if text[0] in " \n" else "") + ending
    pad = " " * indent
    lines = text.removesuffix("\n").split("\n")
    body = "\n".join(pad + line if line else "" for line in lines)
    return f"{header}\n{body}" + ("\n" if ending == "+" else "")


def _is_printable(character: str) -> bool:
    """What the writer leaves as it is."""
    code = ord(character)
    return (
        0x20 <= code <= 0x7E
        or (0xA0 <= code <= 0xD7FF and code not in (0x2028, 0x2029))
        or (0xE000 <= code <= 0xFFFD and code != 0xFEFF)
    )


def _quoted(text: str, indent: int, column: int, *, breaks: bool) -> str:
    out, position, after_space = ['"'], column + 1, False
    for index, character in enumerate(text):
        if character == " ":
            if breaks and not after_space and position > _WIDTH and 0 < index < len(text) - 1:
                out.append("\n" + " " * indent + ("\\" if text[index + 1] == " " else ""))
                position = indent + (text[index + 1] == " ")
            else:
                out.append(" ")
                position += 1
            after_space = True
            continue
        written = _escaped(character)
        out.append(written)
        position += len(written)
        after_space = False
    return "".join((*out, '"'))


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return "\\" + _ESCAPES[character]
    if _is_printable(character):
        return character
    code = ord(character)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
