"""The encoder for XML 1.0: text of elements and values of attributes."""

from __future__ import annotations

from bbws_readiness.disclosure import disclosed
from bbws_readiness.render.encode.characters import legible

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})


def element(text: object) -> str:
    """Text between tags; line ends stay, what XML cannot hold and what is invisible is made visible, no secret."""
    return legible(disclosed(str(text)), lines=True).translate(_ENTITIES)


def attribute(text: object) -> str:
    """A whole attribute value, with its quotes; line ends stay, as references."""
    return f'"{element(text)}"'.replace("\n", "&#10;")
