"""The strict claims of evidence: what holds, what is contradicted, what is no claim, and when a digest changes."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.config import load_config
from bbws_readiness.decisions.claims import Examined, NotAClaim, examine
from bbws_readiness.pipeline import assess_project
from tests.cases import each
from tests.data import data
from tests.example import AS_OF, EXAMPLE, READINGS, assessed, copy_example

CASES = data(Path(__file__).parent / "claims.yaml")
CONFIG = load_config(EXAMPLE, path=READINGS["c"])
HOLDS = {"holds": True, "contradicted": False, "the files cannot tell": None}


def examined(claim: str) -> Examined:
    return examine(claim, model=assessed("c").model, config=CONFIG)


@each(
    ("group", "case"),
    [pytest.param(group, case, id=f"{group}: {case['claim']}") for group in HOLDS for case in CASES[group]],
)
def test_claim(group: str, case: dict[str, Any]) -> None:
    found = examined(case["claim"])
    assert found.claim == case["claim"]
    assert found.holds is case.get("holds", HOLDS[group]), found.said
    assert case.get("said", "") in found.said
    assert len(found.digest) == 12
    if "at" in case:
        assert str(found.at[0]).startswith(case["at"])
    for at in found.at:
        source = assessed("c").model.sources.get(at.path)
        assert at.line == 0 or (source and source.lines[at.line - 1].strip())


@each("case", CASES["no claims"], ids=lambda case: case["claim"] or "nothing")
def test_no_claim(case: dict[str, str]) -> None:
    with pytest.raises(NotAClaim) as told:
        examined(case["claim"])
    assert case["said"] in f"{told.value.summary}; {told.value.hint}"
    assert told.value.hint


@each(
    ("path", "old", "new", "changes", "keeps"),
    [
        (
            "schemas/products.schema.json",
            '"sortKey": "createdAt"',
            '"sortKey": "updatedAt"',
            ["terraform and schemas agree on indexes", "schemas indexes = 7", "terraform and schemas agree on keys"],
            ["terraform indexes = 7", "terraform and schemas agree on tables", "recovery on for all"],
        ),
        (
            "terraform/dynamodb/main.tf",
            "locals {",
            "# A line more.\nlocals {",
            [],
            ["terraform and schemas agree on indexes", "recovery on for all", "terraform outputs = 7"],
        ),
        (
            "README.md",
            "| 2 |",
            "| 1 |",
            ["readme indexes of products = 2", "readme indexes = 8", "README.md:11"],
            ["readme tables = 3", "README.md:12"],
        ),
        (
            "terraform/dynamodb/main.tf",
            "stream_enabled = false",
            "stream_enabled = true",
            ["streams off for products"],
            ["streams on for tenants", "recovery on for all", "nothing consumes changes of products"],
        ),
    ],
)
def test_digest_changes_with_what_is_said(
    path: str, old: str, new: str, changes: list[str], keeps: list[str], tmp_path: Path
) -> None:
    project = copy_example(tmp_path, {path: (old, new)}, readings=True)
    config = load_config(project, path=project / "readings" / "terraform_is_authority.yaml")
    model = assess_project(project, "sit", as_of=AS_OF, config=config).model
    now = {claim: examine(claim, model=model, config=config).digest for claim in (*changes, *keeps)}
    assert [claim for claim in now if now[claim] != examined(claim).digest] == changes


READER = """
resource "aws_lambda_event_source_mapping" "products" {
  event_source_arn = aws_dynamodb_table.TABLE.stream_arn
  function_name    = "index-products"
}
"""


@pytest.mark.parametrize(("table", "holds"), [("products", False), ("tenants", True)])
def test_a_declared_reader_of_the_changes_is_a_consumer(table: str, holds: bool, tmp_path: Path) -> None:
    project = copy_example(tmp_path)
    (project / "terraform" / "dynamodb" / "reader.tf").write_text(READER.replace("TABLE", table))
    model = assess_project(project, "sit", as_of=AS_OF, config=load_config(project)).model
    found = examine("nothing consumes changes of products", model=model, config=load_config(project))
    assert found.holds is holds
    assert found.at[0].path.endswith("main.tf" if holds else "reader.tf")


def test_a_table_that_may_not_be_read_makes_a_claim_uncertain(tmp_path: Path) -> None:
    project = copy_example(tmp_path)
    (project / "terraform" / "dynamodb" / "more.tf").write_text('resource "aws_dynamodb_table" {\n')
    config = load_config(project)
    model = assess_project(project, "sit", as_of=AS_OF, config=config).model
    found = examine("terraform tables = 4", model=model, config=config)
    assert found.holds is None
    assert "could not be read" in found.said


def test_a_cited_secret_is_withheld(tmp_path: Path) -> None:
    secret = "AKIA" + "IOSFODNN7EXAMPL3"
    project = copy_example(tmp_path, {"README.md": ("# DynamoDB Schemas", f"# DynamoDB Schemas {secret}")})
    config = load_config(project)
    model = assess_project(project, "sit", as_of=AS_OF, config=config).model
    assert secret not in examine("README.md:1", model=model, config=config).said


WORDS = "terraform schemas plan readme and , = 7 of products indexes keys agree on off for all recovery window default : README.md:14 nothing consumes changes of".split()  # noqa: E501, SIM905


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join) | st.text(max_size=40))
def test_any_text_is_a_claim_or_none(text: str) -> None:
    try:
        found = examined(text)
    except NotAClaim as told:
        assert told.summary and told.hint
    else:
        assert found.said
