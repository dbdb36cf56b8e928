"""The options that `assess` and `portfolio` have in common, received together as a `Request`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from bbws_readiness.cli.formats import FORMS, FormatType, Wanted, settled
from bbws_readiness.cli.gates import GateOptions, gate_options
from bbws_readiness.cli.options import (
    SomePath,
    Variable,
    as_of_option,
    base_option,
    cache_option,
    colour_option,
    force_option,
    moment_of,
    output_dir_option,
    setting_options,
)
from bbws_readiness.cli.request import Request

if TYPE_CHECKING:
    from bbws_readiness.settings import Settings

Callback = TypeVar("Callback", bound=Callable[..., int])

DELIVERY_OPTIONS = (
    click.option(
        "-f",
        "--format",
        "wanted",
        cls=Variable,
        type=FormatType(FORMS),
        multiple=True,
        help="What to print, or with =FILE to write: text, json, sarif, junit, markdown, or github (annotations, step "
        "summary and outputs). May be repeated. text also writes the documents; without it only --output-dir does.  "
        "[default: text]",
    ),
    click.option(
        "-o",
        "--output",
        type=SomePath(path_type=Path),
        metavar="FILE",
        help="Write the form that names no file to this one; - is standard output.",
    ),
    click.option(
        "--show-settled", is_flag=True, help="Let SARIF have what decisions and waivers settle, as suppressed."
    ),
    output_dir_option,
)
JUDGING_OPTIONS = (
    cache_option,
    base_option,
    setting_options,
    as_of_option("Assess as of this day or moment (2026-01-07, 2026-01-07T16:55).  [default: today]"),
    gate_options,
    force_option,
    colour_option,
    click.option("-q", "--quiet", is_flag=True, help="Print one line only."),
    click.option(
        "-v", "--verbose", is_flag=True, help="Print every finding, what is not verified, and how far the run is."
    ),
)


def request_options(*own: Callable[..., Any]) -> Callable[[Callback], Callback]:
    """Adds the options of a `Request`; the command, which has an argument `environment`, receives one as `request`.

    `own` are further options of the command, which --help lists after those that say what is delivered and where.
    """

    def decorated(callback: Callback) -> Callback:
        @functools.wraps(callback)
        def packed(
            *,
            environment: str,
            wanted: tuple[Wanted, ...],
            output: Path | None,
            show_settled: bool,
            output_dir: Path | None,
            base: str | None,
            settings: Settings,
            as_of: str | None,
            gates: GateOptions,
            force: bool,
            colour: str,
            quiet: bool,
            verbose: bool,
            **options: Any,  # noqa: ANN401 - whatever else the command takes
        ) -> int:
            forms = settled(wanted, output)
            when = moment_of(as_of)
            request = Request(
                environment, when, forms, output_dir, base, settings, gates, force, colour, quiet, verbose, show_settled
            )
            return callback(request=request, **options)

        for option in reversed((*DELIVERY_OPTIONS, *own, *JUDGING_OPTIONS)):
            packed = option(packed)
        return cast(Callback, packed)

    return decorated
