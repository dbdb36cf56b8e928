"""`readiness schema NAME`: the published JSON Schemas, for editors and for programs that read our output."""

from __future__ import annotations

from pathlib import Path

import click

from bbws_readiness.cli.output import say

PACKAGE = Path(__file__).parent.parent
SCHEMAS = {
    "assessment": PACKAGE / "render" / "assessment.schema.json",
    "config": PACKAGE / "config" / "config.schema.json",
    "diff": PACKAGE / "render" / "diff.schema.json",
    "portfolio": PACKAGE / "render" / "portfolio.schema.json",
    "portfolio-file": PACKAGE / "portfolio" / "portfolio_file.schema.json",
}


@click.command("schema")
@click.argument("name", type=click.Choice(sorted(SCHEMAS)))
def command(name: str) -> int:
    """Print the JSON Schema of the assessment JSON, of readiness.yaml, of what `readiness diff -f json` prints, of the
    JSON of several projects, or of portfolio.yaml."""
    say(SCHEMAS[name].read_text("utf-8"))
    return 0
