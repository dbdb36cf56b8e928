"""Jinja fills a page alike whether it compiled the templates or was spared it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from bbws_readiness.render.documents import render_documents
from bbws_readiness.render.encode.html import printed
from bbws_readiness.render.frame import Document
from bbws_readiness.render.site import site
from bbws_readiness.render.templates.pages import FILE, environment_of, module_of_pages
from bbws_readiness.resources import data_root
from tests.example import assessed

SHIPPED = data_root() / "templates" / "site"


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    (tmp_path / FILE).write_text(module_of_pages(SHIPPED))
    return tmp_path


@pytest.fixture
def anew() -> Iterator[None]:
    """Set up anew, for the test alone."""
    site._environment.cache_clear()
    yield
    site._environment.cache_clear()


def pages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Document, ...]:
    site._environment.cache_clear()
    monkeypatch.setattr(site, "prepared_root", lambda: folder)
    assessment = assessed("b")
    return site.render_site(assessment, render_documents(assessment, directory=".."), site=None, directory="..")


@pytest.mark.usefixtures("anew")
def test_the_page_is_the_same_both_ways(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = pages(prepared / "nothing", monkeypatch)
    with monkeypatch.context() as during:
        during.delattr(Environment, "compile")
        assert pages(prepared, monkeypatch) == compiled


def test_a_change_is_seen_at_once(tmp_path: Path) -> None:
    (tmp_path / "base.html").write_text("<b>{% block a %}{% endblock %}</b>\n")
    (tmp_path / "page.html").write_text('{% extends "base.html" %}{% block a %}{{ text }}{% endblock %}')
    (tmp_path / FILE).write_text(module_of_pages(tmp_path))

    def filled() -> str:
        return environment_of(tmp_path, printed, prepared=tmp_path).get_template("page.html").render(text="<i>")

    assert filled() == "<b>&lt;i&gt;</b>\n"
    (tmp_path / "base.html").write_text("<p>{% block a %}{% endblock %}</p>\n")
    assert filled() == "<p>&lt;i&gt;</p>\n"


def test_code_of_another_jinja_is_not_used(prepared: Path) -> None:
    module = prepared / FILE
    module.write_text(module.read_text().replace('MAKERS = "', 'MAKERS = "0').replace("<!DOCTYPE html>", "spoilt"))
    assert "spoilt" in module.read_text()
    template = environment_of(SHIPPED, printed, prepared=prepared).get_template("base.html")
    assert template.filename == str(SHIPPED / "base.html"), "compiled anew"
