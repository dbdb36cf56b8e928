"""Options that variables set too: flag over variable over readiness.yaml over default, for each of them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import pytest

from bbws_readiness.cli.formats import Wanted
from bbws_readiness.cli.gates import DEFAULT, GateOptions, InForce, in_force
from bbws_readiness.cli.main import readiness
from bbws_readiness.cli.options import NO_CACHE, VARIABLE_PREFIX, Variable, given_by
from bbws_readiness.config import load_config
from bbws_readiness.config.validate import schema
from bbws_readiness.errors import ReadinessError
from tests.example import EXAMPLE

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
KEY = re.compile(r"^\| `(?P<key>[a-z-]+)` \| [^|]+ \|$", re.MULTILINE)
ROW = re.compile(r"^\| `(?P<variable>READINESS_\w+)` \| `(?P<option>--[\w-]+)` \| (?P<commands>[^|]+) \|", re.MULTILINE)
FILE = "README.md"
"""There, where the tests of a variable run."""

# What a variable may hold, what that means, another value for the flag, what that means, and what it may not hold.
VALUES: dict[str, tuple[str, Any, list[str], Any, str]] = {
    "READINESS_AS_OF": ("2026-01-07", "2026-01-07", ["--as-of", "2026-01-08"], "2026-01-08", ""),
    "READINESS_ASSESSMENT": (FILE, Path(FILE), ["--assessment", "b.json"], Path("b.json"), "gone.json"),
    "READINESS_BASE": ("main", "main", ["--base", "other"], "other", ".."),
    "READINESS_BASELINE": (FILE, Path(FILE), ["--baseline", "b.json"], Path("b.json"), "gone.json"),
    "READINESS_BASE_NAME": ("main", "main", ["--base-name", "other"], "other", ""),
    "READINESS_COLOR": ("always", "always", ["--color", "never"], "never", "blue"),
    "READINESS_CONFIG": (FILE, Path(FILE), ["--config", "b.yaml"], Path("b.yaml"), "gone.yaml"),
    "READINESS_DOCUMENTS_DIR": ("out", Path("out"), ["--documents-dir", "other"], Path("other"), ""),
    "READINESS_ENGINE": ("dask", "dask", ["--engine", "processes"], "processes", "spark"),
    "READINESS_FAIL_ON": ("low", "low", ["--fail-on", "never"], "never", "hihg"),
    "READINESS_FAIL_ON_NEW": ("true", True, ["--no-fail-on-new"], False, "perhaps"),
    "READINESS_FORMAT": (
        "json sarif=x.sarif",
        (Wanted("json"), Wanted("sarif", Path("x.sarif"))),
        ["-f", "junit"],
        (Wanted("junit"),),
        "pdf",
    ),
    "READINESS_JOBS": ("4", 4, ["--jobs", "2"], 2, "0"),
    "READINESS_MIN_COVERAGE": ("90", Decimal(90), ["--min-coverage", "0.5"], Decimal("0.5"), "90 %"),
    "READINESS_MIN_SCORE": ("72.5", Decimal("72.5"), ["--min-score", "100"], Decimal(100), "101"),
    "READINESS_MODE": ("new", "new", ["--mode", "hide-and-new"], "hide-and-new", "append"),
    "READINESS_NO_CACHE": ("true", True, ["--cache"], False, "perhaps"),
    "READINESS_OUTPUT_DIR": ("out", Path("out"), ["--output-dir", "other"], Path("other"), ""),
    "READINESS_PLAN_JSON": (FILE, Path(FILE), ["--plan-json", "b.json"], Path("b.json"), "gone.json"),
    "READINESS_PROMOTION_PLAN": (FILE, Path(FILE), ["--promotion-plan", "b.md"], Path("b.md"), "gone.md"),
    "READINESS_PULL_REQUEST": ("7", 7, ["--pull-request", "8"], 8, "0"),
    "READINESS_SCHEDULER": (
        "tcp://10.0.0.5:8786",
        "tcp://10.0.0.5:8786",
        ["--scheduler", "tls://b:1"],
        "tls://b:1",
        "",
    ),
    "READINESS_SINCE": ("main", "main", ["--since", "other"], "other", "gone.json"),
}

# The settings that readiness.yaml knows too: as written there, and what it means.
WRITTEN: dict[str, tuple[str, Any]] = {
    "fail-on": ("high", "high"),
    "fail-on-new": ("false", False),
    "min-score": ("12.5", Decimal("12.5")),
    "min-coverage": ("50", Decimal(50)),
    "baseline": ("main.json", "main.json"),
}


def commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command that is no group, by the words that call it."""
    if not isinstance(command, click.Group):
        yield " ".join(words), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        yield from commands(below, (*words, name))


COMMANDS = dict(commands(readiness))
SETTINGS = readiness.context_settings
"""A command keeps the names of --help that the first context gives it."""
PAIRS = [
    (name, one.variable) for name, command in COMMANDS.items() for one in command.params if isinstance(one, Variable)
]


def needed(command: click.Command) -> list[str]:
    """What the command cannot be called without."""
    options = [one for one in command.params if isinstance(one, click.Option) and one.required]
    told = [word for one in options for word in (one.opts[-1], _some(one))]
    return told + [_some(one) for one in command.params if isinstance(one, click.Argument) and one.required]


def _some(parameter: click.Parameter) -> str:
    return parameter.type.choices[0] if isinstance(parameter.type, click.Choice) else "sit"


def option_of(command: click.Command, variable: str) -> Variable:
    return next(one for one in command.params if isinstance(one, Variable) and one.variable == variable)


def read(name: str, variable: str, arguments: list[str]) -> tuple[Any, str]:
    """The value that the command receives for the option, and how that was given."""
    command = COMMANDS[name]
    option = option_of(command, variable)
    with command.make_context(name, [*arguments, *needed(command)], **SETTINGS) as context:
        assert option.name is not None
        long = next(one for one in option.opts if one.startswith("--"))
        value = context.meta[NO_CACHE] if not option.expose_value else context.params[option.name]
        return value, given_by(long)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLE)
    for variable in VALUES:
        monkeypatch.delenv(variable, raising=False)


def test_every_variable_is_tested() -> None:
    assert {variable for _, variable in PAIRS} == set(VALUES), "add a row to VALUES, and one to docs/configuration.md"


@pytest.mark.parametrize("variable", VALUES)
def test_the_flag_wins_over_the_variable_and_that_over_the_default(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, meaning, arguments, other, _ = VALUES[variable]
    for name in [name for name, one in PAIRS if one == variable]:
        usual, nobody = read(name, variable, [])
        assert nobody == ""
        monkeypatch.setenv(variable, "")
        assert read(name, variable, []) == (usual, ""), "an empty variable counts as none"
        monkeypatch.setenv(variable, text)
        assert read(name, variable, []) == (meaning, variable)
        assert usual != meaning
        value, flag = read(name, variable, arguments)
        assert value == other
        assert flag.startswith("--")
        monkeypatch.delenv(variable)


@pytest.mark.parametrize("variable", [variable for variable, row in VALUES.items() if row[-1]])
def test_a_value_that_cannot_be_is_told_with_its_variable(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, VALUES[variable][-1])
    for name in [name for name, one in PAIRS if one == variable]:
        with pytest.raises((ReadinessError, click.UsageError)) as caught:
            read(name, variable, [])
        told = caught.value.format_message() if isinstance(caught.value, click.UsageError) else str(caught.value)
        assert variable in told
        assert "--" not in told
        assert "\n" not in told


@pytest.mark.parametrize("setting", WRITTEN)
def test_flag_and_variable_win_over_the_file(setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, meaning = WRITTEN[setting]
    lines = [
        "title: Parcels",
        "gate:",
        f"  {setting}: {text}",
        *([] if setting == "baseline" else ["  baseline: a.json"]),
    ]
    (tmp_path / "readiness.yaml").write_text("\n".join(lines))
    config = load_config(tmp_path)
    field = setting.replace("-", "_")
    variable = VARIABLE_PREFIX + field.upper()
    assert in_force(GateOptions(), config)[setting] == InForce(meaning, "readiness.yaml:3")
    value, _, arguments, _, _ = VALUES[variable]
    monkeypatch.setenv(variable, value)
    for given, origin in (([], variable), (arguments, arguments[0])):
        with COMMANDS["assess"].make_context("assess", [*given, "sit"], **SETTINGS) as context:
            found = in_force(GateOptions(**{field: context.params[field]}), config)[setting]
            assert found.origin == origin
    untouched = in_force(GateOptions(), load_config(tmp_path / "nowhere"))[setting]
    assert (untouched.origin, untouched.value == meaning) == (DEFAULT, setting == "fail-on-new")


def test_no_empty_path_is_the_current_folder() -> None:
    """Which is what an unset variable in a script would mean."""
    paths = [(name, one) for name, command in COMMANDS.items() for one in command.params]
    paths = [(name, one) for name, one in paths if isinstance(one.type, click.Path)]
    assert len(paths) > len(COMMANDS)
    for name, one in paths:
        with pytest.raises(click.UsageError, match="an empty path names nothing"):
            one.type_cast_value(click.Context(COMMANDS[name]), [""] if one.multiple or one.nargs == -1 else "")


def test_the_page_has_every_variable_with_its_commands() -> None:
    rows = {match["variable"]: match for match in ROW.finditer(PAGE.read_text("utf-8"))}
    assert list(rows) == sorted({variable for _, variable in PAIRS})
    for variable, row in rows.items():
        assert row["option"] == f"--{variable.removeprefix(VARIABLE_PREFIX).replace('_', '-').lower()}"
        assert row["commands"].replace("`", "").split(", ") == [name for name, one in PAIRS if one == variable]


def test_the_page_has_every_key_of_the_schema() -> None:
    assert KEY.findall(PAGE.read_text("utf-8")) == list(schema()["properties"])


def test_no_help_is_kept_from_anybody_by_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, row in VALUES.items():
        monkeypatch.setenv(variable, row[-1])
    with pytest.raises(click.exceptions.Exit):
        COMMANDS["assess"].make_context("assess", ["--help"], **SETTINGS)
