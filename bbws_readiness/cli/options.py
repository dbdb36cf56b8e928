"""Options that several commands share."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError

if TYPE_CHECKING:
    from bbws_readiness.pipeline import Settings

colour_option = click.option(
    "--color",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour the terminal text; auto asks NO_COLOR, FORCE_COLOR and the terminal.",
)

config_option = click.option(
    "--config", "config_path", type=click.Path(path_type=Path), help="This readiness.yaml and no other."
)

base_option = click.option(
    "--base",
    metavar="REF",
    help="Take readiness.yaml from this branch, tag or full hash, and show what the checkout changes in it.",
)

SETTING_OPTIONS = (
    click.option("--tf-vars", is_flag=True, help="Take TF_VAR_* of the environment too, as terraform does."),
    click.option(
        "--var",
        "variables",
        multiple=True,
        metavar="NAME=VALUE",
        help="Set a variable; wins over every file. May be repeated.",
    ),
    click.option(
        "--var-file",
        "var_files",
        type=click.Path(path_type=Path),
        multiple=True,
        help="A further tfvars file of the project, applied last. May be repeated.",
    ),
)
"""The last one stands first in --help."""

Callback = TypeVar("Callback", bound=Callable[..., int])


def setting_options(callback: Callback) -> Callback:
    """Adds the options that set variables; the command receives them together, as the argument `settings`."""

    @functools.wraps(callback)
    def packed(
        *arguments: Any,  # noqa: ANN401 - whatever the command takes
        var_files: tuple[Path, ...],
        variables: tuple[str, ...],
        tf_vars: bool,
        **options: Any,  # noqa: ANN401
    ) -> int:
        return callback(*arguments, settings=_settings(var_files, variables, tf_vars=tf_vars), **options)

    for option in SETTING_OPTIONS:
        packed = option(packed)
    return cast(Callback, packed)


def _settings(var_files: tuple[Path, ...], variables: tuple[str, ...], *, tf_vars: bool) -> Settings:
    from bbws_readiness.pipeline import Settings

    given = {}
    for text in variables:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise UsageError("a --var sets nothing", hint="write --var name=value", code=Code.OPTION_VALUE)
        given[name.strip()] = value
    prefix = "TF_VAR_"
    environment = {name.removeprefix(prefix): value for name, value in os.environ.items() if name.startswith(prefix)}
    return Settings(var_files, given, environment if tf_vars else {})


json_option = click.option("--json", "as_json", is_flag=True, help="The same as -f json.")

format_option = click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print.",
)
