"""`readiness trace ENVIRONMENT ADDRESS [PATH]`: a value of the configuration and the lines it came through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.completing import environments
from bbws_readiness.cli.evaluated import answer, evaluated_root, shown_path
from bbws_readiness.cli.options import (
    SomePath,
    cache_option,
    config_option,
    format_option,
    json_option,
    setting_options,
)
from bbws_readiness.cli.output import inert, say
from bbws_readiness.disclosure import WITHHELD, disclosed
from bbws_readiness.errors import Diagnostic, UsageError
from bbws_readiness.patterns import regex
from bbws_readiness.render.encode.json import to_json
from bbws_readiness.source import Location, Source

if TYPE_CHECKING:
    from bbws_readiness.project import Project
    from bbws_readiness.settings import Settings
    from bbws_readiness.terraform import Attribute, Body, Evaluation, Value

_COMMENT = regex(r'^((?:[^"#/]|"(?:[^"\\]|\\.)*"|/(?![/*]))*)(?:#|//|/\*).*$')
_LONGEST = 20 * 100
_NAME = regex(r'(?<![\w-])([\w-]++)"?\s*+[=:]')

WIDEST = 100
"""Characters of a source line that are shown."""


@click.command("trace")
@click.argument("environment", shell_complete=environments)
@click.argument("address")
@click.argument("path", type=SomePath(path_type=Path), default=Path())
@format_option
@json_option
@config_option
@cache_option
@setting_options
def command(
    environment: str,
    address: str,
    path: Path,
    *,
    form: str,
    as_json: bool,
    config_path: Path | None,
    settings: Settings,
) -> int:
    """Print the value of ADDRESS for ENVIRONMENT and the lines it came through, the nearest first.

    ADDRESS is an argument of a resource, a variable, a local value, an output, or an output of a module.

    \b
    Examples:
      readiness trace sit aws_dynamodb_table.products.name
      readiness trace sit 'module.tables["orders"].aws_dynamodb_table.main.attribute[0].name'
      readiness trace sit var.tags -f json
      readiness trace sit output.table_names
    """
    from bbws_readiness.terraform.guarding import guarded
    from bbws_readiness.terraform.trace import trace

    project, evaluated = evaluated_root(path, environment, config_path, settings)
    found = trace(evaluated.session, address)
    if isinstance(found, Diagnostic):
        raise UsageError(found.summary, hint=found.detail, code=found.code)
    hidden = secret_lines(evaluated.evaluation)
    named = shown_path(found.address)
    value = guarded(found.value, named)
    lines = []
    for place in dict.fromkeys(found.places):
        at = evaluated.place(place)
        says = "(sensitive value)" if found.value.sensitive or place in hidden else _says(project, at, named)
        lines.append((str(at), says))
    if as_json or form == "json":
        places = [{"at": shown, "says": says} for shown, says in lines]
        say(to_json({"address": found.address, **answer(value), "places": places}, indent=True) + "\n")
        return 0
    say(inert(_shown(value)) + "\n")
    width = max((len(shown) for shown, _ in lines), default=0)
    for shown, says in lines:
        say(inert(f"  {shown:<{width}}  {says}").rstrip() + "\n")
    return 0


def secret_lines(evaluation: Evaluation) -> frozenset[Location]:
    """The places at which a sensitive value is written or set; what stands there is not shown."""
    found: set[Location] = set()
    for state in evaluation.variables:
        if state.value.sensitive:
            found |= {at for at in (state.default_at, state.set_at, *state.overridden) if at}
    for attribute in (*evaluation.locals.values(), *evaluation.outputs.values()):
        if attribute.value.sensitive:
            found |= {attribute.at}
    for instance in evaluation.resources:
        found |= {one.at for one in _arguments(instance.body) if one.value.sensitive}
    return frozenset(found)


def _arguments(body: Body) -> Iterator[Attribute]:
    yield from body.attributes.values()
    for block in body.blocks:
        yield from _arguments(block.body)


def _says(project: Project, at: Location, path: str) -> str:
    """The source line without its comment; withheld where its own name or that of what is traced says secret."""
    from bbws_readiness.terraform.guarding import says_secret

    read = project.reader.read(at.path) if at.line else None
    if not isinstance(read, Source) or at.line > len(read.lines):
        return ""
    text = disclosed(" ".join(_COMMENT.sub(r"\1", read.lines[at.line - 1][:_LONGEST]).split()))
    names = [path, *(name.lstrip("0123456789-") for name in _NAME.findall(text))]
    if "=" in text and any(map(says_secret, names)):
        return WITHHELD
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def _shown(value: Value) -> str:
    """A string as it is, everything else as Terraform's console writes it; an unknown with its reason."""
    from bbws_readiness.terraform.console_text import console_text

    if isinstance(value.raw, str) and not value.sensitive:
        return value.raw
    reason = "" if value.sensitive else value.first_reason
    return f"{console_text(value)}: {reason}" if reason and not value.known else console_text(value)
