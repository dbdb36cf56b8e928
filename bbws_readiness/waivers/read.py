"""Reads the waivers out of the files of a project, each with the lines it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, Source
from bbws_readiness.waivers.waiver import MAX_WAIVERS

if TYPE_CHECKING:
    from bbws_readiness.waivers.directive import Directive
    from bbws_readiness.waivers.layout import Comment, Extent, Layout

_MARK = regex(r"readiness:", re.IGNORECASE)
"""What every comment of ours begins with; a file without it has none."""


class Written(Struct, frozen=True):
    """One comment that is a waiver."""

    directive: Directive
    at: Location
    extent: Extent | None
    """None when nothing follows it."""
    anchor: tuple[str, ...]
    """What it stands at, so that another version of the file can be asked for the same; empty for a whole file."""


def read_waivers(sources: Iterable[Source]) -> tuple[tuple[Written, ...], int]:
    """The first `MAX_WAIVERS` comments that are waivers, in the order of the sources, and how many more there are."""
    found: list[Written] = []
    more = 0
    for source in sources:
        for comment, layout in _comments(source):
            if len(found) < MAX_WAIVERS:
                found.append(_written(source, comment, layout))
            else:
                more += 1
    return tuple(found), more


def same_in(written: Written, base: Source) -> bool:
    """Whether another version of the file has the same text at the same thing."""
    for comment, layout in _comments(base):
        if " ".join(comment.text.split()) != written.directive.text:
            continue
        extent = layout.extent(comment)
        alike = extent and written.extent and extent.whole == written.extent.whole
        if extent and alike and layout.anchor(extent) == written.anchor:
            return True
    return False


def layout_of(source: Source) -> Layout | None:
    """The comments of the file by its language; None when its language has none, or it cannot be read."""
    # A language's own reading takes a while to import, and few projects have waivers in every one.
    match PurePosixPath(source.path).suffix.lower():
        case ".tf" | ".tfvars" | ".hcl":
            from bbws_readiness.waivers.in_hcl import hcl_layout

            return hcl_layout(source)
        case ".yaml" | ".yml":
            from bbws_readiness.waivers.in_yaml import yaml_layout

            return yaml_layout(source)
        case ".py":
            from bbws_readiness.waivers.in_python import python_layout

            return python_layout(source)
        case ".sh" | ".bash":
            from bbws_readiness.waivers.in_shell import shell_layout

            return shell_layout(source)
        case ".md" | ".markdown":
            from bbws_readiness.waivers.in_markdown import markdown_layout

            return markdown_layout(source)
    return None


def _comments(source: Source) -> Iterator[tuple[Comment, Layout]]:
    if not _may_hold(source.text):
        return
    from bbws_readiness.waivers.directive import is_directive

    layout = layout_of(source)
    if layout is not None:
        yield from ((comment, layout) for comment in layout.comments if is_directive(comment.text))


def _may_hold(text: str) -> bool:
    # Every file of the project is asked. Beyond ASCII there are more letters that fit without their case.
    return "readiness:" in text.lower() if text.isascii() else bool(_MARK.search(text))


def _written(source: Source, comment: Comment, layout: Layout) -> Written:
    from bbws_readiness.waivers.directive import read_directive

    directive = read_directive(comment.text)
    extent = layout.extent(comment)
    anchor = layout.anchor(extent) if extent and not directive.fault else ()
    return Written(directive, source.at(comment.first), extent, anchor)
