"""`readiness rules`: all rules, one line each."""

from __future__ import annotations

import click

from bbws_readiness.cli.options import colour_option
from bbws_readiness.cli.output import paint, plain, say, wants_colour
from bbws_readiness.render.encode.json import to_json


@click.command("rules")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
@colour_option
def command(form: str, colour: str) -> int:
    """List the rules in the order of the catalogue."""
    from bbws_readiness.pipeline import shipped_rulebook

    rules = shipped_rulebook().rules
    if form == "json":
        fields = ("code", "slug", "name", "kind", "facet", "severity", "holds", "why")
        say(to_json([{name: getattr(rule, name) for name in fields} for rule in rules], indent=True) + "\n")
        return 0
    painter = paint if wants_colour(colour) else plain
    width = max(len(rule.slug) for rule in rules)
    for rule in rules:
        severity = painter(f"{rule.severity.value:<8}", rule.severity.value)
        say(f"{rule.code}  {rule.slug:<{width}}  {severity}  {rule.name}\n")
    return 0
