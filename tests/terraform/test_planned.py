"""Planned values: their shape, what is unknown or sensitive in them, and what the recorded types add."""

from decimal import Decimal
from typing import Any

from bbws_readiness.terraform import ResourceInstance, evaluate_configuration
from bbws_readiness.terraform.planned import PlannedValues, planned_values
from bbws_readiness.terraform.provider.schema import resource_schema
from tests.cases import each
from tests.terraform.memory import MemoryFiles

ADDRESS = {"aws_x.r", "aws_sqs_queue.r", "aws_kms_key.r", "terraform_data.r", "aws_iam_role_policy.r"}


def instance(main: str) -> ResourceInstance:
    evaluation = evaluate_configuration(MemoryFiles({"main.tf": main}), ".")
    return next(found for found in evaluation.resources if found.address in ADDRESS)


def planned(main: str) -> PlannedValues:
    return planned_values(instance(main))


def test_shape_of_a_type_that_is_not_recorded() -> None:
    found = planned(
        'data "aws_d" "d" {}\n'
        'resource "aws_x" "r" {\n  text = "a"\n  amount = 2.5\n  nothing = null\n  open = data.aws_d.d.x\n'
        "  list = [1, data.aws_d.d.x]\n  map = { b = true, a = null, c = data.aws_d.d.x }\n"
        "  rule {\n    port = 1\n    host = data.aws_d.d.x\n  }\n  rule {\n    port = 2\n  }\n"
        '  dynamic "many" {\n    for_each = data.aws_d.d.x\n    content {}\n  }\n}\n'
    )
    assert found.values == {
        "text": "a",
        "amount": Decimal("2.5"),
        "list": [1, None],
        "map": {"b": True},
        "rule": [{"port": 1}, {"port": 2}],
    }
    assert found.unknown == ("open", "list[1]", "map.c", "rule[0].host", "many")


def test_sensitive_paths_name_the_outermost() -> None:
    found = planned(
        'variable "s" {\n  default = "x"\n  sensitive = true\n}\n'
        'resource "aws_x" "r" {\n  whole = { a = var.s }\n  list = ["a", var.s]\n  plain = 1\n}\n'
    )
    assert found.sensitive == ("whole.a", "list[1]")
    assert found.values["list"] == ["a", "x"]


def test_map_keys_are_quoted_in_paths() -> None:
    found = planned('resource "terraform_data" "a" {}\nresource "aws_kms_key" "r" {\n  tags = { "a.b" = "x" }\n}\n')
    assert found.values["tags"] == {"a.b": "x"} and found.values["tags_all"] == {"a.b": "x"}
    open_map = planned(
        'variable "v" {\n  type = map(string)\n  default = { "a b" = "x" }\n}\ndata "aws_d" "d" {}\n'
        'resource "aws_x" "r" {\n  m = merge(var.v, { "c d" = data.aws_d.d.x })\n}\n'
    )
    assert open_map.unknown in (('m["c d"]',), ("m.c d",))


CASES = [
    ("a default", "", "visibility_timeout_seconds", 30),
    ("a default again where null is written", "visibility_timeout_seconds = null", "visibility_timeout_seconds", 30),
    ("text that is a number", 'delay_seconds = "5"', "delay_seconds", 5),
    ("a number that is text", "name = 5", "name", "5"),
    ("null in tags is left out", "tags = { a = null, b = 1 }", "tags", {"b": "1"}),
    ("no tags at all", "tags = {}", "tags", None),
    ("JSON written anew", 'policy = "{ \\"b\\": 1, \\"a\\": \\"<\\" }"', "policy", '{"a":"\\u003c","b":1}'),
]


@each(("arguments", "name", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_recorded_type(arguments: str, name: str, expected: Any) -> None:
    found = planned(f'resource "aws_sqs_queue" "r" {{\n  {arguments}\n}}\n')
    assert found.values.get(name) == expected
    assert "arn" in found.unknown and name not in found.unknown


def test_json_with_numbers_that_may_change_is_not_told() -> None:
    found = planned('resource "aws_sqs_queue" "r" {\n  policy = "{ \\"a\\": 1.50 }"\n}\n')
    assert "policy" in found.unknown


def test_version_comes_first_where_the_provider_puts_it_there() -> None:
    found = planned(
        'resource "aws_iam_role_policy" "r" {\n  role = "x"\n'
        '  policy = jsonencode({ Version = "2012-10-17", Statement = [], Id = "i" })\n}\n'
    )
    assert found.values["policy"] == '{"Version":"2012-10-17","Id":"i","Statement":[]}'


def test_references_see_what_is_planned() -> None:
    evaluation = evaluate_configuration(
        MemoryFiles(
            {
                "main.tf": 'resource "aws_sqs_queue" "q" {}\n'
                'output "default" { value = aws_sqs_queue.q.delay_seconds + 1 }\n'
                'output "null" { value = aws_sqs_queue.q.tags == null }\n'
                'output "open" { value = aws_sqs_queue.q.arn }\n'
            }
        ),
        ".",
    )
    assert evaluation.outputs["default"].value.raw == 1 and evaluation.outputs["null"].value.raw is True
    assert evaluation.outputs["open"].value.reason == "aws_sqs_queue.q.arn is computed by the provider when applied"


TAGS = 'provider "aws" {\n  default_tags {\n    tags = %s\n  }\n}\nresource "aws_sqs_queue" "r" {\n  tags = %s\n}\n'

TAG_CASES = [
    ('{ A = "a" }', "null", {"A": "a"}),
    ('{ A = "a" }', '{ A = "b", B = 1 }', {"A": "b", "B": "1"}),
    ('{ A = "a" }', "{ A = null }", {"A": "a"}),
    ('{ A = "a" }', "{ B = data.aws_d.d.x }", None),
    ("data.aws_d.d.x", '{ A = "a" }', None),
    ('{ A = "a" }', '{ B = "" }', None),
]


@each(("defaults", "tags", "expected"), TAG_CASES)
def test_default_tags(defaults: str, tags: str, expected: dict[str, str] | None) -> None:
    found = planned('data "aws_d" "d" {}\n' + TAGS % (defaults, tags))
    assert found.values.get("tags_all") == expected
    assert ("tags_all" in found.unknown) is (expected is None)


def test_types_that_must_be_recorded() -> None:
    for kind in ("aws_dynamodb_table", "aws_backup_plan", "aws_s3_bucket", "aws_kms_key", "aws_lambda_function"):
        assert resource_schema(kind) is not None
    assert resource_schema("aws_instance") is None
