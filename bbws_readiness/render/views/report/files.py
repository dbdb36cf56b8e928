"""Lists the files that were read, those that could not be, and those nobody looked at."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bbws_readiness.assess.assessment import Input
from bbws_readiness.errors import Diagnostic
from bbws_readiness.render.encode.markdown import Markdown, bullets, code, codes, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views.report.contents import Contents
from bbws_readiness.source import SourceKind

CONFIGURED = "what the organisation says: authority, roles, calendar, prices, texts"
UNUSED = "read, nothing of it is used by a check"
MAX_LISTED = 200
"""More files that nobody looked at than this are counted."""


class FilesView(Struct, frozen=True):
    """Three lists of files, together all of the project."""

    read: Markdown
    unread: Markdown
    ignored: Markdown


def files_view(frame: Frame) -> FilesView:
    """Every file of the project in exactly one of the lists; inputs outside the project are in the first as well."""
    assessment = frame.assessment
    contents = frame.once(Contents)
    read = sorted(assessment.inputs, key=lambda one: one.path)
    unread = [say("{}: {}", frame.place(fault.at), _diagnosis(fault)) for fault in assessment.unread]
    known = {one.path for one in read} | {fault.at.path for fault in assessment.unread}
    searched = set(assessment.model.secrets.files)
    ignored = [path for path in assessment.model.files if path not in known and path not in searched]
    shown = [code(path) for path in ignored[:MAX_LISTED]]
    if len(ignored) > MAX_LISTED:
        shown.append(say("and {} more", len(ignored) - MAX_LISTED))
    only_searched = [path for path in assessment.model.files if path in searched and path not in known]
    return FilesView(
        read=table(
            ("File", "Bytes", "Lines", "SHA-256", "Kind", "What was read from it"),
            [_row(frame, one, contents) for one in read],
            right=frozenset({1, 2}),
        ),
        unread=bullets(unread),
        ignored=joined([bullets(shown), *_searched(only_searched)], "\n\n"),
    )


def _searched(paths: list[str]) -> Iterator[Markdown]:
    if paths:
        more = f" and {len(paths) - MAX_LISTED} more" if len(paths) > MAX_LISTED else ""
        yield say("Searched for secrets and read for nothing else: {}{}", codes(paths[:MAX_LISTED]), Markdown(more))


def _row(frame: Frame, one: Input, contents: Contents) -> tuple[object, ...]:
    told = contents.of(one.path) or Markdown(CONFIGURED if one.kind is SourceKind.CONFIGURATION else UNUSED)
    return (frame.path(one.path), one.size, one.lines, code(one.sha256[:12]), str(one.kind), told)


def _diagnosis(fault: Diagnostic) -> Markdown:
    told = say("{}; {}", fault.summary, fault.detail) if fault.detail else say("{}", fault.summary)
    return say("{} {}", Markdown(fault.code.code), told)
