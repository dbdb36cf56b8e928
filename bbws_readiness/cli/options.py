"""Options that several commands share."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError

if TYPE_CHECKING:
    from bbws_readiness.pipeline import Settings

YEARS = range(1970, 3000)
"""The years in which a day of assessment may lie; a calendar is laid some years beyond it."""


class SomePath(click.Path):
    """A path that is not empty: an unset variable in a script must not mean the current folder."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Fails for the empty text."""
        if not os.fspath(value):
            self.fail("an empty path names nothing", param, ctx)
        return super().convert(value, param, ctx)


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

output_dir_option = click.option(
    "--output-dir",
    type=SomePath(path_type=Path),
    help="Where the documents go.  [default: deployments/ in the project]",
)

promotion_plan_option = click.option(
    "--promotion-plan",
    type=click.Path(path_type=Path),
    help="The promotion plan; may lie in another repository.  [default: found by name in the project]",
)

plan_json_option = click.option(
    "--plan-json",
    type=click.Path(path_type=Path),
    help="A Terraform plan as `terraform show -json` prints it; may lie anywhere.",
)

since_option = click.option(
    "--since",
    metavar="REF|FILE",
    help="Tell what is replaced since this branch, tag or full hash, or since the JSON of an earlier assessment.",
)

force_option = click.option(
    "--force", is_flag=True, help="Overwrite what was changed by hand outside the places for people."
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


def moment_of(as_of: str | None) -> datetime:
    """The moment of assessment: as given, else SOURCE_DATE_EPOCH, else today without a time (so a day's runs agree)."""
    if as_of is not None:
        try:
            found = datetime.fromisoformat(as_of)
        except ValueError:
            raise UsageError(
                f'--as-of "{as_of}" is no date',
                hint="write 2026-01-07 or 2026-01-07T16:55, for example",
                code=Code.OPTION_VALUE,
            ) from None
    elif epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        try:
            found = datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError):
            raise UsageError(
                "SOURCE_DATE_EPOCH is no number of seconds", hint="unset it, or use --as-of", code=Code.OPTION_VALUE
            ) from None
    else:
        return datetime.combine(date.today(), time())
    if found.year not in YEARS:
        raise UsageError(
            f"the year {found.year} is out of reach",
            hint=f"assess as of {YEARS[0]} to {YEARS[-1]}",
            code=Code.OPTION_VALUE,
        )
    return found.replace(tzinfo=None, second=0, microsecond=0)
