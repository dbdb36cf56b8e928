"""The README and the docs say what the commands really print, and every link in them leads somewhere."""

import re
import runpy
import shlex
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
import pytest

from bbws_readiness.cli.main import COMMANDS, readiness
from tests.cases import each
from tests.forked import forked

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

SHOWN = re.compile(r"<!-- output of: (?P<command>.+?) -->\n```\w*\n(?P<output>.*?)```", re.DOTALL)
BLOCK = re.compile(r"^ *```(?:console|sh|bash|text)\n(?P<text>.*?)^ *```", re.DOTALL | re.MULTILINE)
CALL = re.compile(r"^ *(?:\$ )?((?:[A-Z_]+=\S+ )*readiness .*)$", re.MULTILINE)
SHELL = re.compile(r"[|&;]|[0-9]?[<>]")
"""A word after which another command, or a file, follows."""
LINK = re.compile(r"\]\((?P<target>[^)#\s]+)(?:#[^)]*)?\)")


def shown_outputs() -> list[tuple[str, str, str]]:
    return [
        (page.name, match["command"], match["output"]) for page in PAGES for match in SHOWN.finditer(page.read_text())
    ]


@pytest.mark.parametrize(("page", "command", "output"), shown_outputs(), ids=lambda value: str(value)[:40])
def test_output_is_current(page: str, command: str, output: str, tmp_path: Path) -> None:
    name, *arguments = shlex.split(command)
    assert name == "readiness"
    # A copy without documents: what a run says may depend on the run before it.
    examples = tmp_path / "copy"
    shutil.copytree(ROOT / "examples", examples / "examples", ignore=shutil.ignore_patterns("deployments"))
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "COLUMNS": "100"}
    result = forked(*arguments, cwd=examples, environment=environment)
    assert result.stdout == output


def typed() -> Iterator[tuple[str, list[str]]]:
    """Every call of `readiness` in a block of a page, up to a pipe or a redirection, by the page."""
    for page in PAGES:
        for block in BLOCK.finditer(page.read_text()):
            for line in CALL.findall(block["text"].replace("\\\n", " ")):
                words = shlex.split(line, comments=True)
                end = next((n for n, word in enumerate(words) if SHELL.match(word)), len(words))
                yield page.name, words[words.index("readiness") + 1 : end]


@each(("page", "words"), list(typed()), ids=lambda value: value if isinstance(value, str) else " ".join(value)[:60])
def test_what_a_page_tells_to_type_is_understood(page: str, words: list[str]) -> None:
    """Whether or not its output is shown, and whatever it would take to run it: the commands and options exist."""
    command: click.Command = readiness
    context = click.Context(command, **readiness.context_settings)
    while isinstance(command, click.Group) and words:
        name, found, words = command.resolve_command(context, words)
        assert found is not None
        command, context = found, click.Context(found, info_name=name, parent=context)
    with suppress(click.exceptions.Exit, click.MissingParameter):
        command.parse_args(context, list(words))


def test_the_page_of_commands_is_current_and_the_readme_names_each() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "generate.py"))
    assert (ROOT / "docs" / "commands.md").read_text() == made["commands_page"](), "run `make docs`"
    text = (ROOT / "README.md").read_text()
    assert [name for name in COMMANDS if f"`readiness {name}" not in text and f"\nreadiness {name}" not in text] == []


@each("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for match in LINK.finditer(page.read_text()):
        target = match["target"]
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text()
    for page in folder.glob("0*.md"):
        assert f"({page.name})" in listed


def test_the_changelog_names_every_rule() -> None:
    rules = (path.stem.partition("-") for path in (ROOT / "rules").glob("[A-Z]*.yaml"))
    text = (ROOT / "CHANGELOG.md").read_text()
    assert [code for code, _, slug in rules if code not in text or f"`{slug}`" not in text] == []
