"""Several assessments as one table for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bbws_readiness.assess.portfolio import Portfolio
from bbws_readiness.render import portfolio_words, wording
from bbws_readiness.render.encode.terminal import guarded, safe
from bbws_readiness.render.terminal_line import ROLES, Paint

WIDEST = 40
"""Columns of a cell; what is longer ends in `…`."""


def portfolio_text(portfolio: Portfolio, paint: Paint, *, documents: Sequence[str] = ()) -> str:
    """The whole text, ending in a newline. `documents` tell what was written, and where."""
    lines = [
        paint(wording.VERDICTS[portfolio.verdict], ROLES[portfolio.verdict]),
        safe(portfolio_words.headline(portfolio)),
        "",
        *_table(portfolio, paint),
        *_failures(portfolio, paint),
        *_findings(portfolio, paint),
        *_blocked(portfolio, paint),
    ]
    if documents:
        lines += ["", paint("Documents", "heading"), *(f"  {safe(path)}" for path in documents)]
    return guarded("\n".join(lines) + "\n")


def portfolio_line(portfolio: Portfolio, paint: Paint) -> str:
    """One line: the worst verdict, and how many have which."""
    verdict = paint(wording.VERDICTS[portfolio.verdict], ROLES[portfolio.verdict])
    return guarded(f"{verdict}: {safe(portfolio_words.headline(portfolio))}\n")


def _table(portfolio: Portfolio, paint: Paint) -> Iterator[str]:
    rows = [tuple(map(_cell, portfolio_words.row(portfolio, member))) for member in portfolio.members]
    header = tuple(column.upper() for column in portfolio_words.COLUMNS)
    widths = [max(len(row[number]) for row in (header, *rows)) for number in range(len(header))]
    yield paint(_laid(header, widths), "heading")
    for member, row in zip(portfolio.members, rows, strict=True):
        role = ROLES[member.figures.verdict] if member.figures else "decision"
        line = _laid(row, widths)
        yield line.replace(row[1], paint(row[1], role), 1) if row[1] not in row[0] else line


def _cell(text: str) -> str:
    shown = safe(text)
    return shown if len(shown) <= WIDEST else f"{shown[: WIDEST - 1]}…"


def _laid(cells: Sequence[str], widths: Sequence[int]) -> str:
    laid = (
        cell.rjust(width) if number in portfolio_words.RIGHT else cell.ljust(width)
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(laid).rstrip()


def _failures(portfolio: Portfolio, paint: Paint) -> Iterator[str]:
    failed = [member for member in portfolio.members if member.failure]
    if failed:
        yield ""
        yield paint("NOT ASSESSED", "heading")
    for member in failed:
        if member.failure:
            yield f"  {safe(portfolio_words.label(portfolio, member.path))}: {safe(member.failure.line)}"


def _findings(portfolio: Portfolio, paint: Paint) -> Iterator[str]:
    found = portfolio_words.findings(portfolio)
    if found:
        yield ""
        yield paint("BETWEEN THE PROJECTS", "heading")
    for subject, finding in found:
        name = safe(subject)
        place = paint(safe(str(finding.at)), "place")
        yield f"  {name}: {finding.rule.code} {portfolio_words.standing(finding)}  {place}  {safe(finding.message)}"


def _blocked(portfolio: Portfolio, paint: Paint) -> Iterator[str]:
    if portfolio.blocked:
        yield ""
        yield paint("BLOCKED BY OTHER PROJECTS", "heading")
    for member in portfolio.blocked:
        waits = "; ".join(portfolio_words.blocked(portfolio, one) for one in member.blocked_by)
        yield f"  {safe(portfolio_words.label(portfolio, member.path))} waits for {safe(waits)}"
