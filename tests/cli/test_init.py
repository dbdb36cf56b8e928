"""`readiness init` writes what it found as comments, each of which is a setting once it is uncommented."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from bbws_readiness.config import load_config
from bbws_readiness.project import discover
from bbws_readiness.render.encode.yaml import scalar
from bbws_readiness.render.generate.configuration import SCHEMA_FILE
from tests.cases import each
from tests.cli.test_assess import run
from tests.example import EXAMPLE, ROOT, copy_example

SCHEMA = json.loads((ROOT / "bbws_readiness" / "config" / "config.schema.json").read_text("utf-8"))


def uncommented(text: str) -> str:
    return re.sub(r"^# (?!yaml-language-server:)", "", text, flags=re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    copied = copy_example(tmp_path)
    (copied / "readiness.yaml").unlink()
    return copied


def test_it_sets_the_title_alone(project: Path) -> None:
    done = run("init", project)
    assert done.returncode == 0, done.stderr
    text = (project / "readiness.yaml").read_text("utf-8")
    assert yaml.safe_load(text) == {"title": load_config(project).title}


def test_every_comment_is_a_setting(project: Path) -> None:
    text = run("init", project, "--stdout").stdout
    found = yaml.safe_load(uncommented(text))
    jsonschema.validate(found, SCHEMA)
    assert set(found) >= {"title", "slug", "authority", "environments", "sources", "contacts", "calendar", "prices"}
    assert found["environments"]["sit"]["account"] == "815856636111"
    assert found["sources"]["terraform"] == "terraform/dynamodb"
    (project / "readiness.yaml").write_text(uncommented(text))
    done = run("assess", "sit", project, "-q", "--fail-on", "never", "--as-of", "2026-01-07")
    assert done.returncode == 0, done.stderr


def test_what_is_there_is_not_replaced(project: Path) -> None:
    (project / "readiness.yaml").write_text("title: Mine\n")
    done = run("init", project)
    assert done.returncode == 2
    assert "E606" in done.stderr
    assert (project / "readiness.yaml").read_text() == "title: Mine\n"
    assert run("init", project, "--force").returncode == 0
    assert "authority:" in (project / "readiness.yaml").read_text("utf-8")


def test_the_schema_lies_beside_it(project: Path) -> None:
    done = run("init", project)
    assert done.returncode == 0, done.stderr
    first = (project / "readiness.yaml").read_text("utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert json.loads((project / named).read_text("utf-8")) == SCHEMA
    assert (project / named).read_text("utf-8") == run("config", "schema").stdout == run("schema", "config").stdout


def test_the_schema_is_no_schema_of_a_table(project: Path) -> None:
    run("init", project)
    (schema,) = {*project.glob("*.json")} - {*EXAMPLE.glob("*.json")}
    assert schema.name not in discover(project, load_config(project)).schemas


def test_without_the_schema_no_line_names_it(project: Path) -> None:
    assert run("init", project, "--without-schema").returncode == 0
    assert "$schema" not in (project / "readiness.yaml").read_text("utf-8")
    assert not (project / SCHEMA_FILE).exists()


def test_a_project_without_an_environment_is_refused(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("locals {}\n")
    done = run("init", tmp_path)
    assert done.returncode == 3
    assert "names an environment" in done.stderr


@each(
    "text",
    [
        "a",
        "a b",
        "yes",
        "No",
        "null",
        "1",
        "1e3",
        "a: b",
        "a #b",
        "- a",
        "",
        "é",
        "a\nb",
        '"',
        "0x1",
        "2026-01-07",
        "~",
        ".inf",
        "*a",
        "!a",
    ],
)
def test_a_text_reads_back(text: str) -> None:
    assert yaml.safe_load(f"key: {scalar(text)}") == {"key": text}


def test_the_example_has_its_environments_in_order() -> None:
    found = yaml.safe_load(uncommented(run("init", EXAMPLE, "--stdout").stdout))
    assert list(found["environments"]) == ["dev", "sit", "prod", "dr"]
