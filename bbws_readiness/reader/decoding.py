"""Makes text of bytes, or says where they are no text."""

from __future__ import annotations

import hashlib

from bbws_readiness.codes import Code
from bbws_readiness.source import Location, Refused, Source

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_LFS_POINTER = b"version https://git-lfs.github.com/spec/v1"
_BINARY = {
    b"\x7fELF": "a program",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"\x89PNG": "a picture",
    b"%PDF-": "a PDF document",
}
"""What a file is that begins with these bytes."""
_MAGIC = tuple(_BINARY)


def decode(path: str, data: bytes) -> Source | Refused:
    """The text in `data`, which the file shown as `path` holds; columns count characters after a byte order mark."""
    body = data.removeprefix(BYTE_ORDER_MARK)
    if body.startswith(_LFS_POINTER) and body.split(b"\n", 1)[0].rstrip(b"\r") == _LFS_POINTER:
        summary = "a Git LFS pointer, the content is not present"
        return Refused(summary, Location(path, 1), "run git lfs pull", code=Code.LFS_POINTER)
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Refused("not UTF-8 (looks like UTF-16)", Location(path, 1), "save it as UTF-8", code=Code.NOT_UTF8)
    if body.startswith(_MAGIC):
        what = next(what for magic, what in _BINARY.items() if body.startswith(magic))
        return Refused(f"not a text but {what}", Location(path, 1), code=Code.NOT_TEXT)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        summary = f"not UTF-8 (byte 0x{body[error.start]:02x})"
        at = _end(path, body[: error.start].decode())
        return Refused(summary, at, "save it as UTF-8", code=Code.NOT_UTF8)
    if "\0" in text:
        at = _end(path, text[: text.index("\0")])
        way_out = "remove it; the file may not be a text at all"
        return Refused("the file contains a NUL byte", at, way_out, code=Code.NUL)
    return Source(path, text, len(data), hashlib.sha256(data).hexdigest())


def _end(path: str, before: str) -> Location:
    """The place of what follows the text `before`."""
    return Location(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
