"""`readiness generate validation-script ENVIRONMENT [PATH]`: a script that checks what is deployed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.generate.delivery import deliver, file_options, read_model, refuse_existing

if TYPE_CHECKING:
    from bbws_readiness.settings import Settings


@click.command("validation-script")
@file_options
def command(
    environment: str, path: Path, *, output: Path | None, force: bool, config_path: Path | None, settings: Settings
) -> int:
    """Write a Python script that checks the tables of ENVIRONMENT against the Terraform of the project at PATH.

    The script needs boto3 and asks AWS only what Describe, List and Get calls answer. It looks first whether it is in
    the right account and region, prints one line for every difference, and exits 0 or 1. Names, keys, indexes, streams,
    recovery, encryption, billing, protection and tags stand in it as constants. Exit code 4 says that the files do not
    tell account, region or the name of any table.

    \b
    Examples:
      readiness generate validation-script sit
      readiness generate validation-script sit -o scripts/validate_dynamodb_sit.py --force
    """
    from bbws_readiness.render.generate.validation_script import validation_script

    target = refuse_existing(output, path, force=force)
    model, config = read_model(path, environment, config_path, settings)
    return deliver(validation_script(model, config), target, path)
