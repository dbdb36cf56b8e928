"""A whole project as one model: the example with every fact, and projects with broken parts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bbws_readiness.config import Config, load_config
from bbws_readiness.errors import DiagnosticSeverity, UnknownEnvironment
from bbws_readiness.model.model import Model
from bbws_readiness.parsers import PARSERS
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.project import discover
from bbws_readiness.source import Location, SourceKind
from tests.cases import each

EXAMPLE = Path(__file__).parents[2] / "examples" / "dynamodb_schemas"
MAIN = "terraform/dynamodb/main.tf"


WORKFLOW = """\
name: Deploy
on: workflow_dispatch
env:
  {environment}
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: sit
    steps:
      - run: terraform plan {option} -out=sit.tfplan
      - run: terraform apply sit.tfplan
"""
WORKFLOW_AT = ".github/workflows/deploy-sit.yml:10"
ENVIRONMENT_AT = ".github/workflows/deploy-sit.yml:4"


def model_of(root: Path, environment: str = "sit") -> Model:
    return build_model(discover(root, load_config(root)), environment)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the example that a test may break."""
    shutil.copytree(EXAMPLE, tmp_path / "2_1_bbws_dynamodb_schemas")
    return tmp_path / "2_1_bbws_dynamodb_schemas"


class TestExample:
    """Facts of the example that need more than one input, and that every input was taken up."""

    @pytest.fixture
    def model(self) -> Model:
        return model_of(EXAMPLE)

    def test_nothing_is_broken(self, model: Model) -> None:
        assert model.diagnostics == ()
        assert dict(model.unread) == {}
        assert model.configuration is not None
        assert model.configuration.complete
        assert model.schemas is not None
        assert model.schemas.complete

    def test_environments(self, model: Model) -> None:
        assert model.environment == "sit"
        assert model.environments == ("dev", "sit", "prod", "dr")
        assert [(file.environment, len(file.settings), file.readable) for file in model.environment_files] == [
            ("dev", 4, True),
            ("sit", 4, True),
            ("prod", 4, True),
        ]

    def test_tables_by_source(self, model: Model) -> None:
        three = {"campaigns", "products", "tenants"}
        names = {kind: {table.name for table in model.tables_of(kind) or ()} for kind in SourceKind}
        assert names[SourceKind.PLAN] == three | {"orders", "users"}
        for kind in (SourceKind.TERRAFORM, SourceKind.SCHEMAS, SourceKind.README, SourceKind.SCRIPT):
            assert names[kind] == three

    def test_indexes_by_source(self, model: Model) -> None:
        def count(kind: SourceKind) -> int:
            return sum(len(table.index_names or ()) for table in model.tables_of(kind) or ())

        assert count(SourceKind.PLAN) == 11
        assert count(SourceKind.TERRAFORM) == 7
        assert count(SourceKind.SCHEMAS) == 7
        assert count(SourceKind.SCRIPT) == 8

    def test_schemas_equal_terraform(self, model: Model) -> None:
        for comparison in model.compared_tables():
            terraform, schema = comparison.side(SourceKind.TERRAFORM), comparison.side(SourceKind.SCHEMAS)
            if terraform is None or schema is None:
                assert comparison.name in ("orders", "users")
                continue
            assert terraform.index_names == schema.index_names
            assert terraform.billing_mode and schema.billing_mode
            assert terraform.billing_mode.get() == schema.billing_mode.get()
            assert terraform.streams and schema.streams
            assert terraform.streams.enabled.get() == schema.streams.enabled.get()

    def test_the_workflow_and_the_script(self, model: Model) -> None:
        assert model.workflow is not None
        assert model.workflow.path == ".github/workflows/deploy-sit.yml"
        assert len(model.workflows or ()) == 3
        assert [script.path for script in model.scripts] == ["scripts/validate_dynamodb_dev.py"]
        assert model.script is None

    def test_account_and_region_are_equal_everywhere(self, model: Model) -> None:
        assert model.configuration is not None
        assert model.configuration.provider_region
        assert model.configuration.provider_region.get() == "eu-west-1"
        for kind in (SourceKind.PLAN, SourceKind.README):
            described = model.described_environment(kind)
            assert described is not None
            assert described.account and described.account.get() == "815856636111"
            assert described.region and described.region.get() == "eu-west-1"

    def test_every_parser_is_listed_once(self) -> None:
        kinds = [parser.kind for parser in PARSERS]
        assert kinds == [
            SourceKind.SCHEMAS,
            SourceKind.WORKFLOWS,
            SourceKind.SCRIPT,
            SourceKind.PLAN,
            SourceKind.README,
            SourceKind.PORTFOLIO,
        ]


# One file of the example, what is written into it, the kind that is then unread, and the line that says so.
BROKEN = {
    "terraform": (MAIN, "name = = 1\n", SourceKind.TERRAFORM, f"{MAIN}:1"),
    "terraform that is not text": (MAIN, b"\xff\xfe", SourceKind.TERRAFORM, f"{MAIN}:1"),
    "tfvars": (
        "terraform/dynamodb/environments/sit.tfvars",
        "environment =\n",
        SourceKind.TFVARS,
        "terraform/dynamodb/environments/sit.tfvars:1",
    ),
    "schema": ("schemas/tenants.schema.json", "{", SourceKind.SCHEMAS, "schemas/tenants.schema.json:1"),
    "workflow": (
        ".github/workflows/deploy-sit.yml",
        "jobs: [\n",
        SourceKind.WORKFLOWS,
        ".github/workflows/deploy-sit.yml:2",
    ),
    "script": (
        "scripts/validate_dynamodb_dev.py",
        "def (:\n",
        SourceKind.SCRIPT,
        "scripts/validate_dynamodb_dev.py:1",
    ),
    "plan": (
        "promotions/04_dynamodb_schemas_promotion.md",
        b"\xff",
        SourceKind.PLAN,
        "promotions/04_dynamodb_schemas_promotion.md:1",
    ),
    "plan that is none": (
        "promotions/04_dynamodb_schemas_promotion.md",
        "# Notes\n",
        SourceKind.PLAN,
        "promotions/04_dynamodb_schemas_promotion.md:1",
    ),
    "README": ("README.md", b"\xff", SourceKind.README, "README.md:1"),
}


@pytest.mark.parametrize(("path", "text", "kind", "place"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_told_and_the_rest_is_read(
    project: Path, path: str, text: str | bytes, kind: SourceKind, place: str
) -> None:
    (project / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    model = model_of(project)
    assert str(model.unread[kind]) == place
    errors = [told for told in model.diagnostics if told.severity is DiagnosticSeverity.ERROR]
    assert any(str(told.at) == place for told in errors)
    assert list(model.diagnostics) == sorted(model.diagnostics, key=lambda told: told.at)
    assert model.configuration is not None
    # Where settings are lost, a default of Terraform is no answer.
    assert model.configuration.complete is (kind not in (SourceKind.TERRAFORM, SourceKind.TFVARS))
    assert model.schemas is not None
    assert model.schemas.complete is (kind is not SourceKind.SCHEMAS)
    assert (model.plan is None) is (kind is SourceKind.PLAN)
    assert (model.readme is None) is (kind is SourceKind.README)
    assert len(model.workflows or ()) == (2 if kind is SourceKind.WORKFLOWS else 3)
    assert str(project) not in repr((model.diagnostics, model.unread))


@pytest.mark.parametrize("gone", ["schemas", ".github", "scripts", "promotions", "README.md", "terraform"])
def test_an_absent_kind_of_input_is_none_and_not_unread(project: Path, gone: str) -> None:
    path = project / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    model = model_of(project)
    assert dict(model.unread) == {}
    assert model.diagnostics == ()
    absent = {
        "schemas": model.schemas,
        ".github": model.workflows,
        "scripts": model.scripts or None,
        "promotions": model.plan,
        "README.md": model.readme,
        "terraform": model.configuration,
    }
    assert [name for name, noun in absent.items() if noun is None] == [gone]


def test_a_linked_terraform_file_leaves_the_configuration_incomplete(project: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.tf").write_text("")
    (project / "terraform" / "dynamodb" / "more.tf").symlink_to(tmp_path / "outside.tf")
    model = model_of(project)
    assert model.configuration is not None
    assert not model.configuration.complete
    assert model.unread == {SourceKind.TERRAFORM: Location("terraform/dynamodb/more.tf", 0)}


def test_a_plan_beside_the_project_is_cited_from_the_project(project: Path, tmp_path: Path) -> None:
    shutil.move(project / "promotions", tmp_path / "promotions")
    named = tmp_path / "promotions" / "04_dynamodb_schemas_promotion.md"
    found = discover(project, load_config(project), plan=named)
    model = build_model(found, "sit")
    assert found.slug == "dynamodb_schemas"
    assert model.plan is not None
    assert model.plan.path == "../promotions/04_dynamodb_schemas_promotion.md"
    assert model.plan.status is not None
    assert model.plan.status.at.path == model.plan.path
    assert "../promotions/04_dynamodb_schemas_promotion.md" in [source.path for source in found.inputs]


@each("environment", ["dev", "SIT", " prod "])
def test_environments_are_taken_as_people_write_them(environment: str) -> None:
    model = model_of(EXAMPLE, environment)
    assert model.environment == environment.strip().lower()
    assert model.configuration is not None
    assert model.configuration.var_files == (f"terraform/dynamodb/environments/{model.environment}.tfvars",)


def test_an_unknown_environment_names_those_that_exist() -> None:
    with pytest.raises(UnknownEnvironment, match=r'"sitt" is not known; did you mean "sit"\? known are dev, sit, prod'):
        model_of(EXAMPLE, "sitt")


def test_an_environment_without_tfvars(project: Path) -> None:
    (project / "terraform/dynamodb/environments/sit.tfvars").unlink()
    model = model_of(project)
    assert [file.environment for file in model.environment_files] == ["dev", "prod"]
    assert model.configuration is not None
    assert model.configuration.var_files == ()
    assert all(variable.missing for variable in model.configuration.variables)
    assert {table.name for table in model.terraform_tables or ()} == {
        "campaigns",
        "tenants",
        "aws_dynamodb_table.products",
    }


def test_tfvars_in_json_are_not_read_and_not_absent(project: Path) -> None:
    folder = project / "terraform/dynamodb/environments"
    (folder / "sit.tfvars").rename(folder / "sit.tfvars.json")
    model = model_of(project)
    sit = next(file for file in model.environment_files if file.environment == "sit")
    assert not sit.readable
    assert model.unread[SourceKind.TFVARS].path == "terraform/dynamodb/environments/sit.tfvars.json"


def test_empty_tfvars(project: Path) -> None:
    (project / "terraform/dynamodb/environments/sit.tfvars").write_text("")
    sit = next(file for file in model_of(project).environment_files if file.environment == "sit")
    assert (sit.size, sit.settings, sit.readable) == (0, (), True)


def test_only_a_workflow(tmp_path: Path) -> None:
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "deploy-sit.yml").write_text(
        "name: Deploy\non: workflow_dispatch\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: ls\n"
    )
    model = build_model(discover(tmp_path, Config()), "sit")
    assert model.configuration is None
    assert model.terraform_tables is None
    assert model.environment_files == ()
    assert [workflow.name for workflow in model.workflows or ()] == ["Deploy"]


def test_the_same_project_gives_the_same_model(project: Path) -> None:
    assert repr(model_of(project)) == repr(model_of(project))


# What the workflow's plan command and environment add, and what each variable then is: value, place, way.
PASSING = {
    "a literal": ("", "-var stage=uat", "stage", "uat", WORKFLOW_AT, ["main.tf:2"]),
    "over tfvars": ("", "-var region=us-east-1", "region", "us-east-1", WORKFLOW_AT, ["sit.tfvars:1"]),
    "another file": ("", "-var-file=common.tfvars", "region", "af-south-1", "common.tfvars:1", []),
    "a file that is not there": ("", "-var-file=gone.tfvars", "region", "eu-west-1", "sit.tfvars:1", []),
    "a secret": ("", "-var secret=${{ secrets.KEY }}", "secret", None, WORKFLOW_AT, []),
    "environment": ("TF_VAR_stage: qa", "", "stage", "qa", ENVIRONMENT_AT, ["main.tf:2"]),
    "environment under tfvars": ("TF_VAR_region: nowhere", "", "region", "eu-west-1", "sit.tfvars:1", []),
    "environment under a literal": ("TF_VAR_stage: qa", "-var stage=uat", "stage", "uat", WORKFLOW_AT, ["main.tf:2"]),
    "environment secret": ("TF_VAR_secret: ${{ secrets.KEY }}", "", "secret", None, ENVIRONMENT_AT, []),
}


@each(("environment", "option", "name", "value", "place", "via"), PASSING.values(), ids=PASSING.keys())
def test_values_that_the_workflow_passes(
    tmp_path: Path, environment: str, option: str, name: str, value: str | None, place: str, via: list[str]
) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "stage" {\n  default = "dev"\n}\nvariable "region" {}\nvariable "secret" {}\n'
        'resource "aws_dynamodb_table" "t" {\n  name = "t-${var.stage}"\n}\n'
    )
    (tmp_path / "sit.tfvars").write_text('region = "eu-west-1"\n')
    (tmp_path / "common.tfvars").write_text('region = "af-south-1"\n')
    workflow = WORKFLOW.format(environment=environment or "NOTHING: here", option=option)
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "deploy-sit.yml").write_text(workflow)
    model = build_model(discover(tmp_path, Config()), "sit")
    assert model.workflow is not None
    assert model.configuration is not None
    variable = next(one for one in model.configuration.variables if one.name == name)
    assert variable.value.or_none() == value
    assert str(variable.value.at) == place
    assert str(variable.set_at) == place
    assert [str(at) for at in variable.value.via] == via
    assert not variable.missing
    assert "-var " not in repr(model.configuration)
    told = [told for told in model.diagnostics if '"secret"' in told.summary]
    assert bool(told) is (name != "secret")
    if name == "stage":
        (table,) = model.terraform_tables or ()
        assert table.full_name.get() == f"t-{value}"
        assert place in [str(at) for at in table.full_name.via]


def test_an_unknown_value_over_a_default_is_told(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('variable "stage" {\n  default = "dev"\n}\n')
    workflow = WORKFLOW.format(environment="NOTHING: here", option="-var stage=${{ secrets.STAGE }}")
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "deploy-sit.yml").write_text(workflow)
    model = build_model(discover(tmp_path, Config()), "sit")
    assert model.configuration is not None
    (stage,) = model.configuration.variables
    assert (stage.value.known, str(stage.set_at)) == (False, WORKFLOW_AT)
    (told,) = model.diagnostics
    assert (str(told.at), told.severity) == (WORKFLOW_AT, DiagnosticSeverity.WARNING)
    assert 'the value passed for variable "stage" is not known' in told.summary
