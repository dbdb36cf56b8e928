"""`readiness rules show RULE [PATH]`: what a rule asks for, and the settings in force with their places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.completing import rules
from bbws_readiness.cli.options import SomePath, cache_option, colour_option, config_option
from bbws_readiness.cli.output import inert, paint, plain, say, wants_colour
from bbws_readiness.cli.rules.chosen import Chosen, chosen_rules
from bbws_readiness.render.encode.json import to_json

if TYPE_CHECKING:
    from bbws_readiness.engine.rule import Rule


@click.command("show")
@click.argument("rule", shell_complete=rules)
@click.argument("path", type=SomePath(path_type=Path), required=False)
@config_option
@cache_option
@colour_option
def command(rule: str, path: Path | None, *, config_path: Path | None, colour: str) -> int:
    """Say what RULE (a code or a slug) asks for, and which settings hold, with PATH those of that project."""
    from bbws_readiness.render.terminal import rule_text

    chosen = chosen_rules(path, config_path)
    found = chosen.rule(rule)
    painter = paint if wants_colour(colour) else plain
    remedy = chosen.book.remedies[found.remedy]
    options = [f"{option.key}: {option.title}" for option in remedy.options]
    say(inert(rule_text(found, plain, remedy=remedy.title, options=options)))
    say(f"\n{painter('Settings in force', 'heading')}\n")
    for name, value, place in _settings(chosen, found):
        say(inert(f"  {name}: {value}  ({place})\n"))
    return 0


def _settings(chosen: Chosen, rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Name, value and origin of everything that a configuration can set."""
    from bbws_readiness.render.rule_pages import severity_words

    words = {
        "severity": severity_words(rule),
        "enabled": str(rule.enabled).lower() + ("" if rule.ignorable else ", cannot be switched off"),
        "owners": " + ".join(rule.owners),
        "minutes": str(rule.minutes),
    }
    for name, value in words.items():
        yield name, value, _place(chosen, rule, name)
    for name, kind in rule.parameter_types.items():
        given = rule.parameters.get(name)
        told = given if isinstance(given, str) else to_json(given)
        told = "not set" if given is None else told
        yield f"parameters.{name} ({kind})", told, _place(chosen, rule, f"parameters.{name}")


def _place(chosen: Chosen, rule: Rule, key: str) -> str:
    also = {"owners": "owners", "minutes": "estimates"}
    for name in (rule.code, rule.slug):
        for path in (f"rules.{name}.{key}", f"{also[key]}.{name}" if key in also else ""):
            if place := chosen.config.at(path):
                return str(place)
    return rule.at.path if rule.own else "the rule itself"
