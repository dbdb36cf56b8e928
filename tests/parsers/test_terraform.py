"""What an evaluated Terraform configuration says, in the nouns of the model."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest
from msgspec import Struct

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.tables import Index, Key, Table
from bbws_readiness.parsers.terraform import TerraformDescription, describe_settings, describe_terraform
from bbws_readiness.parsers.terraform.backups import normalised_frequency
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location
from bbws_readiness.terraform import evaluate_configuration
from tests.cases import each

EXAMPLE = Path(__file__).parents[2] / "examples" / "dynamodb_schemas"
ROOT = "terraform/dynamodb"


def describe(root: Path, text: str, *, tfvars: str = "", environment: str = "sit") -> TerraformDescription:
    (root / "main.tf").write_text(dedent(text))
    (root / "sit.tfvars").write_text(dedent(tfvars))
    evaluation = evaluate_configuration(Reader(root), "", var_files=("sit.tfvars",))
    return describe_terraform(evaluation, environment=environment, var_files=("sit.tfvars",))


def one_table(root: Path, body: str, *, before: str = "", tfvars: str = "") -> Table:
    (table,) = describe(root, f'{before}\nresource "aws_dynamodb_table" "t" {{\n{body}\n}}\n', tfvars=tfvars).tables
    return table


@cache
def example(environment: str) -> TerraformDescription:
    var_files = (f"{ROOT}/environments/{environment}.tfvars",)
    evaluation = evaluate_configuration(Reader(EXAMPLE), ROOT, var_files=var_files)
    return describe_terraform(
        evaluation, environment=environment, var_files=var_files, lock_file=f"{ROOT}/.terraform.lock.hcl"
    )


def keys_of(index: Index) -> tuple[str | None, ...]:
    found = [key.name.or_none() for key in (index.partition_key, index.sort_key) if key]
    return (index.name.or_none(), *found)


def name_and_type(key: Key | None) -> tuple[str, str] | None:
    return (key.name.get(), key.type.get()) if key and key.type else None


def facts_in(noun: object) -> Iterator[Fact[object]]:
    if isinstance(noun, Fact):
        yield noun
    elif isinstance(noun, Struct):
        for one in noun.__struct_fields__:
            yield from facts_in(getattr(noun, one))
    elif isinstance(noun, dict):
        for value in noun.values():
            yield from facts_in(value)
    elif isinstance(noun, tuple | list):
        for value in noun:
            yield from facts_in(value)


TABLES = {
    "campaigns": (
        ("CampaignActiveIndex", "campaignId", "active"),
        ("CampaignProductIndex", "productId", "SK"),
        ("ActiveIndex", "active", "SK"),
    ),
    "products": (("ActiveProductsIndex", "active", "createdAt"),),
    "tenants": (
        ("EmailIndex", "email"),
        ("TenantStatusIndex", "status", "SK"),
        ("ActiveIndex", "active", "SK"),
    ),
}


class TestExample:
    """Every fact of the example's Terraform."""

    @pytest.fixture
    def described(self) -> TerraformDescription:
        return example("sit")

    def test_three_tables_with_their_indexes(self, described: TerraformDescription) -> None:
        assert {table.name: tuple(keys_of(one) for one in table.indexes or ()) for table in described.tables} == (
            TABLES
        )
        assert [table.address for table in described.tables] == [f"aws_dynamodb_table.{name}" for name in TABLES]

    @pytest.mark.parametrize(
        ("environment", "names"),
        [
            ("dev", ["campaigns", "products-dev", "tenants"]),
            ("sit", ["campaigns", "products-sit", "tenants"]),
            ("prod", ["campaigns", "products-prod", "tenants"]),
        ],
    )
    def test_names(self, environment: str, names: list[str]) -> None:
        tables = example(environment).tables
        assert [table.full_name.get() for table in tables] == names
        assert [table.name for table in tables] == list(TABLES)
        assert all(table.names_environment for table in tables)

    def test_what_all_tables_share(self, described: TerraformDescription) -> None:
        for table in described.tables:
            assert name_and_type(table.partition_key) == ("PK", "S")
            assert name_and_type(table.sort_key) == ("SK", "S")
            assert table.billing_mode and table.billing_mode.get() == "PAY_PER_REQUEST"
            assert table.recovery and table.recovery.get() is True
            assert table.recovery_days is None
            assert table.encryption and table.encryption.get() == "aws-managed"
            assert table.deletion_protection and table.deletion_protection.get() is False
            assert table.replicas == ()
            assert table.local_indexes == ()
            for index in table.indexes or ():
                assert index.speaks_of_keys
                assert index.projection and index.projection.get() == "ALL"
                for key in (index.partition_key, index.sort_key):
                    if key:
                        assert key.type and key.type.get() == ("N" if key.name.get() == "active" else "S")

    def test_streams(self, described: TerraformDescription) -> None:
        streams = {
            table.name: (table.streams.enabled.get(), table.streams.view_type and table.streams.view_type.get())
            for table in described.tables
            if table.streams
        }
        assert streams == {
            "campaigns": (True, "NEW_AND_OLD_IMAGES"),
            "products": (False, None),
            "tenants": (True, "NEW_AND_OLD_IMAGES"),
        }

    def test_eight_effective_tags_each_once(self, described: TerraformDescription) -> None:
        keys = {"Environment", "Project", "ManagedBy", "Component", "Application", "Name", "Owner", "CostCenter"}
        for table in described.tables:
            assert set(table.tags or {}) == keys
            assert table.tags_unknown == ""
            values = {key: fact.get() for key, fact in (table.tags or {}).items()}
            assert values["Environment"] == "sit"
            assert values["Project"] == "bbws"
            assert values["Component"] == "dynamodb"

    def test_no_backups_and_three_instances(self, described: TerraformDescription) -> None:
        assert described.backup.vaults == described.backup.plans == described.backup.selections == ()
        assert described.backup.covered == frozenset()
        assert described.backup.terms == ()
        assert len(described.configuration.resources) == 3

    @pytest.mark.parametrize(
        ("environment", "account", "region"),
        [
            ("dev", "536580886816", "eu-west-1"),
            ("sit", "815856636111", "eu-west-1"),
            ("prod", "093646564004", "af-south-1"),
        ],
    )
    def test_settings_reach_the_provider(self, environment: str, account: str, region: str) -> None:
        configuration = example(environment).configuration
        tfvars = f"{ROOT}/environments/{environment}.tfvars"
        assert {one.name: one.value.get() for one in configuration.variables} == {
            "environment": environment,
            "aws_account_id": account,
            "aws_region": region,
            "project": "bbws",
        }
        assert all(one.set_at and one.set_at.path == tfvars and not one.problem for one in configuration.variables)
        assert configuration.undeclared == ()
        assert configuration.provider_region
        assert configuration.provider_region.get() == region
        assert [place.path for place in configuration.provider_region.via] == [f"{ROOT}/variables.tf", tfvars]
        (allowed,) = configuration.allowed_accounts
        assert allowed.get() == account

    def test_the_rest_of_the_configuration(self, described: TerraformDescription) -> None:
        configuration = described.configuration
        assert configuration.directory == ROOT
        assert configuration.complete
        assert configuration.diagnostics == ()
        assert configuration.files == tuple(
            f"{ROOT}/{name}.tf" for name in ("main", "outputs", "providers", "variables", "versions")
        )
        assert configuration.backend is not None
        assert (configuration.backend.type, dict(configuration.backend.settings)) == ("s3", {})
        assert configuration.required_version
        assert configuration.required_version.get().startswith(">= 1.6")
        assert [name for name, one in configuration.required_providers.items() if one.get()] == ["aws"]
        assert configuration.lock_file == Location(f"{ROOT}/.terraform.lock.hcl", 0)
        assert configuration.outputs["table_names"].get() == ["tenants", "products-sit", "campaigns"]
        assert configuration.data_sources == ()

    def test_cited_lines_hold_what_they_are_cited_for(self, described: TerraformDescription) -> None:
        reader = Reader(EXAMPLE)

        def line(place: Location) -> str:
            return reader.read(place.path).lines[place.line - 1]  # type: ignore[union-attr]

        for table in described.tables:
            assert table.address and f'"{table.address.rpartition(".")[2]}"' in line(table.at)
            assert table.full_name.get().removesuffix("-sit") in line(table.full_name.at)
            assert table.billing_mode and "billing_mode" in line(table.billing_mode.at)
            assert table.recovery and "enabled" in line(table.recovery.at)
            assert table.streams and "stream_enabled" in line(table.streams.enabled.at)
            assert table.encryption and "enabled" in line(table.encryption.at)
            assert table.deletion_protection and table.deletion_protection.at == table.at
            for index in table.indexes or ():
                assert "global_secondary_index" in line(index.at)
                assert index.name.get() in line(index.name.at)
                for key in (index.partition_key, index.sort_key):
                    assert key is None or f'"{key.name.get()}"' in line(key.name.at)
        assert all(line(fact.at).strip() for fact in facts_in(described))

    @pytest.mark.parametrize("environment", ["dev", "sit", "prod"])
    def test_tfvars(self, environment: str) -> None:
        path = f"{ROOT}/environments/{environment}.tfvars"
        file, diagnostics = describe_settings(environment, Reader(EXAMPLE).read(path))
        assert diagnostics == ()
        assert file.readable
        assert [one.name for one in file.settings] == ["environment", "aws_account_id", "aws_region", "project"]
        assert file.at == Location(path, 1)


# What the body says, and what the table must then state: field, value, line (0: the block header).
STATED = {
    "silence is provisioned": ("", "billing_mode", "PROVISIONED", 0),
    "null is silence": ("  billing_mode = null", "billing_mode", "PROVISIONED", 0),
    "capacity": ('  billing_mode = "PAY_PER_REQUEST"', "billing_mode", "PAY_PER_REQUEST", 1),
    "no recovery block": ("", "recovery", False, 0),
    "recovery off": ("  point_in_time_recovery {\n    enabled = false\n  }", "recovery", False, 2),
    "recovery as text": ('  point_in_time_recovery {\n    enabled = "true"\n  }', "recovery", True, 2),
    "recovery window": (
        "  point_in_time_recovery {\n    enabled = true\n    recovery_period_in_days = 14\n  }",
        "recovery_days",
        14,
        3,
    ),
    "no encryption block": ("", "encryption", "aws-owned", 0),
    "encryption off": ("  server_side_encryption {\n    enabled = false\n  }", "encryption", "aws-owned", 2),
    "encryption on": ("  server_side_encryption {\n    enabled = true\n  }", "encryption", "aws-managed", 2),
    "encryption with a key": (
        '  server_side_encryption {\n    enabled = true\n    kms_key_arn = "arn:aws:kms:eu-west-1:1:key/a"\n  }',
        "encryption",
        "customer-managed",
        3,
    ),
    "encryption with the service's key": (
        '  server_side_encryption {\n    enabled = true\n    kms_key_arn = "arn:aws:kms:x:1:alias/aws/dynamodb"\n  }',
        "encryption",
        "aws-managed",
        3,
    ),
    "encryption with a key made here": (
        "  server_side_encryption {\n    enabled = true\n    kms_key_arn = aws_kms_key.k.arn\n  }",
        "encryption",
        "customer-managed",
        3,
    ),
    "encryption off with a key": (
        '  server_side_encryption {\n    enabled = false\n    kms_key_arn = "arn"\n  }',
        "encryption",
        "aws-owned",
        2,
    ),
    "no protection": ("", "deletion_protection", False, 0),
    "protection": ("  deletion_protection_enabled = true", "deletion_protection", True, 1),
    "protection by lifecycle": (
        "  deletion_protection_enabled = false\n  lifecycle {\n    prevent_destroy = true\n  }",
        "deletion_protection",
        True,
        0,
    ),
}


@each(("body", "field", "value", "line"), STATED.values(), ids=STATED.keys())
def test_what_a_table_states(tmp_path: Path, body: str, field: str, value: object, line: int) -> None:
    before = 'resource "aws_kms_key" "k" {}'
    table = one_table(tmp_path, body, before=before)
    fact = getattr(table, field)
    assert fact.get() == value
    assert fact.at.line == table.at.line + line


# What the body says, and why the field cannot be told.
UNDETERMINED = {
    "a setting that is missing": ("  billing_mode = var.mode", "billing_mode", "mode"),
    "a sensitive value": ("  billing_mode = var.secret", "billing_mode", "sensitive value"),
    "a key that is looked up": (
        "  server_side_encryption {\n    enabled = true\n    kms_key_arn = data.aws_kms_key.k.arn\n  }",
        "encryption",
        "data.aws_kms_key.k.arn is read",
    ),
    "a block over something unknown": (
        '  dynamic "point_in_time_recovery" {\n    for_each = var.list\n    content {\n      enabled = true\n'
        "    }\n  }",
        "recovery",
        "dynamic block",
    ),
    "a number that is none": (
        '  point_in_time_recovery {\n    enabled = true\n    recovery_period_in_days = "many"\n  }',
        "recovery_days",
        "many is not a whole number",
    ),
    "a list for a word": ('  billing_mode = ["a"]', "billing_mode", "a single value is expected"),
}


@each(("body", "field", "reason"), UNDETERMINED.values(), ids=UNDETERMINED.keys())
def test_what_cannot_be_told(tmp_path: Path, body: str, field: str, reason: str) -> None:
    before = """
    variable "mode" {}
    variable "list" {}
    variable "secret" {
      sensitive = true
      default   = "hunter2-canary"
    }
    data "aws_kms_key" "k" {
      key_id = "alias/x"
    }
    """
    table = one_table(tmp_path, body, before=dedent(before))
    fact = getattr(table, field)
    assert isinstance(fact.value, Unknown)
    assert reason in fact.value.reason
    assert "hunter2" not in repr(table)


def test_names_and_environments(tmp_path: Path) -> None:
    text = """
    variable "environment" {}
    variable "unset" {}
    resource "aws_dynamodb_table" "a" {
      name = "parcels-${var.environment}"
    }
    resource "aws_dynamodb_table" "b" {
      for_each = toset(["x", "y"])
      name     = "${each.key}-sit-sit"
    }
    resource "aws_dynamodb_table" "c" {
      name = "c-${var.unset}"
    }
    resource "aws_dynamodb_table" "d" {
      count = var.unset
      name  = "d"
    }
    resource "aws_dynamodb_table" "none" {
      count = 0
      name  = "none"
    }
    """
    tables = describe(tmp_path, text, tfvars='environment = "sit"\n').tables
    assert {table.address: (table.name, table.full_name.or_none()) for table in tables} == {
        "aws_dynamodb_table.a": ("parcels", "parcels-sit"),
        'aws_dynamodb_table.b["x"]': ("x-sit", "x-sit-sit"),
        'aws_dynamodb_table.b["y"]': ("y-sit", "y-sit-sit"),
        "aws_dynamodb_table.c": ("aws_dynamodb_table.c", None),
        "aws_dynamodb_table.d[*]": ("aws_dynamodb_table.d[*]", "d"),
    }


def test_the_chain_of_a_name(tmp_path: Path) -> None:
    table = one_table(
        tmp_path,
        "  name = local.name",
        before='variable "environment" {}\nlocals {\n  name = "parcels-${var.environment}"\n}',
        tfvars='environment = "sit"\n',
    )
    assert table.full_name.get() == "parcels-sit"
    assert [str(place) for place in table.full_name.via] == ["main.tf:3", "main.tf:1", "sit.tfvars:1"]


def test_indexes_of_every_form(tmp_path: Path) -> None:
    body = """
      hash_key  = "PK"
      range_key = ""
      attribute {
        name = "PK"
        type = "S"
      }
      global_secondary_index {
        name            = "Old"
        hash_key        = "missing"
        projection_type = "KEYS_ONLY"
      }
      global_secondary_index {
        name = "New"
        key_schema {
          attribute_name = "PK"
          key_type       = "HASH"
        }
        key_schema {
          attribute_name = "other"
          key_type       = "RANGE"
        }
        projection_type = "ALL"
      }
      local_secondary_index {
        name            = "Local"
        range_key       = "third"
        projection_type = "ALL"
      }
    """
    table = one_table(tmp_path, body)
    assert table.sort_key is None
    assert table.speaks_of_keys
    assert [keys_of(index) for index in table.indexes or ()] == [("Old", "missing"), ("New", "PK", "other")]
    assert [keys_of(index) for index in table.local_indexes] == [("Local", "third")]
    old = (table.indexes or ())[0]
    assert old.partition_key is not None
    assert old.partition_key.type is None


def test_an_index_from_something_unknown_leaves_the_names_open(tmp_path: Path) -> None:
    body = """
      dynamic "global_secondary_index" {
        for_each = var.indexes
        content {
          name     = global_secondary_index.key
          hash_key = global_secondary_index.value
        }
      }
    """
    unknown = one_table(tmp_path, body, before='variable "indexes" {}')
    assert unknown.index_names is None
    known = one_table(tmp_path, body, before='variable "indexes" {}', tfvars='indexes = { A = "x", B = "y" }\n')
    assert known.index_names == {"A", "B"}


def test_attributes_that_a_projection_includes(tmp_path: Path) -> None:
    body = """
      global_secondary_index {
        name               = "ByDay"
        hash_key           = "day"
        projection_type    = "INCLUDE"
        non_key_attributes = %s
      }
    """
    (told,) = one_table(tmp_path, body % '["b", "a"]').indexes or ()
    assert told.included and told.included.get() == {"a", "b"}
    (unknown,) = one_table(tmp_path, body % "[aws_kms_key.a.arn]", before='resource "aws_kms_key" "a" {}').indexes or ()
    assert unknown.included and not unknown.included.known


def test_comments_of_settings_stand_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "sit.tfvars").write_text('# one\na = "# no comment" // two\n/* three\n * four */\n')
    file, _ = describe_settings("sit", Reader(tmp_path).read("sit.tfvars"))
    assert [(one.get(), one.at.line) for one in file.comments] == [("one", 1), ("two", 2), ("three", 3), ("four", 4)]


def test_replicas(tmp_path: Path) -> None:
    text = """
    provider "aws" {
      alias  = "far"
      region = "us-west-2"
    }
    resource "aws_dynamodb_table" "a" {
      name = "a"
      replica {
        region_name = "eu-west-1"
      }
    }
    resource "aws_dynamodb_table" "b" {
      name = "b"
    }
    resource "aws_dynamodb_table_replica" "b" {
      provider         = aws.far
      global_table_arn = aws_dynamodb_table.b.arn
    }
    """
    replicas = {table.name: [one.get() for one in table.replicas or ()] for table in describe(tmp_path, text).tables}
    assert replicas == {"a": ["eu-west-1"], "b": ["us-west-2"]}


@each(
    ("tags", "expected", "unknown"),
    [
        ("", {"Owner": "all"}, ""),
        ('  tags = { Owner = "me", Cost = 7 }', {"Owner": "me", "Cost": "7"}, ""),
        ("  tags = var.unset", {"Owner": "all"}, "unset"),
        ("  tags = null", {"Owner": "all"}, ""),
        ('  provider = aws.other\n  tags = { A = "b" }', {"A": "b"}, ""),
    ],
)
def test_effective_tags(tmp_path: Path, tags: str, expected: dict[str, str], unknown: str) -> None:
    before = """
    variable "unset" {}
    provider "aws" {
      default_tags {
        tags = { Owner = "all" }
      }
    }
    provider "aws" {
      alias = "other"
    }
    """
    table = one_table(tmp_path, tags, before=dedent(before))
    assert {key: fact.or_none() for key, fact in (table.tags or {}).items()} == expected
    assert unknown in table.tags_unknown
    assert bool(table.tags_unknown) is bool(unknown)


BACKUP = """
variable "unset" {}
data "aws_caller_identity" "me" {}
resource "aws_dynamodb_table" "a" {
  name = "a-sit"
  tags = { Backup = "daily" }
}
resource "aws_dynamodb_table" "b" {
  name = "b-sit"
  tags = { Backup = "none" }
}
resource "aws_dynamodb_table" "c" {
  name = "c"
  tags = { Backup = var.unset }
}
resource "aws_s3_bucket" "s" {
  bucket = "s"
}
resource "aws_backup_vault" "v" {
  name = "v"
}
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "r"
    target_vault_name = aws_backup_vault.v.name
    schedule          = "cron(0 5 * * ? *)"
    lifecycle {
      delete_after = 14
    }
  }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = "arn:aws:iam::1:role/backup"
  %s
}
"""

# The content of the selection, the tables it covers, and what cannot be told.
SELECTIONS = {
    "by address": ("resources = [aws_dynamodb_table.a.arn, aws_dynamodb_table.c.arn]", {"a", "c"}, ""),
    "by another resource": ("resources = [aws_s3_bucket.s.arn]", set(), ""),
    "by splat": ("resources = [for t in [aws_dynamodb_table.a, aws_dynamodb_table.b] : t.arn]", {"a", "b"}, ""),
    "by ARN": ('resources = ["arn:aws:dynamodb:eu-west-1:1:table/b-sit"]', {"b"}, ""),
    "by wildcard": ('resources = ["arn:aws:dynamodb:*:*:table/*-sit"]', {"a", "b"}, ""),
    "everything": ('resources = ["*"]', {"a", "b", "c"}, ""),
    "every table": ('resources = ["arn:aws:dynamodb:*:*:table/*"]', {"a", "b", "c"}, ""),
    "another service": ('resources = ["arn:aws:s3:::*"]', set(), ""),
    "account looked up": (
        'resources = ["arn:aws:dynamodb:eu-west-1:${data.aws_caller_identity.me.account_id}:table/a-sit"]',
        set(),
        "data.aws_caller_identity.me.account_id is read",
    ),
    "unknown list": ("resources = var.unset", set(), "unset"),
    "but not one": (
        'resources = ["*"]\n  not_resources = [aws_dynamodb_table.b.arn]',
        {"a", "c"},
        "",
    ),
    "by tag": (
        'selection_tag {\n    type = "STRINGEQUALS"\n    key = "Backup"\n    value = "daily"\n  }',
        {"a"},
        "unset",
    ),
    "by condition": (
        'resources = ["*"]\n  condition {\n    string_not_equals {\n      key = "aws:ResourceTag/Backup"\n'
        '      value = "none"\n    }\n  }',
        {"a"},
        "unset",
    ),
    "by pattern of a tag": (
        'resources = ["*"]\n  condition {\n    string_like {\n      key = "aws:ResourceTag/Backup"\n'
        '      value = "dai*"\n    }\n  }',
        {"a"},
        "unset",
    ),
    "nothing": ("", set(), ""),
}


@each(("selection", "covered", "unknown"), SELECTIONS.values(), ids=SELECTIONS.keys())
def test_what_a_selection_covers(tmp_path: Path, selection: str, covered: set[str], unknown: str) -> None:
    backup = describe(tmp_path, BACKUP % selection).backup
    assert backup.covered == covered
    assert unknown in backup.coverage_unknown
    assert bool(backup.coverage_unknown) is bool(unknown)
    assert (len(backup.vaults), len(backup.plans), len(backup.selections), len(backup.roles)) == (1, 1, 1, 1)
    (terms,) = backup.terms
    assert terms.frequency and terms.frequency.get() == "daily"
    assert terms.retention_days and terms.retention_days.get() == 14
    assert terms.cross_region and terms.cross_region.get() is False


@each(
    ("copy", "expected"),
    [
        ("aws_backup_vault.far.arn", True),
        ("aws_backup_vault.near.arn", False),
        ('"arn:aws:backup:af-south-1:1:backup-vault:x"', True),
        ('"arn:aws:backup:eu-west-1:1:backup-vault:x"', False),
        ("var.unset", None),
    ],
)
def test_copies_to_another_region(tmp_path: Path, copy: str, expected: bool | None) -> None:
    text = f"""
    variable "unset" {{}}
    provider "aws" {{
      region = "eu-west-1"
    }}
    provider "aws" {{
      alias  = "far"
      region = "af-south-1"
    }}
    resource "aws_backup_vault" "near" {{
      name = "near"
    }}
    resource "aws_backup_vault" "far" {{
      provider = aws.far
      name     = "far"
    }}
    resource "aws_backup_plan" "p" {{
      name = "p"
      rule {{
        rule_name = "r"
        copy_action {{
          destination_vault_arn = {copy}
        }}
      }}
    }}
    """
    (terms,) = describe(tmp_path, text).backup.terms
    assert terms.cross_region
    assert terms.cross_region.or_none() is expected
    # Without a schedule AWS Backup works every day at five.
    assert terms.frequency and terms.frequency.get() == "daily"
    assert terms.retention_days is None


@each(
    ("expression", "word"),
    [
        ("cron(0 * * * ? *)", "hourly"),
        ("cron(30 0/1 * * ? *)", "hourly"),
        ("cron(0 5 * * ? *)", "daily"),
        ("cron(0 5 ? * * *)", "daily"),
        ("cron(0 5 ? * 1 *)", "weekly"),
        ("cron(0 5 ? * SUN *)", "weekly"),
        ("cron(0 5 1 * ? *)", "monthly"),
        ("cron(0 5 ? * MON-FRI *)", "cron(0 5 ? * MON-FRI *)"),
        ("cron(0 0/12 * * ? *)", "cron(0 0/12 * * ? *)"),
        ("cron(0 5 1 1 ? *)", "cron(0 5 1 1 ? *)"),
        ("rate(1 hour)", "hourly"),
        ("rate(60 minutes)", "hourly"),
        ("rate(24 hours)", "daily"),
        ("rate(1 day)", "daily"),
        ("rate(7 days)", "weekly"),
        ("rate(2 days)", "rate(2 days)"),
        ("at dawn", "at dawn"),
    ],
)
def test_frequencies(expression: str, word: str) -> None:
    assert normalised_frequency(expression) == word


def test_variables_and_undeclared_settings(tmp_path: Path) -> None:
    text = """
    variable "days" {
      type    = number
      default = 5
    }
    variable "region" {
      default = "eu-west-1"
    }
    variable "needed" {}
    variable "password" {
      sensitive = true
      default   = "canary-secret"
    }
    variable "stage" {
      default = "uat"
      validation {
        condition     = contains(["dev", "sit"], var.stage)
        error_message = "dev or sit"
      }
    }
    """
    configuration = describe(tmp_path, text, tfvars='region = "us-east-1"\nday = 3\npassword = "canary-tfvars"\n')
    variables = {one.name: one for one in configuration.configuration.variables}
    days, region, needed, password, stage = (
        variables[name] for name in ("days", "region", "needed", "password", "stage")
    )
    assert (days.value.get(), str(days.value.at), days.has_default, days.set_at) == (5, "main.tf:4", True, None)
    assert (region.value.get(), str(region.set_at)) == ("us-east-1", "sit.tfvars:1")
    assert [str(place) for place in region.value.via] == ["main.tf:7"]
    assert (needed.missing, needed.has_default, needed.value.or_none()) == (True, False, None)
    assert password.value.value == Unknown("sensitive value")
    assert password.sensitive
    assert stage.problem
    (undeclared,) = configuration.configuration.undeclared
    assert (undeclared.name, str(undeclared.at), undeclared.near) == ("day", "sit.tfvars:2", "days")
    assert "canary" not in repr(configuration)
    file, _ = describe_settings("sit", Reader(tmp_path).read("sit.tfvars"), sensitive={"password"})
    assert [one.value.or_none() for one in file.settings] == ["us-east-1", 3, None]
    assert "canary" not in repr(file)


def test_resources_with_their_arguments(tmp_path: Path) -> None:
    text = """
    variable "token" {
      sensitive = true
      default   = "canary"
    }
    data "aws_region" "here" {}
    resource "aws_s3_bucket" "b" {
      bucket = "labels"
      tags   = { Owner = "me" }
    }
    resource "aws_s3_bucket_versioning" "b" {
      bucket = aws_s3_bucket.b.id
      versioning_configuration {
        status = "Enabled"
      }
    }
    resource "aws_lambda_function" "f" {
      function_name = "f-${data.aws_region.here.name}"
      environment {
        variables = { TOKEN = var.token }
      }
    }
    resource "terraform_data" "x" {}
    """
    configuration = describe(tmp_path, text).configuration
    by_address = {one.address: one for one in configuration.resources}
    bucket = by_address["aws_s3_bucket.b"]
    assert (bucket.name.get(), bucket.attributes["tags"].get()) == ("labels", {"Owner": "me"})
    versioning = by_address["aws_s3_bucket_versioning.b"]
    assert versioning.attributes["versioning_configuration.0.status"].get() == "Enabled"
    assert isinstance(versioning.attributes["bucket"].value, Unknown)
    assert "aws_s3_bucket.b.id" in versioning.attributes["bucket"].value.reason
    function = by_address["aws_lambda_function.f"]
    assert function.name.or_none() is None
    assert function.attributes["environment.0.variables"].value == Unknown("sensitive value")
    assert by_address["terraform_data.x"].name.get() == "x"
    assert [one.address for one in configuration.data_sources] == ["data.aws_region.here"]
    assert {name: fact.get() for name, fact in configuration.required_providers.items()} == {"aws": ""}
    assert "canary" not in repr(configuration)


BROKEN = {
    "a file that does not parse": ("broken.tf", 'resource "x" {\n  = 1\n}\n', "broken.tf"),
    "a file that is not UTF-8": ("broken.tf", b"\xff\n", "broken.tf"),
    "a file cut short": ("broken.tf", 'resource "aws_s3_bucket" "b" {\n', "broken.tf"),
}


@each(("name", "text", "place"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_leaves_the_rest(tmp_path: Path, name: str, text: str | bytes, place: str) -> None:
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    described = describe(tmp_path, 'resource "aws_dynamodb_table" "a" {\n  name = "a"\n}\n')
    assert not described.configuration.complete
    assert [table.name for table in described.tables] == ["a"]
    assert any(told.at.path == place for told in described.configuration.diagnostics)


@each(
    ("text", "size", "readable", "names"),
    [
        (b"", 0, True, []),
        (b"# nothing\n", 10, True, []),
        (b'a = "x"\nb = [1, 2]\n', 19, True, ["a", "b"]),
        (b'a = "x"\nb = \n', 13, False, None),
        (b"a = \xff\n", 0, False, []),
        (None, 0, False, []),
    ],
)
def test_tfvars_files(tmp_path: Path, text: bytes | None, size: int, readable: bool, names: list[str] | None) -> None:
    if text is not None:
        (tmp_path / "sit.tfvars").write_bytes(text)
    file, diagnostics = describe_settings("sit", Reader(tmp_path).read("sit.tfvars"))
    assert (file.environment, file.size, file.readable) == ("sit", size, readable)
    assert bool(diagnostics) is not readable
    if names is not None:
        assert [one.name for one in file.settings] == names
