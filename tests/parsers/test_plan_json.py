"""A plan JSON becomes nouns, or is refused in one clear line; it is held against what the files say."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bbws_readiness.config import Config
from bbws_readiness.errors import UsageError
from bbws_readiness.model.changes import Effect, PlanOutput
from bbws_readiness.model.model import Model
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.parsers.plan_json import MAX_BYTES, MAX_DEPTH, parse_plan_json
from bbws_readiness.project import discover
from bbws_readiness.reader import PLAN_JSON, Reader
from bbws_readiness.source import Source, SourceKind
from tests.cases import each
from tests.rules.cases import PLANS, PROJECTS


def read(path: Path) -> PlanOutput:
    return parse_plan_json(Reader(path.parent, limits=PLAN_JSON).read(path.name), "sit")


def parse(data: object) -> PlanOutput:
    text = data if isinstance(data, str) else json.dumps(data)
    return parse_plan_json(Source("plan.json", text, len(text), ""), "sit")


def shown(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((PLANS / f"{name}.json").read_text())
    return data


FIGURES = [
    ("create", "7 to add, 0 to change, 0 to destroy"),
    ("unchanged", "5 to add, 0 to change, 0 to destroy"),
    ("replace", "6 to add, 0 to change, 2 to destroy"),
    ("rekey", "7 to add, 0 to change, 1 to destroy"),
]


@each(("name", "figures"), FIGURES, ids=[name for name, _ in FIGURES])
def test_figures_are_those_that_terraform_prints(name: str, figures: str) -> None:
    assert read(PLANS / f"{name}.json").figures == figures


def test_tables_are_described_like_those_of_every_source() -> None:
    plan = read(PLANS / "replace.json")
    assert [table.address for table in plan.tables] == ["aws_dynamodb_table.carriers", "aws_dynamodb_table.parcels"]
    carriers = plan.tables[0]
    assert carriers.name == "carriers"
    assert carriers.full_name.get() == "carriers-sit"
    assert carriers.partition_key is not None
    assert carriers.partition_key.name.get() == "PK"
    assert carriers.partition_key.type is not None
    assert carriers.partition_key.type.get() == "S"
    assert carriers.billing_mode is not None
    assert carriers.billing_mode.get() == "PAY_PER_REQUEST"
    assert carriers.index_names


def test_a_change_stands_at_the_line_of_its_address() -> None:
    text = (PLANS / "replace.json").read_text().splitlines()
    for change in read(PLANS / "replace.json").changes:
        assert f'"address": "{change.address}"' in text[change.at.line - 1]
    assert {change.at.line for change in parse(shown("replace")).changes} == {1}


def test_forced_replacement_is_told_with_its_values() -> None:
    changes = {change.address: change for change in read(PLANS / "rekey.json").changes}
    parcels = changes["aws_dynamodb_table.parcels"]
    assert parcels.effect is Effect.REPLACE
    assert parcels.forced_by == {"range_key": 'none → "SK"', "hash_key": '"id" → "PK"'}


def test_sensitive_values_are_nowhere_in_the_nouns() -> None:
    data = shown("replace")
    for change in data["resource_changes"]:
        change["change"]["before_sensitive"] = change["change"]["after_sensitive"] = True
        for side in ("before", "after"):
            if change["change"][side]:
                change["change"][side]["name"] = "hunter2"
    assert "hunter2" not in repr(parse(data))


REFUSED = [
    ("", "is not valid JSON"),
    ("PK\x03\x04", "is not valid JSON"),
    ("[]", "is not a Terraform plan"),
    ("{}", "is not a Terraform plan"),
    ({"version": 4, "serial": 1, "lineage": "x", "resources": []}, "is a Terraform state, not a plan"),
    ({"format_version": "1.0", "terraform_version": "1.11.4", "values": {}}, "is a Terraform state, not a plan"),
    ({"format_version": "2.0", "planned_values": {}}, 'has the format version "2.0"; known is 1.x'),
    ({"format_version": "0.2", "planned_values": {}}, 'has the format version "0.2"'),
    ({"format_version": 1, "planned_values": {}}, "is not a Terraform plan"),
    ({"format_version": "1.2", "planned_values": {}, "errored": True}, "Terraform could not finish this plan"),
    ({"format_version": "1.2", "planned_values": {}, "resource_changes": {}}, "resource_changes is no list"),
    ({"format_version": "1.2", "planned_values": {}, "resource_changes": [1]}, "is damaged: resource_changes[0]"),
    (
        {"format_version": "1.2", "planned_values": {}, "resource_changes": [{"address": "a.b", "type": "a"}]},
        "needs address, type and change",
    ),
    (
        {
            "format_version": "1.2",
            "planned_values": {},
            "resource_changes": [{"address": "a.b", "type": "a", "change": {"actions": ["explode"]}}],
        },
        "unknown actions",
    ),
    ('{"format_version": "1.2", "planned_values": NaN', "is not valid JSON"),
    ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), f"is nested deeper than {MAX_DEPTH} levels"),
]


@each(("data", "words"), REFUSED, ids=[words[:40] + str(n) for n, (_, words) in enumerate(REFUSED)])
def test_what_is_no_plan_is_refused_in_one_line(data: object, words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)) as raised:
        parse(data)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("plan.json: ")
    assert raised.value.hint


def test_depth_is_counted_outside_of_texts() -> None:
    deepest = '{"format_version": "1.2", "planned_values": ' + "[" * (MAX_DEPTH - 1) + '"[[{{"' + "]" * (MAX_DEPTH - 1)
    assert parse(deepest + "}").changes == ()


FILES = [
    ("plan.out", b"PK\x03\x04\x00\x00", "is a binary plan"),
    ("plan.out", b"PK\x03\x04\xff\xfe", "is a binary plan"),
    ("plan.tfplan", b"{}", "is a binary plan"),
    ("terraform.tfstate", b"{}", "is a Terraform state"),
]


@each(("name", "content", "words"), FILES, ids=lambda value: str(value)[:20])
def test_files_that_are_no_json_are_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=words):
        read(tmp_path / name)


@pytest.mark.parametrize(("more", "fits"), [(-1, True), (0, True), (1, False)])
def test_size_limit(tmp_path: Path, more: int, *, fits: bool) -> None:
    path = tmp_path / "plan.json"
    text = b'{"format_version": "1.2", "planned_values": {}}'
    path.write_bytes(text + b" " * (MAX_BYTES - len(text) + more))
    if fits:
        assert read(path).changes == ()
    else:
        with pytest.raises(UsageError, match=f"larger than {MAX_BYTES} bytes"):
            read(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "attribute", "tags"]), inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON, JSON, JSON, JSON)
def test_any_change_is_read_or_refused(before: object, after: object, unknown: object, paths: object) -> None:
    change = {"actions": ["update"], "before": before, "after": after, "after_unknown": unknown, "replace_paths": paths}
    change["after_sensitive"] = unknown
    entry = {"address": "aws_dynamodb_table.x", "type": "aws_dynamodb_table", "change": change}
    assert parse({"format_version": "1.2", "planned_values": {}, "resource_changes": [entry]}).changes


def compared(edit: dict[str, Any]) -> Model:
    config = Config()
    return build_model(discover(PROJECTS / "shipments", config), "sit", plan_output=parse(edit))


def test_a_plan_of_these_files_differs_in_nothing() -> None:
    model = compared(shown("create"))
    assert model.plan_output is not None
    assert model.plan_output.differences == ()
    assert model.tables_of(SourceKind.PLAN_JSON)


def test_every_difference_is_a_warning_with_both_values() -> None:
    data = shown("create")
    for change in data["resource_changes"]:
        if change["address"] == "aws_dynamodb_table.carriers":
            change["change"]["after"] |= {"name": "carriers", "billing_mode": "PROVISIONED"}
            change["change"]["after"]["global_secondary_index"] = []
        if change["type"] == "aws_backup_vault":
            change["address"] = "aws_backup_vault.other"
    model = compared(data)
    assert model.plan_output is not None
    told = [found.summary for found in model.plan_output.differences]
    assert told[0] == "aws_backup_vault.shipments is in the files and not in the plan JSON"
    assert told[1] == "aws_backup_vault.other is in the plan JSON and not in the files"
    assert told[2] == "aws_dynamodb_table.carriers: the name is carriers-sit in the files and carriers in the plan JSON"
    assert "the billing mode is PAY_PER_REQUEST in the files and PROVISIONED in the plan JSON" in told[3]
    assert "the set of indexes is " in told[4]
    assert told[4].endswith(" in the files and none in the plan JSON")
    assert set(model.plan_output.differences) <= set(model.diagnostics)


def test_what_the_plan_does_not_know_is_no_difference() -> None:
    data = shown("create")
    for change in data["resource_changes"]:
        if change["type"] == "aws_dynamodb_table":
            del change["change"]["after"]["name"]
            change["change"]["after_unknown"]["name"] = True
    model = compared(data)
    assert model.plan_output is not None
    assert model.plan_output.differences == ()


def test_many_differences_are_counted() -> None:
    data = shown("create")
    vault = next(change for change in data["resource_changes"] if change["type"] == "aws_backup_vault")
    data["resource_changes"] += [vault | {"address": f"aws_backup_vault.more{number}"} for number in range(30)]
    model = compared(data)
    assert model.plan_output is not None
    assert model.plan_output.differences[-1].summary == "files and plan JSON differ in 10 more points"


def test_where_a_plan_belongs_is_told_by_its_variables() -> None:
    given = {"environment": "prod", "aws_account_id": "111122223333", "stage_secret": "hunter2", "region": "eu-west-1"}
    data = {
        "format_version": "1.2",
        "planned_values": {},
        "variables": {name: {"value": value} for name, value in given.items()},
        "configuration": {"root_module": {"variables": {"stage_secret": {"sensitive": True}}}},
    }
    assert parse(data).place == {"environment": "prod", "aws_account_id": "111122223333"}
