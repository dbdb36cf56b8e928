"""The documents that the provider renders are read as it renders them."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from bbws_readiness.config import Config
from bbws_readiness.model.access import HOLE, Document, Pattern, Statement
from bbws_readiness.parsers.access.documents import PolicyDocuments
from bbws_readiness.parsers.access.statements import read_statements
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.project import discover
from bbws_readiness.source import Location, Source
from bbws_readiness.terraform import evaluate_configuration
from tests.cases import each
from tests.terraform.memory import MemoryFiles
from tests.terraform.test_policy_document import ANSWERS, CASES

AT = Location("x", 1)

DOCUMENT = """
data "aws_iam_policy_document" "d" {
  statement {
    sid       = "One"
    actions   = ["s3:Get*", "dynamodb:GetItem"]
    resources = ["arn:aws:s3:::x/&{aws:username}"]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["b", "a"]
    }

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["c"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }
  }

  statement {
    effect        = "Deny"
    not_actions   = ["iam:*"]
    not_resources = ["arn:aws:iam::1:role/x"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    principals {
      type        = "Service"
      identifiers = ["b.amazonaws.com", "a.amazonaws.com"]
    }

    principals {
      type        = "Service"
      identifiers = ["c.amazonaws.com"]
    }
  }
}
"""
RENDERED = """{"Version": "2012-10-17", "Statement": [
  {"Sid": "One", "Effect": "Allow", "Action": ["s3:Get*", "dynamodb:GetItem"],
   "Resource": "arn:aws:s3:::x/${aws:username}",
   "Condition": {"Bool": {"aws:SecureTransport": "true"}, "StringLike": {"s3:prefix": ["b", "a", "c"]}}},
  {"Effect": "Deny", "NotAction": "iam:*", "NotResource": "arn:aws:iam::1:role/x",
   "Principal": {"AWS": "*", "Service": ["b.amazonaws.com", "a.amazonaws.com", "c.amazonaws.com"]}}]}"""
"""What version 5.100.0 of the AWS provider rendered of DOCUMENT, under Terraform 1.11.4."""

ROLE = """
resource "aws_iam_role" "r" {
  name               = "acme-ci"
  path               = "/ci/"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "r" {
  role   = aws_iam_role.r.%s
  policy = %s
}
"""


def documents(root: Path, terraform: str) -> list[Document]:
    """The policies that are read of a configuration, without the trust."""
    (root / "terraform").mkdir()
    (root / "terraform/main.tf").write_text(terraform)
    (root / "terraform/sit.tfvars").write_text("")
    model = build_model(discover(root, Config()), "sit")
    return [one for one in model.access.documents if not one.of_trust]


def without_places(statement: Statement) -> Statement:
    """For comparison: everything at one place, conditions in one order."""
    conditions = [
        replace(one, at=AT, values=tuple(replace(value, at=AT) for value in one.values)) for one in statement.conditions
    ]
    return replace(
        statement,
        at=AT,
        actions=tuple(replace(one, at=AT) for one in statement.actions),
        resources=tuple(replace(one, at=AT) for one in statement.resources),
        principals=tuple(replace(one, name=replace(one.name, at=AT)) for one in statement.principals),
        conditions=tuple(sorted(conditions, key=lambda one: one.key)),
    )


@pytest.mark.parametrize("by", ["id", "name"])
def test_document_is_read_as_the_provider_renders_it(by: str, tmp_path: Path) -> None:
    found = documents(tmp_path, DOCUMENT + ROLE % (by, "data.aws_iam_policy_document.d.json"))
    node = read_yaml(Source("x", RENDERED, len(RENDERED), ""))
    assert isinstance(node, Node)
    assert [one.role for one in found] == ["ci/acme-ci"]
    assert list(map(without_places, found[0].statements)) == list(map(without_places, read_statements(node, "sit")))


@each(
    ("policy", "doubt"),
    [
        ('jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })', ""),
        ('"{}"', "its text is no policy"),
        ('"no JSON"', "its text is no policy"),
        (
            "jsonencode({ Statement = [aws_iam_role.r.arn] })",
            "aws_iam_role.r.arn is computed by the provider when applied",
        ),
    ],
)
def test_what_cannot_be_read_is_said(policy: str, doubt: str, tmp_path: Path) -> None:
    (found,) = documents(tmp_path, DOCUMENT + ROLE % ("name", policy))
    assert [one.doubt for one in found.statements] == [doubt]


def test_a_policy_of_no_role_is_left_out(tmp_path: Path) -> None:
    policy = 'resource "aws_iam_policy" "p" {\n  name   = "p"\n  policy = data.aws_iam_policy_document.d.json\n}\n'
    assert documents(tmp_path, DOCUMENT + policy) == []


def content(statements: Iterable[Statement]) -> list[object]:
    """What statements say, wherever and in whatever order they say it."""

    def texts(patterns: Iterable[Pattern]) -> set[str]:
        return {one.text for one in patterns}

    return [
        (
            *(one.sid, one.allows, one.all_actions_but, one.all_resources_but, one.all_principals_but, one.doubt),
            *(texts(one.actions), texts(one.resources)),
            {(holder.kind, holder.name.text) for holder in one.principals},
            {(said.operator, said.if_exists, said.key, *sorted(texts(said.values))) for said in one.conditions},
        )
        for one in statements
    ]


@each(
    "case",
    [case for case in CASES if "json" in ANSWERS[case["name"]] and "sensitive" not in case["main"]],
    ids=lambda case: case["name"],
)
def test_statements_of_blocks_are_those_of_the_rendered_text(case: dict[str, str]) -> None:
    evaluation = evaluate_configuration(MemoryFiles({"main.tf": case["main"]}), ".")
    text = ANSWERS[case["name"]]["json"]
    blocks, rendered = (PolicyDocuments(one, "sit").of_text(text, AT) for one in (evaluation, None))
    if '"Statement"' in text:
        assert content(blocks) == content(rendered)
    else:
        assert blocks == ()


PARTLY = """
resource "aws_kms_key" "k" {}
data "aws_iam_policy_document" "keys" {
  statement {
    sid       = "Keys"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.k.arn, "arn:aws:kms:eu-west-1:1:key/x"]
  }
  statement {
    sid     = "Mine"
    actions = ["kms:*"]
  }
}
data "aws_iam_policy_document" "mixed" {
  source_policy_documents = [
    data.aws_iam_policy_document.keys.json,
    jsonencode({ Statement = { Effect = "Allow", Action = "a:b" } }),
  ]
  statement {
    sid     = "Mine"
    actions = ["kms:Sign"]
  }
  override_policy_documents = [for name in ["x"] : data.aws_iam_policy_document.d.json]
}
"""


def test_a_document_that_is_known_in_part_is_read_in_part(tmp_path: Path) -> None:
    (found,) = documents(tmp_path, DOCUMENT + PARTLY + ROLE % ("name", "data.aws_iam_policy_document.mixed.json"))
    line = (DOCUMENT + PARTLY).split("\n").index
    assert [(one.sid, one.at.line) for one in found.statements] == [
        ("Keys", line('    sid       = "Keys"') + 1),
        ("Mine", line('    actions = ["kms:Sign"]')),
        ("", line(PARTLY.split("\n")[14]) + 1),
        ("One", line('    sid       = "One"') + 1),
        ("", line('    effect        = "Deny"') + 1),
    ]
    assert [one.text for one in found.statements[0].resources] == [HOLE, "arn:aws:kms:eu-west-1:1:key/x"]
    assert [one.text for one in found.statements[1].actions] == ["kms:Sign"]


UNKNOWN_STATEMENTS = """
resource "aws_kms_key" "k" {}
data "aws_iam_policy_document" "later" {
  dynamic "statement" {
    for_each = aws_kms_key.k.key_id == "x" ? [1] : []
    content {
      actions = ["a:b"]
    }
  }
  source_policy_documents = aws_kms_key.k.tags_all.x
}
data "aws_iam_policy_document" "many" {
  for_each = aws_kms_key.k.key_id == "x" ? toset(["a"]) : toset(["b"])
  statement {
    actions = ["a:b"]
  }
}
"""


def test_what_is_known_later_is_a_doubt(tmp_path: Path) -> None:
    (found,) = documents(tmp_path, UNKNOWN_STATEMENTS + ROLE % ("name", "data.aws_iam_policy_document.later.json"))
    assert len(found.statements) == 2
    assert all(one.doubt for one in found.statements)


ATTACHED = """
resource "aws_iam_policy" "p" {
  for_each = { one = "s3:GetObject", two = "s3:PutObject" }
  name     = each.key
  policy   = jsonencode({ Statement = [{ Effect = "Allow", Action = each.value, Resource = "*" }] })
}
resource "aws_iam_role" "r" {
  name                = "acme-ci"
  assume_role_policy  = "{}"
  managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", aws_iam_policy.p["two"].arn]
}
resource "aws_iam_role" "named" {
  for_each           = toset(["a", "b"])
  name               = "acme-${each.key}"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy_attachment" "p" {
  for_each   = aws_iam_policy.p
  role       = aws_iam_role.r.id
  policy_arn = each.value.arn
}
resource "aws_iam_policy_attachment" "p" {
  name       = "both"
  roles      = [for one in aws_iam_role.named : one.name]
  policy_arn = "arn:aws:iam::111122223333:policy/kept-elsewhere"
}
resource "aws_iam_role_policy_attachment" "someone" {
  role       = "somebody"
  policy_arn = aws_iam_policy.p["one"].arn
}
"""


def test_policies_are_attached_in_every_way(tmp_path: Path) -> None:
    found = {one.role: one for one in documents(tmp_path, ATTACHED)}
    assert sorted(found) == ["acme-a", "acme-b", "acme-ci"]
    assert [one.actions[0].text for one in found["acme-ci"].statements] == [
        "s3:PutObject",
        "s3:GetObject",
        "s3:PutObject",
    ]
    assert [(one.arn, one.read) for one in found["acme-ci"].attached] == [
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", False),
        ("arn:aws:iam:::policy/two", True),
        ("arn:aws:iam:::policy/one", True),
        ("arn:aws:iam:::policy/two", True),
    ]
    assert [(one.name, one.of_aws, one.read) for one in found["acme-b"].attached] == [("kept-elsewhere", False, False)]


def test_policies_of_aws_are_read_by_their_names(tmp_path: Path) -> None:
    attached = """
resource "aws_iam_role_policy_attachment" "a" {
  for_each   = toset(["AdministratorAccess", "PowerUserAccess", "service-role/AWSLambdaBasicExecutionRole"])
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}
"""
    attached += """
data "aws_partition" "p" {}
data "aws_iam_policy" "somebody" {
  name = "x"
}
resource "aws_iam_policy_attachment" "b" {
  name       = "both"
  roles      = [aws_iam_role.r.name]
  policy_arn = "arn:${data.aws_partition.p.partition}:iam::aws:policy/IAMFullAccess"
}
resource "aws_iam_policy_attachment" "c" {
  name       = "somebody's"
  roles      = [aws_iam_role.r.name]
  policy_arn = data.aws_iam_policy.somebody.arn
}
"""
    (found,) = documents(tmp_path, ROLE % ("name", '"{}"') + attached)
    told = [one for one in found.statements if not one.doubt]
    assert [(one.actions[0].text, one.all_actions_but, one.covers_all) for one in told] == [
        ("iam:*", False, True),
        ("*", False, True),
        ("iam:*", True, True),
    ]
    assert [one.name for one in found.attached] == [
        *("IAMFullAccess", "", "PowerUserAccess", "AWSLambdaBasicExecutionRole")
    ]


WRITTEN = """
data "aws_caller_identity" "me" {}
resource "aws_dynamodb_table" "t" {
  name         = "depots"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "PK"
  attribute {
    name = "PK"
    type = "S"
  }
}
"""


@each(
    ("resource", "pattern"),
    [
        ("aws_dynamodb_table.t.arn", f"arn:{HOLE}:dynamodb:{HOLE}:{HOLE}:table/depots"),
        ('"${aws_dynamodb_table.t.arn}/index/*"', f"arn:{HOLE}:dynamodb:{HOLE}:{HOLE}:table/depots/index/*"),
        ('"arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/x-*"', f"arn:aws:iam::{HOLE}:role/x-*"),
        ("data.aws_caller_identity.me.arn", HOLE),
        ('upper("x${data.aws_caller_identity.me.arn}")', HOLE),
    ],
)
@each("how", ["jsonencode", "document"])
def test_what_is_known_of_an_arn_is_read(how: str, resource: str, pattern: str, tmp_path: Path) -> None:
    rendered = f'data "aws_iam_policy_document" "t" {{\n  statement {{\n    resources = [{resource}]\n  }}\n}}\n'
    text = f'jsonencode({{ Statement = [{{ Effect = "Allow", Action = "a:b", Resource = {resource} }}] }})'
    policy = text if how == "jsonencode" else "data.aws_iam_policy_document.t.json"
    (found,) = documents(tmp_path, WRITTEN + (rendered if how == "document" else "") + ROLE % ("name", policy))
    assert [one.text for one in found.statements[0].resources] == [pattern]
    assert found.statements[0].doubt == ""


def test_conditions_that_are_known_later_do_not_vanish(tmp_path: Path) -> None:
    condition = "data.aws_caller_identity.me.tags"
    policy = (
        f'jsonencode({{ Statement = [{{ Effect = "Allow", Action = "*", Resource = "*", Condition = {condition} }}] }})'
    )
    (found,) = documents(tmp_path, WRITTEN + ROLE % ("name", policy))
    assert [one.doubt for one in found.statements] == [f"{condition} is read from the provider when planned"]
