"""Options that several commands share."""

from __future__ import annotations

import click

colour_option = click.option(
    "--color",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour the terminal text; auto asks NO_COLOR, FORCE_COLOR and the terminal.",
)
