"""Options that several commands share."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from click.core import ParameterSource
from click.types import BoolParamType

from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError, near_name

if TYPE_CHECKING:
    from bbws_readiness.settings import Settings

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


VARIABLE_PREFIX = "READINESS_"


class Variable(click.Option):
    """An option that a variable of the environment sets too: `--min-score` is `READINESS_MIN_SCORE`.

    The flag wins, an empty variable counts as none, and a value that cannot be is told with the name by which it was
    given.
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        check: Callable[[str, str], object] | None = None,
        **attributes: Any,  # noqa: ANN401 - of click
    ) -> None:
        """`check` is called with the value and the name of the variable that holds it; it raises what is wrong."""
        long = next(name for name in names if name.startswith("--")).partition("/")[0]
        variable = VARIABLE_PREFIX + long.removeprefix("--").replace("-", "_").upper()
        super().__init__(names, envvar=variable, show_envvar=True, **attributes)
        self.variable = variable
        self._check = check

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """The variable where the value is its, else the option."""
        return self.variable if _is_from_environment(ctx, self) else super(click.Option, self).get_error_hint(ctx)

    def value_from_envvar(self, ctx: click.Context) -> Any:  # noqa: ANN401 - text, or a list of texts
        """What the variable holds, once it is checked."""
        value = super().value_from_envvar(ctx)
        if isinstance(value, str) and self._check is not None and not ctx.resilient_parsing:
            self._check(value, self.variable)
        return value


def existing(value: str, variable: str) -> None:
    """Raises `UsageError` when a variable names a file that is not there."""
    if not os.path.lexists(value):
        raise UsageError(f'{variable}: there is no "{value}"', hint="name an existing file", code=Code.NAMED_FILE)


def switch(value: str, variable: str) -> None:
    """Raises `UsageError` when a variable says neither yes nor no."""
    if BoolParamType.str_to_bool(value) is None:
        raise UsageError(f'{variable}: "{value}" is no yes or no', hint="write true or false", code=Code.OPTION_VALUE)


def _is_revision(value: str, variable: str) -> None:
    from bbws_readiness.git.revision import checked_name

    checked_name(value, variable)


def _is_since(value: str, variable: str) -> None:
    (existing if value.endswith(".json") else _is_revision)(value, variable)


def given_by(option: str) -> str:
    """How the option of the running command was given: `--base` or `READINESS_BASE`; empty when it was not."""
    context = click.get_current_context(silent=True)
    found = next((one for one in context.command.params if option in one.opts), None) if context else None
    if context is None or found is None or found.name is None:
        return ""
    if isinstance(found, Variable) and _is_from_environment(context, found):
        return found.variable
    if context.get_parameter_source(found.name) is not ParameterSource.COMMANDLINE:
        return ""
    switched_off = context.params.get(found.name) is False and found.secondary_opts
    return found.secondary_opts[0] if switched_off else option


def misspelt_variables() -> Iterator[tuple[str, str]]:
    """Variables that mean nothing to the running command and are spelt nearly as one that does, each with that one.

    A gate that is not there because of a letter would let everything pass.
    """
    context = click.get_current_context()
    known = [one.variable.removeprefix(VARIABLE_PREFIX) for one in context.command.params if isinstance(one, Variable)]
    for name, value in sorted(os.environ.items()):
        word = name.removeprefix(VARIABLE_PREFIX)
        if value and word != name and word not in known and (near := near_name(word, known)):
            yield name, VARIABLE_PREFIX + near


def _is_from_environment(context: click.Context | None, option: click.Parameter) -> bool:
    if context is None or option.name is None:
        return False
    return context.get_parameter_source(option.name) is ParameterSource.ENVIRONMENT


colour_option = click.option(
    "--color",
    "colour",
    cls=Variable,
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour the terminal text; auto asks NO_COLOR, FORCE_COLOR and the terminal.",
)

config_option = click.option(
    "--config",
    "config_path",
    cls=Variable,
    check=existing,
    type=SomePath(path_type=Path),
    help="This readiness.yaml and no other.",
)

NO_CACHE = "bbws_readiness.no_cache"
"""In the `meta` of the context of a command that has `--no-cache`: whether it was asked for."""


def _set_no_cache(context: click.Context, _: click.Parameter, value: bool | None) -> None:
    context.meta[NO_CACHE] = bool(value)


cache_option = click.option(
    "--no-cache/--cache",
    cls=Variable,
    check=switch,
    default=False,
    expose_value=False,
    callback=_set_no_cache,
    help="Keep nothing for later runs, and use nothing of earlier ones.",
)
"""`confinement.confine` opens the cache of a command that has it."""

output_dir_option = click.option(
    "--output-dir",
    cls=Variable,
    type=SomePath(path_type=Path),
    help="Where the documents go.  [default: deployments/ in the project]",
)

promotion_plan_option = click.option(
    "--promotion-plan",
    cls=Variable,
    check=existing,
    type=SomePath(path_type=Path),
    help="The promotion plan; may lie in another repository.  [default: found by name in the project]",
)

plan_json_option = click.option(
    "--plan-json",
    cls=Variable,
    check=existing,
    type=SomePath(path_type=Path),
    help="A Terraform plan as `terraform show -json` prints it; may lie anywhere.",
)

since_option = click.option(
    "--since",
    cls=Variable,
    check=_is_since,
    metavar="REF|FILE",
    help="Tell what is replaced since this branch, tag or full hash, or since the JSON of an earlier assessment.",
)

force_option = click.option(
    "--force", is_flag=True, help="Overwrite what was changed by hand outside the places for people."
)

base_option = click.option(
    "--base",
    cls=Variable,
    check=_is_revision,
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
        type=SomePath(path_type=Path),
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
    from bbws_readiness.settings import Settings

    given = {}
    for text in variables:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise UsageError("a --var sets nothing", hint="write --var name=value", code=Code.OPTION_VALUE)
        given[name.strip()] = value
    prefix = "TF_VAR_"
    environment = {name.removeprefix(prefix): value for name, value in os.environ.items() if name.startswith(prefix)}
    return Settings(var_files, given, environment if tf_vars else {})


def as_of_option(text: str) -> Callable[[Callback], Callback]:
    """The option `--as-of` with its line in --help; `moment_of` reads it."""
    return click.option("--as-of", cls=Variable, metavar="MOMENT", help=text)


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
                f'{given_by("--as-of") or "--as-of"} "{as_of}" is no date',
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
