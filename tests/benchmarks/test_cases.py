"""The command line takes what the benchmarks ask of it, and every figure of the page has a case that makes it."""

from pathlib import Path

import click
import pytest

from bbws_readiness.cli.main import readiness
from benchmarks.cases import GROWTH, NO_CACHE, Ours, cases
from benchmarks.loaded import command_lines
from benchmarks.measure import Command
from benchmarks.peers import Peers
from benchmarks.run import FOLDERS
from benchmarks.table import ASSESSED, GROWN
from benchmarks.targets import LARGE_SIZE, SMALL_SIZE

HERE = Path("here")
NOBODY = Peers(None, None, None)


def arguments(name: str, folder: Path) -> tuple[str, ...]:
    ours = Ours(folder / "bin", folder)
    made: dict[str, Command] = {
        "first": ours.assess(HERE),
        "second": ours.assess(HERE, fresh=False),
        NO_CACHE: ours.assess(HERE, "--no-cache"),
        "portfolio": ours.portfolio("many", [HERE, HERE / "other"], 2),
    }
    return made[name].arguments[1:]


def parsed(line: tuple[str, ...]) -> click.Context:
    """As `readiness` takes it; nothing is run. Raises `UsageError`."""
    above = readiness.make_context("readiness", list(line))
    command: click.Command = readiness
    rest = [*above._protected_args, *above.args]
    while isinstance(command, click.Group):
        name, found, rest = command.resolve_command(above, rest)
        assert found
        command = found
        if isinstance(command, click.Group):
            above = command.make_context(name, rest, parent=above)
            rest = [*above._protected_args, *above.args]
    return command.make_context(name, rest, parent=above)


@pytest.mark.parametrize("name", ["first", "second", NO_CACHE, "portfolio"])
def test_the_commands_that_are_timed_are_taken(name: str, tmp_path: Path) -> None:
    assert parsed(arguments(name, tmp_path)).params["environment"] == "sit"


def test_the_commands_whose_imports_are_counted_are_taken() -> None:
    lines = {name: line for name, line in command_lines(HERE, HERE / "out").items() if not name.startswith("--")}
    assert {name: parsed(line).command_path.split()[1] for name, line in lines.items()} == {
        name: name.split()[0] for name in lines
    }


def test_an_option_that_is_not_there_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError):
        parsed((*arguments("first", tmp_path), "--no-such-option"))


def test_every_table_of_the_page_has_its_case() -> None:
    keys = [case.key for case in cases(Ours(HERE, HERE), NOBODY, quick=False)]
    assert set(ASSESSED) == set(FOLDERS) <= set(keys)
    assert set(keys) - set(ASSESSED) == {"start", "growth", "process", "portfolio", "many"}
    assert {*GROWN, SMALL_SIZE, LARGE_SIZE} == set(GROWTH)
