"""A whole project whose every name is an attack: its documents have the shape of those of a harmless twin."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.config import load_config
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.documents import render_documents
from bbws_readiness.render.encode.terminal import guarded, safe
from bbws_readiness.render.formats.annotations import to_annotations
from bbws_readiness.render.formats.junit import to_junit
from bbws_readiness.render.formats.sarif import to_sarif
from bbws_readiness.render.machine import to_json
from bbws_readiness.render.terminal import terminal_text
from bbws_readiness.render.terminal_line import quiet_text
from tests.example import AS_OF, copy_example
from tests.render.encode.github import ALIVE, STEERING, commands_in, drawn, loose, rendered

ATTACKS = {
    "links": "![a](http://e.x/i.png) [a](javascript:b) <http://e.x> www.e.x a@b.co",
    "references": "@org/team o/r#12 GH-7 deadbeef0 :tada: :100: CVE-2024-12345 &#64;team",
    "elements": "<img src=x onerror=y> </td></tr></table> | y \\| z || <details> &lt;b&gt; &copy; <!-- task:a --> -->",
    "blocks": "# x [^1] [!NOTE] [x]: http://e.x === [x] - [x] done [X] <!-- notes:a ``` `y `` z\\",
    "formulas": '$y$ $$z$$ $`a`$ ```math {{ y }} {% z %} "] end %% click a href "http://e.x" <b>',
    "commands": "::error file=a::x ##[group]y ::add-mask::z %0A%25",
    "invisible": "\u202ey\u200b\U000e0041 \u2066z \u00ad ::error::x",
    "controls": "\x1b[31my\x07\x7f\x85\x9b \x1b]8;;http://e.x\x07",
}
"""Controls stand only where the syntax of a file can write them."""

HARMLESS = "x y z"


def as_json(text: str) -> str:
    return json.dumps(text)


def as_yaml(text: str) -> str:
    return re.sub("[\x7f-\x9f]", lambda found: f"\\x{ord(found[0]):02x}", json.dumps(text, ensure_ascii=False))


def as_name(text: str) -> str:
    """Names are refused when they are longer."""
    return as_yaml(text[:70])


def as_hcl(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    return re.sub("[\x7f-\x9f]", lambda found: f"\\u{ord(found[0]):04x}", written)


def as_words(text: str) -> str:
    return "x " + re.sub("[\x00-\x1f\x7f-\x9f]", "", text)


def as_cell(text: str) -> str:
    return as_words(text).replace("\\|", "|").replace("|", "\\|")


Quote = Callable[[str], str]
PLAN = "promotions/04_dynamodb_schemas_promotion.md"
MAIN = "terraform/dynamodb/main.tf"
SIT = ".github/workflows/deploy-sit.yml"

PLACES: tuple[tuple[str, str, str, Quote], ...] = (
    (MAIN, '= "tenants"', "= {}", as_hcl),
    (MAIN, '= "EmailIndex"', "= {}", as_hcl),
    (MAIN, '"platform-team"', "{}", as_hcl),
    (MAIN, "# Organisations, their", "# {} their", as_words),
    (PLAN, "**Owner**: DevOps Engineer", "**Owner**: {}", as_words),
    (PLAN, "PROM-DDB-004", "{}", as_words),
    (PLAN, "- [ ] This is a dependency", "- [ ] {} This is a dependency", as_words),
    (PLAN, "campaigns_lambda, order_lambda", "{}, order_lambda", as_words),
    (PLAN, "| Wave 2 (Inf", "| Wave 2 {} (Inf", as_cell),
    ("README.md", "# DynamoDB Schemas", "# {}", as_words),
    ("README.md", "| Organisations and their users |", "| {} |", as_cell),
    (SIT, "name: Deploy to SIT", "name: {}", as_yaml),
    (SIT, "description: Folder under terraform/ to deploy", "description: {}", as_yaml),
    (SIT, "name: Terraform plan", "name: {}", as_yaml),
    (SIT, "environment: sit-approval", "environment: {}", as_yaml),
    ("schemas/tenants.schema.json", '"tableName": "tenants"', '"tableName": {}', as_json),
    ("schemas/tenants.schema.json", '"indexName": "EmailIndex"', '"indexName": {}', as_json),
    ("schemas/products.schema.json", '"tableName": "products"', '"description": {}, "tableName": "products"', as_json),
    ("readiness.yaml", "title: DynamoDB Schemas", "title: {}", as_yaml),
    ("readiness.yaml", "contact: tech-lead-team@bbws.invalid", "contact: {}", as_yaml),
    ("readiness.yaml", "title: Cost review", "title: {}", as_yaml),
    ("readiness.yaml", "owners: [FinOps Lead, DevOps Engineer]", "owners: [{}, DevOps Engineer]", as_name),
    ("readiness.yaml", "group: Decision makers", "group: {}", as_yaml),
    ("readiness.yaml", "Scope: Product Owner", "Scope: {}", as_name),
    ("readiness.yaml", "prepared-for: Tech Lead, Product Owner, stakeholders", "prepared-for: {}", as_yaml),
    ("readiness.yaml", "item: Tables,", "item: {},", as_yaml),
)


def assessed(folder: Path, attack: str) -> Assessment:
    project = copy_example(folder)
    for path, old, new, quote in PLACES:
        file = project / path
        text = file.read_text("utf-8")
        file.write_text(text.replace(old, new.replace("{}", quote(attack))), "utf-8")
    name = "x" + re.sub(r"[/\x00\n]", "_", attack)
    (project / f"schemas/{name}.schema.json").write_text('{"tableName": "more"', "utf-8")
    (project / f"terraform/dynamodb/{name}.tf").write_text("locals {", "utf-8")
    return assess_project(project, "sit", as_of=AS_OF, config=load_config(project))


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return assessed(tmp_path_factory.mktemp("harmless"), HARMLESS)


@pytest.fixture(scope="module", params=ATTACKS)
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return assessed(tmp_path_factory.mktemp("hostile"), ATTACKS[request.param])


def test_every_place_exists(tmp_path: Path) -> None:
    project = copy_example(tmp_path)
    assert [old for path, old, _, _ in PLACES if old not in (project / path).read_text("utf-8")] == []


def shape(page: str) -> tuple[Counter[str], list[str]]:
    """All elements but code, and all comments without the fingerprints in them."""
    seen = drawn(page)
    return seen.tags - Counter(code=10**6), sorted(re.sub(r"[0-9a-f]{12}", "", comment) for comment in seen.comments)


def test_documents_have_the_shape_of_the_harmless_ones(hostile: Assessment, harmless: Assessment) -> None:
    for expected, document in zip(render_documents(harmless), render_documents(hostile), strict=True):
        page, twin = rendered(document.text), rendered(expected.text)
        assert shape(page) == shape(twin), document.path
        attributes = drawn(page).attributes
        assert {(tag, name) for tag, name, _ in attributes} == {(tag, name) for tag, name, _ in drawn(twin).attributes}
        assert not [value for _, name, value in attributes if name == "href" and re.match(r"[A-Za-z]+:|//", value)]
        assert set(ALIVE.findall(loose(page))) <= set(ALIVE.findall(loose(twin))), document.path
        assert not STEERING.search(document.text)
        assert not commands_in(document.text)


def test_text_and_json_steer_nothing(hostile: Assessment) -> None:
    texts = [terminal_text(hostile, lambda text, role: text, verbose=verbose) for verbose in (False, True)]
    texts += [quiet_text(hostile, lambda text, role: text), to_json(hostile)]
    for text in texts:
        assert not STEERING.search(text)
        assert not commands_in(guarded(text))
    assert guarded(texts[-1]) == texts[-1]


def test_faults_steer_nothing(hostile: Assessment) -> None:
    assert hostile.diagnostics
    for fault in hostile.diagnostics:
        assert not STEERING.search(safe(str(fault)))
        assert not commands_in(safe(str(fault)))


LINKS = re.compile(r"(?<!\\)\]\((.*?)\)")
"""Links of a SARIF message, as section 3.11.6 reads them."""


def texts_of(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for part in data.values() if isinstance(data, dict) else data:
            yield from texts_of(part)


def test_sarif_has_no_link_placeholder_or_address_but_ours(hostile: Assessment, harmless: Assessment) -> None:
    (run,), (twin,) = (
        json.loads(to_sarif(one, prefix="a/b", with_settled=True))["runs"] for one in (hostile, harmless)
    )
    assert not [text for text in texts_of(run) if STEERING.search(text.replace("\n", ""))]
    assert not [text for text in texts_of(run) if re.search(r"(?<!\{)\{\d+\}", text)]
    told = [[LINKS.findall(one["message"]["text"]) for one in log["results"]] for log in (run, twin)]
    assert told[0] == told[1]
    assert any(told[0])
    places = [place for one in run["results"] for place in [*one["locations"], *one.get("relatedLocations", [])]]
    for place in places:
        assert re.fullmatch(
            r"a/b/[\w./%!$&'()*+,;=@~-]+", place["physicalLocation"]["artifactLocation"]["uri"], re.ASCII
        )
    assert not commands_in(to_sarif(hostile))


def test_junit_has_the_elements_of_the_harmless_one(hostile: Assessment, harmless: Assessment) -> None:
    report, twin = (ElementTree.fromstring(to_junit(one)) for one in (hostile, harmless))
    assert [one.tag for one in report.iter()] == [one.tag for one in twin.iter()]
    words = [text for one in report.iter() for text in (*one.attrib.values(), one.text or "")]
    assert not [text for text in words if STEERING.search(text)]
    assert not commands_in(guarded(to_junit(hostile)))


def test_annotations_are_the_commands_of_the_harmless_ones(hostile: Assessment, harmless: Assessment) -> None:
    written, twin = to_annotations(hostile), to_annotations(harmless)
    assert not STEERING.search(written)
    assert len(commands_in(written)) == len(written.splitlines())
    kinds = [[(level, sorted(properties)) for level, properties, _ in commands_in(text)] for text in (written, twin)]
    assert kinds[0] == kinds[1]
