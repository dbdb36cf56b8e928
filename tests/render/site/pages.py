"""Sites of the example as tests read them: made once, and parsed by an HTML5 parser."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

import html5lib

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.render.documents import render_documents
from bbws_readiness.render.site.site import render_site
from tests.example import assessed

SITE = "deployments/site/sit"


def pages_of(assessment: Assessment) -> dict[str, str]:
    """Every file by its name, as `readiness site` writes it into the project."""
    documents = render_documents(assessment)
    return {
        document.path: document.text
        for document in render_site(assessment, documents, site=SITE, directory="deployments")
    }


@cache
def site_of(reading: str) -> dict[str, str]:
    """The site of the example under one reading."""
    return pages_of(assessed(reading))


@cache
def page(reading: str, name: str) -> Element:
    """One page, parsed."""
    return parsed(site_of(reading)[name])


def parsed(text: str) -> Element:
    """The root element; names carry no namespace but those of pictures."""
    root: Element = html5lib.parse(text, namespaceHTMLElements=False)
    return root


def words(node: Element) -> str:
    """The text in an element, on one line."""
    return " ".join("".join(node.itertext()).split())


def figures(root: Element) -> dict[str, str]:
    """Every figure that a page shows, by its key."""
    return {str(node.get("data-figure")): words(node) for node in elements(root) if node.get("data-figure")}


def elements(root: Element) -> Iterator[Element]:
    """Every element, without comments."""
    return (node for node in root.iter() if isinstance(node.tag, str))


def html_pages(reading: str) -> list[str]:
    """The names of the pages of a site."""
    return [name for name in site_of(reading) if name.endswith(".html")]
