"""Makes the text of each form of one run, all of them from the same assessment or portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bbws_readiness.cli import formats
from bbws_readiness.cli.formats import Wanted
from bbws_readiness.cli.output import paint, plain, wants_colour
from bbws_readiness.cli.publishing import OUTSIDE
from bbws_readiness.cli.request import Request

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment
    from bbws_readiness.assess.portfolio import Portfolio
    from bbws_readiness.render.terminal_line import Paint


def text_of_one(
    assessment: Assessment, wanted: Wanted, request: Request, *, prefix: str, documents: Sequence[str]
) -> str:
    """The assessment in one form. `prefix` leads to the project in its repository, `documents` are those written."""
    match wanted.form:
        case formats.JSON:
            from bbws_readiness.render.machine import to_json

            return to_json(assessment)
        case formats.SARIF:
            from bbws_readiness.render.formats.sarif import to_sarif

            return to_sarif(assessment, prefix=prefix, with_settled=request.show_settled)
        case formats.JUNIT:
            from bbws_readiness.render.formats.junit import to_junit

            return to_junit(assessment, prefix=prefix)
        case formats.GITHUB:
            from bbws_readiness.render.formats.annotations import to_annotations

            return to_annotations(assessment, prefix=prefix)
        case formats.MARKDOWN:
            return summary_of(assessment)
    painter = _painter(wanted, request)
    if request.quiet:
        from bbws_readiness.render.terminal_line import quiet_text

        return quiet_text(assessment, painter)
    from bbws_readiness.render.terminal import terminal_text

    return terminal_text(assessment, painter, documents=documents, verbose=request.verbose)


def summary_of(assessment: Assessment, *, alone: bool = False) -> str:
    """The quick summary, as it reads away from the project: without links to its files, nor, `alone`, to documents."""
    from bbws_readiness.render.documents import render_document

    return render_document(assessment, "summary", directory=OUTSIDE, alone=alone).text


def part_of(assessment: Assessment, wanted: Wanted, request: Request, prefix: str) -> Any:  # noqa: ANN401 - of a form
    """What one of several projects adds to a form; None where its figures are enough. It can be pickled."""
    match wanted.form:
        case formats.SARIF:
            from bbws_readiness.render.formats.sarif import run_of

            return run_of(assessment, prefix, with_settled=request.show_settled)
        case formats.JUNIT:
            from bbws_readiness.render.formats.junit import suites_of

            return suites_of(assessment, prefix)
        case formats.GITHUB:
            from bbws_readiness.render.formats.annotations import annotations_of

            return annotations_of(assessment, prefix)
        case formats.TEXT:
            from bbws_readiness.render.terminal import terminal_text

            return terminal_text(assessment, _painter(wanted, request), verbose=True)
    return None


def text_of_several(
    portfolio: Portfolio, wanted: Wanted, request: Request, *, parts: Sequence[Any], documents: Sequence[str]
) -> str:
    """The portfolio in one form. `parts` are those of its members, in their order; None of one that has none."""
    match wanted.form:
        case formats.JSON:
            from bbws_readiness.render.portfolio_json import portfolio_json

            return portfolio_json(portfolio)
        case formats.SARIF:
            from bbws_readiness.render.formats.sarif import portfolio_sarif

            return portfolio_sarif(portfolio, parts)
        case formats.JUNIT:
            from bbws_readiness.render.formats.junit import portfolio_junit

            return portfolio_junit(portfolio, parts)
        case formats.GITHUB:
            from bbws_readiness.render.formats.annotations import portfolio_annotations

            return portfolio_annotations(portfolio, parts)
        case formats.MARKDOWN:
            from bbws_readiness.render.portfolio_markdown import portfolio_markdown

            return portfolio_markdown(portfolio)
    from bbws_readiness.render.portfolio_text import portfolio_line, portfolio_text

    painter = _painter(wanted, request)
    if request.quiet:
        return portfolio_line(portfolio, painter)
    return "\n".join([portfolio_text(portfolio, painter, documents=documents), *(one for one in parts if one)])


def _painter(wanted: Wanted, request: Request) -> Paint:
    return paint if wanted.file is None and wants_colour(request.colour) else plain
