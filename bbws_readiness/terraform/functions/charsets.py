"""`textencodebase64` and `textdecodebase64`: text in other character encodings."""

from __future__ import annotations

import base64
import binascii
import re

from bbws_readiness.terraform.functions.spec import Function, FunctionError, NotEvaluated, Parameter
from bbws_readiness.terraform.types import STRING

_CODECS = {
    "utf-8": "utf-8",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-15": "iso8859-15",
    "koi8-r": "koi8-r",
    "ibm850": "cp850",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1252": "cp1252",
}
"""The encodings of which this Python and Terraform surely have the same idea."""
_BIG, _LITTLE = b"\xfe\xff", b"\xff\xfe"


def from_base64(text: str) -> bytes:
    """The bytes that standard base64 stands for. Raises `FunctionError`."""
    try:
        return base64.b64decode(re.sub(r"[\r\n]", "", text), validate=True)
    except (binascii.Error, ValueError):
        raise FunctionError("not base64") from None


def _encode(text: str, encoding: str) -> str:
    if encoding.lower() == "utf-16":
        data = _BIG + text.encode("utf-16-be")
    else:
        try:
            data = text.encode(_codec(encoding))
        except UnicodeEncodeError:
            raise FunctionError("the encoding cannot represent all characters") from None
    return base64.b64encode(data).decode()


def _decode(text: str, encoding: str) -> str:
    data = from_base64(text)
    codec = "utf-16-be"
    if encoding.lower() != "utf-16":
        codec = _codec(encoding)
    elif data.startswith((_BIG, _LITTLE)):
        codec = "utf-16-be" if data.startswith(_BIG) else "utf-16-le"
        data = data[2:]
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        raise FunctionError("the bytes are no text in this encoding") from None


def _codec(encoding: str) -> str:
    codec = _CODECS.get(encoding.lower())
    if codec is None:
        raise NotEvaluated("this character encoding is not evaluated")
    return codec


_ENCODING = Parameter("encoding", STRING)

CHARSET_FUNCTIONS = (
    Function("textdecodebase64", (Parameter("source", STRING), _ENCODING), _decode, STRING),
    Function("textencodebase64", (Parameter("string", STRING), _ENCODING), _encode, STRING),
)
