"""The set of documents, in order, and the one way an assessment becomes them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.render.encode.markdown import box, cell, code, encoded, plain
from bbws_readiness.render.frame import Document, DocumentKind, Frame, Surroundings
from bbws_readiness.render.views.action_items import action_items
from bbws_readiness.render.views.blocks import footer_of, header_of
from bbws_readiness.render.views.brief import brief
from bbws_readiness.render.views.index import index
from bbws_readiness.render.views.notice import notice
from bbws_readiness.render.views.report import report
from bbws_readiness.render.views.summary import summary
from bbws_readiness.resources import data_root

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["DOCUMENTS", "NOTICE", "Document", "documents_of", "render_document", "render_documents"]

DOCUMENTS: tuple[DocumentKind, ...] = (
    DocumentKind(
        key="brief",
        title="Executive Brief",
        pattern="{environment}_{slug}_exec_brief.md",
        template="exec_brief.md.j2",
        view=brief,
        audience="Tech Lead, Product Owner, stakeholders",
        purpose="May we deploy? If not: what must be decided, by whom, until when?",
        terse=True,
    ),
    DocumentKind(
        key="summary",
        title="Quick Summary",
        pattern="{environment}_{slug}_summary.md",
        template="summary.md.j2",
        view=summary,
        audience="Technical teams, project managers",
        purpose="Where do we stand, in figures?",
    ),
    DocumentKind(
        key="action_items",
        title="Action Items",
        pattern="{environment}_{slug}_action_items.md",
        template="action_items.md.j2",
        view=action_items,
        audience="Those who do the work: developers, DevOps engineers, DBAs, project managers",
        purpose="Who does what, in which order, by when?",
    ),
    DocumentKind(
        key="report",
        title="Full Readiness Report",
        pattern="{environment}_{slug}_readiness_report.md",
        template="readiness_report.md.j2",
        view=report,
        audience="Engineers, auditors",
        purpose="What was looked at, what was found, on which line?",
    ),
    DocumentKind(
        key="index",
        title="Index",
        pattern="README_{ENVIRONMENT}_{COMPONENT}.md",
        template="index.md.j2",
        view=index,
        audience="Anybody who opens the folder",
        purpose="Which document is mine, and what is the current verdict?",
    ),
)
"""The documents of every run. The index stays last: it prints sizes and sections of the others."""

NOTICE = DocumentKind(
    key="notice",
    title="Correction Notice",
    pattern="{environment}_{slug}_CORRECTED_STATUS.md",
    template="corrected_status.md.j2",
    view=notice,
    audience="Everybody who read an earlier set",
    purpose="What did we say, what was wrong, what holds now?",
    terse=True,
)
"""The document of a run that corrects an earlier one."""


def documents_of(surroundings: Surroundings) -> tuple[DocumentKind, ...]:
    """The documents that a run in these surroundings writes, in order: with the notice only while it is due."""
    *others, last = DOCUMENTS
    return (*others, NOTICE, last) if surroundings.corrects else DOCUMENTS


def render_documents(
    assessment: Assessment, *, directory: str = "deployments", surroundings: Surroundings | None = None
) -> tuple[Document, ...]:
    """All documents of one assessment, the index last. The same arguments give the same bytes.

    `directory` is where they will lie, relative to the project root: every link starts there.
    """
    surroundings = surroundings or Surroundings()
    kinds = documents_of(surroundings)
    written: dict[str, Document] = {}
    for kind in kinds:
        frame = Frame(assessment, directory, kinds, kind, surroundings, dict(written))
        written[kind.key] = Document(kind.file_name(assessment), _text(frame))
    return tuple(written.values())


def render_document(
    assessment: Assessment, key: str, *, directory: str = "deployments", alone: bool = False
) -> Document:
    """One of `DOCUMENTS` by itself, in the bytes it has in the set; not the index, which tells of the others.

    One that is read `alone`, away from the set, has no links to the others.
    """
    kind = next(kind for kind in DOCUMENTS if kind.key == key)
    frame = Frame(assessment, directory, DOCUMENTS, kind, Surroundings(), {}, alone)
    return Document(kind.file_name(assessment), _text(frame))


def _text(frame: Frame) -> str:
    template = _environment().get_template(frame.kind.template)
    values = {"frame": frame, "view": frame.kind.view(frame), "header": header_of(frame), "footer": footer_of(frame)}
    return _tidy(template.render(values))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """Jinja is imported here, because most commands never render."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(data_root() / "templates"),
        undefined=StrictUndefined,
        finalize=encoded,
        autoescape=False,  # noqa: S701 - `finalize` encodes for Markdown what is not Markdown already
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(box=box, cell=cell, code=code, plain=plain)
    return environment


def _tidy(text: str) -> str:
    """One blank line where loops left several, none at the end."""
    lines = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"
