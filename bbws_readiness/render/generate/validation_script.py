"""Makes the script that compares the deployed tables with what Terraform declares for one environment."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bbws_readiness.config import Config
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.model import Model
from bbws_readiness.render.encode.python import expression
from bbws_readiness.render.generate.expectations import SHARED_TAGS, Expected, capacity_changes, shared_tags
from bbws_readiness.render.generate.generated import Generated
from bbws_readiness.render.generate.placement import account_of, region_of
from bbws_readiness.render.generate.problem import NotDeterminable
from bbws_readiness.render.generate.reach import Declared, Omission, declared_tables, tables_elsewhere
from bbws_readiness.render.generate.text import filled

TEMPLATE = "generate/validation_script.py.j2"
WIDEST = 110
"""Characters of an omission in the script, so that its line is not longer than the others."""
MAX_EXCERPT = 40
"""Lines of a table that an excerpt shows."""


class ScriptConstants(Struct, frozen=True):
    """The constants that hold everything which differs between two scripts, as Python source."""

    guard: str
    """Environment, account and region."""
    tags: str
    """The tags that all tables share; empty when there are none."""
    tables: tuple[str, ...]
    """One entry per table, ordered by address."""
    unchecked: str
    omissions: tuple[Omission, ...]


def validation_script(model: Model, config: Config) -> Generated:
    """The script for the environment of `model`: read only, of the standard library and boto3, the same every time.

    Raises `NotDeterminable` when account or region are not known, when Terraform could not be read as a whole, or
    when no table has a name that is known; `NothingToAssess` when there is none.
    """
    constants = script_constants(model, config)
    return Generated(f"{filled(TEMPLATE, constants=_lines(constants))}\n", constants.omissions)


def script_constants(model: Model, config: Config) -> ScriptConstants:
    """The constants of the script; raises as `validation_script`."""
    guard = _guard(model, config)
    named, omissions = _named(model)
    shared = shared_tags(named)
    scaled = capacity_changes(model.configuration.resources if model.configuration else ())
    entries = []
    for declared in named:
        expected = Expected(declared, shared, scaled=scaled)
        entries.append(expression(expected.members(), indent="    "))
        omissions += expected.omissions
    return ScriptConstants(
        guard=guard,
        tags=_tags(shared),
        tables=tuple(entries),
        unchecked=f"NOT_CHECKED = {expression([one.within(WIDEST) for one in omissions])}",
        omissions=tuple(omissions),
    )


def excerpt(model: Model, config: Config) -> tuple[str, ...]:
    """The lines that tell a reader what the script will hold: the guard and the beginning of the first table.

    Raises as `validation_script`.
    """
    guard = _guard(model, config)
    named, _ = _named(model)
    shared = shared_tags(named)
    scaled = capacity_changes(model.configuration.resources if model.configuration else ())
    lines = expression(Expected(named[0], shared, scaled=scaled).members(), indent="    ").split("\n")
    hidden, more = len(lines) - MAX_EXCERPT, len(named) - 1
    shown = lines if hidden <= 0 else [*lines[:MAX_EXCERPT], f"        # and {hidden} more lines"]
    rest = f"    # and {more} more\n" if more else ""
    table = "\n".join(shown) + ("," if hidden <= 0 else "")
    parts = [guard, _tags(shared), f"EXPECTED_TABLES = [\n    {table}\n{rest}]"]
    return tuple("\n\n".join(part for part in parts if part).split("\n"))


def _guard(model: Model, config: Config) -> str:
    account = _known(account_of(model, config), "account", model.environment)
    region = _known(region_of(model, config), "region", model.environment)
    guard = {"ENVIRONMENT": model.environment, "ACCOUNT_ID": account, "REGION": region}
    return "\n".join(f"{name} = {expression(value)}" for name, value in guard.items())


def _tags(shared: Mapping[str, str]) -> str:
    return f"{SHARED_TAGS.text} = {expression(shared)}" if shared else ""


def _lines(constants: ScriptConstants) -> tuple[str, ...]:
    tables = "".join(f"    {entry},\n" for entry in constants.tables)
    parts = [constants.guard, constants.tags, f"EXPECTED_TABLES = [\n{tables}]", constants.unchecked]
    return tuple("\n\n".join(part for part in parts if part).split("\n"))


def _known(fact: Fact[str], aspect: str, environment: str) -> str:
    """The value; a script that does not know where it looks would prove nothing."""
    if isinstance(fact.value, Unknown):
        raise NotDeterminable(
            f"the {aspect} of {environment} is not known: {fact.value.reason}",
            at=fact.at,
            hint=f"state it as environments.{environment}.{aspect} in readiness.yaml",
        )
    return fact.value


def _named(model: Model) -> tuple[tuple[Declared, ...], list[Omission]]:
    """The tables with a name that is known, and the others."""
    named, omissions = [], list(tables_elsewhere(model))
    for declared in declared_tables(model):
        table = declared.table
        if not declared.resource.key_known:
            omissions.append(Omission(table.address or table.name, "count or for_each is not known", table.at))
        elif isinstance(table.full_name.value, Unknown):
            name = table.full_name
            omissions.append(Omission(table.address or table.name, table.full_name.value.reason, name.at))
        else:
            named.append(declared)
    if not named:
        first = omissions[0]
        hint = "set what its name is made of, or pass it with --var"
        raise NotDeterminable(f"no table can be checked; {first.subject}: {first.reason}", at=first.at, hint=hint)
    return tuple(named), omissions
