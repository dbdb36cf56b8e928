"""The set of a run as it is to be, held against what lies in the folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from bbws_readiness.errors import Diagnostic
from bbws_readiness.render.frame import Document, LongDocument

if TYPE_CHECKING:
    from bbws_readiness.published.edits import Edit


class Publication(Struct, frozen=True):
    """The set as it is to be, held against what lies in the folder."""

    documents: tuple[Document, ...]
    """Of this run, in the order of the set, without the JSON."""
    twin: Document | LongDocument
    """The JSON."""
    superseded: tuple[Document, ...]
    """Documents that this run does not write, each with a first line that says so."""
    changed: tuple[Document | LongDocument, ...]
    """All that differ from the folder, in the order in which they have to take their places: the home of notes first,
    because notes move there, and the JSON last, so that a set of which only a part was replaced can be told."""
    edits: tuple[Edit, ...]
    """What would be lost."""
    warnings: tuple[Diagnostic, ...]
