"""`readiness config schema`: the JSON Schema of readiness.yaml, for editors."""

from __future__ import annotations

import click

from bbws_readiness.cli.output import say


@click.command("schema")
def command() -> int:
    """Print the JSON Schema of readiness.yaml, as `readiness schema config` does.

    Written beside the file, editors check and complete it without network by its first line.

    \b
    Example:
      readiness config schema > readiness-schema.json
      (and in readiness.yaml: # yaml-language-server: $schema=readiness-schema.json)
    """
    from bbws_readiness.cli.schema import SCHEMAS

    say(SCHEMAS["config"].read_text("utf-8"))
    return 0
