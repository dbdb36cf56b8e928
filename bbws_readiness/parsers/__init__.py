"""Files of the project turned into nouns, one module per kind of input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact
from bbws_readiness.memory import read_once
from bbws_readiness.model.plans import Plan
from bbws_readiness.model.readmes import Readme
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.parsers.portfolio import parse_portfolio
from bbws_readiness.parsers.promotion_plan import is_plan, parse_plan
from bbws_readiness.parsers.readme import parse_readme
from bbws_readiness.parsers.schemas import parse_schema
from bbws_readiness.parsers.scripts import parse_script
from bbws_readiness.parsers.workflows import parse_workflow
from bbws_readiness.parsers.workflows.called import Read
from bbws_readiness.source import Source, SourceKind


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before a file is read."""

    environments: Sequence[str]
    """All names, in the order of promotion."""
    environment: str
    """The assessed one."""
    expressions: Mapping[str, Fact[str]] = field(default_factory=dict)
    """What expressions of workflows stand for in every run: `github.repository`, where configuration tells it."""
    read: Read | None = None
    """Reads the actions and scripts that workflows call."""


_Parsed: TypeAlias = tuple[object | None, Sequence[Diagnostic]]


@dataclass(frozen=True, slots=True)
class Parser:
    """How one file of a kind becomes a noun of the model."""

    kind: SourceKind
    parse: Callable[[Source, Known], _Parsed]
    """The noun and what is wrong with the file; neither means that the file is something else."""


def _workflow(source: Source, known: Known) -> tuple[Workflow | None, Sequence[Diagnostic]]:
    return parse_workflow(source, environments=known.environments, given=known.expressions, read=known.read)


def _plan(source: Source, environments: Sequence[str], environment: str) -> tuple[Plan | None, Sequence[Diagnostic]]:
    plan, diagnostics = parse_plan(source, environments=environments, environment=environment)
    return plan if is_plan(source) else None, diagnostics


def _readme(source: Source, environments: Sequence[str], _: str) -> tuple[Readme, Sequence[Diagnostic]]:
    return parse_readme(source, environments=environments), ()


def _by_itself(parse: Callable[[Source, Sequence[str], str], _Parsed]) -> Callable[[Source, Known], _Parsed]:
    """`parse`, which looks at no other file and knows no more than the environments: a small file is parsed once."""
    remembered = read_once(parse)
    return lambda source, known: remembered(source, tuple(known.environments), known.environment)


PARSERS: tuple[Parser, ...] = (
    Parser(SourceKind.SCHEMAS, _by_itself(lambda source, names, _: parse_schema(source, environments=names))),
    Parser(SourceKind.WORKFLOWS, _workflow),
    Parser(SourceKind.SCRIPT, _by_itself(lambda source, names, _: parse_script(source, environments=names))),
    Parser(SourceKind.PLAN, _by_itself(_plan)),
    Parser(SourceKind.README, _by_itself(_readme)),
    Parser(SourceKind.PORTFOLIO, _by_itself(lambda source, names, _: parse_portfolio(source, environments=names))),
)
"""Every input that is read file by file, in this order. Terraform and git are read as a whole: see `assemble`."""
