"""`readiness explain RULE`: what a rule asks for or what the code of a fault means, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.completing import rules_and_faults
from bbws_readiness.cli.options import colour_option
from bbws_readiness.cli.output import paint, plain, say, wants_colour
from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError, near_name
from bbws_readiness.patterns import regex

if TYPE_CHECKING:
    from bbws_readiness.render.terminal_line import Paint

CODE = regex(r"[Ee][0-9]+")


@click.command("explain")
@click.argument("rule", shell_complete=rules_and_faults)
@colour_option
def command(rule: str, colour: str) -> int:
    """Say what RULE asks for (a code such as IDX001, or a slug such as missing-table).

    RULE may also be the code of a fault, such as E108: what it means, and the way out.
    """
    painter = paint if wants_colour(colour) else plain
    if CODE.fullmatch(rule):
        return _code(rule.upper(), painter)
    from bbws_readiness.render.terminal import rule_text
    from bbws_readiness.rulebooks import shipped_rulebook

    book = shipped_rulebook()
    found = book.rule(rule)
    if found is None:
        near = book.near(rule)
        suggestion = f'did you mean "{near}"? ' if near else ""
        raise UsageError(
            f'there is no rule "{rule[:80]}"',
            hint=f"{suggestion}`readiness rules` lists them",
            code=Code.UNKNOWN_RULE,
        )
    remedy = book.remedies[found.remedy]
    options = [f"{option.key}: {option.title}" for option in remedy.options]
    say(rule_text(found, painter, remedy=remedy.title, options=options))
    return 0


def _code(wanted: str, painter: Paint) -> int:
    from bbws_readiness.render.terminal import code_text

    codes = {code.code: code for code in Code}
    if wanted not in codes:
        near = near_name(wanted, list(codes))
        suggestion = f'did you mean "{near}"? ' if near else ""
        hint = f"{suggestion}docs/diagnostics.md lists them"
        raise UsageError(f'there is no code "{wanted[:80]}"', hint=hint, code=Code.UNKNOWN_RULE)
    say(code_text(codes[wanted], painter))
    return 0
