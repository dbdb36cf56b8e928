"""Tells which declared tables a generated file can speak of, and why it leaves out the others."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.errors import DiagnosticSeverity, NothingToAssess
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Configuration, Resource
from bbws_readiness.model.tables import Table
from bbws_readiness.render.generate.problem import NotDeterminable
from bbws_readiness.source import Location

MAIN_PROVIDER = "aws"


class Omission(Struct, frozen=True):
    """Something that a generated file leaves out."""

    subject: str
    """`table tenants: encryption`, or the address of a resource."""
    reason: str
    at: Location

    def __str__(self) -> str:
        """On one line."""
        return " ".join(f"{self.subject}: {self.reason} ({self.at})".split())

    def within(self, width: int) -> str:
        """The same in `width` characters as far as the reason can be cut; subject and place are kept."""
        beyond = len(str(self)) - width
        if beyond <= 0:
            return str(self)
        return str(replace(self, reason=f"{self.reason[: -beyond - 3].rstrip()}..."))


class Declared(Struct, frozen=True):
    """A table with the resource that declares it."""

    table: Table
    resource: Resource


def declared_tables(model: Model) -> tuple[Declared, ...]:
    """The tables of the main provider's region, ordered by address.

    Raises `NothingToAssess` without Terraform or without a table, and `NotDeterminable` when a file could not be read:
    a list that may be short would hide what is missing.
    """
    configuration = model.configuration
    if configuration is None:
        raise NothingToAssess("there is no Terraform in this project", hint="name its folder as sources.terraform")
    if not configuration.complete:
        raise _incomplete(configuration)
    if not model.terraform_tables:
        raise NothingToAssess("Terraform declares no DynamoDB table", hint="generate it in the project that does")
    resources = _by_address(model)
    return tuple(
        Declared(table, resources[table.address])
        for table in model.terraform_tables
        if table.address in resources and elsewhere(resources[table.address], model) is None
    )


def tables_elsewhere(model: Model) -> tuple[Omission, ...]:
    """The tables that are made by another provider or in another region."""
    resources = _by_address(model)
    found = [(table, resources.get(table.address or "")) for table in model.terraform_tables or ()]
    told = [(table, resource and elsewhere(resource, model)) for table, resource in found]
    return tuple(Omission(table.address or table.name, reason, table.at) for table, reason in told if reason)


def elsewhere(resource: Resource, model: Model) -> str | None:
    """Why a resource is not where the main provider makes things, or None."""
    if resource.provider not in (MAIN_PROVIDER, ""):
        return f"made by the provider {resource.provider}, perhaps elsewhere"
    region: Fact[object] | None = resource.attributes.get("region")
    own = model.configuration.provider_region if model.configuration else None
    if region and (isinstance(region.value, Unknown) or own is None or region.value != own.or_none()):
        return "made in a region of its own"
    return None


def _by_address(model: Model) -> Mapping[str | None, Resource]:
    resources = model.configuration.resources if model.configuration else ()
    return {resource.address: resource for resource in resources}


def _incomplete(configuration: Configuration) -> NotDeterminable:
    """The first error, which tells what to mend."""
    found = next((one for one in configuration.diagnostics if one.severity is DiagnosticSeverity.ERROR), None)
    if found is None:
        at = Location(configuration.directory or ".", 0)
        return NotDeterminable("a file of the configuration could not be read", at=at, hint="assess it to see which")
    return NotDeterminable(found.summary, at=found.at, hint=found.detail or "mend it, then generate again")
