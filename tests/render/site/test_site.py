"""The pages of a site: every figure is the assessment's, every link leads somewhere, and nothing foreign runs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from msgspec.structs import replace

from bbws_readiness.assess.assessment import Verdict
from bbws_readiness.render.documents import NOTICE, Document, render_documents
from bbws_readiness.render.machine import to_data
from bbws_readiness.render.site.documents import NO_NOTICE
from bbws_readiness.render.site.overview import overview
from bbws_readiness.render.site.places import Places
from bbws_readiness.render.site.site import FILES, render_site
from tests.cases import each
from tests.example import EXAMPLE, READINGS, ROOT, assessed
from tests.render import sample
from tests.render.encode.test_hostile_project import ATTACKS, HARMLESS
from tests.render.encode.test_hostile_project import assessed as attacked
from tests.render.site.pages import SITE, elements, figures, html_pages, page, pages_of, parsed, site_of, words

SEVERITIES = ("critical", "high", "medium", "low")


@pytest.mark.parametrize("reading", READINGS)
def test_every_figure_is_that_of_the_json(reading: str) -> None:
    data = json.loads(site_of(reading)["assessment.json"])
    shown = figures(page(reading, "index.html"))
    coverage, schedule = data["coverage"], data["schedule"]
    assert shown["verdict"] == data["verdict"]
    assert shown["reason"] == data["reason"]
    assert shown["score"] == f"{data['score']['value']}/100"
    assert shown["coverage"] == f"{coverage['determined']} of {coverage['total']}"
    assert shown["decisions"] == str(len(data["decisions"]))
    for severity in SEVERITIES:
        assert shown[f"issues.{severity}"] == str(sum(one["severity"] == severity for one in data["issues"]))
    if schedule["ready"]["at"]:
        assert shown["ready"].endswith(schedule["ready"]["at"].replace("T", " "))
    whole, rest = divmod(schedule["effort_minutes"], 60)
    assert shown["effort"] == f"{whole} h" + (f" {rest} min" if rest else "")
    counts = Counter(one["status"] for one in data["findings"])
    listed = {key.removeprefix("findings."): int(text) for key, text in figures(page(reading, "findings.html")).items()}
    assert listed == counts
    for name in html_pages(reading):
        brand = re.search(r'<p class="brand">.*?</svg>(\w+)</span></p>', site_of(reading)[name])
        assert brand and brand[1] == data["verdict"], name


def test_every_finding_issue_and_decision_is_told_once() -> None:
    data = json.loads(site_of("a")["assessment.json"])
    ids = [str(node.get("id")) for node in elements(page("a", "findings.html")) if node.tag == "details"]
    assert Counter(one for one in ids if one.startswith("f.")) == Counter(
        f"f.{one['fingerprint']}" for one in data["findings"]
    )
    overview = list(elements(page("a", "index.html")))
    titles = [words(node) for node in overview if node.get("class") == "issue-title"]
    assert sorted(titles) == sorted(one["title"] for one in data["issues"])
    questions = [words(node) for node in overview if node.tag == "h3"]
    assert questions == [one["question"] for one in data["decisions"]] != []


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert pages_of(assessed("b")) == site_of("b")
    assert tuple(site_of("b")) == FILES


@pytest.mark.parametrize("reading", ["b", "c"])
def test_every_link_leads_somewhere(reading: str) -> None:
    pages = site_of(reading)
    ids = {
        name: {str(node.get("id")) for node in elements(page(reading, name)) if node.get("id")}
        for name in html_pages(reading)
    }
    values = {str(node.get("value")) for node in elements(page(reading, "findings.html")) if node.tag == "option"}
    followed = Counter[str]()
    for name in html_pages(reading):
        for node in elements(page(reading, name)):
            address = node.get("href")
            if node.tag != "a" or address is None:
                continue
            path, fragment = unquote(urlsplit(address).path), unquote(urlsplit(address).fragment)
            if path in ("", *pages):
                kind = _followed(path or name, fragment, ids, values)
            else:
                kind = _in_project(path, fragment)
            assert kind, f"{name}: {address}"
            followed[kind] += 1
    assert set(followed) == {"page", "filter", "line", "file", "data"}


def _followed(path: str, fragment: str, ids: dict[str, set[str]], values: set[str]) -> str:
    if path not in ids:
        return "data"
    if "=" in fragment:
        wanted = dict(part.split("=", 1) for part in fragment.split("&"))
        known = path == "findings.html" and set(wanted) <= {"outcome", "severity", "area", "owner", "q"}
        return "filter" if known and all(key == "q" or value in values for key, value in wanted.items()) else ""
    return "page" if not fragment or fragment in ids[path] else ""


def _in_project(path: str, fragment: str) -> str:
    file = (EXAMPLE / SITE / path).resolve()
    if not file.is_relative_to(EXAMPLE.resolve()) or not file.exists():
        return ""
    if not fragment:
        return "file"
    return "line" if 1 <= int(fragment.removeprefix("L")) <= len(file.read_text("utf-8").splitlines()) else ""


@each("name", [name for name in FILES if name.endswith(".html")])
def test_a_page_brings_all_it_needs_and_lets_nothing_else_in(name: str) -> None:
    text = site_of("b")[name]
    content = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    policy = unescape(content[1]) if content else ""
    for element, directive in (("style", "style-src"), ("script", "script-src")):
        found = re.findall(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)
        assert len(found) == 1
        digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "url(" not in text and "@import" not in text
    for node in elements(page("b", name)):
        tag = str(node.tag).split("}")[-1]
        assert tag not in ("iframe", "object", "embed", "img", "form", "base", "foreignObject"), tag
        for key, value in node.attrib.items():
            assert key != "style" and not key.startswith("on") and key not in ("src", "srcset", "action"), (tag, key)
            if key.split("}")[-1] == "href" and value != "data:,":
                assert not urlsplit(value).scheme and not value.startswith("//"), value


@each("name", [name for name in FILES if name.endswith(".html")])
def test_a_page_is_in_order(name: str) -> None:
    nodes = list(elements(page("b", name)))
    ids = Counter(str(node.get("id")) for node in nodes if node.get("id"))
    assert [one for one, number in ids.items() if number > 1] == []
    named = {key: str(node.get(key)).split() for node in nodes for key in ("aria-labelledby", "for") if node.get(key)}
    assert [one for names in named.values() for one in names if one not in ids] == []
    headings = [int(str(node.tag)[1]) for node in nodes if re.fullmatch("h[1-6]", str(node.tag))]
    assert headings[0] == 1 and headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert {"header", "main", "footer", "nav"} <= {str(node.tag) for node in nodes}
    empty = [node for node in nodes if node.tag in ("a", "th", "button", "h2", "h3") and not words(node)]
    assert empty == []


WRAPPED = ("text", "tspan", "title", "rect", "path", "code")
"""Elements of which there are more where a text is longer and wraps, or where it has to stand in code."""


def shape(text: str) -> tuple[set[tuple[str, str]], Counter[str]]:
    """Which elements have which attributes, and how many there are of those whose number no text changes."""
    nodes = [(str(node.tag).split("}")[-1], node) for node in elements(parsed(text))]
    kinds = {(tag, str(key)) for tag, node in nodes for key in ("", *node.attrib)}
    return kinds, Counter(tag for tag, _ in nodes if tag not in WRAPPED)


def test_a_hostile_project_makes_no_element(tmp_path: Path) -> None:
    """Two of the attacks on the documents in one; with the links of a third a browser is asked."""
    harmless = {name: shape(text) for name, text in pages_of(attacked(tmp_path / "a", HARMLESS)).items()}
    attack = f"{ATTACKS['invisible']} {ATTACKS['elements']}"
    for name, text in pages_of(attacked(tmp_path / "b", attack)).items():
        if name.endswith(".html"):
            assert shape(text) == harmless[name], name
            assert not re.search(r'href="(?!data:,)[a-z]+:|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066]', text), name


@pytest.mark.parametrize("state", sample.STATES)
def test_every_state_has_its_page(state: str) -> None:
    assessment = sample.STATES[state]()
    pages = pages_of(assessment)
    root = parsed(pages["index.html"])
    assert figures(root)["verdict"] == assessment.verdict.value
    assert words(next(elements(root)))  # the whole page can be read
    ids = {str(node.get("id")) for node in elements(root)}
    named = {str(node.get("href"))[1:] for node in elements(root) if str(node.get("href")).startswith("#")}
    assert named <= ids


def test_what_files_do_not_tell_stands_in_the_way_too() -> None:
    """No page says that nothing is in the way of a verdict that could not be given."""
    ways = {state: way(pages_of(sample.STATES[state]())["index.html"]) for state in ("undetermined", "ready")}
    assert "Terraform parses" in ways["undetermined"] and "READY needs it." in ways["undetermined"]
    assert "defect is open" not in ways["undetermined"]
    assert "No critical or high defect is open." in ways["ready"]


def test_a_day_that_what_is_unknown_may_move_is_no_promise() -> None:
    known = sample.blocked()
    labels = {}
    for verdict in (Verdict.BLOCKED, Verdict.UNDETERMINED):
        shown = overview(replace(known, verdict=verdict), to_data(known), Places()).figures
        labels[verdict] = [(one.label, one.tone) for one in shown if one.key in ("ready", "planned")]
    assert labels[Verdict.BLOCKED] == [("Ready on", ""), ("Planned for", "ok")]
    assert labels[Verdict.UNDETERMINED] == [("Ready at the earliest", ""), ("Planned for", "")]


def way(text: str) -> str:
    """The words of the card that tells what stands in the way."""
    cards = [node for node in elements(parsed(text)) if node.get("aria-labelledby") == "page.way"]
    return words(cards[0])


def test_what_was_not_read_is_not_said_to_be_missing() -> None:
    known = sample.undetermined()
    (waiting,) = known.downstream
    for here, said in ((None, "not determinable"), (False, "NOT DEFINED here"), (True, "defined here")):
        told = overview(replace(known, downstream=(replace(waiting, defined_here=here),)), to_data(known), Places())
        assert told.waiting[0].here.word == said


def test_a_notice_that_is_due_is_found_from_every_page() -> None:
    text = "# CORRECTED STATUS\n\nWhat was said, and what holds now.\n"
    known = assessed("b")
    documents = (*render_documents(known), Document(NOTICE.file_name(known), text))
    pages = {one.path: one.text for one in render_site(known, documents, site=SITE, directory="deployments")}
    assert "what holds now" in pages["notice.html"]
    assert all('<a href="notice.html"' in text for name, text in pages.items() if name.endswith(".html"))


def test_a_notice_that_is_not_due_is_no_news() -> None:
    notice = site_of("b")["notice.html"]
    assert NO_NOTICE.splitlines()[0].removeprefix("# ") in notice
    assert 'href="notice.html"' not in "".join(site_of("b").values())


TEMPLATES = sorted((ROOT / "templates" / "site").glob("*.html"))


def test_templates_and_modules_trust_only_what_was_encoded() -> None:
    """Markup is made trusted where pages and pictures are made, and nowhere else; no template does it."""
    assert TEMPLATES
    for template in TEMPLATES:
        assert not re.search(r"\|\s*(safe|forceescape|urlize|xmlattr|tojson)\b|autoescape", template.read_text("utf-8"))
    package = ROOT / "bbws_readiness"
    callers = {
        path.relative_to(package).parent.as_posix()
        for path in package.rglob("*.py")
        if re.search(r"\btrusted\(", path.read_text("utf-8"))
    }
    assert callers <= {"render/encode", "render/site", "render/site/pictures"}
