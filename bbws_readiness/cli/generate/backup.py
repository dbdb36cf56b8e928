"""`readiness generate backup ENVIRONMENT [PATH]`: the Terraform of a backup of every table."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.generate.delivery import deliver, file_options, read_model, refuse_existing
from bbws_readiness.cli.output import progress

if TYPE_CHECKING:
    from bbws_readiness.model.model import Model
    from bbws_readiness.settings import Settings


@click.command("backup")
@file_options
def command(
    environment: str, path: Path, *, output: Path | None, force: bool, config_path: Path | None, settings: Settings
) -> int:
    """Write the Terraform of a backup of every table that the project at PATH declares for ENVIRONMENT.

    Vault, plan, role and a selection of every table, for the folder of the Terraform root. How often and how long are
    variables: their values per environment are those of the declared authority; without one they are required, and the
    terms that are asked for stand in comments with their places.

    \b
    Examples:
      readiness generate backup sit
      readiness generate backup sit -o terraform/dynamodb/backup.tf
    """
    from bbws_readiness.render.generate.backup import backup_terraform

    target = refuse_existing(output, path, force=force)
    model, config = read_model(path, environment, config_path, settings)
    generated = backup_terraform(model, config)
    _tell_twice(model, target, path)
    return deliver(generated, target, path)


def _tell_twice(model: Model, target: Path | None, path: Path) -> None:
    """Names what the project declares already, unless it stands in the file that is replaced."""
    from bbws_readiness.render.generate.backup import already_declared

    own = os.path.realpath(target) if target else ""
    for name, at in already_declared(model):
        if os.path.realpath(path / at.path) != own:
            progress(f"{at}: {name} is declared already; let the generated file take its place")
