"""Secrets do not appear: planted at every place a project can have, and looked for in every output."""

import json
import random
from pathlib import Path

import pytest

from tests.cli.test_assess import run as run_process
from tests.secrets.harness import (
    POSITIONS,
    Planted,
    Printed,
    Shape,
    access_key,
    everything,
    example,
    leaks,
    plant,
    run,
    word,
)

SHAPES = [word, access_key]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("group", POSITIONS)
def test_no_output_shows_a_secret(tmp_path: Path, group: str, shape: Shape) -> None:
    project = example(tmp_path)
    planted = plant(project, POSITIONS[group], shape, random.Random(group))
    outputs = list(everything(project, tmp_path / "out", [address for one in planted for address in one.asked]))
    names = {"sit_dynamodb_schemas_assessment.json", "README_SIT_DYNAMODB.md", "sarif", "junit", "summary", "outputs"}
    assert names <= {output.command for output in outputs}
    assert leaks(planted, outputs, words=shape is word) == []


def test_there_are_enough_positions() -> None:
    assert sum(map(len, POSITIONS.values())) >= 80


def test_what_may_be_shown_is_shown(tmp_path: Path) -> None:
    """The other tests could pass because nothing is printed at all."""
    project = example(tmp_path)
    planted = plant(project, POSITIONS["whole"], word, random.Random(0))
    spoken = [one for one in planted if one.prose]
    outputs = [run("assess", "sit", project, "-f", "json")]
    assert len(leaks(spoken, outputs, words=False)) >= 3


def test_commands_in_processes_of_their_own_show_none(tmp_path: Path) -> None:
    project = example(tmp_path)
    planted = plant(project, POSITIONS["broken"], access_key, random.Random(1))
    passed = Planted("environment", word(random.Random(2)), prose=False, asked=())
    outputs = []
    for command in (("--debug", "assess", "sit", project, "-v"), ("--debug", "trace", "sit", "var.none", project)):
        result = run_process(*command, SOME_TOKEN=passed.canary, TF_VAR_hidden=passed.canary)
        outputs.append(Printed(str(command), result.stdout + result.stderr))
    assert leaks([*planted, passed], outputs, words=False) == []


def plan_of(secret: str, place: str) -> dict[str, object]:
    """A plan with one value in six places, marked sensitive in one of them."""
    values = {"name": f"orders-{secret}", "hash_key": secret, "billing_mode": "PAY_PER_REQUEST", "user_data": secret}
    hidden = {"name": True, "hash_key": True}
    address = "aws_dynamodb_table.orders"
    resource = {"address": address, "mode": "managed", "type": "aws_dynamodb_table", "name": "orders"}

    def mark(here: str) -> object:
        return hidden if place == here else {}

    def state(here: str) -> dict[str, object]:
        return {"root_module": {"resources": [{**resource, "values": values, "sensitive_values": mark(here)}]}}

    return {
        "format_version": "1.2",
        "variables": {"word": {"value": secret}},
        "planned_values": {
            **state("planned_values"),
            "outputs": {"word": {"value": secret, "sensitive": place == "output"}},
        },
        "prior_state": {"values": state("prior_state")},
        "output_changes": {"word": {"before": None, "after": secret, "after_sensitive": place == "output_changes"}},
        "resource_changes": [
            {
                **resource,
                "change": {
                    "actions": ["delete", "create"],
                    "before": {**values, "hash_key": f"old-{secret}"},
                    "after": values,
                    "after_unknown": {},
                    "before_sensitive": mark("before_sensitive"),
                    "after_sensitive": mark("after_sensitive"),
                    "replace_paths": [["hash_key"], ["name"]],
                },
            }
        ],
        "configuration": {
            "root_module": {"variables": {"word": {"sensitive": place == "variable", "default": secret}}}
        },
    }


@pytest.mark.parametrize(
    "place",
    ["before_sensitive", "after_sensitive", "planned_values", "prior_state", "variable", "output", "output_changes"],
)
def test_a_plan_hides_a_value_wherever_it_marks_it(tmp_path: Path, place: str) -> None:
    secret = Planted(place, word(random.Random(place)), prose=False, asked=())
    project = example(tmp_path)
    (tmp_path / "plan.json").write_text(json.dumps(plan_of(secret.canary, place)))
    printed = run(
        "assess", "sit", project, "-v", "--plan-json", tmp_path / "plan.json", "--output-dir", tmp_path / "out"
    )
    outputs = [printed, *(Printed(path.name, path.read_text()) for path in (tmp_path / "out").iterdir())]
    assert any("aws_dynamodb_table.orders" in output.text for output in outputs)
    assert leaks([secret], outputs, words=False) == []


def test_a_plan_without_marks_is_shown(tmp_path: Path) -> None:
    """The table's name is evidence as long as nothing says that it is secret."""
    project = example(tmp_path)
    (tmp_path / "plan.json").write_text(json.dumps(plan_of("customers", "")))
    run("assess", "sit", project, "--plan-json", tmp_path / "plan.json", "--output-dir", tmp_path / "out")
    assert any("orders-customers" in path.read_text() for path in (tmp_path / "out").iterdir())
