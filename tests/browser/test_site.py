"""The site in a real Chromium, opened from disk: filters, links, colours, paper, and what assistive software meets."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bbws_readiness.assess.assessment import Assessment
from tests.example import assessed
from tests.render import sample
from tests.render.encode.test_hostile_project import ATTACKS
from tests.render.encode.test_hostile_project import assessed as attacked
from tests.render.site.pages import pages_of, site_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"]
IMAGES = Path(__file__).parents[2] / "docs" / "images"
SIZES = {"wide": (1360, 900), "narrow": (360, 780)}

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no Chromium at {CHROMIUM}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's site, and in the folder `small` that of a small project with everything that pages can show."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "small").mkdir()
    for name, text in site_of("b").items():
        (folder / name).write_text(text, "utf-8")
    for name, text in pages_of(sample.blocked()).items():
        (folder / "small" / name).write_text(text, "utf-8")
    return folder


Open = Callable[..., "Page"]


@pytest.fixture
def opened(browser: Browser, site: Path) -> Iterator[Open]:
    """Opens a page from disk; afterwards no page may have complained, or asked for anything but files of the site."""
    asked: list[str] = []
    complaints: list[str] = []
    contexts = []

    def open_page(name: str, *, size: str = "wide", **context: Any) -> Page:
        width, height = SIZES[size]
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **context))
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site.as_uri()}/{name}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith((f"{site.as_uri()}/", "data:,"))] == []


def shown(page: Page) -> int:
    return page.locator("[data-finding]:visible").count()


def figure(assessment: Assessment, **wanted: str) -> int:
    """How many findings of the assessment are open, or of one rule."""
    rule = wanted.get("rule")
    return sum(one.open and rule in (None, one.rule.code) for one in assessment.findings)


def test_findings_are_filtered_by_keyboard_and_the_address_tells_it(opened: Open) -> None:
    page = opened("findings.html")
    example = assessed("b")
    number = len(example.findings)
    status = page.get_by_role("status")
    assert (shown(page), status.text_content()) == (number, f"{number} of {number} findings")
    page.get_by_label("Outcome").focus()
    page.keyboard.type("Open p")
    expected = figure(example)
    assert (shown(page), status.text_content()) == (expected, f"{expected} of {number} findings")
    failed = [one for one in example.findings if one.status == "FAIL"]
    left = sum(one.open for one in failed)
    assert page.locator("[data-figure='findings.FAIL']").text_content() == f"{left} of {len(failed)}"
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("IDX001 tenants")
    assert 0 < shown(page) < figure(example, rule="IDX001") + 1
    assert page.url.endswith("#q=IDX001%20tenants&outcome=open")
    again = opened("findings.html" + page.url[page.url.index("#") :])
    assert shown(again) == shown(page)
    assert again.get_by_label("Search").input_value() == "IDX001 tenants"
    page.keyboard.type(" nowhere")
    assert shown(page) == 0 and page.get_by_text("No finding matches.").is_visible()
    page.get_by_role("button", name="Clear").focus()
    page.keyboard.press("Enter")
    assert shown(page) == number and "#" not in page.url
    page.get_by_role("button", name="Open all").press("Space")
    assert page.locator("[data-finding] details[open]").count() == number


def test_links_of_the_overview_lead_to_what_they_name(opened: Open) -> None:
    page = opened("index.html")
    page.get_by_role("link", name="5 critical").click()
    page.wait_for_url("**/findings.html#*")
    expected = [one for one in assessed("b").findings if one.open and one.severity == "critical"]
    assert shown(page) == len(expected)
    fingerprint = expected[-1].fingerprint
    page.goto(page.url.partition("#")[0] + f"#f.{fingerprint}")
    found = page.locator(f"[id='f.{fingerprint}']")
    assert found.get_attribute("open") is not None
    assert page.evaluate("document.activeElement.parentElement.id") == f"f.{fingerprint}"
    box = found.bounding_box()
    assert box and 0 <= box["y"] < SIZES["wide"][1]
    page.get_by_role("link", name="Overview").click()
    page.wait_for_url("**/index.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/index.html#page.main")
    assert page.evaluate("document.activeElement.id") == "page.main"


def test_colours_follow_the_system_until_somebody_chooses(opened: Open) -> None:
    page = opened("small/index.html", color_scheme="dark")
    dark = colours(page)
    page.get_by_role("button", name="Use light colours").press("Enter")
    light = colours(page)
    assert light != dark
    page.get_by_role("link", name="Brief", exact=True).click()
    page.wait_for_url("**/brief.html")
    assert colours(page) == light
    assert page.get_by_role("button", name="Use dark colours").is_visible()
    assert colours(opened("small/index.html", color_scheme="light")) == light


def colours(page: Page) -> list[str]:
    return page.evaluate("(s => [s.backgroundColor, s.color])(getComputedStyle(document.body))")


def test_without_script_everything_is_there_and_no_control(opened: Open) -> None:
    page = opened("small/findings.html", java_script_enabled=False)
    assert shown(page) == len(sample.blocked().findings)
    assert page.get_by_role("button").count() == page.get_by_role("combobox").count() == 0


def test_on_paper_nothing_is_folded_or_hidden(opened: Open) -> None:
    page = opened("small/findings.html#q=TBL001")
    assert 0 < shown(page) < len(sample.blocked().findings)
    page.emulate_media(media="print")
    assert shown(page) == len(sample.blocked().findings)
    assert page.locator(".message").last.is_visible()
    assert page.locator(".filters, .pages, .theme").evaluate_all("all => all.every(one => !one.checkVisibility())")


def test_assistive_software_finds_its_way(opened: Open) -> None:
    """Every rule of axe on a page of each kind, and that of contrast in dark colours too: no other rule looks at them.

    Of the documents, which one template makes, it is the one with tasks and diagrams.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    page = opened("small/index.html", color_scheme="light")
    found = {}
    for name in ("index.html", "findings.html", "action_items.html"):
        page.emulate_media(color_scheme="light")
        page.goto(page.url.rpartition("/")[0] + f"/{name}")
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        found[name] = violations(axe.run(page))
        page.emulate_media(color_scheme="dark")
        found[f"{name} in dark"] = violations(axe.run(page, options={"runOnly": ["color-contrast"]}))
    assert len(found) == 6
    assert {name: faults for name, faults in found.items() if faults} == {}


def violations(results: Any) -> list[tuple[str, str]]:
    """The broken rules, each with the first element that breaks it."""
    assert results.response["passes"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in results.response["violations"]]


def test_a_hostile_project_starts_and_loads_nothing(opened: Open, site: Path) -> None:
    folder = site / "hostile"
    folder.mkdir()
    for name, text in pages_of(attacked(folder / "project", ATTACKS["links"])).items():
        (folder / name).write_text(text, "utf-8")
    page = opened("hostile/index.html")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    for name in _pages():
        page.goto(f"{folder.as_uri()}/{name}")
        assert page.locator("img, iframe, object, embed, form, a[href*=':']").count() == 0, name
    assert dialogs == []


def _pages() -> list[str]:
    return [name for name in site_of("b") if name.endswith(".html")]


def test_no_page_is_wider_than_a_small_screen(opened: Open) -> None:
    page = opened("index.html", size="narrow")
    wider = {}
    for name in _pages():
        page.goto(page.url.rpartition("/")[0] + f"/{name}")
        wider[name] = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert {name: by for name, by in wider.items() if by > 0} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_screen_tells_the_verdict(opened: Open, scheme: str, pytestconfig: pytest.Config) -> None:
    """Places and colours instead of pixels, which differ with the fonts of a computer; the picture is that of the docs.

    `--update-golden` takes the picture anew.
    """
    page = opened("index.html", color_scheme=scheme)
    verdict, reason, counts, figures = (
        page.locator(one).bounding_box() for one in (".hero h1", ".reason", ".counts", ".figures")
    )
    assert verdict and reason and counts and figures
    assert verdict["y"] < reason["y"] < counts["y"] < figures["y"] < figures["y"] + figures["height"] < SIZES["wide"][1]
    assert verdict["height"] >= 3 * reason["height"] / 2
    data = page.screenshot()
    assert size_of(data) == SIZES["wide"] and len(data) > 5 * BLANK
    path = IMAGES / f"site-{scheme}.png"
    if pytestconfig.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    kept = path.read_bytes()
    assert size_of(kept) == SIZES["wide"] and 5 * BLANK < len(kept) < 200_000


BLANK = 6_000
"""Bytes of a picture of this size without anything on it, at most."""


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height, from the header."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height
