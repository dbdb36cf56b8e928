"""The set of documents, in order, and the one way an assessment becomes them."""

from __future__ import annotations

from functools import lru_cache

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.render.encode.markdown import box, cell, code, encoded, plain
from bbws_readiness.render.file_names import PATTERNS
from bbws_readiness.render.frame import Document, DocumentKind, Frame, Surroundings
from bbws_readiness.render.templates import DOCUMENTS as OF_DOCUMENTS
from bbws_readiness.render.templates import Templates

__all__ = ["DOCUMENTS", "NOTICE", "Document", "documents_of", "render_document", "render_documents"]


# A view is loaded when its document is written: a run of which nothing has changed needs none.
def _brief(frame: Frame) -> object:
    from bbws_readiness.render.views.brief import brief

    return brief(frame)


def _summary(frame: Frame) -> object:
    from bbws_readiness.render.views.summary import summary

    return summary(frame)


def _action_items(frame: Frame) -> object:
    from bbws_readiness.render.views.action_items import action_items

    return action_items(frame)


def _report(frame: Frame) -> object:
    from bbws_readiness.render.views.report import report

    return report(frame)


def _index(frame: Frame) -> object:
    from bbws_readiness.render.views.index import index

    return index(frame)


def _notice(frame: Frame) -> object:
    from bbws_readiness.render.views.notice import notice

    return notice(frame)


DOCUMENTS: tuple[DocumentKind, ...] = (
    DocumentKind(
        key="brief",
        title="Executive Brief",
        pattern=PATTERNS["brief"],
        template="exec_brief.md.j2",
        view=_brief,
        audience="Tech Lead, Product Owner, stakeholders",
        purpose="May we deploy? If not: what must be decided, by whom, until when?",
        terse=True,
    ),
    DocumentKind(
        key="summary",
        title="Quick Summary",
        pattern=PATTERNS["summary"],
        template="summary.md.j2",
        view=_summary,
        audience="Technical teams, project managers",
        purpose="Where do we stand, in figures?",
    ),
    DocumentKind(
        key="action_items",
        title="Action Items",
        pattern=PATTERNS["action_items"],
        template="action_items.md.j2",
        view=_action_items,
        audience="Those who do the work: developers, DevOps engineers, DBAs, project managers",
        purpose="Who does what, in which order, by when?",
    ),
    DocumentKind(
        key="report",
        title="Full Readiness Report",
        pattern=PATTERNS["report"],
        template="readiness_report.md.j2",
        view=_report,
        audience="Engineers, auditors",
        purpose="What was looked at, what was found, on which line?",
    ),
    DocumentKind(
        key="index",
        title="Index",
        pattern=PATTERNS["index"],
        template="index.md.j2",
        view=_index,
        audience="Anybody who opens the folder",
        purpose="Which document is mine, and what is the current verdict?",
    ),
)
"""The documents of every run. The index stays last: it prints sizes and sections of the others."""

NOTICE = DocumentKind(
    key="notice",
    title="Correction Notice",
    pattern=PATTERNS["notice"],
    template="corrected_status.md.j2",
    view=_notice,
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
    made: dict[object, object] = {}
    for kind in kinds:
        frame = Frame(assessment, directory, kinds, kind, surroundings, dict(written), made=made)
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
    from bbws_readiness.render.views.blocks import footer_of, header_of

    values = {"frame": frame, "view": frame.kind.view(frame), "header": header_of(frame), "footer": footer_of(frame)}
    return _tidy(_templates().fill(frame.kind.template, values))


@lru_cache(maxsize=1)
def _templates() -> Templates:
    """What is not Markdown already is encoded for Markdown."""
    return Templates(OF_DOCUMENTS, encoded, {"box": box, "cell": cell, "code": code, "plain": plain})


def _tidy(text: str) -> str:
    """One blank line where loops left several, none at the end."""
    lines = [line.rstrip(" \t") for line in text.split("\n")]
    del text  # A single emoji makes four bytes of each character of the whole; of a line alone hardly one.
    kept = [line for before, line in zip(("", *lines), lines, strict=False) if line or before]
    if kept and kept[-1]:
        kept.append("")
    return "\n".join(kept) or "\n"
