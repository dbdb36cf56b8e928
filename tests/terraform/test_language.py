"""The evaluator gives the answers that real Terraform gave, or honestly none."""

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.errors import DiagnosticSeverity
from bbws_readiness.terraform import Evaluation, Value, evaluate_configuration
from bbws_readiness.terraform.numbers import DOUBLE_PRECISION, held, to_decimal
from bbws_readiness.terraform.types import (
    NUMBER,
    DynamicType,
    ListType,
    MapType,
    ObjectType,
    PrimitiveType,
    SetType,
    TupleType,
    Type,
)
from tests.cases import each
from tests.terraform.memory import MemoryFiles

LANGUAGE = Path(__file__).parent.parent / "language"
ANSWERS = json.loads((LANGUAGE / "answers.json").read_text(), parse_float=Decimal)

PROJECT_FILES = {
    path.relative_to(LANGUAGE).as_posix(): path.read_text()
    for path in sorted(LANGUAGE.glob("files/**/*"))
    if path.is_file()
}

MAY_STAY_UNKNOWN = set(json.loads((LANGUAGE / "not_told.json").read_text()))
"""Expressions that Terraform answers and we do not; the list may only shrink."""


@pytest.fixture(scope="module")
def evaluations() -> dict[str, Evaluation]:
    setting = (LANGUAGE / "setting.tf").read_text()
    return {section: evaluate_section(setting, answers) for section, answers in ANSWERS.items()}


def evaluate_section(setting: str, answers: list[dict[str, Any]]) -> Evaluation:
    files = {"setting.tf": setting, **PROJECT_FILES}
    for index, answer in enumerate(answers):
        files[f"e{index}.tf"] = f'output "e{index}" {{\nvalue = [\n{answer["expression"]}\n]\n}}\n'
    return evaluate_configuration(MemoryFiles(files), ".")


@each("section", ANSWERS)
def test_agrees_with_terraform(section: str, evaluations: dict[str, Evaluation]) -> None:
    wrong = []
    for index, answer in enumerate(ANSWERS[section]):
        try:
            require_agreement(section, index, evaluations)
        except AssertionError as difference:
            wrong.append(f"{answer['expression']}: {difference}")
    assert not wrong, "\n".join(wrong)


def require_agreement(section: str, index: int, evaluations: dict[str, Evaluation]) -> None:
    """Raises `AssertionError` for an answer that is neither Terraform's nor honestly none."""
    answer = ANSWERS[section][index]
    evaluation = evaluations[section]
    output = evaluation.outputs.get(f"e{index}")
    told = any(
        diagnostic.at.path == f"e{index}.tf" and diagnostic.severity is DiagnosticSeverity.ERROR
        for diagnostic in evaluation.diagnostics
    )
    if answer.get("refused"):
        assert output is None or told or not output.value.wholly_known, output
        return
    assert output is not None and not told, [str(d) for d in evaluation.diagnostics if d.at.path == f"e{index}.tf"]
    value = output.value.element(0) if output.value.known else output.value
    if answer.get("unknown"):
        assert not value.known and value.reason
        return
    if answer["expression"] in MAY_STAY_UNKNOWN:
        assert not value.wholly_known, "remove it from not_told.json"
        return
    compare(value, answer["value"], answer.get("unknown_parts", False), answer.get("type"))


def compare(value: Value, expected: Any, unknown: Any, kind: Any) -> None:
    if unknown is True:
        assert not value.known and value.reason
        return
    assert value.known, f"expected {expected}, unknown: {value.reason}"
    if isinstance(expected, dict) and expected.keys() == {"number"}:
        expected = Decimal(expected["number"])
    match expected:
        case dict():
            parts = unknown if isinstance(unknown, dict) else {}
            assert value.to_python().keys() == expected.keys() if value.wholly_known else True
            for key, part in expected.items():
                compare(value.element(key), part, parts.get(key, False), None)
        case list():
            parts = unknown if isinstance(unknown, list) else [False] * len(expected)
            assert len(value.elements()) == len(expected)
            for (_, element), part, gap in zip(value.elements(), expected, parts, strict=False):
                compare(element, part, gap, None)
        case _:
            assert as_planned(value) == expected and type(value.to_python()) in (type(expected), Decimal, int)
    if kind is not None:
        assert type_json(value.type) == kind


def as_planned(value: Value) -> Any:
    """The value as a plan shows it: a plan file keeps numbers as 64-bit integers or doubles where they fit."""
    raw: Any = value.raw
    if value.type != NUMBER or raw is None:
        return value.to_python()
    if raw.denominator == 1 and abs(raw) < 2**63:
        return int(raw)
    try:
        fits = Fraction(float(raw)) == raw
    except OverflowError:
        fits = False
    return to_decimal(held(raw, DOUBLE_PRECISION)) if fits else to_decimal(raw)


def type_json(kind: Type) -> Any:
    match kind:
        case PrimitiveType(name):
            return name
        case DynamicType():
            return "dynamic"
        case ListType(element):
            return ["list", type_json(element)]
        case SetType(element):
            return ["set", type_json(element)]
        case MapType(element):
            return ["map", type_json(element)]
        case TupleType(elements):
            return ["tuple", [type_json(element) for element in elements]]
        case ObjectType():
            return ["object", {name: type_json(part) for name, part in kind.attributes}]
    raise AssertionError(kind)


def test_enough_is_covered() -> None:
    assert sum(len(answers) for answers in ANSWERS.values()) >= 3000
    assert len(MAY_STAY_UNKNOWN) <= 60


@each("function", json.loads((LANGUAGE / "functions.json").read_text()))
def test_every_function_has_cases(function: str) -> None:
    called = re.compile(rf"(?<![\w:]){function}\(")
    cases = [answer for answers in ANSWERS.values() for answer in answers if called.search(answer["expression"])]
    assert len(cases) >= 3
    assert any(answer.get("refused") for answer in cases), "there is no error among them"
