"""Makes the Terraform of AWS Backup for the tables that a project declares: vault, plan, role and selection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from bbws_readiness.config import Config
from bbws_readiness.model.model import Model
from bbws_readiness.patterns import regex
from bbws_readiness.render.generate.generated import Generated
from bbws_readiness.render.generate.problem import NotDeterminable
from bbws_readiness.render.generate.reach import Omission, declared_tables, tables_elsewhere
from bbws_readiness.render.generate.terms import Asked, BackupSetting, asked_terms, default_of, settings_of_authority
from bbws_readiness.render.generate.text import filled
from bbws_readiness.source import Location

TEMPLATE = "snippets/backup.tf.j2"

RESOURCES = (
    "aws_backup_vault.tables",
    "aws_backup_plan.tables",
    "aws_backup_selection.tables",
    "aws_iam_role.backup",
    "aws_iam_role_policy_attachment.backup",
    "aws_iam_role_policy_attachment.restore",
)
"""What the generated file declares."""

VARIABLES = (
    "backup_vault_name",
    "backup_frequency",
    "backup_retention_days",
    "backup_cold_storage_after_days",
    "backup_kms_key_arn",
    "backup_copy_vault_arn",
)

_ADDRESS = regex(r"(aws_dynamodb_table\.[^\W\d][\w-]*)(\[.+\])?", re.DOTALL)
_MODULE = regex(r"module\.[^\W\d][\w-]*")


class BackupFacts(Struct, frozen=True):
    """What the template of backups may use."""

    single: tuple[str, ...] = ()
    """Addresses of tables that are one instance each, ordered."""
    several: tuple[str, ...] = ()
    """Addresses of tables that are declared with `count` or `for_each`, without their keys, ordered."""
    omitted: tuple[Omission, ...] = ()
    """Tables that no vault of this region can hold, and those to which the root has no reference."""
    settings: tuple[BackupSetting, ...] = ()
    """Per environment, as the authority asks; empty while the terms are a decision."""
    asked: tuple[Asked, ...] = ()
    """Everything that is asked, whoever is right."""
    frequency: str | None = None
    """The default that no environment contradicts."""
    retention_days: int | None = None
    copied: tuple[Asked, ...] = ()
    """Who asks for a copy in another region."""


def backup_facts(model: Model, config: Config) -> BackupFacts:
    """The facts of a project; without a table to refer to, `single` and `several` are empty."""
    elsewhere = tables_elsewhere(model)
    gone = {one.subject for one in elsewhere}
    addresses = {table.address or "": table.at for table in model.terraform_tables or () if table.address not in gone}
    matches = [found for address in addresses if (found := _ADDRESS.fullmatch(address))]
    hidden = {address: at for address, at in addresses.items() if not _ADDRESS.fullmatch(address)}
    settings = settings_of_authority(model, config)
    deciding = {setting.source for setting in settings}
    asked = asked_terms(model)
    frequency, days = default_of(settings, "frequency"), default_of(settings, "retention_days")
    return BackupFacts(
        single=_ordered(found[1] for found in matches if not found[2]),
        several=_ordered(found[1] for found in matches if found[2]),
        omitted=(*elsewhere, *_hidden(hidden)),
        settings=settings,
        asked=asked,
        frequency=str(frequency) if frequency is not None else None,
        retention_days=int(days) if days is not None else None,
        copied=tuple(one for one in asked if one.copied and (not deciding or one.source in deciding)),
    )


def backup_terraform(model: Model, config: Config) -> Generated:
    """The file for the Terraform root of `model`: no value of an environment stands in it, the same every time.

    Raises `NothingToAssess` without a table, and `NotDeterminable` when Terraform could not be read as a whole or no
    table can be referred to from the root.
    """
    declared_tables(model)
    facts = backup_facts(model, config)
    if not (facts.single or facts.several):
        first = facts.omitted[0]
        raise NotDeterminable(f"no table can be referred to; {first.subject}: {first.reason}", at=first.at)
    return Generated(f"{filled(TEMPLATE, backup=facts)}\n", facts.omitted)


def already_declared(model: Model) -> Iterator[tuple[str, Location]]:
    """The names of the generated file that the project uses already, each with its place."""
    configuration = model.configuration
    for resource in configuration.resources if configuration else ():
        if resource.address in RESOURCES:
            yield resource.address, resource.at
    for variable in configuration.variables if configuration else ():
        if variable.name in VARIABLES:
            yield f"var.{variable.name}", variable.at


def _hidden(addresses: Mapping[str, Location]) -> Iterator[Omission]:
    """Each module with tables once: another file refers to them only through an output of the module."""
    told: dict[str, Omission] = {}
    for address, at in addresses.items():
        module = _MODULE.match(address)
        reason = "give the module an output with the ARNs of its tables, and list it here"
        name = module[0] if module else address
        told.setdefault(name, Omission(name, reason if module else "the address is no reference", at))
    yield from told.values()


def _ordered(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))
