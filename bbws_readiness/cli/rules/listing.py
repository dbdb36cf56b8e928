"""`readiness rules list [PATH]`: all rules, one line each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bbws_readiness.cli.options import SomePath, cache_option, colour_option, config_option, format_option
from bbws_readiness.cli.output import inert, paint, plain, say, wants_colour
from bbws_readiness.cli.rules.chosen import chosen_rules
from bbws_readiness.render.encode.json import to_json
from bbws_readiness.render.encode.terminal import safe

if TYPE_CHECKING:
    from bbws_readiness.engine.rule import Rule

SEVERITIES = ("critical", "high", "medium", "low")


@click.command("list")
@click.argument("path", type=SomePath(path_type=Path), required=False)
@click.option("--facet", metavar="FACET", help="Only the rules of this facet.")
@click.option("--severity", type=click.Choice(SEVERITIES), help="Only the rules of this severity.")
@click.option("--enabled", is_flag=True, help="Only the rules that are switched on.")
@format_option
@config_option
@cache_option
@colour_option
def command(
    path: Path | None,
    *,
    facet: str | None,
    severity: str | None,
    enabled: bool,
    form: str,
    config_path: Path | None,
    colour: str,
) -> int:
    """List the rules in the order of the catalogue; with PATH those in force in that project, its own among them."""
    rules = [
        rule
        for rule in chosen_rules(path, config_path).book.rules
        if facet in (None, rule.facet) and severity in (None, rule.severity.value) and (rule.enabled or not enabled)
    ]
    if form == "json":
        say(to_json([_data(rule) for rule in rules], indent=True) + "\n")
        return 0
    painter = paint if wants_colour(colour) else plain
    slugs = max((len(rule.slug) for rule in rules), default=0)
    facets = max((len(rule.facet) for rule in rules), default=0)
    for rule in rules:
        told = painter(f"{rule.severity.value:<8}", rule.severity.value)
        words = f"{rule.facet:<{facets}}  {rule.kind.value:<7}  {' + '.join(rule.owners)}"
        off = "" if rule.enabled else "  (switched off)"
        say(inert(f"{rule.code}  {rule.slug:<{slugs}}  ") + f"{told}  {safe(words)}  {safe(_origin(rule))}{off}\n")
    return 0


def _origin(rule: Rule) -> str:
    return rule.at.path if rule.own else "shipped"


def _data(rule: Rule) -> dict[str, Any]:
    fields = ("code", "slug", "name", "kind", "facet", "severity", "holds", "why", "enabled", "ignorable", "minutes")
    return {
        **{name: getattr(rule, name) for name in fields},
        "severity_unasked": rule.severity_unasked,
        "owners": list(rule.owners),
        "parameters": dict(rule.parameters),
        "check": rule.check,
        "own": rule.own,
        "at": str(rule.at),
    }
