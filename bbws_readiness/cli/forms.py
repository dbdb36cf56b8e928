"""Makes the text of each form of one run, all of them from the same assessment or portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bbws_readiness.cli import formats
from bbws_readiness.cli.formats import Wanted
from bbws_readiness.cli.output import paint, plain, wants_colour
from bbws_readiness.cli.publishing import OUTSIDE
from bbws_readiness.cli.request import Request

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment
    from bbws_readiness.assess.portfolio import Portfolio
    from bbws_readiness.render.terminal import Paint


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
    from bbws_readiness.render.terminal import quiet_text, terminal_text

    painter = _painter(wanted, request)
    if request.quiet:
        return quiet_text(assessment, painter)
    return terminal_text(assessment, painter, documents=documents, verbose=request.verbose)


def summary_of(assessment: Assessment, *, alone: bool = False) -> str:
    """The quick summary, as it reads away from the project: without links to its files, nor, `alone`, to documents."""
    from bbws_readiness.render.documents import render_document

    return render_document(assessment, "summary", directory=OUTSIDE, alone=alone).text


def text_of_several(
    portfolio: Portfolio, wanted: Wanted, request: Request, *, prefixes: Sequence[str], documents: Sequence[str]
) -> str:
    """The portfolio in one form. `prefixes` are those of its members, in their order."""
    match wanted.form:
        case formats.JSON:
            from bbws_readiness.render.portfolio_json import portfolio_json

            return portfolio_json(portfolio)
        case formats.SARIF:
            from bbws_readiness.render.formats.sarif import portfolio_sarif

            return portfolio_sarif(portfolio, prefixes, with_settled=request.show_settled)
        case formats.JUNIT:
            from bbws_readiness.render.formats.junit import portfolio_junit

            return portfolio_junit(portfolio, prefixes)
        case formats.GITHUB:
            from bbws_readiness.render.formats.annotations import portfolio_annotations

            return portfolio_annotations(portfolio, prefixes)
        case formats.MARKDOWN:
            from bbws_readiness.render.portfolio_markdown import portfolio_markdown

            return portfolio_markdown(portfolio)
    return _table(portfolio, request, documents, _painter(wanted, request))


def _table(portfolio: Portfolio, request: Request, documents: Sequence[str], painter: Paint) -> str:
    from bbws_readiness.render.portfolio_text import portfolio_line, portfolio_text
    from bbws_readiness.render.terminal import terminal_text

    if request.quiet:
        return portfolio_line(portfolio, painter)
    text = portfolio_text(portfolio, painter, documents=documents)
    if request.verbose:
        whole = (terminal_text(one.assessment, painter, verbose=True) for one in portfolio.members if one.assessment)
        text = "\n".join([text, *whole])
    return text


def _painter(wanted: Wanted, request: Request) -> Paint:
    return paint if wanted.file is None and wants_colour(request.colour) else plain
