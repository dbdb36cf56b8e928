"""Policies are found by their content, and their patterns match as those of IAM do."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.errors import DiagnosticSeverity
from bbws_readiness.model.access import Access, Fit, Pattern
from bbws_readiness.parsers.access import read_access
from bbws_readiness.parsers.access.statements import pattern
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location
from tests.cases import each

AT = Location("policy.json", 1)
STATEMENT = '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}'
POLICY = f'{{"Version": "2012-10-17", "Statement": [{STATEMENT}]}}'


def read(root: Path, files: dict[str, str]) -> tuple[Access, int]:
    """What is read of the files, and the number of faults."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    access, faults = read_access(Reader(root), sorted(files), environment="sit", environments=("dev", "sit", "prod"))
    return access, len(faults)


@each(
    ("text", "value", "fit"),
    [
        ("dynamodb:DeleteTable", "dynamodb:DeleteTable", Fit.YES),
        ("dynamodb:*", "dynamodb:DeleteTable", Fit.YES),
        ("dynamodb:Delete?able", "dynamodb:DeleteTable", Fit.YES),
        ("*:Delete*", "dynamodb:DeleteTable", Fit.YES),
        ("dynamodb:Delete", "dynamodb:DeleteTable", Fit.NO),
        ("dynamodb:DeleteTable?", "dynamodb:DeleteTable", Fit.NO),
        ("*", "", Fit.YES),
        ("", "", Fit.YES),
        ("", "x", Fit.NO),
        ("${prefix}-table", "acme-table", Fit.MAYBE),
        ("${prefix}-table", "acme-bucket", Fit.NO),
        ("${*}-table", "acme-table", Fit.YES),
        ("table-${environment}", "table-sit", Fit.YES),
        ("table-${var.env}", "table-prod", Fit.NO),
        ("<ACCOUNT_ID>", "111122223333", Fit.MAYBE),
        ("user/${aws:username}", "user/x", Fit.MAYBE),
    ],
)
def test_patterns_match_as_in_iam(text: str, value: str, fit: Fit) -> None:
    assert pattern(text, AT, "sit").fits(value) is fit


@each(
    ("text", "arn", "fit"),
    [
        ("arn:aws:dynamodb:*:*:table/acme-*", "arn:aws:dynamodb:eu-west-1::table/acme-x", Fit.YES),
        ("arn:aws:dynamodb:eu-west-1:1:table/acme-*", "arn:aws:dynamodb:af-south-1::table/acme-x", Fit.NO),
        ("arn:aws:dynamodb:${region}:<ACCOUNT_ID>:table/x", "arn:aws:dynamodb:eu-west-1::table/x", Fit.YES),
        ("arn:aws:dynamodb:::table/${name}", "arn:aws:dynamodb:::table/x", Fit.MAYBE),
        ("arn:aws:iam::1:role/acme-*", "arn:aws:iam:::role/ci/acme-x", Fit.NO),
        ("arn:aws:iam::1:role/*", "arn:aws:iam:::role/ci/acme-x", Fit.YES),
        ("*", "arn:aws:iam:::role/x", Fit.YES),
        ("arn:aws:s3:::x", "x", Fit.NO),
    ],
)
def test_resources_match_part_by_part(text: str, arn: str, fit: Fit) -> None:
    assert pattern(text, AT, "sit").fits_arn(arn) is fit


def test_stars_of_an_exact_comparison_stand_for_themselves() -> None:
    assert Pattern("repo:acme/*", "", AT, literal=True).fits("repo:acme/x") is Fit.NO
    assert Pattern("repo:acme/*", "", AT, literal=True).fits("repo:acme/*") is Fit.YES


@each(
    ("path", "text", "found"),
    [
        ("iam/sit.json", POLICY, [("", ("sit",))]),
        ("policy.json", f'{{"Statement": {STATEMENT}}}', [("", ())]),
        ("role.json", f'{{"RoleName": "acme-ci", "PolicyDocument": {POLICY}}}', [("acme-ci", ())]),
        (
            "role.json",
            f'{{"Role": {{"RoleName": "ci", "Arn": "arn:aws:iam::1:role/a/ci", "PolicyDocument": {POLICY}}}}}',
            [("a/ci", ())],
        ),
        ("tests/policy.json", POLICY, []),
        ("terraform/sit.tfvars.json", POLICY, []),
        ("stack.json", f'{{"AWSTemplateFormatVersion": "2010-09-09", "PolicyDocument": {POLICY}}}', []),
        ("words.json", '{"Statement": "of work", "Effect": "none"}', []),
        ("words.json", '{"Statement": [{"Sum": 1}], "x": {"Effect": 1}}', []),
    ],
)
def test_policies_are_told_by_their_content(
    path: str, text: str, found: list[tuple[str, tuple[str, ...]]], tmp_path: Path
) -> None:
    access, faults = read(tmp_path, {path: text})
    assert [(one.role, one.environments) for one in access.documents] == found
    assert faults == 0


@each(
    ("path", "content", "told", "unread"),
    [
        ("iam/policy.json", POLICY.encode() + b" " * 1024 * 1024, True, True),
        ("details.json", POLICY.encode() + b" " * 1024 * 1024, True, False),
        ("iam/policy.json", POLICY.encode("utf-16"), True, True),
        ("words.json", "[]".encode("utf-16"), False, False),
        ("package-lock.json", b" " * 1024 * 1025, False, False),
        ("tests/policy.json", b" " * 1024 * 1025, False, False),
        ("iam/policy.json", POLICY.encode() + b" " * 1000, False, False),
    ],
)
def test_what_cannot_be_looked_into_is_told(
    path: str, content: bytes, told: bool, unread: bool, tmp_path: Path
) -> None:
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_bytes(content)
    access, faults = read_access(Reader(tmp_path), [path], environment="sit", environments=("sit",))
    assert [(one.severity, one.at.path) for one in faults] == ([(DiagnosticSeverity.WARNING, path)] if told else [])
    assert (access.unread is not None) is unread


def test_policies_that_are_attached_to_a_role_of_a_file(tmp_path: Path) -> None:
    text = f"""{{"RoleDetailList": [{{"RoleName": "acme-ci", "RolePolicyList": [{{"PolicyDocument": {POLICY}}}],
      "AttachedManagedPolicies": [{{"PolicyName": "x", "PolicyArn": "arn:aws:iam::aws:policy/IAMFullAccess"}},
        {{"PolicyName": "y", "PolicyArn": "arn:aws:iam::1:policy/y"}}, {{"PolicyName": "z"}}]}},
      {{"RoleName": "other", "AttachedManagedPolicies": []}}]}}"""
    (found,) = read(tmp_path, {"roles.json": text})[0].documents
    assert [one.actions[0].text for one in found.statements] == ["s3:GetObject", "iam:*"]
    assert [(one.name, one.at.line, one.of_aws) for one in found.attached] == [
        ("IAMFullAccess", 2, True),
        ("y", 3, False),
    ]


@each("condition", ['"x"', "[]", '{"StringEquals": "${x}"}', '{"StringEquals": ["a"]}'])
def test_a_condition_that_cannot_be_read_is_a_doubt(condition: str, tmp_path: Path) -> None:
    text = POLICY.replace('"Resource"', f'"Condition": {condition}, "Resource"')
    (found,) = read(tmp_path, {"policy.json": text})[0].documents
    assert [one.doubt for one in found.statements] == ["what Condition is cannot be read"]


@each("text", [POLICY[:-1], f"{POLICY} x", f"a: 1\n{POLICY}", POLICY.replace("}", ",}", 1)])
def test_a_broken_policy_is_a_fault(text: str, tmp_path: Path) -> None:
    access, faults = read(tmp_path, {"policy.json": text})
    assert (access.documents, faults) == ((), 1)
    assert access.unread is not None
    assert access.unread.path == "policy.json"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["*", "Deny", "s3:*", "${x}", "arn:a:b:c:d:e"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Statement",
                    "Effect",
                    "Action",
                    "NotAction",
                    "Resource",
                    "Principal",
                    "Condition",
                    "StringLike",
                    "a:sub",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_read_without_a_fault(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    import json

    text = json.dumps({"Statement": [{"Effect": "Allow", "Action": value}, value], "More": value})
    access, faults = read(tmp_path_factory.mktemp("policy"), {"policy.json": text})
    assert faults == 0
    assert len(access.documents) == 1
