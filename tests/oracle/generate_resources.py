"""Writes random resources of recorded types, with arguments left out, null, empty, of another type, or unknown."""

from __future__ import annotations

import random

HEADER = """terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  %s
}
variable "empty" {
  type    = map(string)
  default = {}
}
variable "nothing" { default = null }
resource "aws_sqs_queue" "base" { name = "base" }
"""
TOPIC = "arn:aws:sns:eu-west-1:123456789012"
VAULT = "arn:aws:backup:eu-west-1:123456789012:backup-vault:x"
TAGS = (
    "{ A = 1 }",
    "{ A = null, B = true }",
    "{}",
    "null",
    "{ A = aws_sqs_queue.base.arn }",
    '{ E = "" }',
    "var.empty",
)


class Resources:
    """One random configuration; the same seed gives the same text."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def text(self, amount: int = 24) -> str:
        """The whole configuration."""
        defaults = self._pick("", 'default_tags {\n    tags = { Owner = "o", A = "default" }\n  }')
        makers = (self._queue, self._table, self._plan, self._rules, self._function, self._alarm, self._key, self._role)
        made = [self.random.choice(makers)(f"r{index}") for index in range(amount)]
        return HEADER % defaults + "\n".join(made) + "\n"

    def _pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def _some(self, *lines: str) -> str:
        return "\n".join(line for line in lines if self.random.random() < 0.5)

    def _one(self, name: str, *choices: str) -> str:
        return f"{name} = {self.random.choice(choices)}"

    def _block(self, kind: str, *lines: str) -> str:
        return "\n".join((f"{kind} {{", *lines, "}"))

    def _tags(self) -> str:
        return f"tags = {self._pick(*TAGS)}"

    def _queue(self, name: str) -> str:
        optional = self._some(
            self._one("delay_seconds", "0", '"5"', "null", "var.nothing"),
            self._one("fifo_queue", "false", "null"),
            self._one("kms_master_key_id", '"alias/x"', "null", "aws_sqs_queue.base.arn"),
            'redrive_policy = jsonencode({ maxReceiveCount = 3, deadLetterTargetArn = "arn:aws:sqs:eu-west-1:1:d" })',
            self._tags(),
        )
        repeat = self._pick("", "count = 2", 'for_each = { a = "x", b = null }')
        return f'resource "aws_sqs_queue" "{name}" {{\n{repeat}\nname = "{name}"\n{optional}\n}}'

    def _table(self, name: str) -> str:
        billing = self._pick('billing_mode = "PAY_PER_REQUEST"', "read_capacity = 1\nwrite_capacity = 2")
        capacity = "" if billing.startswith("billing") else "read_capacity = 1\nwrite_capacity = 1"
        fields = self._pick('projection_type = "ALL"', 'projection_type = "INCLUDE"\nnon_key_attributes = ["b", "a"]')
        keys = self._pick("", 'range_key = "sk"', "range_key = null")
        indexes = self._pick("[]", '["x", "y"]', 'toset(["z"])')
        optional = self._some(
            self._block("point_in_time_recovery", self._one("enabled", "true", "false")),
            'ttl {\nattribute_name = "t"\nenabled = true\n}',
            self._block(
                "server_side_encryption", "enabled = true", self._one("kms_key_arn", "null", "aws_sqs_queue.base.arn")
            ),
            self._one("deletion_protection_enabled", "true", "null"),
            'stream_enabled = true\nstream_view_type = "NEW_IMAGE"',
            'table_class = "STANDARD"',
            self._tags(),
        )
        return (
            f'resource "aws_dynamodb_table" "{name}" {{\nname = "{name}"\n{billing}\nhash_key = "pk"\n'
            'range_key = "sk"\n'
            'dynamic "attribute" {\nfor_each = ["pk", "sk"]\ncontent {\nname = attribute.value\ntype = "S"\n}\n}\n'
            f'dynamic "global_secondary_index" {{\nfor_each = {indexes}\ncontent {{\n'
            "name = global_secondary_index.value\n"
            f'hash_key = "pk"\n{keys}\n{fields}\n{capacity}\n}}\n}}\n{optional}\n}}'
        )

    def _plan(self, name: str) -> str:
        rules = self._pick('["a"]', '["a", "b"]', 'toset(["c", "b"])')
        optional = self._some(
            self._one("schedule", "null", '"cron(0 5 ? * * *)"'),
            self._one("start_window", "60", '"120"', "null"),
            self._block("lifecycle", self._one("delete_after", "7", '"35"')),
            self._block("copy_action", self._one("destination_vault_arn", f'"{VAULT}"', "aws_sqs_queue.base.arn")),
            self._one("recovery_point_tags", "{ A = 1 }", "null"),
        )
        return (
            f'resource "aws_backup_plan" "{name}" {{\nname = "{name}"\n{self._some(self._tags())}\ndynamic "rule" {{\n'
            f'for_each = {rules}\ncontent {{\nrule_name = rule.value\ntarget_vault_name = "vault"\n'
            f"{optional}\n}}\n}}\n}}"
        )

    def _rules(self, name: str) -> str:
        optional = self._some(
            self._block("filter", self._one("prefix", "aws_sqs_queue.base.name", '"x/"')),
            "noncurrent_version_expiration {\nnoncurrent_days = 30\n}",
            self._block("transition", self._one("days", "30", '"60"'), 'storage_class = "GLACIER"'),
            "abort_incomplete_multipart_upload {\ndays_after_initiation = 7\n}",
        )
        return (
            f'resource "aws_s3_bucket_lifecycle_configuration" "{name}" {{\nbucket = "bucket"\nrule {{\nid = "{name}"\n'
            f'status = "Enabled"\nexpiration {{\ndays = 90\n}}\n{optional}\n}}\n}}'
        )

    def _function(self, name: str) -> str:
        variables = self._pick("{ A = 1, B = null }", "{ A = aws_sqs_queue.base.arn }", '{ A = "" }')
        optional = self._some(
            self._one("memory_size", "512", '"256"', "null"),
            self._one("timeout", "10", "null"),
            f"environment {{\nvariables = {variables}\n}}",
            'tracing_config {\nmode = "Active"\n}',
            self._one("layers", "[]", '["arn:aws:lambda:eu-west-1:123456789012:layer:x:1"]', "null"),
            self._one("description", '""', '"d"', "null"),
            'vpc_config {\nsubnet_ids = ["b", "a"]\nsecurity_group_ids = []\n}',
            "ephemeral_storage {\nsize = 1024\n}",
            self._tags(),
        )
        return (
            f'resource "aws_lambda_function" "{name}" {{\nfunction_name = "{name}"\nhandler = "a.b"\n'
            'runtime = "python3.12"\n'
            f'role = "arn:aws:iam::123456789012:role/x"\ns3_bucket = "b"\ns3_key = "k"\n{optional}\n}}'
        )

    def _alarm(self, name: str) -> str:
        optional = self._some(
            self._one("dimensions", "{}", "{ A = 1 }", "{ A = aws_sqs_queue.base.name, B = aws_sqs_queue.base.arn }"),
            self._one("alarm_actions", "[]", "[aws_sqs_queue.base.arn]", f'["{TOPIC}:b", "{TOPIC}:a"]', "null"),
            self._one("alarm_description", '""', '"x"'),
            self._one("actions_enabled", "false", '"true"'),
            self._tags(),
        )
        return (
            f'resource "aws_cloudwatch_metric_alarm" "{name}" {{\nalarm_name = "{name}"\nevaluation_periods = 1\n'
            'comparison_operator = "GreaterThanThreshold"\nmetric_name = "m"\nnamespace = "n"\nperiod = 60\n'
            f'statistic = "Sum"\nthreshold = {self._pick("0", "0.5", "5", "1e3")}\n{optional}\n}}'
        )

    def _key(self, name: str) -> str:
        policy = self._pick(
            'jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "<&>" }] })',
            '"{ \\"Version\\": \\"2012-10-17\\", \\"Statement\\": [] }"',
            "jsonencode({ a = aws_sqs_queue.base.arn })",
        )
        optional = self._some(
            f"policy = {policy}",
            self._one("deletion_window_in_days", "7", '"30"', "null"),
            self._one("enable_key_rotation", "true", "null"),
            self._one("description", '""', '"x"', "null"),
            self._one("multi_region", "true", "false"),
            self._tags(),
        )
        return f'resource "aws_kms_key" "{name}" {{\n{optional}\n}}'

    def _role(self, name: str) -> str:
        policy = (
            'jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", '
            'Principal = { Service = "backup.amazonaws.com" } }] })'
        )
        optional = self._some(
            self._one("path", '"/x/"', "null"),
            self._one("max_session_duration", '"7200"', "null"),
            self._one("description", '""', '"x"'),
            self._tags(),
        )
        naming = self._pick(f'name = "{name}"', f'name_prefix = "{name}"', "")
        return f'resource "aws_iam_role" "{name}" {{\nassume_role_policy = {policy}\n{naming}\n{optional}\n}}'
