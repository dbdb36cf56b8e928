"""Which tables Terraform declares, and what keeps us from being sure that it declares no other."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from bbws_readiness.checks.unknown import NO_TERRAFORM
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined, Unknown
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Configuration
from bbws_readiness.model.tables import Table
from bbws_readiness.source import Location, SourceKind


class Declared(Struct, frozen=True, dict=True):
    """The tables of the Terraform configuration, by what is known of their names."""

    tables: Mapping[str, Table]
    """By logical name, in the order of the configuration."""
    nameless: tuple[Table, ...]
    """Tables whose real name, or whether they exist at all, cannot be told from the files."""
    uncounted: tuple[Undetermined, ...]
    """One per table that may be declared any number of times, zero included."""
    gap: Undetermined | None
    """Why the configuration may declare more than was read; None when all of it was read."""

    @cached_property
    def names(self) -> frozenset[str]:
        """The logical names that are known."""
        return frozenset(self.tables)

    @cached_property
    def all(self) -> tuple[Table, ...]:
        """Every declared table, also those whose name is unknown."""
        return (*self.tables.values(), *self.nameless)

    def doubt(self, name: str, named: frozenset[str]) -> Undetermined | None:
        """Why it cannot be said that `name` is not declared, or None when it is certain.

        `named` are all names that documents use: a table of unknown name whose label is one of them is taken to be
        that one, so that it hides no other.
        """
        for table in self.nameless:
            likely = {other for other in named if _may_be(table, other)}
            if name in likely or not likely:
                return _nameless(table)
        return self.gap


def declared_tables(model: Model) -> Declared | None:
    """What Terraform declares, or None when the project has no Terraform."""
    if model.terraform_tables is None:
        return None
    known = {table.name: table for table in model.terraform_tables if table.name != table.address}
    unnamed = tuple(table for table in model.terraform_tables if table.name == table.address)
    uncounted = tuple(
        Undetermined(f"how often {resource.address} is declared is unknown", resource.at)
        for resource in (model.configuration.resources if model.configuration else ())
        if not resource.key_known and any(table.address == resource.address for table in model.terraform_tables)
    )
    return Declared(known, unnamed, uncounted, _gap(model.configuration))


def tables_in_question(question: Question) -> Declared | CheckResult:
    """The declared tables, at least one, or the answer of a rule about tables where there is none to look at."""
    declared = declared_tables(question.model)
    if declared is None:
        return question.not_applicable(NO_TERRAFORM)
    if declared.all:
        return declared
    if declared.gap:
        return CheckResult((Observation(Outcome.UNDETERMINED, "project", declared.gap.at, _reason(declared.gap)),))
    return question.not_applicable("Terraform declares no table")


def nameless_observations(declared: Declared) -> list[Observation]:
    """One undetermined observation per table of unknown name, for rules that find a table by its name."""
    reasons = [(table, _nameless(table)) for table in declared.nameless]
    return [Observation(Outcome.UNDETERMINED, table.name, why.at, _reason(why)) for table, why in reasons]


def silence_counts(model: Model, kind: SourceKind) -> bool:
    """Whether a source that does not name a table can be taken to deny it: it was read whole and its list is closed."""
    if kind in model.unread:
        return False
    if kind is SourceKind.SCHEMAS:
        return model.schemas is not None and model.schemas.complete
    if kind is SourceKind.PLAN and model.plan:
        entry = model.plan.overview.get("tables")
        return not (entry and entry.open_list)
    return True


def _gap(configuration: Configuration | None) -> Undetermined | None:
    if configuration is None or configuration.complete:
        return None
    for fault in configuration.errors:
        return Undetermined(f"the configuration could not be read whole: {fault.summary}", fault.at)
    directory = Location(configuration.directory or ".", 0)
    return Undetermined("a file of the configuration could not be read", directory)


def _nameless(table: Table) -> Undetermined:
    name = table.full_name.value
    if isinstance(name, Unknown):
        return Undetermined(f"the name of {table.name} is unknown: {name.reason}", table.full_name.at)
    return Undetermined(f"how often {table.name} ({name}) is declared is unknown", table.full_name.at)


def _reason(unknown: Undetermined) -> dict[str, str]:
    return {"reason": unknown.reason}


def _may_be(table: Table, name: str) -> bool:
    """Whether a table of unknown name or number is likely to be the one that documents call `name`."""
    full_name = table.full_name.or_none()
    if full_name is not None:
        return full_name == name or full_name.startswith(f"{name}-")
    label = table.name.split("[")[0].rpartition(".")[2]
    return label.replace("-", "_").casefold() == name.replace("-", "_").casefold()
