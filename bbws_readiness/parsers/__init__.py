"""Files of the project turned into nouns, one module per kind of input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bbws_readiness.errors import Diagnostic
from bbws_readiness.model.plans import Plan
from bbws_readiness.model.readmes import Readme
from bbws_readiness.parsers.portfolio import parse_portfolio
from bbws_readiness.parsers.promotion_plan import is_plan, parse_plan
from bbws_readiness.parsers.readme import parse_readme
from bbws_readiness.parsers.schemas import parse_schema
from bbws_readiness.parsers.scripts import parse_script
from bbws_readiness.parsers.workflows import parse_workflow
from bbws_readiness.source import Source, SourceKind


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before a file is read."""

    environments: Sequence[str]
    """All names, in the order of promotion."""
    environment: str
    """The assessed one."""


@dataclass(frozen=True, slots=True)
class Parser:
    """How one file of a kind becomes a noun of the model."""

    kind: SourceKind
    parse: Callable[[Source, Known], tuple[object | None, Sequence[Diagnostic]]]
    """The noun and what is wrong with the file; neither means that the file is something else."""


def _plan(source: Source, known: Known) -> tuple[Plan | None, Sequence[Diagnostic]]:
    plan, diagnostics = parse_plan(source, environments=known.environments, environment=known.environment)
    return plan if is_plan(source) else None, diagnostics


def _readme(source: Source, known: Known) -> tuple[Readme, Sequence[Diagnostic]]:
    return parse_readme(source, environments=known.environments), ()


PARSERS: tuple[Parser, ...] = (
    Parser(SourceKind.SCHEMAS, lambda source, known: parse_schema(source, environments=known.environments)),
    Parser(SourceKind.WORKFLOWS, lambda source, known: parse_workflow(source, environments=known.environments)),
    Parser(SourceKind.SCRIPT, lambda source, known: parse_script(source, environments=known.environments)),
    Parser(SourceKind.PLAN, _plan),
    Parser(SourceKind.README, _readme),
    Parser(SourceKind.PORTFOLIO, lambda source, known: parse_portfolio(source, environments=known.environments)),
)
"""Every input that is read file by file, in this order. Terraform and git are read as a whole: see `assemble`."""
