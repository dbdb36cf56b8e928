"""The checks that take their noun and field as parameters, on two small projects."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from bbws_readiness.checks import CHECKS, SIGNATURES
from bbws_readiness.checks.conditions import CONDITIONS, fits
from bbws_readiness.checks.nouns import NOUNS, read
from bbws_readiness.config import Config
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Outcome
from bbws_readiness.engine.signature import parameter_faults
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.project import discover
from bbws_readiness.rulebooks import shipped_rulebook
from tests.cases import each
from tests.rules.cases import PROJECTS

PASS, FAIL, UNDETERMINED, NOT_APPLICABLE = Outcome
OWN = Path(__file__).parents[2] / "examples" / "custom_rules"


@cache
def model(root: Path) -> Model:
    return build_model(discover(root, Config()), "sit")


def asked(check: str, parameters: Mapping[str, object], root: Path = PROJECTS / "shipments") -> CheckResult:
    rule = replace(shipped_rulebook().rules[0], check=check, parameters=parameters)
    return CHECKS[check](Question(rule, model(root), Config(), date(2026, 3, 4)))


@each(
    ("check", "parameters", "outcome"),
    [
        ("same-names", {}, PASS),
        ("same-names", {"sources": ["terraform", "readme"]}, PASS),
        ("same-names", {"sources": ["terraform"]}, NOT_APPLICABLE),
        ("same-value", {"field": "billing_mode"}, PASS),
        ("same-value", {"field": "streams", "sources": ["terraform", "schemas"]}, PASS),
        ("same-value", {"field": "streams", "sources": "terraform"}, NOT_APPLICABLE),
        ("present", {"field": "billing_mode"}, PASS),
        ("present", {"field": "recovery_days"}, FAIL),
        ("absent", {"field": "recovery_days"}, PASS),
        ("equals", {"field": "recovery", "value": True}, PASS),
        ("equals", {"field": "deletion_protection", "value": True}, FAIL),
        ("not-equals", {"field": "deletion_protection", "value": True}, PASS),
        ("one-of", {"field": "encryption", "values": ["aws-managed", "customer-managed"]}, PASS),
        ("one-of", {"field": "encryption", "values": "customer-managed"}, FAIL),
        ("none-of", {"field": "encryption", "values": ["aws-owned"]}, PASS),
        ("matches", {"field": "full_name", "pattern": "[a-z]+-sit"}, PASS),
        ("matches", {"field": "full_name", "pattern": "[a-z]+"}, FAIL),
        ("not-matches", {"field": "full_name", "pattern": ".*-prod"}, PASS),
        ("at-least", {"field": "recovery_days", "minimum": 7}, FAIL),
        ("at-most", {"field": "index_names", "maximum": 9}, PASS),
    ],
)
def test_answer(check: str, parameters: Mapping[str, object], outcome: Outcome) -> None:
    observations = asked(check, parameters).observations
    assert {seen.outcome for seen in observations} == {outcome}
    if outcome is not NOT_APPLICABLE:
        assert [seen.subject for seen in observations] == ["carriers", "parcels"]


def only(noun: str, **condition: object) -> dict[str, object]:
    """Parameters that choose by one filter."""
    field = condition.pop("field")
    return {"noun": noun, "where": [{"field": field, **{key.replace("_", "-"): one for key, one in condition.items()}}]}


LOGS = only("resource", field="type", equals="aws_cloudwatch_log_group")


@each(
    ("check", "parameters", "seen"),
    [
        (
            "at-least",
            {**LOGS, "field": "arguments.retention_in_days", "minimum": 14},
            {"aws_cloudwatch_log_group.orders": PASS},
        ),
        (
            "at-least",
            {**LOGS, "field": "arguments.retention_in_days", "minimum": 15},
            {"aws_cloudwatch_log_group.orders": FAIL},
        ),
        ("present", {**LOGS, "field": "arguments.kms_key_id"}, {"aws_cloudwatch_log_group.orders": FAIL}),
        (
            "equals",
            {"noun": "variable", "field": "value", "value": "14"},
            {"environment": FAIL, "region": FAIL, "log_retention_days": PASS},
        ),
        (
            "equals",
            {**only("variable", field="name", matches=".*_days"), "field": "value", "value": 14},
            {"log_retention_days": PASS},
        ),
        ("matches", {"noun": "provider", "field": "version", "pattern": "~> .*"}, {"aws": PASS}),
        ("one-of", {"noun": "terraform", "field": "region", "values": ["eu-west-1"]}, {"terraform": FAIL}),
        (
            "equals",
            {"noun": "setting", "field": "environment", "value": "sit"},
            {"sit/environment": PASS, "sit/region": PASS},
        ),
        (
            "contains",
            {"noun": "workflow", "field": "triggers", "values": ["workflow_dispatch"]},
            {".github/workflows/deploy-sit.yml": PASS},
        ),
        ("present", {"noun": "job", "field": "timeout_minutes"}, {".github/workflows/deploy-sit.yml/deploy": FAIL}),
        (
            "equals",
            {**only("job", field="applies", equals=True), "field": "environment", "value": "sit"},
            {".github/workflows/deploy-sit.yml/deploy": PASS},
        ),
        ("present", {"noun": "backend", "field": "settings.encrypt"}, {"project": NOT_APPLICABLE}),
        (
            "unique",
            {**only("table", field="name", present=True), "field": "billing_mode"},
            {"drafts": PASS, "acme-orders": FAIL},
        ),
        ("unique", {"noun": "table", "field": "full_name"}, {"acme-orders": PASS, "drafts": PASS}),
        ("count", {"noun": "table", "minimum": 1, "maximum": 2}, {"table": PASS}),
        ("count", {"noun": "table", "minimum": 3}, {"table": FAIL}),
        ("count", {**only("file", field="name", equals="README.md"), "maximum": 0}, {"file": PASS}),
    ],
)
def test_answer_about_other_nouns(check: str, parameters: Mapping[str, object], seen: Mapping[str, Outcome]) -> None:
    assert {one.subject: one.outcome for one in asked(check, parameters, OWN).observations} == seen


ANSWERS_OF_CONDITIONS: list[tuple[str, object, list[object], list[object]]] = [
    ("present", True, ["x", False, 0, ("x",)], [None, ()]),
    ("absent", True, [None, ()], ["x", 0]),
    ("equals", True, [True, "true", (True, "true")], [None, "false", False, (True, False), ()]),
    ("equals", 30, [30, "30", 30.0], ["3", None]),
    ("not-equals", "x", [None, "y", ("y", "z"), ()], ["x", ("y", "x")]),
    ("one-of", ["a", 1], ["a", "1", ("a", 1)], ["b", None, ("a", "b")]),
    ("none-of", ["a", 1], ["b", None, ("b",)], ["a", 1, ("b", "a")]),
    ("matches", "a+", ["a", "aa", ("a", "aa")], ["ab", None, ("a", "b")]),
    ("not-matches", "a+", ["b", None, ("b",)], ["a", ("b", "a")]),
    ("at-least", 3, [3, "4", 3.5, ("a", "b", "c")], [2, "x", None, True, ("a",)]),
    ("at-most", 3, [3, "2", ("a",), ()], [4, "x", None, False]),
    ("contains", ["a", 1], [("a", 1, "b")], [("a",), "a", None]),
]


@each(("operation", "operand", "kept", "refused"), ANSWERS_OF_CONDITIONS)
def test_condition(operation: str, operand: object, kept: list[object], refused: list[object]) -> None:
    assert [value for value in kept if not fits(operation, value, operand)] == []
    assert [value for value in refused if fits(operation, value, operand)] == []


def test_every_condition_has_known_answers() -> None:
    assert {operation for operation, *_ in ANSWERS_OF_CONDITIONS} == set(CONDITIONS)


@each(
    ("check", "parameters", "path", "told"),
    [
        ("equals", {"field": "colour", "value": "red"}, ("field",), 'a table has no field "colour"'),
        ("equals", {"field": "recovery", "value": []}, ("value",), "the parameter value is not text"),
        ("equals", {"field": "recovery"}, (), "the parameter value is missing"),
        ("same-value", {}, (), "the parameter field is missing"),
        ("same-value", {"field": "tags"}, ("field",), 'sources cannot be compared on "tags"'),
        ("same-names", {"sources": ["moon"]}, ("sources",), 'there is no source "moon"'),
        ("matches", {"field": "full_name", "pattern": "("}, ("pattern",), "not a regular expression of RE2"),
        ("matches", {"field": "full_name", "pattern": "(?=x)"}, ("pattern",), "not a regular expression of RE2"),
        ("matches", {"field": "full_name", "pattern": "a" * 1001}, ("pattern",), "not a regular expression of RE2"),
        (
            "at-least",
            {"field": "recovery_days", "minimum": "many"},
            ("minimum",),
            "the parameter minimum is not a whole",
        ),
        ("present", {"field": "name", "noun": "tabel"}, ("noun",), 'there is no noun "tabel"'),
        ("present", {"field": "tags"}, ("field",), "tags needs a name behind a dot"),
        ("present", {"field": "name.x"}, ("field",), "name has no parts"),
        ("present", {"field": "name", "where": [{"field": "name"}]}, ("where", 0), "one condition"),
        ("present", {"field": "name", "where": [{"field": "name", "is": 1}]}, ("where", 0, "is"), 'no condition "is"'),
        ("present", {"field": "name", "where": [{"field": "nam", "present": True}]}, ("where", 0, "field"), "no field"),
        ("present", {"field": "name", "where": [{"field": "name", "matches": "("}]}, ("where", 0, "matches"), "RE2"),
        (
            "present",
            {"field": "name", "where": [{"field": "name", "equals": ["x"]}]},
            ("where", 0, "equals"),
            "needs text",
        ),
        ("present", {"field": "name", "filter": []}, ("filter",), 'unknown parameter "filter"'),
        ("count", {"noun": "table"}, (), "a count needs the parameter minimum or maximum"),
    ],
)
def test_senseless_parameter(check: str, parameters: Mapping[str, object], path: tuple[object, ...], told: str) -> None:
    (fault,) = parameter_faults(parameters, SIGNATURES[check].parameters, SIGNATURES[check])
    assert fault.path == path
    assert told in fault.text


def test_a_pattern_that_would_take_for_ever_is_answered_at_once() -> None:
    assert not fits("matches", "a" * 5000 + "!", "(a+)+")


@pytest.mark.parametrize("root", [PROJECTS / "shipments", OWN], ids=["shipments", "custom_rules"])
def test_every_field_can_be_read_of_every_subject(root: Path) -> None:
    for noun in NOUNS.values():
        for subject in noun.subjects(model(root)):
            for name, field in noun.fields.items():
                try:
                    reading = read(noun, subject, f"{name}.some.part" if field.type == "map" else name)
                except Undetermined:
                    continue
                kinds = {"text": str, "number": int, "boolean": bool, "list": tuple, "map": object}
                free = field.free and field.type == "text"
                assert reading.value is None or free or isinstance(reading.value, kinds[field.type]), (noun.word, name)


def test_the_value_of_a_variable_that_is_named_for_a_secret_is_withheld(tmp_path: Path) -> None:
    (tmp_path / "sit.tfvars").write_text("")
    (tmp_path / "main.tf").write_text('variable "db_password" {\n  default = "hunter2"\n}\n')
    (seen,) = asked("equals", {"noun": "variable", "field": "value", "value": "x"}, tmp_path).observations
    assert (seen.outcome, seen.actual) == (FAIL, "(withheld)")


def test_a_filter_that_cannot_be_told_leaves_its_subject_undetermined(tmp_path: Path) -> None:
    text = 'data "aws_ssm_parameter" "one" {\n  name = "x"\n}\n'
    text += 'resource "aws_sqs_queue" "a" {\n  name = data.aws_ssm_parameter.one.value\n}\n'
    text += 'resource "aws_sqs_queue" "b" {\n  name = "b"\n}\n'
    (tmp_path / "sit.tfvars").write_text("")
    (tmp_path / "main.tf").write_text(text)
    parameters = {**only("resource", field="name", equals="b"), "field": "type", "value": "aws_sqs_queue"}
    seen = {one.subject: one.outcome for one in asked("equals", parameters, tmp_path).observations}
    assert seen == {"aws_sqs_queue.a": UNDETERMINED, "aws_sqs_queue.b": PASS}
    counted = asked("count", {**only("resource", field="name", equals="b"), "maximum": 1}, tmp_path).observations
    assert [one.outcome for one in counted] == [UNDETERMINED]
