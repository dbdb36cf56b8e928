"""`readiness rules docs [PATH]`: a page for every rule, and an index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bbws_readiness.cli.options import SomePath
from bbws_readiness.cli.output import inert, say
from bbws_readiness.cli.rules.chosen import Chosen, chosen_rules

if TYPE_CHECKING:
    from bbws_readiness.render.rule_pages import Examples

DEFAULT_OUTPUT = "rules"


@click.command("docs")
@click.argument("path", type=SomePath(path_type=Path), required=False)
@click.option(
    "--output-dir",
    type=SomePath(path_type=Path),
    default=Path(DEFAULT_OUTPUT),
    show_default=True,
    help="Where the pages go.",
)
def command(path: Path | None, *, output_dir: Path) -> int:
    """Write a page for every rule that the project at PATH brings; without PATH for those of this tool."""
    from bbws_readiness.render.rule_pages import rule_documents
    from bbws_readiness.render.write import probe, write_documents

    chosen = chosen_rules(path)
    rules = [rule for rule in chosen.book.rules if rule.own is (path is not None)]
    probe(output_dir, project=path, names=lambda name: name.endswith(".md"))
    documents = rule_documents(rules, chosen.book.remedies, _examples(chosen, path))
    write_documents(output_dir, documents, project=path)
    say(inert(f"{len(rules)} pages: {(output_dir / documents[-1].path).as_posix()}\n"))
    return 0


def _examples(chosen: Chosen, path: Path | None) -> dict[str, Examples]:
    """Examples from the cases; none where our own are not installed."""
    from bbws_readiness.rule_cases.examples import examples_of
    from bbws_readiness.rule_cases.suite import own_suite, shipped_suite

    suite = shipped_suite(chosen.own.book) if path is None else own_suite(chosen.own, path)
    if suite is None:
        return {}
    return {rule.code: examples_of(suite, rule) for rule in suite.book.rules if rule.own is (path is not None)}
