"""The pages of the documents of the set, and how the links in them are followed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.patterns import regex
from bbws_readiness.render.documents import DOCUMENTS, NOTICE
from bbws_readiness.render.file_names import JSON_PATTERN
from bbws_readiness.render.frame import Document
from bbws_readiness.render.site.diagrams import Diagrams
from bbws_readiness.render.site.markdown import Converted, converted
from bbws_readiness.render.site.places import Places
from bbws_readiness.source import Location

PAGES: Mapping[str, str] = {
    "brief": "brief.html",
    "summary": "summary.html",
    "action_items": "action_items.html",
    "report": "report.html",
    "notice": "notice.html",
    "index": "documents.html",
}
"""Key of a document to the name of its page."""
SHORT: Mapping[str, str] = {
    "brief": "Brief",
    "summary": "Summary",
    "action_items": "Actions",
    "report": "Report",
    "notice": "Corrections",
    "index": "Index",
}
"""What the pages are called where there is little room."""
DOWNLOAD = "assessment.json"

NO_NOTICE = "# No correction is due\n\nThis run corrects nothing that an earlier set of documents said.\n"

_LINE = regex(r"L(\d{1,9})")


class DocumentPage(Struct, frozen=True):
    """A document on its way into a page."""

    key: str
    file: str
    name: str
    """`Executive Brief`."""
    purpose: str
    listed: bool
    """Whether others lead there: a notice is there always, and due seldom."""
    page: Converted


def document_pages(
    assessment: Assessment,
    data: Mapping[str, Any],
    documents: Sequence[Document],
    places: Places,
    *,
    directory: str,
) -> Iterator[DocumentPage]:
    """One page per document, in the order of the set with the notice before the index.

    `directory` is where the documents lie relative to the project, as for `render_documents`.
    """
    texts = {document.path: document.text for document in documents}
    *others, last = DOCUMENTS
    kinds = (*others, NOTICE, last)
    pages = {kind.file_name(assessment): PAGES[kind.key] for kind in kinds}
    pages[JSON_PATTERN.format(environment=assessment.environment, slug=assessment.slug)] = DOWNLOAD
    for kind in kinds:
        name = kind.file_name(assessment)
        text = texts.get(name, NO_NOTICE)
        page = converted(text, follow=Links(pages, places, directory).follow, draw=Diagrams(data).draw)
        yield DocumentPage(kind.key, PAGES[kind.key], kind.title, kind.purpose, name in texts, page)


class Links(Struct, frozen=True):
    """Follows the links of a document."""

    pages: Mapping[str, str]
    """Name of a file of the set to its page."""
    places: Places
    directory: str

    def follow(self, address: str) -> str:
        """The page, the place in the project or the fragment that is meant; empty for everything else."""
        path, _, fragment = address.partition("#")
        path = unquote(path, errors="surrogateescape")
        if not path:
            return f"#{fragment}" if fragment else ""
        if path in self.pages:
            return self.pages[path] + (f"#{fragment}" if fragment else "")
        if ":" in path.split("/")[0] or path.startswith("/"):
            return ""
        inside = posixpath.normpath(posixpath.join(self.directory, path))
        line = _LINE.fullmatch(fragment)
        return self.places.address(Location(inside, int(line[1]) if line else 0))
