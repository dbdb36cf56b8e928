"""`readiness diff OLD NEW`: what changed between two assessments, why, and what it did to the score."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.earlier import assessment_file
from bbws_readiness.cli.options import SomePath, colour_option
from bbws_readiness.cli.output import paint, plain, say, wants_colour
from bbws_readiness.codes import Code
from bbws_readiness.errors import UsageError
from bbws_readiness.reader import decode
from bbws_readiness.source import Refused, Source

if TYPE_CHECKING:
    from bbws_readiness.compare.changes import Changes
    from bbws_readiness.compare.snapshot import Snapshot
    from bbws_readiness.render.terminal_line import Paint

STANDARD = Path("-")
INPUT = "<input>"
"""How standard input is named in messages."""
FORMATS = ("text", "json", "markdown")
DIFFERENT = 1


@click.command("diff")
@click.argument("old", type=SomePath(path_type=Path))
@click.argument("new", type=SomePath(path_type=Path))
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="What to print.",
)
@click.option(
    "-o",
    "--output",
    type=SomePath(path_type=Path),
    metavar="FILE",
    help="Print to this file instead; - is standard output.",
)
@click.option("--exit-code", is_flag=True, help="Exit 1 when the two judge differently, as git diff does.")
@colour_option
def command(old: Path, new: Path, *, form: str, output: Path | None, exit_code: bool, colour: str) -> int:
    """Compare OLD and NEW, the JSON of two assessments of one project for one environment.

    One of the two may be - for standard input. Every change is told with its points, its causes and why.

    \b
    Examples:
      readiness diff before.json deployments/sit_orders_assessment.json
      git show main:deployments/sit_orders_assessment.json | readiness diff - now.json
      readiness diff before.json now.json -f markdown -o comment.md
    """
    from bbws_readiness.compare.compare import compare
    from bbws_readiness.render.write import probe_file, write_text

    if output == STANDARD:
        output = None
    if old == STANDARD and new == STANDARD:
        raise UsageError(
            "standard input can be one of the two assessments only",
            hint="name a file for the other",
            code=Code.OPTION_VALUE,
        )
    if output is not None:
        probe_file(output)
    changes = compare(_snapshot(old), _snapshot(new))
    painter = paint if wants_colour(colour) and output is None else plain
    text = _printed(changes, form, painter)
    if output is None:
        say(text)
    else:
        write_text(output, text)
    return DIFFERENT if exit_code and changes.differs else 0


def _printed(changes: Changes, form: str, painter: Paint) -> str:
    match form:
        case "json":
            from bbws_readiness.render.diff_json import diff_json

            return diff_json(changes)
        case "markdown":
            from bbws_readiness.render.diff_markdown import diff_markdown

            return diff_markdown(changes)
    from bbws_readiness.render.diff_text import diff_text

    return diff_text(changes, painter)


def _snapshot(path: Path) -> Snapshot:
    """The assessment in a file; raises `UsageError` for what cannot be read and for what is none."""
    from bbws_readiness.compare.document import HINT, document_of
    from bbws_readiness.compare.read import snapshot_of

    read = _input() if path == STANDARD else assessment_file(path)
    if isinstance(read, Refused):
        raise UsageError(read.summary, at=read.at, hint=HINT, code=read.code)
    return snapshot_of(document_of(read), path=read.path)


def _input() -> Source | Refused:
    from bbws_readiness.compare.document import MAX_BYTES
    from bbws_readiness.process.limits import waiting

    with waiting():
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    return decode(INPUT, data)
