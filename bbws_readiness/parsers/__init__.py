"""Files of the project turned into nouns, one module per kind of input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field

from bbws_readiness.cache.results import recalled
from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact
from bbws_readiness.memory import Read, read_once
from bbws_readiness.model.plans import Plan
from bbws_readiness.model.readmes import Readme
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.parsers.kept import codec
from bbws_readiness.source import Source, SourceKind


class Known(Struct, frozen=True):
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


class Parser(Struct, frozen=True):
    """How one file of a kind becomes a noun of the model."""

    kind: SourceKind
    parse: Callable[[Source, Known], _Parsed]
    """The noun and what is wrong with the file; neither means that the file is something else."""


# A parser is loaded when a file of its kind has to be parsed: what was kept of an earlier run needs none.


def _schema(source: Source, environments: Sequence[str], _: str) -> _Parsed:
    from bbws_readiness.parsers.schemas import parse_schema

    return parse_schema(source, environments=environments)


def _script(source: Source, environments: Sequence[str], _: str) -> _Parsed:
    from bbws_readiness.parsers.scripts import parse_script

    return parse_script(source, environments=environments)


def _portfolio(source: Source, environments: Sequence[str], _: str) -> _Parsed:
    from bbws_readiness.parsers.portfolio import parse_portfolio

    return parse_portfolio(source, environments=environments)


def _workflow(source: Source, known: Known) -> tuple[Workflow | None, Sequence[Diagnostic]]:
    from bbws_readiness.parsers.workflows import parse_workflow

    return parse_workflow(source, environments=known.environments, given=known.expressions, read=known.read)


def _plan(source: Source, environments: Sequence[str], environment: str) -> tuple[Plan | None, Sequence[Diagnostic]]:
    from bbws_readiness.parsers.promotion_plan import is_plan, parse_plan

    plan, diagnostics = parse_plan(source, environments=environments, environment=environment)
    return plan if is_plan(source) else None, diagnostics


def _readme(source: Source, environments: Sequence[str], _: str) -> tuple[Readme, Sequence[Diagnostic]]:
    from bbws_readiness.parsers.readme import parse_readme

    return parse_readme(source, environments=environments), ()


def _by_itself(
    kind: SourceKind, parse: Callable[[Source, Sequence[str], str], _Parsed]
) -> Callable[[Source, Known], _Parsed]:
    """`parse`, which looks at no other file and knows no more than the environments: a small file is parsed once."""

    @read_once
    def remembered(source: Source, names: tuple[str, ...], environment: str) -> _Parsed:
        given = repr((names, environment))
        return recalled(kind.value, codec, source, given, lambda: parse(source, names, environment))

    return lambda source, known: remembered(source, tuple(known.environments), known.environment)


def _alone(kind: SourceKind, parse: Callable[[Source, Sequence[str], str], _Parsed]) -> Parser:
    return Parser(kind, _by_itself(kind, parse))


PARSERS: tuple[Parser, ...] = (
    _alone(SourceKind.SCHEMAS, _schema),
    Parser(SourceKind.WORKFLOWS, _workflow),
    _alone(SourceKind.SCRIPT, _script),
    _alone(SourceKind.PLAN, _plan),
    _alone(SourceKind.README, _readme),
    _alone(SourceKind.PORTFOLIO, _portfolio),
)
"""Every input that is read file by file, in this order. Terraform and git are read as a whole: see `assemble`."""
