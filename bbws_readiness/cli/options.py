"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

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

var_file_option = click.option(
    "--var-file",
    "var_files",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A further tfvars file of the project, applied last. May be repeated.",
)

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
