"""What is known of a text that is not known wholly: its letters, with gaps for what is filled in later.

An outline is no value: nothing is evaluated with it, and every operation but those below forgets it. It serves those
who only ask whether a text may be another one, as a policy asks of the ARN of a resource in an account nobody names.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from bbws_readiness.terraform.values import Sensitive, Value, is_open

GAP = "\0"
MAX_OUTLINE = 16 * 1024
"""Characters of an outline; a longer one is not kept."""

_ARNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "aws_backup_vault": ("name", f"arn:{GAP}:backup:{GAP}:{GAP}:backup-vault:"),
        "aws_cloudwatch_log_group": ("name", f"arn:{GAP}:logs:{GAP}:{GAP}:log-group:"),
        "aws_dynamodb_table": ("name", f"arn:{GAP}:dynamodb:{GAP}:{GAP}:table/"),
        "aws_iam_openid_connect_provider": ("url", f"arn:{GAP}:iam::{GAP}:oidc-provider/"),
        "aws_iam_policy": ("name", f"arn:{GAP}:iam::{GAP}:policy"),
        "aws_iam_role": ("name", f"arn:{GAP}:iam::{GAP}:role"),
        "aws_lambda_function": ("function_name", f"arn:{GAP}:lambda:{GAP}:{GAP}:function:"),
        "aws_s3_bucket": ("bucket", f"arn:{GAP}:s3:::"),
        "aws_sns_topic": ("name", f"arn:{GAP}:sns:{GAP}:{GAP}:"),
        "aws_sqs_queue": ("name", f"arn:{GAP}:sqs:{GAP}:{GAP}:"),
    }
)
"""Type to the argument that names the resource, and what stands before the name in its ARN."""


def outline_of(value: Value) -> str:
    """The text itself where it is known and may be shown, else its outline."""
    if value.sensitive:
        return GAP
    if isinstance(value.raw, str):
        return value.raw.replace(GAP, "")
    return value.outline or GAP


def outlined(value: Value, outline: str) -> Value:
    """An unknown text with what is known of it; a known one as it is."""
    if value.known or len(outline) > MAX_OUTLINE or not outline.strip(GAP):
        return value
    return replace(value, outline=outline)


def json_outline(value: Value) -> str:
    """The JSON of data of which parts are unknown; empty when it is too long."""
    from bbws_readiness.terraform.functions.encoding import to_json

    text = to_json(_data(value))
    return text.replace("\\u0000", GAP) if len(text) <= MAX_OUTLINE else ""


def with_arn(kind: str, planned: Value) -> Value:
    """A planned resource of a type, with what its name tells of its ARN."""
    if kind not in _ARNS or not isinstance(planned.raw, dict) or "arn" not in planned.raw:
        return planned
    argument, before = _ARNS[kind]
    name, path = planned.raw.get(argument), planned.raw.get("path")
    if name is None or not isinstance(name.raw, str):
        return planned
    written = outline_of(name).removeprefix("https://") if argument == "url" else outline_of(name)
    folder = outline_of(path) if path is not None and kind.startswith("aws_iam_") else ""
    arn = outlined(planned.raw["arn"], f"{before}{folder}{written}")
    return replace(planned, raw={**planned.raw, "arn": arn})


def _data(value: Value) -> Any:  # noqa: ANN401 - plain data of any shape
    if not value.known or is_open(value) or any(isinstance(mark, Sensitive) for mark in value.marks):
        return outline_of(value)
    match value.raw:
        case tuple():
            return [_data(part) for part in value.raw]
        case dict():
            return {key: _data(part) for key, part in value.raw.items()}
        case str():
            return outline_of(value)
    return value.raw
