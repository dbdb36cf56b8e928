"""The encoder for HTML: text of elements, values of attributes and relative addresses."""

from __future__ import annotations

import html
from urllib.parse import quote

from markupsafe import Markup

from bbws_readiness.disclosure import disclosed
from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.characters import legible

MAX_CHARACTERS = 2000
"""Of one value that a page prints; a longer one is cut and ends in `…`."""


def element(text: object) -> str:
    """Text between tags; line ends stay, everything invisible is made visible, no secret."""
    return html.escape(legible(disclosed(str(text)), lines=True), quote=True)


def attribute(text: object) -> str:
    """A whole attribute value, with its quotes, on one line; not for addresses, scripts and styles."""
    return f'"{html.escape(legible(disclosed(str(text))), quote=True)}"'


def printed(value: object) -> Markup:
    """What a page prints for `value`: trusted markup as it is, numbers as digits, text encoded and cut."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"a page cannot print {type(value).__name__}")
    text = str(value)
    shown = text if len(text) <= MAX_CHARACTERS else f"{text[: MAX_CHARACTERS - 1]}…"
    return Markup(element(shown))  # noqa: S704 - encoded in the line


def trusted(markup: str) -> Markup:
    """Markup that this package has made, every foreign text in it encoded already."""
    return Markup(markup)  # noqa: S704 - the caller answers for it


def relative_address(path: str, *, line: int = 0) -> str:
    """A path as a relative address, with the fragment `#L12` for a line; no path leads to another host."""
    shown = quote(_NO_BYTE.sub("\ufffd", path).lstrip("/"), safe="/._-", errors="surrogateescape")
    return shown + (f"#L{line}" if line else "")


_NO_BYTE = regex("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of pairs that do not stand for a byte of a file name."""
