"""Makes the files of the web page from one assessment and the documents of its set."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.render import wording
from bbws_readiness.render.encode.html import printed
from bbws_readiness.render.frame import Document
from bbws_readiness.render.machine import to_data, to_json, without_secrets
from bbws_readiness.render.site.documents import DOWNLOAD, PAGES, SHORT, DocumentPage, document_pages
from bbws_readiness.render.site.findings import findings_view
from bbws_readiness.render.site.overview import overview
from bbws_readiness.render.site.places import places_of
from bbws_readiness.render.site.policy import Policy, policy
from bbws_readiness.render.site.words import Mark, verdict_mark, verdict_rest
from bbws_readiness.resources import data_root, prepared_root

if TYPE_CHECKING:
    from jinja2 import Environment

OVERVIEW = "index.html"
FINDINGS = "findings.html"
FILES = (OVERVIEW, FINDINGS, *PAGES.values(), DOWNLOAD)
"""Every file of a site; a run writes all of them, so none of an earlier run stays behind as current."""


class NavigationEntry(Struct, frozen=True):
    """A page that every page leads to."""

    file: str
    name: str
    short: str
    purpose: str


class Shell(Struct, frozen=True):
    """What stands around every page."""

    policy: Policy
    title: str
    environment: str
    verdict: Mark
    rest: str
    reason: str
    as_of: str
    commit: str
    where: str
    """Account and region, as far as they are known."""
    reproduce: str
    version: str
    rulebook: str
    navigation: tuple[NavigationEntry, ...]
    documents: tuple[NavigationEntry, ...]
    download: str = DOWNLOAD


def render_site(
    assessment: Assessment, documents: Sequence[Document], *, site: str | None, directory: str
) -> tuple[Document, ...]:
    """All files of the site, in the order of `FILES`. The same arguments give the same bytes.

    `documents` is the Markdown of the set, which lies in `directory`, `site` is where the pages will lie, both relative
    to the project; `site` is None for a folder outside of it, `directory` then is `..`.
    """
    data = without_secrets(to_data(assessment))
    places = places_of(assessment, site)
    pages = tuple(document_pages(assessment, data, documents, places, directory=directory))
    shell = _shell(assessment, pages)
    written = {
        OVERVIEW: _page("index.html", shell, OVERVIEW, view=overview(assessment, data, places)),
        FINDINGS: _page("findings.html", shell, FINDINGS, view=findings_view(assessment, places)),
        **{one.file: _page("document.html", shell, one.file, view=one) for one in pages},
        DOWNLOAD: to_json(assessment),
    }
    return tuple(Document(name, written[name]) for name in FILES)


def _page(template: str, shell: Shell, file: str, **values: object) -> str:
    return _environment().get_template(template).render(shell=shell, file=file, **values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """Jinja is imported here, because most commands never make a page."""
    from bbws_readiness.render.templates.pages import environment_of

    return environment_of(data_root() / "templates" / "site", printed, prepared=prepared_root())


def _shell(assessment: Assessment, pages: Sequence[DocumentPage]) -> Shell:
    documents = tuple(NavigationEntry(one.file, one.name, SHORT[one.key], one.purpose) for one in pages if one.listed)
    repository = assessment.model.repository
    commit = repository.commit.or_none() if repository else None
    when = assessment.as_of.isoformat(timespec="minutes").removesuffix("T00:00")
    return Shell(
        policy=policy(),
        title=assessment.title,
        environment=assessment.environment.upper(),
        verdict=verdict_mark(assessment),
        rest=verdict_rest(assessment),
        reason=assessment.reason,
        as_of=wording.as_of(assessment.as_of),
        commit=f"commit {commit[:12]}" if commit else (repository.no_commit if repository else "not a git checkout"),
        where=_where(assessment),
        reproduce=f"readiness assess {assessment.environment} --as-of {when}",
        version=assessment.tool_version,
        rulebook=assessment.rulebook,
        navigation=(
            NavigationEntry(OVERVIEW, "Overview", "Overview", "The verdict, and what stands in the way"),
            NavigationEntry(FINDINGS, "Findings", "Findings", "Every check with its answer and its lines"),
        ),
        documents=documents,
    )


def _where(assessment: Assessment) -> str:
    account = assessment.account.or_none() if assessment.account else None
    region = assessment.region.or_none() if assessment.region else None
    return ", ".join(one for one in (account and f"account {account}", region) if one)
