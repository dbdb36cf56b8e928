"""`readiness console ENVIRONMENT [PATH]`: the values of expressions read from standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from bbws_readiness.cli.completing import environments
from bbws_readiness.cli.evaluated import answer, evaluated_root, shown_path
from bbws_readiness.cli.options import SomePath, cache_option, config_option, setting_options
from bbws_readiness.cli.output import complain, inert, say
from bbws_readiness.errors import Diagnostic
from bbws_readiness.patterns import regex
from bbws_readiness.process.limits import waiting
from bbws_readiness.render.encode.json import to_json
from bbws_readiness.source import Location

if TYPE_CHECKING:
    from bbws_readiness.settings import Settings
    from bbws_readiness.terraform import Session

MAX_LINE = 256 * 1024
"""Bytes read of one line; a longer one is skipped to its end and refused."""

INPUT = "<input>"

_ADDRESS = regex(r'(?<![\w.-])[A-Za-z_][\w-]*+(?:\.[\w-]++|\[(?:"[^"\[\]]*+"|\d++|\*)\])+')
_UNTOLD = "there is no value; why is withheld, because the expression refers to a secret"


@click.command("console")
@click.argument("environment", shell_complete=environments)
@click.argument("path", type=SomePath(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@config_option
@cache_option
@setting_options
def command(environment: str, path: Path, *, as_json: bool, config_path: Path | None, settings: Settings) -> int:
    """Read expressions from standard input, one per line, and print their values for ENVIRONMENT.

    They are evaluated in the root module of the project at PATH, and printed as `terraform console` prints them.
    Without a project only functions and constants are known. A line `exit` ends it. With --json every line is one
    object with the expression and its value, or why there is none: unknown, sensitive, error.

    \b
    Examples:
      echo 'cidrsubnet("10.0.0.0/16", 8, 2)' | readiness console sit
      readiness console sit --json < expressions.txt
    """
    _, evaluated = evaluated_root(path, environment, config_path, settings, may_be_empty=True)
    for number, line in _lines():
        expression = line.strip()
        if expression == "exit":
            break
        if expression:
            _answer(evaluated.session, expression, Location(INPUT, number), as_json=as_json)
    return 0


def _lines() -> Iterator[tuple[int, str]]:
    """The lines of standard input with their numbers; what follows `MAX_LINE` in one of them is dropped."""
    stream = sys.stdin.buffer
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    number = 0
    while True:
        if asks:
            say("> ")
        number += 1
        with waiting():
            line = stream.readline(MAX_LINE)
        if not line:
            return
        rest = line
        while len(rest) == MAX_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE)
        yield number, line.decode("utf-8", "replace")


def _answer(session: Session, expression: str, at: Location, *, as_json: bool) -> None:
    from bbws_readiness.terraform.console_text import console_text
    from bbws_readiness.terraform.guarding import guarded, says_secret

    found = session.ask(expression, at)
    secret = any(says_secret(shown_path(address)) for address in _ADDRESS.findall(expression))
    if isinstance(found, Diagnostic):
        found = replace(found, summary=_UNTOLD, detail="") if secret else found
    else:
        found = guarded(found, "password" if secret else "_", asked=True)
    if as_json:
        told = {"error": found.summary, "code": found.code.code} if isinstance(found, Diagnostic) else answer(found)
        say(to_json({"expression": expression, **told}) + "\n")
    elif isinstance(found, Diagnostic):
        sys.stdout.flush()
        complain(found.line)
    else:
        say(inert(console_text(found)) + "\n")
