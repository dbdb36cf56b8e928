"""Which place sets a variable, what it overrides, and what is told when it does not fit."""

import pytest

from bbws_readiness.source import Source
from bbws_readiness.terraform import Evaluation, VariableState, evaluate_configuration, parse_tfvars
from tests.cases import each
from tests.terraform.memory import MemoryFiles


def evaluate(
    main: str, *, var_files: list[str] | None = None, variables: dict[str, str] | None = None, **files: str
) -> Evaluation:
    texts = {"root/main.tf": main} | {f"root/{name.replace('__', '.')}": text for name, text in files.items()}
    return evaluate_configuration(MemoryFiles(texts), "root", var_files=var_files or [], variables=variables or {})


def state(evaluation: Evaluation, name: str) -> VariableState:
    return next(found for found in evaluation.variables if found.name == name)


def test_chain_of_places() -> None:
    evaluation = evaluate(
        'variable "a" {\n  type = string\n  default = "d"\n}\n',
        terraform__tfvars='a = "1"\n',
        b__auto__tfvars='\na = "3"\n',
        a__auto__tfvars='a = "2"\n',
        sit__tfvars='\n\na = "4"\n',
        var_files=["root/sit.tfvars"],
    )
    found = state(evaluation, "a")
    assert found.value.raw == "4"
    assert str(found.set_at) == "root/sit.tfvars:3"
    assert [str(place) for place in found.overridden] == [
        "root/terraform.tfvars:1",
        "root/a.auto.tfvars:1",
        "root/b.auto.tfvars:2",
    ]
    assert [str(place) for place in found.value.via] == ["root/main.tf:1", "root/sit.tfvars:3"]
    assert str(found.default_at) == "root/main.tf:3" and not found.required and not found.missing


def test_command_line_wins() -> None:
    evaluation = evaluate(
        'variable "a" {}\nvariable "b" { type = list(number) }\n',
        terraform__tfvars='a = "1"\n',
        variables={"a": "x y", "b": "[1, 2]"},
    )
    assert state(evaluation, "a").value.raw == "x y"
    assert str(state(evaluation, "a").set_at) == "-var a"
    assert state(evaluation, "b").value.to_python() == [1, 2]


def test_default_is_the_place_when_nothing_sets_it() -> None:
    found = state(evaluate('variable "a" {\n  default = 1\n}\n'), "a")
    assert found.set_at is None and found.value.to_python() == 1
    assert [str(place) for place in found.value.via] == ["root/main.tf:1", "root/main.tf:2"]


def test_missing_variable_is_unknown_and_told() -> None:
    evaluation = evaluate('variable "a" { type = string }\noutput "x" { value = "${var.a}-x" }\n')
    found = state(evaluation, "a")
    assert found.missing and found.required and not found.value.known
    assert [str(told) for told in evaluation.diagnostics] == [
        'root/main.tf:1:1: error E228: variable "a" is required and nothing sets it'
    ]
    assert evaluation.outputs["x"].value.reason == 'variable "a" is not set'


def test_undeclared_name_gets_a_near_one() -> None:
    evaluation = evaluate('variable "environment" { default = "" }\n', terraform__tfvars='enviroment = "x"\n')
    assert [(entry.name, entry.near, str(entry.at)) for entry in evaluation.undeclared] == [
        ("enviroment", "environment", "root/terraform.tfvars:1")
    ]
    assert evaluation.diagnostics[0].detail == 'did you mean "environment"?'


MISFITS = [
    ("type = number", 'a = "x"', "a number is required"),
    ("type = list(string)", 'a = "x"', "list of string required"),
    ("type = object({ b = number })", "a = {}", 'attribute "b" is required'),
    ("type = object({ b = list(number) })", 'a = { b = [1, "x"] }', ".b[1]: a number is required"),
    ("type = map(bool)", "a = { x = 3 }", '["x"]: a bool is required'),
    ("type = string\nnullable = false", "a = null", "must not be null"),
    ("type = list(any)", 'a = [1, ["x"]]', "all list elements must have the same type"),
]


@each(("declaration", "line", "expected"), MISFITS, ids=[line for _, line, _ in MISFITS])
def test_misfit_is_told_at_its_line(declaration: str, line: str, expected: str) -> None:
    evaluation = evaluate(f'variable "a" {{\n{declaration}\n}}\n', terraform__tfvars=line + "\n")
    found = state(evaluation, "a")
    assert len(found.errors) == 1 and expected in found.errors[0].summary
    assert str(found.errors[0].at) == "root/terraform.tfvars:1"
    assert not found.value.known and found.errors[0] in evaluation.diagnostics


FITS = [
    ('object({ b = optional(string, "d"), c = optional(number) })', "{}", {"b": "d", "c": None}),
    ("object({ b = optional(object({ c = optional(number, 3) }), {}) })", "{}", {"b": {"c": 3}}),
    ("map(object({ b = optional(bool, false) }))", "{ x = {} }", {"x": {"b": False}}),
    ("object({ b = string })", "{ b = 1, extra = 2 }", {"b": "1"}),
    ("list(any)", '[1, "a"]', ["1", "a"]),
    ("set(string)", '["b", "a", "b"]', ["a", "b"]),
    ("tuple([string, number])", '[1, "2"]', ["1", 2]),
    ("map(any)", "{ b = 1, a = true }", None),
    ("any", '{ a = [1, "x"] }', {"a": [1, "x"]}),
    ("bool", '"true"', True),
]


@pytest.mark.parametrize(("kind", "given", "expected"), FITS, ids=[kind for kind, _, _ in FITS])
def test_value_is_converted(kind: str, given: str, expected: object) -> None:
    evaluation = evaluate(f'variable "a" {{ type = {kind} }}\n', terraform__tfvars=f"a = {given}\n")
    found = state(evaluation, "a")
    if expected is None:
        assert found.errors
        return
    assert found.errors == () and found.value.to_python() == expected


def test_failed_validation() -> None:
    text = """
variable "a" {
  type = string
  validation {
    condition     = can(regex("^[a-z]+$", var.a))
    error_message = "Only letters, not ${var.a}."
  }
}
"""
    evaluation = evaluate(text, terraform__tfvars='a = "A1"\n')
    assert [str(told) for told in evaluation.diagnostics] == [
        'root/terraform.tfvars:1:1: error E231: the value of variable "a" is not valid: Only letters, not A1.; '
        "the condition stands at root/main.tf:5"
    ]
    assert state(evaluation, "a").errors == evaluation.diagnostics
    assert evaluate(text, terraform__tfvars='a = "abc"\n').diagnostics == ()


def test_sensitive_marks_everything_it_reaches() -> None:
    text = 'variable "a" {\n  sensitive = true\n}\n'
    text += 'output "x" { value = upper("${var.a}y") }\noutput "y" { value = { k = [var.a] } }\n'
    evaluation = evaluate(text, terraform__tfvars='a = "s"\n')
    assert evaluation.outputs["x"].value.sensitive and evaluation.outputs["y"].value.sensitive
    assert evaluation.outputs["x"].value.raw == "SY"


def test_parse_tfvars() -> None:
    text = 'a = "x"\n# comment\nb = { c = [1, null] }\nd = var.x\n'
    entries, diagnostics = parse_tfvars(Source("x.tfvars", text, len(text), ""))
    assert [(entry.name, entry.at.line) for entry in entries] == [("a", 1), ("b", 3), ("d", 4)]
    assert entries[1].value.to_python() == {"c": [1, None]}
    assert [str(told) for told in diagnostics] == [
        "x.tfvars:4:5: error E212: var.x cannot be used here: only constants can"
    ]
