"""Comparisons of inputs come out as GitHub's loose comparison makes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.parsers.workflows import parse_workflow
from bbws_readiness.source import Source
from tests.cases import each

HEAD = """on:
  workflow_dispatch:
    inputs:
      quick: {type: boolean, default: false}
      level: {type: string}
      target: {type: choice, options: [dev, sit]}
      answer: {type: choice, options: ["0", "1"]}
"""


def fixed(condition: str) -> list[tuple[str, bool, bool]]:
    text = f"{HEAD}jobs:\n  a:\n    if: {condition}\n    runs-on: x\n    steps:\n      - run: echo\n"
    source = Source(path="w.yml", text=text, size=len(text), sha256="")
    workflow, _ = parse_workflow(source, environments=("dev", "sit"))
    assert workflow is not None
    return [(found.text, found.outcome, found.never_runs) for found in workflow.fixed_comparisons]


NEVER = [
    ("github.event.inputs.quick == true", "github.event.inputs.quick == true"),
    ("false == github.event.inputs.quick && always()", "false == github.event.inputs.quick"),
    ("inputs.quick == 'true'", "inputs.quick == 'true'"),
    ("inputs.quick == 'false' && github.actor == 'x'", "inputs.quick == 'false'"),
    ("github.event.inputs.target == true", "github.event.inputs.target == true"),
]


@each(("condition", "text"), NEVER)
def test_never_true(condition: str, text: str) -> None:
    assert fixed(condition) == [(text, False, True)]


def test_an_alternative_keeps_the_job_alive() -> None:
    assert fixed("github.event.inputs.quick == true || always()") == [
        ("github.event.inputs.quick == true", False, False)
    ]


@pytest.mark.parametrize("condition", ["github.event.inputs.quick != true", "inputs.quick != 'true'"])
def test_always_true(condition: str) -> None:
    assert [(outcome, dead) for _, outcome, dead in fixed(condition)] == [(True, False)]


@each(
    "condition",
    [
        "inputs.quick",
        "inputs.quick == true",
        "inputs.quick == 1",
        "inputs.quick == ''",
        "github.event.inputs.quick == 'TRUE'",
        "github.event.inputs.level == true",
        "inputs.target == 'prod'",
        "inputs.answer == true",
        "github.event.inputs.unknown == true",
        "fromJSON(github.event.inputs.quick) == true",
        "vars.X == true",
    ],
)
def test_both_outcomes_are_possible_or_not_told(condition: str) -> None:
    assert fixed(condition) == []


@given(st.text(alphabet="inputs.quick()!=&|'${}[]* true0github.event", max_size=60))
def test_any_condition_is_read(condition: str) -> None:
    fixed(repr(condition))
