"""Writes what is made from tables of the package in the pages of `docs/`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

import click

from bbws_readiness.checks.nouns import NOUNS
from bbws_readiness.cli.main import readiness
from bbws_readiness.codes import Code
from bbws_readiness.engine.rule import Rule
from bbws_readiness.engine.rulebook import Rulebook
from bbws_readiness.render.rule_pages import page_name, rule_index, rule_page
from bbws_readiness.rule_cases.case import Case
from bbws_readiness.rule_cases.examples import Runner, examples_of
from bbws_readiness.rule_cases.run import CaseResult, run_case
from bbws_readiness.rule_cases.suite import Suite, shipped_suite
from bbws_readiness.rulebooks import shipped_rulebook

PAGE = Path(__file__).parent / "diagnostics.md"
RULES_PAGE = Path(__file__).parent / "custom-rules.md"
COMMANDS_PAGE = Path(__file__).parent / "commands.md"
COLUMNS = 100
"""How wide the help of a command is printed in the page."""
INDEX = Path(__file__).parent / "rules.md"
"""The list of the rules; their pages lie in the folder of the same name."""
BEGINNING, END = "<!-- made by `make docs` from bbws_readiness/checks/nouns -->\n", "<!-- end -->"

FAMILIES = {
    "E1": "Files",
    "E2": "Terraform",
    "E3": "Configuration and rules",
    "E4": "YAML, JSON, schemas and workflows",
    "E5": "Plan, scripts and README",
    "E6": "Outputs",
    "E7": "Command line and process",
    "E8": "Git",
}

OPENING = """# Diagnostics

Every fault that `readiness` reports is one line: its place, its code, what is wrong, and the way out.

```text
main.tf:2:7: error E108: not UTF-8 (byte 0xe9); save it as UTF-8
```

A code is given once and never again to another fault. It stands in every output, and `readiness explain E108` prints
what stands here. This page is made from the table in `bbws_readiness/codes.py` by `make docs`.
"""


COMMANDS_OPENING = """# Commands

What every command prints for `--help`. Most options can be set by variables as well: [configuration](configuration.md)
tells which, and what wins. This page is made from the commands themselves by `make docs`.
"""


def commands_page() -> str:
    """The whole text of `docs/commands.md`: the help of every command, in the order of `readiness --help`."""
    parts = [COMMANDS_OPENING]
    for words, text in _helped(
        click.Context(readiness, info_name="readiness", terminal_width=COLUMNS, **readiness.context_settings)
    ):
        parts.append(f"## {words}\n\n```text\n{text.rstrip()}\n```\n")
    return "\n".join(parts)


def _helped(context: click.Context) -> Iterator[tuple[str, str]]:
    """Each command below and with the one of the context: the words that call it, and its help."""
    command = context.command
    yield context.command_path, command.get_help(context)
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None, name  # noqa: S101 - the group has just named it
        yield from _helped(click.Context(below, info_name=name, parent=context, terminal_width=COLUMNS))


def page() -> str:
    """The whole text of `docs/diagnostics.md`."""
    parts = [OPENING]
    for family, codes in groupby(Code, key=lambda code: code.code[:2]):
        rows = [f"| {code.code} | {_cell(code.meaning)} | {_cell(code.way_out)} |" for code in codes]
        head = [f"## {family}: {FAMILIES[family]}", "", "| code | what is wrong | way out |", "|---|---|---|"]
        parts.append("\n".join([*head, *rows]) + "\n")
    return "\n".join(parts)


def rules_page() -> str:
    """The whole text of `docs/custom-rules.md`: what is written by hand, with the nouns as they are."""
    before, _, rest = RULES_PAGE.read_text(encoding="utf-8").partition(BEGINNING)
    return f"{before}{BEGINNING}{nouns()}{END}{rest.partition(END)[2]}"


def nouns() -> str:
    """A table of the fields of every noun."""
    parts = []
    for noun in NOUNS.values():
        rows = [
            f"| `{name}{'.<name>' if field.type == 'map' else ''}` | {field.type} | {_cell(field.says)} |"
            for name, field in noun.fields.items()
        ]
        head = [f"### `{noun.word}`", "", _cell(noun.says), "", "| field | type | what it is |", "|---|---|---|"]
        parts.append("\n".join([*head, *rows]) + "\n")
    return "\n" + "\n".join(parts) + "\n"


def index(book: Rulebook) -> str:
    """The whole text of `docs/rules.md`."""
    return rule_index(book.rules, folder=f"{INDEX.stem}/")


def page_of(rule: Rule, suite: Suite, run: Runner = run_case) -> str:
    """The whole text of the page of one rule; two or three of its cases are run, by `run`."""
    remedy = suite.book.remedies[rule.remedy]
    return rule_page(rule, remedy, examples_of(suite, rule, run), f"../{INDEX.name}")


def pages() -> Mapping[Path, str]:
    """Every page that belongs into `docs/rules/`."""
    suite = shipped_suite(shipped_rulebook())
    if suite is None:
        sys.exit("the cases of the rules are not here: run this in a checkout")
    return {INDEX.with_suffix("") / page_name(rule): page_of(rule, suite, kept) for rule in suite.book.rules}


def kept(suite: Suite, case: Case) -> CaseResult:
    """What came of a case; a page shows none that is not as expected."""
    result = run_case(suite, case)
    if not result.kept:
        sys.exit(f"{case.at}: {case.name}: not as expected; see `readiness rules test --rule {case.code}`")
    return result


def write() -> None:
    """Writes everything anew, and removes the pages of rules that are gone."""
    made = {
        PAGE: page(),
        COMMANDS_PAGE: commands_page(),
        RULES_PAGE: rules_page(),
        INDEX: index(shipped_rulebook()),
        **pages(),
    }
    folder = INDEX.with_suffix("")
    folder.mkdir(exist_ok=True)
    for path in set(folder.glob("*.md")) - set(made):
        path.unlink()
    for path, text in made.items():
        path.write_text(text, encoding="utf-8", newline="\n")


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("<", r"\<")


if __name__ == "__main__":
    write()
