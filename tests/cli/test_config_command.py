"""`readiness config show` tells every setting with its place, and nothing that nobody may see."""

import json
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace

from bbws_readiness.config import Config, load_config
from bbws_readiness.config.effective import defaults
from bbws_readiness.disclosure import WITHHELD
from tests.cases import each
from tests.checkouts import commit, needs_git, write
from tests.cli.test_assess import assert_one_complaint, run
from tests.example import EXAMPLE

KEY = "AKIAIOSFODNN7EXAMPLQ"


def shown(path: Path, *options: object, **environment: str) -> dict[str, tuple[Any, str]]:
    """Value and origin of every setting."""
    result = run("config", "show", path, "-f", "json", *options, **environment)
    assert result.returncode == 0, result.stderr
    return {one["key"]: (one["value"], one["from"]) for one in json.loads(result.stdout)["settings"]}


def test_every_value_stands_where_it_is_said_to() -> None:
    """The lines of the file hold the keys, and the values are those that YAML reads there."""
    written: dict[str, Any] = yaml.safe_load((EXAMPLE / "readiness.yaml").read_text("utf-8"))
    lines = (EXAMPLE / "readiness.yaml").read_text("utf-8").splitlines()
    found = {key: one for key, one in shown(EXAMPLE).items() if one[1] != "default"}
    assert {key.partition(".")[0] for key in found} == set(written)
    for key, (value, origin) in found.items():
        there: Any = written
        for part in key.split("."):
            there = there[part]
        file, _, line = origin.rpartition(":")
        assert (file, str(value)) == ("readiness.yaml", str(there))
        assert key.rpartition(".")[2] in lines[int(line) - 1]


def test_text_and_json_tell_the_same() -> None:
    lines = run("config", "show", EXAMPLE).stdout.splitlines()[2:]
    found = shown(EXAMPLE)
    assert len(lines) == len(found)
    for line, (key, (_, origin)) in zip(lines, found.items(), strict=True):
        assert line.startswith(f"{key} ")
        assert line.endswith(f"({origin})")


def test_a_folder_that_is_not_there_has_no_settings(tmp_path: Path) -> None:
    """Its defaults would look like gates that are not set."""
    assert_one_complaint(run("config", "show", tmp_path / "parcel"), 2, '"parcel" is no folder')


def test_what_holds_by_default_is_what_a_run_takes(tmp_path: Path) -> None:
    """Written out, the defaults change nothing."""
    written: dict[str, Any] = {}
    for key, value in defaults().items():
        if value is not None:
            *path, last = key.split(".")
            place = written
            for part in path:
                place = place.setdefault(part, {})
            place[last] = value
    (tmp_path / "readiness.yaml").write_text(yaml.safe_dump(written))
    config = load_config(tmp_path)
    usual = Config()
    assert replace(config.calendar, configured=False) == usual.calendar
    assert (config.weights, config.prices, config.authority) == (usual.weights, usual.prices, usual.authority)
    assert config.decisions == defaults()["decisions"]
    assert {key for key, (_, origin) in shown(tmp_path).items() if origin == "default"} == {
        "authority.default",
        *(f"gate.{name}" for name in ("fail-on", "fail-on-new", "min-score", "min-coverage", "baseline")),
    }


def test_the_file_that_is_extended_is_named(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(
        tmp_path,
        {
            "shared/base.yaml": "title: Shared\ngate:\n  min-score: 70\nweights: {low: 1}\n",
            "parcels/readiness.yaml": "extends: ../shared/base.yaml\ntitle: Parcels\n",
        },
    )
    found = shown(tmp_path / "parcels")
    assert found["title"] == ("Parcels", "readiness.yaml:2")
    assert found["gate.min-score"] == (70, "../shared/base.yaml:3")
    assert (found["weights.low"], found["weights.high"]) == ((1, "../shared/base.yaml:4"), (10, "default"))
    given = shown(tmp_path / "parcels", "--min-score", "80", READINESS_OUTPUT_DIR="out", READINESS_MIN_SCORE="75")
    assert given["gate.min-score"] == (80, "--min-score")
    assert given["--output-dir"] == ("out", "READINESS_OUTPUT_DIR")
    assert shown(tmp_path / "parcels", READINESS_JOBS="4")["--jobs"] == ("4", "READINESS_JOBS")


@needs_git
def test_with_a_base_the_file_is_that_of_the_base(tmp_path: Path) -> None:
    root = tmp_path / "parcels"
    commit(root, {"readiness.yaml": "title: Base\ngate: {min-score: 80}\n"})
    write(root, {"readiness.yaml": "title: Base\ngate: {min-score: 8}\n"})
    assert shown(root)["gate.min-score"] == (8, "readiness.yaml:2")
    found = shown(root, READINESS_BASE="main")
    assert found["gate.min-score"] == (80, "main:readiness.yaml:2")
    assert found["--base"] == ("main", "READINESS_BASE")
    assert (
        "  readiness.yaml:2  gate.min-score changed, not applied"
        in run("config", "show", root, "--base", "main").stdout
    )


def test_secrets_are_withheld_and_hostile_text_is_inert(tmp_path: Path) -> None:
    (tmp_path / "readiness.yaml").write_text(
        f"questions: {{{KEY}: DBA}}\n"
        f'contingency: "call {KEY} then"\nlessons: "\\e[31m\\u202Ered\\r::error::x\\n::error::y"\n'
        "rules:\n  TBL001: {parameters: {db_password: hunter2-hunter2, of: {api_token: [hunter3-hunter3]}}}\n"
    )
    text = run("config", "show", tmp_path).stdout
    found = shown(tmp_path)
    for printed in (text, json.dumps(found)):
        assert KEY not in printed
        assert "hunter" not in printed
        assert WITHHELD in printed
        assert not {"\x1b", "\u202e", "\r"} & {*printed}
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


@each(
    ("arguments", "words"),
    [
        (("--config", "gone.yaml"), ["E304"]),
        (("--base", "main"), ["E801"]),
        (("--fail-on-new",), ["--fail-on-new needs a baseline"]),
    ],
)
def test_what_a_run_would_refuse_is_refused(tmp_path: Path, arguments: tuple[str, ...], words: list[str]) -> None:
    assert_one_complaint(run("config", "show", tmp_path, *arguments), 4 if "--base" in arguments else 2, *words)
