"""`readiness config show [PATH]`: every setting in effect, with its value and where that comes from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from bbws_readiness.cli.confinement import confine
from bbws_readiness.cli.gates import GateOptions, gate_options, in_force
from bbws_readiness.cli.options import (
    SomePath,
    Variable,
    base_option,
    cache_option,
    colour_option,
    config_option,
    format_option,
    given_by,
    json_option,
)
from bbws_readiness.cli.output import paint, plain, say, wants_colour
from bbws_readiness.codes import Code
from bbws_readiness.disclosure import WITHHELD, disclosed, names_secret
from bbws_readiness.errors import UsageError

if TYPE_CHECKING:
    from bbws_readiness.config import Config, Policy
    from bbws_readiness.config.effective import Setting
    from bbws_readiness.render.terminal_line import Paint

FORMAT = "bbws-readiness-config/1"
"""Changes when a reader of the old shape could misread the new one."""

WIDEST = 100
"""Characters of a value that are shown in text; what is longer ends in an ellipsis."""
KEY_COLUMN = 28
"""A longer key pushes its value to the right."""


class Row(Struct, frozen=True):
    """One line of the answer."""

    key: str
    value: Any
    """Plain data as JSON has it."""
    origin: str
    """`--fail-on`, `READINESS_FAIL_ON`, `readiness.yaml:12`, `main:readiness.yaml:12` or `default`."""


@click.command("show")
@click.argument("path", type=SomePath(path_type=Path), default=Path())
@format_option
@json_option
@config_option
@cache_option
@base_option
@gate_options
@colour_option
def command(
    path: Path,
    *,
    form: str,
    as_json: bool,
    config_path: Path | None,
    base: str | None,
    gates: GateOptions,
    colour: str,
) -> int:
    """Say which settings are in effect for the project at PATH, and where each comes from.

    A flag wins over its variable, the variable over readiness.yaml, and that over the default. With the flags of a
    planned run it tells what would hold there. What looks like a secret is withheld.

    \b
    Examples:
      readiness config show
      READINESS_MIN_SCORE=80 readiness config show ../shipments -f json
      readiness config show --base origin/main --min-score 90
    """
    from bbws_readiness.config import load_config
    from bbws_readiness.config.base import load_config_of_base

    confine(path)
    if not path.is_dir():
        raise UsageError(f'"{path.name}" is no folder', hint="name the folder of a project", code=Code.NAMED_FILE)
    config = load_config(path, path=config_path) if base is None else load_config_of_base(path, base, path=config_path)
    rows = [*_options(config_path, base), *_gate(gates, config), *_file(config)]
    if as_json or form == "json":
        say(_json(rows, config))
    else:
        say(_text(rows, config, paint if wants_colour(colour) else plain))
    return 0


def _options(config_path: Path | None, base: str | None) -> Iterator[Row]:
    """Options that are given here, and those of `assess` and `portfolio` that a variable sets."""
    from bbws_readiness.cli.assess import command as assess
    from bbws_readiness.cli.portfolio import command as portfolio

    if config_path is not None:
        yield Row("--config", config_path.as_posix(), given_by("--config"))
    if base is not None:
        yield Row("--base", base, given_by("--base"))
    told = {option.name for option in click.get_current_context().command.params}
    for option in (*assess.params, *portfolio.params):
        if isinstance(option, Variable) and option.name not in told and (value := os.environ.get(option.variable)):
            told.add(option.name)
            yield Row(option.opts[-1], value, option.variable)


def _gate(gates: GateOptions, config: Config) -> Iterator[Row]:
    for name, setting in in_force(gates, config).items():
        at = config.at(f"gate.{name}")
        origin = _place(config, at.path, str(at)) if at and setting.origin == str(at) else setting.origin
        yield Row(f"gate.{name}", _plain(setting.value), origin)


def _file(config: Config) -> Iterator[Row]:
    from bbws_readiness.config.effective import settings_of

    for setting in settings_of(config):
        if not setting.key.startswith("gate."):
            yield _row(setting, config)


def _row(setting: Setting, config: Config) -> Row:
    origin = _place(config, setting.at.path, str(setting.at)) if setting.at else "default"
    return Row(setting.key, setting.value, origin)


def _place(config: Config, path: str, place: str) -> str:
    """The place in a file, with the base before it when the file is that of the base."""
    return f"{config.policy.ref}:{place}" if config.policy and path in config.policy.files else place


def _plain(value: str | bool | Decimal | None) -> Any:  # noqa: ANN401 - plain data
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _json(rows: list[Row], config: Config) -> str:
    from bbws_readiness.render.encode.json import to_json

    data = {
        "format": FORMAT,
        "files": [source.path for source in config.inputs],
        "policy": _policy(config.policy),
        "settings": [
            {"key": disclosed(row.key), "value": _shown(row.key, row.value), "from": row.origin} for row in rows
        ],
    }
    return to_json(data, indent=True) + "\n"


def _policy(policy: Policy | None) -> dict[str, Any] | None:
    if policy is None:
        return None
    changes = [{"key": one.key or None, "change": one.change, "at": str(one.at)} for one in policy.changes]
    return {"ref": policy.ref, "commit": policy.commit, "changes": changes}


def _shown(key: str, value: Any) -> Any:  # noqa: ANN401 - plain data
    """The value without what looks like a secret, or stands under the name of one."""
    if isinstance(value, dict):
        return {name: _shown(name, part) for name, part in value.items()}
    if isinstance(value, list):
        return [_shown(key, part) for part in value]
    if not isinstance(value, str):
        return value
    return WITHHELD if names_secret(key.rpartition(".")[2]) else disclosed(value)


def _text(rows: list[Row], config: Config, paint: Paint) -> str:
    from bbws_readiness.render.encode.terminal import safe

    files = ", ".join(source.path for source in config.inputs)
    lines = [safe(f"Read: {files}") if files else "No readiness.yaml was found, so the defaults hold."]
    if policy := config.policy:
        lines.append(safe(f"Policy of {policy.ref} ({policy.short})."))
        for change in policy.changes:
            lines.append(
                f"  {paint(safe(str(change.at)), 'place')}  {safe(f'{change.name} {change.change}, not applied')}"
            )
    lines.append("")
    wide = min(max(len(row.key) for row in rows), KEY_COLUMN)
    for row in rows:
        key = disclosed(row.key)
        value = _one_line(_shown(row.key, row.value))
        lines.append(f"{safe(key):{wide}}  {safe(value)}  {paint(safe(f'({row.origin})'), 'place')}")
    return "\n".join(lines) + "\n"


def _one_line(value: Any) -> str:  # noqa: ANN401 - plain data
    from bbws_readiness.render.encode.json import to_json

    if value is None:
        return "none"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        text = ", ".join(value) or "none"
    else:
        text = value if isinstance(value, str) else to_json(value)
    text = " ".join(text.split())
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"
