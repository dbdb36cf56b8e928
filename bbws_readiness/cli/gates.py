"""The gates of a run: their options, what is in force once readiness.yaml was asked too, and how a stop is told."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from msgspec import Struct

from bbws_readiness.cli.options import SomePath, Variable, existing, given_by, misspelt_variables, switch
from bbws_readiness.cli.output import progress
from bbws_readiness.codes import Code
from bbws_readiness.errors import ConfigurationError, UsageError
from bbws_readiness.patterns import regex

if TYPE_CHECKING:
    from bbws_readiness.assess.assessment import Assessment
    from bbws_readiness.assess.gate import Gate
    from bbws_readiness.config import Config

THRESHOLDS = ("blocker", "decision", "high", "medium", "low", "never")
SETTINGS = ("fail-on", "fail-on-new", "min-score", "min-coverage", "baseline")
DEFAULT = "default"
"""Where a value comes from that nobody has set."""

_NUMBER = regex(r"[0-9]{1,3}(\.[0-9]{1,6})?", re.ASCII)


class Hundredths(click.ParamType[Decimal]):
    """A number from 0 to 100 with exactly the digits that are written."""

    name = "number"

    def convert(self, value: str | Decimal, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Fails for anything else, such as 1e2 and nan."""
        if isinstance(value, Decimal):
            return value
        if not _NUMBER.fullmatch(value) or Decimal(value) > 100:
            self.fail(f'"{value}" is no number from 0 to 100', param, ctx)
        return Decimal(value)


class GateOptions(Struct, frozen=True):
    """What flags and variables say; None where they leave it to readiness.yaml."""

    fail_on: str | None = None
    fail_on_new: bool | None = None
    min_score: Decimal | None = None
    min_coverage: Decimal | None = None
    baseline: Path | None = None
    origins: tuple[tuple[str, str], ...] = ()
    """How each setting that is given was given: `--min-score`, `READINESS_MIN_SCORE`."""


class InForce(Struct, frozen=True):
    """One setting of the gates with where it comes from."""

    value: str | bool | Decimal | None
    origin: str
    """`--min-score`, `READINESS_MIN_SCORE`, `readiness.yaml:12` or `default`."""


GATE_OPTIONS = (
    click.option(
        "--min-coverage",
        cls=Variable,
        type=Hundredths(),
        metavar="PERCENT",
        help="Exit 1 when fewer of a hundred checks could be determined.",
    ),
    click.option(
        "--min-score", cls=Variable, type=Hundredths(), metavar="NUMBER", help="Exit 1 when the score is below."
    ),
    click.option(
        "--fail-on-new/--no-fail-on-new",
        cls=Variable,
        check=switch,
        default=None,
        help="Let only what the baseline does not have count for --fail-on.",
    ),
    click.option(
        "--baseline",
        cls=Variable,
        check=existing,
        type=SomePath(path_type=Path),
        metavar="FILE",
        help="The JSON of an earlier assessment: say what is new since.",
    ),
    click.option(
        "--fail-on",
        cls=Variable,
        type=click.Choice(THRESHOLDS),
        help="Exit 1 from here on: BLOCKED only; anything but READY; also high, medium, low issues; never.  "
        "[default: decision]",
    ),
)
"""The last one stands first in --help."""

Callback = TypeVar("Callback", bound=Callable[..., int])


def gate_options(callback: Callback) -> Callback:
    """Adds the options of the gates; the command receives them together, as the argument `gates`.

    Before it runs, a variable that is nearly one of its own is told.
    """

    @functools.wraps(callback)
    def packed(
        *arguments: Any,  # noqa: ANN401 - whatever the command takes
        fail_on: str | None,
        fail_on_new: bool | None,
        min_score: Decimal | None,
        min_coverage: Decimal | None,
        baseline: Path | None,
        **options: Any,  # noqa: ANN401
    ) -> int:
        for name, near in misspelt_variables():
            progress(f"{name} means nothing here; did you mean {near}?")
        origins = tuple((name, given) for name in SETTINGS if (given := given_by(f"--{name}")))
        gates = GateOptions(fail_on, fail_on_new, min_score, min_coverage, baseline, origins)
        return callback(*arguments, gates=gates, **options)

    for option in GATE_OPTIONS:
        packed = option(packed)
    return cast(Callback, packed)


def in_force(options: GateOptions, config: Config) -> dict[str, InForce]:
    """Every setting of the gates by its name in readiness.yaml; the flag wins, then the variable, then the file.

    Raises `UsageError` for `fail-on-new` of the command line without a baseline, `ConfigurationError` for that of the
    file.
    """
    from bbws_readiness.assess.gate import Gate

    usual = Gate()
    settings = config.gate
    found = {
        "fail-on": _chosen(options, "fail-on", options.fail_on, settings.fail_on or None, usual.fail_on.value, config),
        "fail-on-new": _chosen(
            options, "fail-on-new", options.fail_on_new, settings.fail_on_new, usual.fail_on_new, config
        ),
        "min-score": _chosen(options, "min-score", options.min_score, settings.min_score, usual.min_score, config),
        "min-coverage": _chosen(
            options, "min-coverage", options.min_coverage, settings.min_coverage, usual.min_coverage, config
        ),
        "baseline": _chosen(
            options,
            "baseline",
            options.baseline.as_posix() if options.baseline else None,
            settings.baseline or None,
            None,
            config,
        ),
    }
    if found["fail-on-new"].value and found["baseline"].value is None:
        hint = "name one with --baseline or as gate.baseline"
        what = "needs a baseline to tell what is new"
        if options.fail_on_new is None:
            raise ConfigurationError(f"gate.fail-on-new {what}", at=config.at("gate.fail-on-new"), hint=hint)
        raise UsageError(f"{found['fail-on-new'].origin} {what}", hint=hint, code=Code.OPTION_VALUE)
    return found


def _chosen(
    options: GateOptions,
    name: str,
    given: str | bool | Decimal | None,
    configured: str | bool | Decimal | None,
    usual: str | bool | Decimal | None,
    config: Config,
) -> InForce:
    if given is not None:
        return InForce(given, dict(options.origins).get(name) or given_by(f"--{name}") or f"--{name}")
    if configured is not None:
        return InForce(configured, str(config.at(f"gate.{name}")))
    return InForce(usual, DEFAULT)


def gate_of(found: Mapping[str, InForce]) -> Gate:
    """The gate that the settings in force make."""
    from bbws_readiness.assess.gate import Gate, Threshold

    return Gate(
        Threshold(str(found["fail-on"].value)),
        bool(found["fail-on-new"].value),
        Decimal(found["min-score"].value or 0),
        Decimal(found["min-coverage"].value or 0),
    )


def since_baseline(assessment: Assessment, project: Path, options: GateOptions) -> Assessment:
    """The assessment held against the baseline that is named; as it is where none is, or none is there yet.

    Raises `UsageError` or `ConfigurationError` for a baseline that cannot be read, is none, is of another project or
    environment, or is needed and not named.
    """
    from bbws_readiness.cli.earlier import assessment_file, configured_baseline

    in_force(options, assessment.config)
    if options.baseline is not None:
        source = assessment_file(options.baseline)
    else:
        configured = configured_baseline(project, assessment.environment, assessment.config)
        if configured is None:
            if assessment.config.gate.baseline:
                progress(f"no baseline of {assessment.environment} yet, so everything is new")
            return assessment
        source = configured
    from bbws_readiness.baseline import with_baseline

    return with_baseline(assessment, source)


def passed(assessment: Assessment, options: GateOptions, *, who: str = "") -> int:
    """The exit code that the gates give the assessment; the one that stops it is told on standard error.

    `who` is the project where there are several.
    """
    from bbws_readiness.assess.gate import passage

    found = in_force(options, assessment.config)
    result = passage(assessment, gate_of(found))
    if result.stops:
        told = "; ".join(f"{stop.text} ({_named(stop.setting, found[stop.setting].origin)})" for stop in result.stops)
        progress(f"{who}: exit {result.exit_code}: {told}" if who else f"exit {result.exit_code}: {told}")
    return result.exit_code


def _named(setting: str, origin: str) -> str:
    """`--min-score`, `READINESS_MIN_SCORE`, or `gate.min-score, readiness.yaml:12`."""
    return origin if origin.startswith(("--", "READINESS_")) else f"gate.{setting}, {origin}"
