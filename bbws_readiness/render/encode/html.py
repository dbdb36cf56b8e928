"""The encoder for HTML: text of elements and values of attributes."""

from __future__ import annotations

import html

from bbws_readiness.render.encode.characters import legible


def element(text: object) -> str:
    """Text between tags; line ends stay, everything invisible is made visible."""
    return html.escape(legible(str(text), lines=True), quote=True)


def attribute(text: object) -> str:
    """A whole attribute value, with its quotes, on one line; not for addresses, scripts and styles."""
    return f'"{html.escape(legible(str(text)), quote=True)}"'
