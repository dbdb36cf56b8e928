"""What a shell is offered for arguments whose values lie in files: environments, rules, codes of faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.patterns import regex

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_PLAIN = regex(r"[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
"""What is offered: nothing that a shell or a terminal could take for more than a word."""
_RULE = regex(r"(?P<code>[A-Z]+[0-9]+)-(?P<slug>[a-z0-9-]+)\.yaml")


def environments(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Those of the project in the current folder that begin so; none where there is no project that can be read."""
    from click.shell_completion import CompletionItem

    from bbws_readiness.cli.confinement import confine
    from bbws_readiness.config import load_config
    from bbws_readiness.errors import ReadinessError
    from bbws_readiness.project.discovery import discover

    try:
        confine(Path())
        names = discover(Path(), load_config(Path())).environments
    except ReadinessError:
        return []
    return [CompletionItem(name) for name in names if name.startswith(incomplete) and _PLAIN.fullmatch(name)]


def rules(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The codes of our own rules that begin so, in order, or else their slugs."""
    from click.shell_completion import CompletionItem

    found = list(_rules())
    codes = [CompletionItem(code, help=slug) for code, slug in found if code.startswith(incomplete.upper())]
    return codes or [CompletionItem(slug, help=code) for code, slug in found if slug.startswith(incomplete.lower())]


def rules_and_faults(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The rules, and the codes of faults when an E and a digit are there."""
    from click.shell_completion import CompletionItem

    from bbws_readiness.codes import Code

    if re.fullmatch(r"[Ee][0-9]+", incomplete):
        return [CompletionItem(one.code, help=one.name) for one in Code if one.code.startswith(incomplete.upper())]
    return rules(context, parameter, incomplete)


def _rules() -> Iterator[tuple[str, str]]:
    from bbws_readiness.resources import data_root

    names = sorted(path.name for path in (data_root() / "rules").glob("*.yaml"))
    yield from ((found["code"], found["slug"]) for name in names if (found := _RULE.fullmatch(name)))
