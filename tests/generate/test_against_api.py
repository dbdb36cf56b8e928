"""The generated script against an API: it passes on what Terraform asks for, and refuses every single change of it."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest

from bbws_readiness.config import load_config
from bbws_readiness.pipeline import model_project
from bbws_readiness.render.generate.validation_script import validation_script
from bbws_readiness.settings import Settings
from tests.data import data
from tests.example import EXAMPLE
from tests.generate.deployed import Deployment, Place, Planned, fake_aws, planned_tables, sign_in, signed_in
from tests.generate.projects import TERRAFORM

HERE = Path(__file__).parent
PROJECTS = {"example": EXAMPLE, "rich": HERE / "rich"}
PLACES = {"example": Place("815856636111", "eu-west-1"), "rich": Place("210987654321", "eu-central-1")}
CASES: list[dict[str, Any]] = data(HERE / "cases" / "changes.yaml")

OVERRIDE = """
terraform {
  backend "local" {}
}

provider "aws" {
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with fake_aws() as address:
        yield address


@pytest.fixture(scope="module")
def deployments(server: str) -> dict[str, Deployment]:
    """Both projects as Terraform asks for them, each in its own account."""
    made = {project: Deployment(server, place) for project, place in PLACES.items()}
    for project, deployment in made.items():
        for values in tables_of(project).values():
            deployment.create(values)
    return made


@cache
def script(project: str, **variables: str) -> str:
    folder = PROJECTS[project]
    config = load_config(folder)
    settings = Settings(variables=variables)
    return validation_script(model_project(folder, "sit", config=config, settings=settings), config).text


def tables_of(project: str) -> dict[str, Planned]:
    """What Terraform asks for; the key of the ledger is a resource of its own."""
    tables = planned_tables(PROJECTS[project], "sit")
    if project == "rich":
        tables["ledger-sit"]["own_key"] = True
    return tables


def run(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """The exit code and what was printed."""
    file = tmp_path / "validate.py"
    file.write_text(text)
    code = runpy.run_path(str(file))["main"]()
    return code, capsys.readouterr().out.splitlines()


def changed(values: Planned, case: dict[str, Any]) -> Planned:
    """The table with the change of a case."""
    for path, value in case.get("set", {}).items():
        holder, last = _holder(values, path)
        holder[last] = value
    for path, value in case.get("add", {}).items():
        values[path].append(value)
    for path in case.get("drop", []):
        holder, last = _holder(values, path)
        del holder[last]
    return values


def _holder(values: Any, path: str) -> tuple[Any, Any]:
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps:
        values = values[step]
    return values, last


@pytest.mark.parametrize("project", PROJECTS)
def test_passes_on_what_terraform_asks_for(
    project: str,
    deployments: dict[str, Deployment],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_in(monkeypatch, deployments[project].environment)
    code, lines = run(script(project), tmp_path, capsys)
    assert [line for line in lines if line.startswith("PASS")] == [
        f"PASS {name}" for name in sorted(tables_of(project))
    ]
    assert code == 0, lines


@pytest.mark.parametrize("project", PROJECTS)
def test_asks_only_what_it_says(
    project: str,
    deployments: dict[str, Deployment],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every call of the run, refused unless it describes, lists or gets; the script names exactly these."""
    asked: set[str] = set()

    def ask(model: Any, **_: Any) -> None:
        assert model.name.startswith(("Describe", "List", "Get")), model.name
        asked.add(f"{model.service_model.service_name}:{model.name}")

    class Watched(boto3.Session):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.events.register("before-call", ask)

    monkeypatch.setattr(boto3, "Session", Watched)
    sign_in(monkeypatch, deployments[project].environment)
    assert run(script(project), tmp_path, capsys)[0] == 0
    assert asked == set(re.findall(r"\b(?:sts|dynamodb|kms):[A-Z]\w+", script(project)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_refuses_one_change(
    case: dict[str, Any],
    deployments: dict[str, Deployment],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = case.get("project", "example")
    deployment, name = deployments[project], case["table"]
    sign_in(monkeypatch, deployment.environment)
    # A session of its own for every run would read the models of the services again, which takes longer than the run.
    monkeypatch.setattr(boto3, "Session", lambda: deployment.session)
    deployment.delete(name)
    if not case.get("gone"):
        deployment.create(changed(tables_of(project)[name], case))
    code, lines = run(script(project), tmp_path, capsys)
    deployment.delete(name)
    deployment.create(tables_of(project)[name])
    assert [line for line in lines if line.startswith("FAIL")] == [f"FAIL {said}" for said in case["says"]]
    assert code == 1


def test_looks_at_account_and_region_first(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = PLACES["example"]
    sign_in(monkeypatch, signed_in(server, Place("123456789012", place.region)))
    assert run(script("example"), tmp_path, capsys) == (
        1,
        [
            "FAIL sit: account: expected 815856636111, found 123456789012",
            "sit: 1 failed, 0 not checked",
        ],
    )
    sign_in(monkeypatch, signed_in(server, Place(place.account, "us-east-1")))
    assert run(script("example"), tmp_path, capsys)[1][0] == "FAIL sit: region: expected eu-west-1, found us-east-1"


def test_no_answer_is_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull}
    sign_in(monkeypatch, {**nobody, "AWS_SHARED_CREDENTIALS_FILE": os.devnull})
    code, lines = run(script("example"), tmp_path, capsys)
    assert code == 1
    assert lines[0].startswith("FAIL sit: AWS: expected an answer, found ")


@pytest.mark.skipif(not TERRAFORM.exists(), reason="no Terraform that works offline beside the checkout")
def test_passes_on_what_terraform_really_made(server: str, tmp_path: Path) -> None:
    place = Place(PLACES["example"].account, "eu-west-2")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **signed_in(server, place)}
    root = shutil.copytree(EXAMPLE / "terraform" / "dynamodb", tmp_path / "root")
    (root / "tests_override.tf").write_text(OVERRIDE)
    settings = ["-var-file=environments/sit.tfvars", f"-var=aws_region={place.region}"]
    for arguments in (["init", "-input=false"], ["apply", "-input=false", "-auto-approve", *settings]):
        done = subprocess.run([TERRAFORM, *arguments], cwd=root, env=environment, capture_output=True, text=True)
        if done.returncode == 69:
            pytest.skip(done.stderr.strip())
        assert done.returncode == 0, done.stderr
    file = tmp_path / "validate.py"
    file.write_text(script("example", aws_region=place.region))
    done = subprocess.run([sys.executable, file], env=environment, capture_output=True, text=True)
    assert done.stdout.splitlines()[:3] == ["PASS campaigns", "PASS products-sit", "PASS tenants"], done.stdout
    assert done.returncode == 0
