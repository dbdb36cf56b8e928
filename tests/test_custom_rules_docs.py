"""docs/custom-rules.md names what there is: nouns and fields, checks, placeholders, keys of cases."""

import json
import re
import runpy
from pathlib import Path

from bbws_readiness.checks import SIGNATURES
from bbws_readiness.engine.texts import MESSAGE, REASON

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "custom-rules.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_nouns_and_fields_are_those_of_the_package() -> None:
    assert runpy.run_path(str(ROOT / "docs" / "generate.py"))["rules_page"]() == TEXT, "run `make docs`"


def test_every_check_for_rules_of_a_project_is_in_the_table() -> None:
    table = TEXT.partition("## Checks")[2].partition("## Nouns")[0]
    assert {
        name for row in re.findall(r"^\| (`.*?`) \|", table, re.M) for name in row.replace("`", "").split(", ")
    } == set(SIGNATURES)


def test_every_placeholder_is_named() -> None:
    told = [MESSAGE, REASON, *(one for signature in SIGNATURES.values() for one in signature.says.values())]
    assert {f"`{{{name}}}`" for names in told for name in names} <= set(re.findall(r"`\{\w+\}`", TEXT))


def test_every_key_of_a_case_is_named() -> None:
    schema = json.loads((ROOT / "bbws_readiness" / "rule_cases" / "cases.schema.json").read_text())
    cases = TEXT.partition("## Cases")[2].partition("## Commands")[0]
    ours_alone = {"project", "write"}
    for key in {*schema["$defs"]["case"]["properties"], *schema["$defs"]["expect"]["properties"]} - ours_alone:
        assert key in cases, key
