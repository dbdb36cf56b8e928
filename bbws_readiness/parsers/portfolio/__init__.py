"""Reads a document about several projects, a master plan or an index of plans."""

from __future__ import annotations

from collections.abc import Sequence

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.model.portfolio import PortfolioDocument
from bbws_readiness.parsers.portfolio.lists import read_blockers, read_costs, read_edges, read_sentences
from bbws_readiness.parsers.portfolio.tables import read_approvals, read_waves
from bbws_readiness.parsers.portfolio.times import read_timeline, year_of
from bbws_readiness.parsers.promotion_plan.markdown import read_markdown
from bbws_readiness.parsers.promotion_plan.reading import Reading
from bbws_readiness.source import Source

__all__ = ["parse_portfolio"]


def parse_portfolio(
    source: Source, *, environments: Sequence[str]
) -> tuple[PortfolioDocument | None, tuple[Diagnostic, ...]]:
    """What the document states, and what is wrong with it; a document that states nothing of the kind is a warning.

    None only for a text that cannot be read at all.
    """
    document = read_markdown(source)
    if isinstance(document, Diagnostic):
        return None, (document,)
    reading = Reading(document, tuple(dict.fromkeys(name.casefold() for name in environments)))
    anchor = year_of(reading)
    heading = next((section.heading for section in document.sections if section.heading), None)
    found = PortfolioDocument(
        path=source.path,
        at=source.at(1 if source.text else 0),
        title=heading.title if heading else "",
        waves=tuple(read_waves(reading, anchor)),
        prerequisites=tuple(read_sentences(reading, "prerequisites")),
        dependencies=tuple(read_sentences(reading, "dependencies")),
        edges=tuple(read_edges(reading)),
        timeline=tuple(read_timeline(reading, anchor)),
        approvals=tuple(read_approvals(reading)),
        costs=tuple(read_costs(reading)),
        blockers=tuple(read_blockers(reading, anchor)),
    )
    stated = (found.waves, found.edges, found.timeline, found.approvals, found.costs, found.blockers)
    if any(stated) or found.prerequisites or found.dependencies:
        return found, document.diagnostics
    summary = "the document names no waves, dependencies, approvals or costs"
    detail = "take it out of sources.portfolio"
    nothing = Diagnostic(DiagnosticSeverity.WARNING, summary, found.at, detail, code=Code.PLAN_PART)
    return found, (*document.diagnostics, nothing)
