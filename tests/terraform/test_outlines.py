"""What is known of an unknown text is true of the text that it becomes."""

import re

from bbws_readiness.terraform import evaluate_configuration
from bbws_readiness.terraform.outlines import GAP, MAX_OUTLINE, outline_of
from bbws_readiness.terraform.values import Value
from tests.cases import each
from tests.terraform.memory import MemoryFiles

SETTING = """
data "aws_caller_identity" "me" {}
locals {
  later = %s
  list  = ["a", local.later]
}
variable "secret" {
  default   = "hidden"
  sensitive = true
}
resource "aws_iam_role" "r" {
  name               = "acme-ci"
  path               = "/ci/"
  assume_role_policy = "{}"
}
resource "aws_dynamodb_table" "t" {
  name         = "depots-${local.later}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "PK"
  attribute {
    name = "PK"
    type = "S"
  }
}
output "o" { value = %s }
"""
LATER = "data.aws_caller_identity.me.account_id"
TOLD = [
    ('"arn:aws:iam::${local.later}:role/x"', f"arn:aws:iam::{GAP}:role/x"),
    ('"${local.later}"', GAP),
    ('"a${local.later}b${local.later}"', f"a{GAP}b{GAP}"),
    ('"x-${"in-${local.later}"}"', f"x-in-{GAP}"),
    ('[for one in local.list : "name/${one}"][1]', f"name/{GAP}"),
    ('"%{ if true }y${local.later}%{ endif }z"', f"y{GAP}z"),
    ('jsonencode({ a = [local.later, 1, true, null], b = "<${local.later}>" })', None),
]
FORGOTTEN = [
    'upper("a${local.later}")',
    'replace("a${local.later}", "a", "b")',
    'substr("abc${local.later}", 1, 2)',
    'join("-", ["a", local.later])',
    'split("a", "ab${local.later}")[0]',
    '"a${local.later}" == "b" ? "a${local.later}" : "b"',
    'jsondecode(jsonencode({ a = "x${local.later}" })).a',
]


def value_of(expression: str, later: str = LATER) -> Value:
    found = evaluate_configuration(MemoryFiles({"main.tf": SETTING % (later, expression)}), ".")
    return found.outputs["o"].value


@each(("expression", "outline"), TOLD)
def test_outline_takes_what_the_text_becomes(expression: str, outline: str | None) -> None:
    found, becomes = value_of(expression), value_of(expression, '"111122223333"').raw
    assert not found.known
    assert outline is None or outline_of(found) == outline
    pattern = ".*".join(map(re.escape, outline_of(found).split(GAP)))
    assert re.fullmatch(pattern, str(becomes))


@each("expression", FORGOTTEN)
def test_other_operations_forget_it(expression: str) -> None:
    found = value_of(expression)
    assert not found.known
    assert outline_of(found) == GAP


def test_what_is_sensitive_is_a_gap() -> None:
    assert outline_of(value_of('"a${var.secret}${local.later}"')) == GAP
    assert "hidden" not in outline_of(
        value_of('jsonencode({ a = var.secret, b = local.later, c = ["x${var.secret}"] })')
    )


def test_arn_of_a_resource_with_a_name() -> None:
    assert outline_of(value_of("aws_iam_role.r.arn")) == f"arn:{GAP}:iam::{GAP}:role/ci/acme-ci"
    assert outline_of(value_of('"${aws_iam_role.r.arn}/*"')).endswith("role/ci/acme-ci/*")
    assert outline_of(value_of("aws_dynamodb_table.t.arn")) == GAP


def test_a_long_outline_is_not_kept() -> None:
    long = '"' + "x" * (MAX_OUTLINE + 1) + '${local.later}"'
    assert outline_of(value_of(long)) == GAP
    assert outline_of(value_of(f"jsonencode([{long}, local.later])")) != ""
