"""The pages of `docs/rules/` are as `make docs` makes them, whole, and led to."""

import re
import runpy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bbws_readiness.engine.rule import Rule
from bbws_readiness.render.rule_pages import page_name
from bbws_readiness.rulebooks import shipped_rulebook
from tests.cases import each
from tests.rules.cases import result, suite

DOCS = Path(__file__).parents[2] / "docs"
BOOK = shipped_rulebook()
EACH = each("rule", BOOK.rules, ids=lambda rule: rule.code)
FENCED = re.compile(r"^(`{3,})[a-z]*\n.*?^\1$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+\.md)\)")
SECTIONS = (
    "What must hold",
    "Why",
    "What it reads",
    "An example that fails",
    "An example that passes",
    "Looks wrong, is right",
    "How to fix it",
    "How to settle it",
    "Settings",
    "Outcomes",
)


@cache
def made() -> Mapping[str, Any]:
    """What `docs/generate.py` defines."""
    return runpy.run_path(str(DOCS / "generate.py"))


def page(rule: Rule) -> str:
    return (DOCS / "rules" / page_name(rule)).read_text(encoding="utf-8")


@EACH
def test_page_is_as_the_rule_and_its_cases_are(rule: Rule) -> None:
    assert page(rule) == made()["page_of"](rule, suite(), result), "run `make docs`"


@EACH
def test_page_has_every_part(rule: Rule) -> None:
    headings = re.findall(r"^## (.+)$", FENCED.sub("", page(rule)), re.MULTILINE)
    near = any(case.near_miss for case in suite().of(rule.code))
    assert headings == [section for section in SECTIONS if near or section != SECTIONS[5]]
    examples = page(rule).partition(f"\n## {SECTIONS[3]}\n")[2].partition(f"\n## {SECTIONS[6]}\n")[0]
    bad, _, good = examples.partition(f"\n## {SECTIONS[4]}\n")
    assert "\nFAIL  " in bad
    assert "\nPASS  " in good
    assert len(FENCED.findall(bad)) > 1, "an example without a text"


def test_index_is_as_the_rules_are() -> None:
    assert (DOCS / "rules.md").read_text(encoding="utf-8") == made()["index"](BOOK), "run `make docs`"


def test_index_leads_to_every_page_and_every_page_back() -> None:
    names = sorted(path.name for path in (DOCS / "rules").iterdir())
    assert names == sorted(map(page_name, BOOK.rules))
    assert sorted(LINK.findall((DOCS / "rules.md").read_text(encoding="utf-8"))) == [f"rules/{name}" for name in names]
    assert {link for rule in BOOK.rules for link in LINK.findall(page(rule))} == {"../rules.md"}


def test_readme_leads_to_the_index() -> None:
    assert "(docs/rules.md)" in (DOCS.parent / "README.md").read_text(encoding="utf-8")
