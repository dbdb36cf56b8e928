"""`readiness explain RULE`: what a rule asks for, why, how to fix it and how to settle it."""

from __future__ import annotations

import click

from bbws_readiness.cli.options import colour_option
from bbws_readiness.cli.output import paint, plain, say, wants_colour
from bbws_readiness.errors import UsageError


@click.command("explain")
@click.argument("rule")
@colour_option
def command(rule: str, colour: str) -> int:
    """Say what RULE asks for (a code such as IDX001, or a slug such as missing-table)."""
    from bbws_readiness.pipeline import shipped_rulebook
    from bbws_readiness.render.terminal import rule_text

    book = shipped_rulebook()
    found = book.rule(rule)
    if found is None:
        near = book.near(rule)
        suggestion = f'did you mean "{near}"? ' if near else ""
        raise UsageError(f'there is no rule "{rule}"', hint=f"{suggestion}`readiness rules` lists them")
    remedy = book.remedies[found.remedy]
    painter = paint if wants_colour(colour) else plain
    options = [f"{option.key}: {option.title}" for option in remedy.options]
    say(rule_text(found, painter, remedy=remedy.title, options=options))
    return 0
