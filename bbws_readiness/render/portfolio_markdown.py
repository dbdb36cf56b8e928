"""Several assessments as one Markdown document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bbws_readiness.assess.portfolio import Member, Portfolio
from bbws_readiness.render import portfolio_words, wording
from bbws_readiness.render.encode.markdown import Markdown, bullets, code, link, say, table
from bbws_readiness.render.frame import Document

PATTERN = "{environment}_portfolio.md"
"""Its name in the output directory."""


def portfolio_document(portfolio: Portfolio, folders: Mapping[str, str]) -> Document:
    """The document as a file; `folders` gives, by path, the folder below it that has the documents of a project."""
    return Document(PATTERN.format(environment=portfolio.environment), portfolio_markdown(portfolio, folders))


def portfolio_markdown(portfolio: Portfolio, folders: Mapping[str, str] | None = None) -> str:
    """The whole text, ending in a newline."""
    return "\n\n".join(_parts(portfolio, folders or {})) + "\n"


def _parts(portfolio: Portfolio, folders: Mapping[str, str]) -> Iterator[Markdown]:
    yield say("# {} Portfolio (READ-ONLY)", portfolio.environment.upper())
    yield say("**Verdict**: {}", wording.VERDICTS[portfolio.verdict])
    yield say("{}.", portfolio_words.headline(portfolio))
    yield Markdown("## Projects")
    yield table(
        portfolio_words.COLUMNS,
        (_row(portfolio, member, folders) for member in portfolio.members),
        right=portfolio_words.RIGHT,
    )
    if failed := [member for member in portfolio.members if member.failure]:
        yield Markdown("## Not assessed")
        yield bullets(say("{}: {}", code(member.path), member.failure and member.failure.line) for member in failed)
    yield Markdown("## Between the projects")
    yield bullets(_findings(portfolio)) if portfolio.findings else Markdown("Nothing was found.")
    yield Markdown("## Blocked by other projects")
    yield bullets(_blocked(portfolio)) if portfolio.blocked else Markdown("None.")
    yield Markdown(
        "A project is blocked by every project it needs, directly or not, that is not READY. That is derived from the"
        " verdicts and changes none of them."
    )


def _findings(portfolio: Portfolio) -> Iterator[Markdown]:
    for subject, finding in portfolio_words.findings(portfolio):
        yield say(
            "{}: {} {} {}: {} ({})",
            subject,
            code(finding.rule.code),
            finding.rule.slug,
            portfolio_words.standing(finding),
            finding.message,
            code(finding.at),
        )


def _blocked(portfolio: Portfolio) -> Iterator[Markdown]:
    for member in portfolio.blocked:
        waits = "; ".join(portfolio_words.blocked(portfolio, one) for one in member.blocked_by)
        yield say("{} waits for {}", portfolio_words.label(portfolio, member.path), waits)


def _row(portfolio: Portfolio, member: Member, folders: Mapping[str, str]) -> tuple[object, ...]:
    name, *rest = portfolio_words.row(portfolio, member)
    folder, figures = folders.get(member.path), member.figures
    if not folder or figures is None:
        return (name, *rest)
    target = f"{folder}/{figures.environment}_{figures.slug}_summary.md"
    return (link(name, target), *rest)
