"""The Terraform of generated projects: tables as resources and in a map, settings files, provider and backend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from benchmarks.drawn import NUMBERS, Table


@dataclass(frozen=True)
class Environment:
    """Where a project is deployed to."""

    name: str
    account: str
    region: str


ENVIRONMENTS = (
    Environment("dev", "111122223333", "eu-west-1"),
    Environment("sit", "222233334444", "eu-west-1"),
    Environment("prod", "333344445555", "af-south-1"),
)
ROOT = "terraform"

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

PROVIDERS = """provider "aws" {
  region              = var.aws_region
  allowed_account_ids = [var.aws_account_id]

  default_tags {
    tags = {
      Environment = var.environment
      Project     = var.project
      ManagedBy   = "terraform"
      CostCenter  = "4711"
    }
  }
}
"""

VARIABLES: Mapping[str, str] = {
    "environment": "Environment that the resources belong to.",
    "aws_account_id": "Account that the provider may work in.",
    "aws_region": "Region that the resources are created in.",
    "project": "Project name for the Project tag.",
}


def frame(project: str) -> Iterator[tuple[str, str]]:
    """What every root has: versions, provider, variables and a settings file per environment."""
    yield f"{ROOT}/versions.tf", VERSIONS
    yield f"{ROOT}/providers.tf", PROVIDERS
    yield f"{ROOT}/variables.tf", "\n".join(variable(name, said) for name, said in VARIABLES.items())
    for one in ENVIRONMENTS:
        settings = {
            "environment": one.name,
            "aws_account_id": one.account,
            "aws_region": one.region,
            "project": project,
        }
        yield f"{ROOT}/environments/{one.name}.tfvars", assignments(settings.items(), 0)


def variable(name: str, description: str, kind: str = "string") -> str:
    """The block of a required variable."""
    return f'variable "{name}" {{\n  description = "{description}"\n  type        = {kind}\n}}\n'


def assignments(pairs: Iterable[tuple[str, str]], indent: int) -> str:
    """Strings assigned to names, with the equals signs in one column."""
    pairs = list(pairs)
    width = max(len(name) for name, _ in pairs)
    return "".join(f'{" " * indent}{name:<{width}} = "{value}"\n' for name, value in pairs)


def tables_files(tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """A file of resources per area, the map with what goes through it, and the outputs."""
    own = [table for table in tables if not table.listed]
    for area, found in groupby(own, key=lambda table: table.area):
        yield f"{ROOT}/{area}.tf", "\n".join(table_resource(table) for table in found)
    if listed := [table for table in tables if table.listed]:
        yield f"{ROOT}/listed.tf", _listed(listed)
    yield f"{ROOT}/outputs.tf", _outputs(own, listed)


def table_resource(table: Table) -> str:
    """The resource of one table, as `terraform fmt` would write it."""
    lines = [
        f"# The {table.name.replace('_', ' ')}, for the {table.area} team.",
        f'resource "aws_dynamodb_table" "{table.name}" {{',
        f'  name         = "{table.name}-${{var.environment}}"',
        f'  billing_mode = "{"PROVISIONED" if table.provisioned else "PAY_PER_REQUEST"}"',
        '  hash_key     = "PK"',
        '  range_key    = "SK"',
    ]
    if table.provisioned:
        lines += ["", "  read_capacity  = 5", "  write_capacity = 5"]
    for name in table.attributes:
        lines += ["", "  attribute {", f'    name = "{name}"', f'    type = "{_type(name)}"', "  }"]
    for index in table.indexes:
        lines += ["", "  global_secondary_index {", f'    name            = "{index.name}"']
        lines += [f'    hash_key        = "{index.hash_key}"', f'    range_key       = "{index.range_key}"']
        lines += [f'    projection_type = "{index.projection}"']
        lines += ["    read_capacity   = 5", "    write_capacity  = 5"] if table.provisioned else []
        lines += ["  }"]
    if table.streams:
        lines += ["", "  stream_enabled   = true", '  stream_view_type = "NEW_AND_OLD_IMAGES"']
    if table.expires:
        lines += ["", "  ttl {", '    attribute_name = "expiresAt"', "    enabled        = true", "  }"]
    lines += ["", "  point_in_time_recovery {", f"    enabled = {str(table.recovery).lower()}", "  }"]
    lines += ["", "  server_side_encryption {", f"    enabled = {str(table.encrypted).lower()}", "  }"]
    lines += ["", "  tags = {", f'    Name  = "{table.name}"', f'    Owner = "{table.area}-team"', "  }", "}", ""]
    return "\n".join(lines)


def _type(attribute: str) -> str:
    return "N" if attribute in NUMBERS else "S"


LISTED = """
resource "aws_dynamodb_table" "listed" {
  for_each = local.listed

  name             = "${each.key}-${var.environment}"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "PK"
  range_key        = "SK"
  stream_enabled   = each.value.streams
  stream_view_type = each.value.streams ? "NEW_AND_OLD_IMAGES" : null

  dynamic "attribute" {
    for_each = each.value.attributes
    content {
      name = attribute.key
      type = attribute.value
    }
  }

  dynamic "global_secondary_index" {
    for_each = each.value.indexes
    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value.hash_key
      range_key       = global_secondary_index.value.range_key
      projection_type = global_secondary_index.value.projection
    }
  }

  point_in_time_recovery {
    enabled = each.value.recovery
  }

  server_side_encryption {
    enabled = true
  }

  tags = {
    Name  = each.key
    Owner = "${each.value.area}-team"
  }
}
"""


def _listed(tables: Sequence[Table]) -> str:
    entries = "".join(_entry(table) for table in tables)
    return f"locals {{\n  listed = {{\n{entries}  }}\n}}\n{LISTED}"


def _entry(table: Table) -> str:
    attributes = ", ".join(f'{name} = "{_type(name)}"' for name in table.attributes)
    width = max((len(index.name) for index in table.indexes), default=0)
    indexes = "".join(
        f'        {index.name:<{width}} = {{ hash_key = "{index.hash_key}", range_key = "{index.range_key}", '
        f'projection = "{index.projection}" }}\n'
        for index in table.indexes
    )
    return (
        f'    {table.name} = {{\n      area       = "{table.area}"\n      recovery   = {str(table.recovery).lower()}\n'
        f"      streams    = {str(table.streams).lower()}\n      attributes = {{ {attributes} }}\n"
        + (f"      indexes = {{\n{indexes}      }}\n" if indexes else "      indexes    = {}\n")
        + "    }\n"
    )


def _outputs(own: Sequence[Table], listed: Sequence[Table]) -> str:
    parts = [
        f'output "{table.name}_arn" {{\n  description = "ARN of {table.name}."\n'
        f"  value       = aws_dynamodb_table.{table.name}.arn\n}}\n"
        for table in own
    ]
    names = "".join(f"    aws_dynamodb_table.{table.name}.name,\n" for table in own)
    value = f"[\n{names}  ]"
    if listed:
        value = f"concat({value}, [for table in aws_dynamodb_table.listed : table.name])"
        every = "{ for key, table in aws_dynamodb_table.listed : key => table.arn }"
        parts.append(f'output "listed_arns" {{\n  description = "ARNs by name."\n  value       = {every}\n}}\n')
    parts.append(f'output "table_names" {{\n  description = "Names of all tables."\n  value = {value}\n}}\n')
    return "\n".join(parts)
