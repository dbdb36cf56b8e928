"""What the commands that make files share: their options, reading the project, and writing without replacing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.completing import environments
from bbws_readiness.cli.confinement import confine
from bbws_readiness.cli.formats import STANDARD_OUTPUT
from bbws_readiness.cli.options import Callback, SomePath, cache_option, config_option, setting_options
from bbws_readiness.cli.output import progress, say
from bbws_readiness.cli.publishing import DEFAULT_OUTPUT
from bbws_readiness.codes import Code
from bbws_readiness.errors import CannotWrite
from bbws_readiness.source import Location

if TYPE_CHECKING:
    from bbws_readiness.config import Config
    from bbws_readiness.model.model import Model
    from bbws_readiness.render.generate.generated import Generated
    from bbws_readiness.settings import Settings

OPTIONS = (
    click.argument("environment", shell_complete=environments),
    click.argument("path", type=SomePath(path_type=Path), default=Path()),
    click.option(
        "-o", "--output", type=SomePath(path_type=Path), metavar="FILE", help="Write this file; - is standard output."
    ),
    click.option("--force", is_flag=True, help="Replace the file when it exists."),
    config_option,
    cache_option,
)


def file_options(callback: Callback) -> Callback:
    """Adds ENVIRONMENT, PATH and the options of every command that makes a file."""
    decorated = setting_options(callback)
    for option in reversed(OPTIONS):
        decorated = option(decorated)
    return decorated


def read_model(path: Path, environment: str, config_path: Path | None, settings: Settings) -> tuple[Model, Config]:
    """The project at `path` read for one environment, and its configuration."""
    from bbws_readiness.config import load_config
    from bbws_readiness.pipeline import model_project

    confine(path)
    config = load_config(path, path=config_path)
    return model_project(path, environment, config=config, settings=settings, outputs=DEFAULT_OUTPUT), config


def refuse_existing(output: Path | None, path: Path, *, force: bool) -> Path | None:
    """The file to write, or None for standard output; raises `CannotWrite` before anything is read when it is there."""
    from bbws_readiness.render.write import probe_file

    if output is None or output == STANDARD_OUTPUT:
        return None
    if os.path.lexists(output) and not force:
        at = Location(output.name, 0)
        raise CannotWrite(
            "the file exists and was not replaced",
            at=at,
            hint="name another, or replace it with --force",
            code=Code.OUTPUT_EXISTS,
        )
    probe_file(output, project=path)
    return output


def deliver(generated: Generated, output: Path | None, path: Path) -> int:
    """Writes or prints the file, and tells on standard error what it leaves out."""
    from bbws_readiness.render.write import write_text

    if output is None:
        say(generated.text)
    else:
        write_text(output, generated.text, project=path)
        progress(f"wrote {output.as_posix()}")
    for omission in generated.omissions:
        progress(f"left out: {omission}")
    return 0
