"""`readiness init [PATH]`: a readiness.yaml to begin with, made of what the project says."""

from __future__ import annotations

import os
from pathlib import Path

import click

from bbws_readiness.cli.confinement import confine
from bbws_readiness.cli.options import SomePath, moment_of
from bbws_readiness.cli.output import progress, say
from bbws_readiness.codes import Code
from bbws_readiness.errors import CannotWrite, NothingToAssess
from bbws_readiness.source import Location

NAME = "readiness.yaml"


@click.command("init")
@click.argument("path", type=SomePath(path_type=Path), default=Path())
@click.option(
    "--with-schema/--without-schema",
    default=True,
    help="Write readiness-schema.json beside it, by which editors check it, and a first line that names it.  "
    "[default: with]",
)
@click.option("--stdout", "to_stdout", is_flag=True, help="Print it instead of writing it.")
@click.option("--force", is_flag=True, help="Replace the file when it exists.")
def command(path: Path, *, with_schema: bool, to_stdout: bool, force: bool) -> int:
    """Write a commented readiness.yaml for the project at PATH (the current folder by default).

    It holds what was found: environments with accounts and regions, where inputs lie, roles, and who could be declared
    right. Everything but the title is a comment, because only what somebody confirms may judge others.

    \b
    Examples:
      readiness init
      readiness init ../shipments --stdout
      readiness init --without-schema
    """
    from bbws_readiness.cli.schema import SCHEMAS
    from bbws_readiness.config import load_config
    from bbws_readiness.pipeline import assess_project
    from bbws_readiness.project.discovery import discover
    from bbws_readiness.render.generate.configuration import SCHEMA_FILE, starter_configuration
    from bbws_readiness.render.write import write_text

    confine(path)
    names = [NAME, *([SCHEMA_FILE] if with_schema else [])]
    if not to_stdout and not force:
        _refuse_existing(path, names)
    config = load_config(path)
    environments = discover(path, config).environments
    if not environments:
        raise NothingToAssess(
            "no file of the project names an environment", hint="add one under environments: in readiness.yaml"
        )
    moment = moment_of(None)
    assessments = [assess_project(path, name, as_of=moment, config=config) for name in environments]
    text = starter_configuration(assessments, with_schema=with_schema)
    if to_stdout:
        say(text)
        return 0
    write_text(path / NAME, text, project=path)
    progress(f"wrote {(path / NAME).as_posix()}")
    if with_schema:
        write_text(path / SCHEMA_FILE, SCHEMAS["config"].read_text("utf-8"), project=path)
        progress(f"wrote {(path / SCHEMA_FILE).as_posix()}")
    return 0


def _refuse_existing(path: Path, names: list[str]) -> None:
    for name in names:
        if os.path.lexists(path / name):
            raise CannotWrite(
                "the file exists and was not replaced",
                at=Location(name, 0),
                hint="print it with --stdout, or replace it with --force",
                code=Code.OUTPUT_EXISTS,
            )
