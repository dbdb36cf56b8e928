"""Reads the variables that a step hands on to the steps behind it through the file `$GITHUB_ENV`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.workflows import Step
from bbws_readiness.parsers.workflows.situations import Situated
from bbws_readiness.patterns import regex
from bbws_readiness.source import Source

_FILE = regex(r"\bGITHUB_ENV\b|\benv:GITHUB_ENV\b")
_TO_FILE = regex(r">>\s*[\"']?\$\{?GITHUB_ENV\b")
_NAMED = regex(r"(?<![\w$.-])([A-Za-z_]\w*)(?==|<<)")
_PAIR = regex(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
MAX_NAMES = 200
"""Names of one script that are gone through."""


def handed_on(step: Step, situated: Sequence[Situated], source: Source) -> Mapping[str, Fact[str]]:
    """The variables that later steps find: known where one plain `echo` sets one, unknown for all else it names.

    Names that the script only assigns itself are among them; of those nothing is known either.
    """
    script = step.script
    if "GITHUB_ENV" not in script or not _FILE.search(script):
        return {}
    at = step.run.at if step.run else step.at
    lost: Fact[str] = Fact(Unknown("an earlier step may set it when the workflow runs"), at)
    found = dict.fromkeys(_NAMED.findall(script)[:MAX_NAMES], lost)
    told: set[str] = set()
    for place in situated:
        words = place.command.words
        plain = not (place.command.conditional or step.condition) and _only_line(words[0].line if words else 0, source)
        if len(words) != 2 or words[0].text != "echo" or not (match := _PAIR.fullmatch(words[1].raw)):
            continue
        name = match[1]
        once = name not in told and plain and not words[1].open
        told.add(name)
        found[name] = place.scope.resolve(match[2], source.at(words[1].line), in_shell=True) if once else lost
    return found


def _only_line(line: int, source: Source) -> bool:
    """Whether that line adds what it prints to the file."""
    return 0 < line <= source.line_count and bool(_TO_FILE.search(source.lines[line - 1]))
