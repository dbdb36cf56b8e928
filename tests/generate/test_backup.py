"""The generated backup: valid Terraform with nothing of one environment in it, after which nothing is missing."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import hcl2
import pytest

from bbws_readiness.config import load_config
from bbws_readiness.engine.finding import Finding, Outcome
from bbws_readiness.errors import NothingToAssess
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.generate.backup import RESOURCES, already_declared, backup_facts, backup_terraform
from bbws_readiness.render.generate.problem import NotDeterminable
from bbws_readiness.settings import Settings
from tests.example import AS_OF, EXAMPLE, ROOT
from tests.generate.projects import RICH, ROOTS, TERRAFORM, copy, read

PLAN = "promotions/04_dynamodb_schemas_promotion.md"
NOBODY = "readings/no_authority.yaml"
SCHEMAS = "authority: {default: [schemas]}\n"
SET = {"backup_vault_name": "tables-sit", "backup_retention_days": "7", "backup_frequency": "hourly"}


def with_backup(project: Path, target: Path, config: str = "readiness.yaml") -> Path:
    """A copy of the project with the generated file in its root."""
    copied = copy(project, target)
    named = copied / config
    model, loaded = read(copied, config=named if named.exists() else None)
    (copied / ROOTS[project] / "backup.tf").write_text(backup_terraform(model, loaded).text)
    return copied


def answers(project: Path, rule: str, **variables: str) -> dict[str, Finding]:
    settings = Settings(variables={**SET, **variables})
    config = load_config(project, path=project / "readiness.yaml")
    found = assess_project(project, "sit", as_of=AS_OF, config=config, settings=settings).findings
    return {one.subject: one for one in found if one.rule.code == rule}


def defaults(text: str) -> dict[str, object]:
    parsed = hcl2.loads(text)
    return {
        name.strip('"'): body["default"]
        for one in parsed["variable"]
        for name, body in one.items()
        if body.get("default") is not None
    }


def test_closes_the_finding(tmp_path: Path) -> None:
    project = with_backup(EXAMPLE, tmp_path)
    found = answers(project, "BKP001")
    assert set(found) == {"project", "campaigns", "products", "tenants"}
    assert {one.outcome for one in found.values()} == {Outcome.PASS}
    terms = {str(side.source): side.text for side in answers(project, "BKP002")["project"].sides}
    assert terms["plan"] == "hourly, 7 days"
    assert terms["terraform"] == "hourly, 7 days, not copied to another region"
    assert not [one for one in answers(project, "TFC001").values() if one.outcome is Outcome.FAIL]


def test_covers_tables_with_keys_and_leaves_out_what_lies_elsewhere(tmp_path: Path) -> None:
    model, _ = read(with_backup(RICH, tmp_path), variables=SET)
    assert model.backup.covered == {"audit", "ledger", "queue-in", "queue-out"}
    made = backup_terraform(*read(RICH))
    assert "[for table in aws_dynamodb_table.queue : table.arn]," in made.text
    assert [one.subject for one in made.omissions] == ["aws_dynamodb_table.replica"]


@pytest.mark.parametrize(("config", "expected"), [("readiness.yaml", {"backup_frequency": '"hourly"'}), (NOBODY, {})])
def test_a_default_contradicts_no_environment(config: str, expected: dict[str, str]) -> None:
    """The plan wants hourly everywhere, but 7 days in one and 30 in another environment."""
    assert defaults(backup_terraform(*read(EXAMPLE, config=EXAMPLE / config)).text) == expected


def test_the_authority_gives_the_terms_of_every_environment(tmp_path: Path) -> None:
    text = backup_terraform(*read(EXAMPLE, config=EXAMPLE / "readiness.yaml")).text
    assert f'# sit: backup_frequency = "hourly", backup_retention_days = 7 ({PLAN}:103)\n' in text
    assert f'# prod: backup_frequency = "hourly", backup_retention_days = 30 ({PLAN}:103)\n' in text
    assert "daily, 14 days" not in text
    config = tmp_path / "readiness.yaml"
    config.write_text(SCHEMAS)
    text = backup_terraform(*read(EXAMPLE, config=config)).text
    assert re.findall(r'# (\w+): backup_frequency = "(\w+)", backup_retention_days = (\d+)', text) == [
        ("dev", "daily", "7"),
        ("sit", "daily", "14"),
        ("prod", "hourly", "90"),
    ]
    assert defaults(text) == {}


def test_without_authority_the_competing_terms_are_told_with_their_places() -> None:
    text = backup_terraform(*read(EXAMPLE, config=EXAMPLE / NOBODY)).text
    assert f"# sit: hourly, 7 days (plan, {PLAN}:103)\n" in text
    assert "# sit: daily, 14 days (schemas, schemas/campaigns.schema.json:29)\n" in text


def test_schemas_that_disagree_have_not_decided(tmp_path: Path) -> None:
    project = copy(EXAMPLE, tmp_path, {"schemas/tenants.schema.json": ('"retention": 14', '"retention": 21')})
    (project / "readiness.yaml").write_text(SCHEMAS)
    text = backup_terraform(*read(project)).text
    assert "# sit: backup_frequency" not in text
    assert '# dev: backup_frequency = "daily"' in text


def test_is_the_same_for_every_environment() -> None:
    texts = {backup_terraform(*read(EXAMPLE, name)).text for name in ("dev", "sit", "prod")}
    assert len(texts) == 1
    code = re.sub(r"#.*", "", texts.pop())
    assert not re.search(r"\b(?:sit|prod|dev|[0-9]{12}|eu-[a-z]+-[0-9])\b", code)


def test_copies_only_where_that_is_asked(tmp_path: Path) -> None:
    text = backup_terraform(*read(EXAMPLE, config=EXAMPLE / "readiness.yaml")).text
    assert f"# A copy in another region is asked for in prod (plan, {PLAN}:103)" in text
    assert "copy_action" in text
    config = tmp_path / "readiness.yaml"
    config.write_text(SCHEMAS)
    assert "copy" not in backup_terraform(*read(EXAMPLE, config=config)).text


def test_declares_what_it_says_it_declares() -> None:
    parsed = hcl2.loads(backup_terraform(*read(EXAMPLE)).text)
    made = {f"{kind}.{name}".replace('"', "") for one in parsed["resource"] for kind, v in one.items() for name in v}
    assert made == set(RESOURCES)


def test_names_what_is_declared_already(tmp_path: Path) -> None:
    model, _ = read(with_backup(EXAMPLE, tmp_path), variables=SET)
    found = dict(already_declared(model))
    assert set(found) >= {*RESOURCES, "var.backup_vault_name"}
    assert {at.path for at in found.values()} == {"terraform/dynamodb/backup.tf"}
    assert not list(already_declared(read(EXAMPLE)[0]))


def test_tables_of_a_module_need_an_output(tmp_path: Path) -> None:
    project = copy(EXAMPLE, tmp_path)
    root = project / "terraform" / "dynamodb"
    (root / "tables").mkdir()
    shutil.move(root / "main.tf", root / "tables" / "main.tf")
    (root / "tables" / "variables.tf").write_text('variable "environment" {}\n')
    (root / "outputs.tf").unlink()
    (root / "main.tf").write_text('module "tables" {\n  source = "./tables"\n  environment = var.environment\n}\n')
    with pytest.raises(NotDeterminable, match=r"module\.tables: give the module an output with the ARNs"):
        backup_terraform(*read(project))
    (root / "more.tf").write_text('resource "aws_dynamodb_table" "orders" {\n  name     = "orders"\n}\n')
    made = backup_terraform(*read(project))
    assert (
        "  # Not covered: module.tables: give the module an output with the ARNs of its tables, and list it here"
        in made.text
    )
    assert [one.subject for one in made.omissions] == ["module.tables"]


def test_needs_a_table() -> None:
    with pytest.raises(NothingToAssess):
        backup_terraform(*read(ROOT / "examples" / "s3_schemas"))


def test_hostile_words_stay_in_their_comment(tmp_path: Path) -> None:
    schema = "schemas/tenants.schema.json"
    project = copy(EXAMPLE, tmp_path, {schema: ('"daily"', '"daily\\u2028}\\n} \\"${file(1)}*/"')})
    (project / "readiness.yaml").write_text("{}\n")
    made = backup_terraform(*read(project)).text
    harmless = backup_terraform(*read(EXAMPLE, config=EXAMPLE / NOBODY)).text
    assert "file(1)" in made
    assert re.sub(r"#.*\n", "", made) == re.sub(r"#.*\n", "", harmless)
    assert not backup_facts(*read(project)).settings


@pytest.mark.skipif(not TERRAFORM.exists(), reason="no Terraform that works offline beside the checkout")
def test_terraform_takes_it(tmp_path: Path) -> None:
    keyed = """resource "aws_dynamodb_table" "queue" {
  for_each = toset(["in", "out"])
  name     = "queue-${each.key}"
  hash_key = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

# Marketing"""
    project = copy(EXAMPLE, tmp_path, {"terraform/dynamodb/main.tf": ("# Marketing", keyed)})
    root = project / "terraform" / "dynamodb"
    made = backup_terraform(*read(project)).text
    assert "concat(" in made and "copy_action" in made
    (root / "backup.tf").write_text(made)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    for arguments in (
        ["init", "-backend=false", "-input=false"],
        ["validate"],
        ["fmt", "-check", "-diff", "backup.tf"],
    ):
        done = subprocess.run([TERRAFORM, *arguments], cwd=root, env=environment, capture_output=True, text=True)
        if done.returncode == 69:
            pytest.skip(done.stderr.strip())
        assert done.returncode == 0, done.stdout + done.stderr
