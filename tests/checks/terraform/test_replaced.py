"""Which changes replace a resource, held against what Terraform plans (see tests/oracle/make_replacements.py)."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.checks.terraform.replaced import replaced_since
from bbws_readiness.config import Config
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import Outcome
from bbws_readiness.model.earlier import Earlier
from bbws_readiness.model.model import Model
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.project import discover
from bbws_readiness.rulebooks import shipped_rulebook
from bbws_readiness.source import Location
from tests.cases import each
from tests.data import data

ORACLE = Path(__file__).parents[2] / "oracle"
ANSWERS: list[dict[str, Any]] = json.loads((ORACLE / "replacements.json").read_text())
KINDS: dict[str, dict[str, Any]] = data(ORACLE / "replacements.yaml")
(RULE,) = (rule for rule in shipped_rulebook().rules if rule.code == "TBL005")

UNTOLD = {
    ("aws_ecr_repository", "encryption_configuration"): "the provider takes none for AES256",
    ("aws_opensearch_domain", "encrypt_at_rest"): "it can be switched on in place since OpenSearch 1",
    ("aws_opensearch_domain", "node_to_node_encryption"): "likewise",
    ("aws_rds_cluster", "snapshot_identifier"): "it may be written and taken out again while a cluster is restored",
}
"""Arguments that replace, and yet are left to `terraform plan`."""


def model_of(folder: Path, resources: dict[str, dict[str, Any]]) -> Model:
    folder.mkdir()
    (folder / "main.tf.json").write_text(json.dumps({"resource": resources}))
    (folder / "sit.tfvars").write_text("# No settings\n")
    return build_model(discover(folder, Config()), "sit")


@cache
def outcomes(folder: Path) -> dict[str, Outcome]:
    """What the rule says of every change, by address."""
    before: dict[str, dict[str, Any]] = {}
    after: dict[str, dict[str, Any]] = {}
    for kind, told in KINDS.items():
        for number, change in enumerate(told["changes"]):
            both = {**told["before"], **change}
            before.setdefault(kind, {})[f"r{number}"] = told["before"]
            after.setdefault(kind, {})[f"r{number}"] = {
                name: value for name, value in both.items() if value is not None
            }
    then, now = model_of(folder / "then", before), model_of(folder / "now", after)
    assert then.configuration is not None
    earlier = Earlier("then", Location("main.tf.json", 1), then.configuration.resources)
    question = Question(RULE, now, Config(), date(2026, 1, 7))
    return {seen.subject: seen.outcome for seen in replaced_since(question, earlier, [])}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("replaced")


@each("answer", ANSWERS, ids=lambda answer: f"{answer['type']} {json.dumps(answer['change'])}"[:70])
def test_as_terraform_plans_it(folder: Path, answer: dict[str, Any]) -> None:
    kind = answer["type"]
    address = f"{kind}.r{KINDS[kind]['changes'].index(answer['change'])}"
    untold = all((kind, name) in UNTOLD for name in answer["replaced"])
    expected = None if not answer["replaced"] or untold else Outcome.FAIL
    assert outcomes(folder).get(address) is expected


def test_every_argument_of_the_rule_has_an_answer() -> None:
    replaced = {(one["type"], name) for one in ANSWERS for name in one["replaced"]}
    forcing = RULE.parameters["forcing"]
    named = {(kind, name.rstrip("+~")) for kind, names in forcing.items() for name in names}
    assert named == replaced - set(UNTOLD)
    kept = {
        (one["type"], name)
        for one in ANSWERS
        for name, value in one["change"].items()
        if value is None and name not in one["replaced"]
    }
    assert {(kind, name) for kind, name in named if f"{name}+" in forcing[kind] or f"{name}~" in forcing[kind]} <= kept
