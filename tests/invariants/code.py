"""The Terraform, tfvars, schemas, script and workflows of a made-up project."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tests.invariants.drafts import ACCOUNTS, REGIONS, Draft, Table

STREAM_VIEW = "NEW_AND_OLD_IMAGES"
ROOT = "terraform"


def terraform(draft: Draft) -> Iterator[tuple[str, str]]:
    """The files of the root, and of the module when the tables stand in one."""
    tables = "\n".join(_table(one) for one in draft.tables)
    if draft.module:
        yield f"{ROOT}/modules/tables/main.tf", f'variable "environment" {{\n  type = string\n}}\n\n{tables}'
        call = 'module "tables" {\n  source      = "./modules/tables"\n  environment = var.environment\n}\n'
        tables = call
    buckets = "\n".join(_bucket(name) for name in draft.buckets)
    yield f"{ROOT}/main.tf", "\n".join(part for part in (tables, buckets) if part) or "locals {\n  none = true\n}\n"
    yield f"{ROOT}/variables.tf", "\n".join(map(_variable, ("environment", "aws_account_id", "aws_region", "late")))
    yield f"{ROOT}/providers.tf", PROVIDER
    yield f"{ROOT}/versions.tf", VERSIONS
    if draft.backup:
        yield f"{ROOT}/backup.tf", _backup(draft)
    for name in draft.tfvars:
        settings = {"environment": name, "aws_account_id": ACCOUNTS[name], "aws_region": REGIONS[name]}
        lines = [f'{key} = "{value}"\n' for key, value in settings.items()]
        yield f"{ROOT}/environments/{name}.tfvars", "".join(lines)


PROVIDER = """provider "aws" {
  region              = var.aws_region
  allowed_account_ids = [var.aws_account_id]

  default_tags {
    tags = {
      Environment = var.environment
      ManagedBy   = "terraform"
    }
  }
}
"""
VERSIONS = """terraform {
  required_version = ">= 1.6.0, < 2.0.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.40"
    }
  }

  backend "s3" {}
}
"""


def _variable(name: str) -> str:
    """`late` has a default that nothing known to the files decides."""
    return f'variable "{name}" {{\n  type = string\n{"  default = null" + chr(10) if name == "late" else ""}}}\n'


def _table(table: Table) -> str:
    name = f'"{table.name}-${{var.environment}}"' if table.suffixed else f'"{table.name}"'
    if table.unknown == "name":
        name = f'"{table.name}-${{data.aws_caller_identity.{table.name}.user_id}}"'
    lines = [f'resource "aws_dynamodb_table" "{table.name}" {{']
    if table.unknown == "count":
        lines.append(f"  count        = length(data.aws_caller_identity.{table.name}.user_id) > 4 ? 1 : 0")
    lines += [f"  name         = {name}", f'  billing_mode = "{table.billing}"', '  hash_key     = "PK"']
    if table.billing == "PROVISIONED":
        lines += ["  read_capacity = 5", "  write_capacity = 5"]
    for attribute in ("PK", *(f"{index}Key" for index in table.indexes)):
        lines += ["", "  attribute {", f'    name = "{attribute}"', '    type = "S"', "  }"]
    for index in table.indexes:
        lines += ["", "  global_secondary_index {", f'    name            = "{index}"']
        lines += [f'    hash_key        = "{index}Key"', '    projection_type = "ALL"', "  }"]
    if table.unknown == "indexes":
        lines += ["", '  dynamic "global_secondary_index" {']
        lines += [f"    for_each = data.aws_caller_identity.{table.name}.*.arn"]
        lines += ["    content {", "      name = global_secondary_index.value", '      hash_key = "PK"']
        lines += ['      projection_type = "ALL"', "    }", "  }"]
    if table.streams is not None:
        lines += ["", f"  stream_enabled   = {str(table.streams).lower()}"]
        lines += [f'  stream_view_type = "{STREAM_VIEW}"'] if table.streams else []
    if table.recovery is not None:
        known = str(table.recovery).lower()
        on = f'data.aws_caller_identity.{table.name}.id == "1"' if table.unknown == "recovery" else known
        lines += ["", "  point_in_time_recovery {", f"    enabled = {on}", "  }"]
    if table.encrypted:
        lines += ["", "  server_side_encryption {", "    enabled = true", "  }"]
    lines += ["", "  tags = {", '    Owner = "shipping-team"', "  }", "}", ""]
    if table.unknown:
        lines += [f'data "aws_caller_identity" "{table.name}" {{}}', ""]
    return "\n".join(lines)


def _bucket(name: str) -> str:
    return (
        f'resource "aws_s3_bucket" "{name}" {{\n  bucket = "acme-{name}-${{var.environment}}"\n}}\n\n'
        f'resource "aws_s3_bucket_public_access_block" "{name}" {{\n  bucket = aws_s3_bucket.{name}.id\n\n'
        "  block_public_acls       = true\n  block_public_policy     = true\n"
        "  ignore_public_acls      = true\n  restrict_public_buckets = true\n}\n"
    )


def _backup(draft: Draft) -> str:
    vault = 'resource "aws_backup_vault" "all" {\n  name = "all-${var.environment}"\n}\n'
    if draft.backup == "half":
        return vault
    arns = ", ".join(f"aws_dynamodb_table.{one.name}.arn" for one in draft.tables if not one.unknown)
    listed = "" if draft.module else arns
    return (
        vault
        + 'resource "aws_backup_plan" "all" {\n  name = "all"\n\n  rule {\n    rule_name         = "tables"\n'
        + "    target_vault_name = aws_backup_vault.all.name\n"
        + '    schedule          = "cron(0 2 * * ? *)"\n\n    lifecycle {\n      delete_after = 7\n    }\n  }\n}\n'
        + 'resource "aws_backup_selection" "all" {\n  name         = "all"\n'
        + '  iam_role_arn = "arn:aws:iam::111122223333:role/backup"\n  plan_id      = aws_backup_plan.all.id\n'
        + f"  resources    = [{listed}]\n}}\n"
    )


def schemas(tables: Sequence[Table], retention: int) -> Iterator[tuple[str, str]]:
    """One schema file per table."""
    for table in tables:
        backup = {name: {"frequency": "daily", "retention": retention} for name in ACCOUNTS}
        data = {
            "tableName": table.name,
            "primaryKey": {"partitionKey": {"name": "PK", "type": "S"}},
            "attributes": [{"name": one, "type": "S"} for one in ("PK", *(f"{name}Key" for name in table.indexes))],
            "globalSecondaryIndexes": [
                {"indexName": one, "partitionKey": f"{one}Key", "sortKey": None, "projectionType": "ALL"}
                for one in table.indexes
            ],
            "capacityMode": "ON_DEMAND",
            "pitr": {"enabled": bool(table.recovery)},
            "backup": backup,
            "streams": {"enabled": bool(table.streams), "viewType": STREAM_VIEW if table.streams else None},
            "tags": {"Environment": "{environment}", "Owner": "shipping-team"},
        }
        yield f"schemas/{table.name}.schema.json", json.dumps(data, indent=1) + "\n"


def script(draft: Draft, tables: Sequence[Table]) -> str:
    """A script that expects the tables; for one environment, or for any."""
    one = draft.script_environment
    expected = "".join(
        f'    {{"name": "{table.full_name(one or "sit")}", "partition_key": "PK", '
        f'"indexes": {json.dumps(list(table.indexes))}}},\n'
        for table in tables
    )
    constants = f'REGION = "{REGIONS.get(one, "eu-west-1")}"\n'
    if one:
        constants += f'ENVIRONMENT = "{one}"\nACCOUNT_ID = "{ACCOUNTS[one]}"\n'
    return SCRIPT.format(constants=constants, expected=expected)


SCRIPT = '''"""Checks the tables after a deployment; exit code 1 when a check fails."""

import sys

import boto3

{constants}
EXPECTED_TABLES = [
{expected}]


def check_table(table, expected):
    names = {{index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])}}
    return table["TableStatus"] == "ACTIVE" and names == set(expected["indexes"])


def main():
    client = boto3.client("dynamodb", region_name=REGION)
    for expected in EXPECTED_TABLES:
        if not check_table(client.describe_table(TableName=expected["name"])["Table"], expected):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
'''


def workflow(draft: Draft, environment: str) -> str:
    """The workflow that deploys one environment; with or without a gate before the apply."""
    secret = f"AWS_ROLE_{environment.upper()}"
    gate = f"  approval:\n    needs: plan\n    runs-on: ubuntu-24.04\n    environment: {environment}-approval\n"
    gate += "    steps:\n      - run: echo approved\n" if draft.gate else ""
    return WORKFLOW.format(
        upper=environment.upper(),
        environment=environment,
        account=ACCOUNTS[environment],
        region=REGIONS[environment],
        gate=gate if draft.gate else "",
        after="approval" if draft.gate else "plan",
        sign_in=f"{{role-to-assume: '${{{{ secrets.{secret} }}}}', aws-region: {REGIONS[environment]}}}",
    )


WORKFLOW = """name: Deploy to {upper}
on:
  workflow_dispatch: {{}}
permissions:
  contents: read
  id-token: write
defaults:
  run:
    working-directory: terraform
jobs:
  plan:
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: aws-actions/configure-aws-credentials@v4
        with: {sign_in}
      - uses: hashicorp/setup-terraform@v3
        with: {{terraform_version: 1.6.0}}
      - run: |
          terraform init -input=false \\
            -backend-config="bucket=acme-state-{environment}" \\
            -backend-config="key=shipments/terraform.tfstate" \\
            -backend-config="region={region}" \\
            -backend-config="dynamodb_table=lock-{environment}" \\
            -backend-config="encrypt=true"
      - run: terraform plan -input=false -var-file=environments/{environment}.tfvars -out={environment}.tfplan
      - uses: actions/upload-artifact@v4
        with: {{name: tfplan, path: terraform/{environment}.tfplan}}
{gate}  apply:
    needs: {after}
    runs-on: ubuntu-24.04
    environment: {environment}
    steps:
      - uses: actions/checkout@v4
      - uses: aws-actions/configure-aws-credentials@v4
        with: {sign_in}
      - uses: hashicorp/setup-terraform@v3
        with: {{terraform_version: 1.6.0}}
      - uses: actions/download-artifact@v4
        with: {{name: tfplan, path: terraform}}
      - run: terraform apply -input=false {environment}.tfplan
      - run: python3 scripts/validate_tables.py
        working-directory: .
"""
