"""What our templates are for, and how Jinja reads those of each purpose."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Purpose(Struct, frozen=True):
    """Templates that are read alike. The same settings hold for code made beforehand and for Jinja at run time."""

    name: str
    """Of the module that holds the code made of them."""
    patterns: tuple[str, ...]
    """Of files below `templates/`."""
    filters: tuple[str, ...]
    """Names of our own filters."""
    keep_trailing_newline: bool = False

    @property
    def options(self) -> dict[str, Any]:
        """How Jinja reads the text."""
        return {
            "trim_blocks": True,
            "lstrip_blocks": True,
            "keep_trailing_newline": self.keep_trailing_newline,
        }


DOCUMENTS = Purpose(
    name="documents",
    patterns=("*.md.j2", "partials/*.md.j2", "report/*.md.j2"),
    filters=("box", "cell", "code", "plain"),
    keep_trailing_newline=True,
)
TEXTS = Purpose(
    name="texts",
    patterns=("generate/*.j2", "snippets/*.j2"),
    filters=("hcl", "hcl_comment", "shell", "comment"),
)
PURPOSES = (DOCUMENTS, TEXTS)
"""Of all templates but those of the web page."""
