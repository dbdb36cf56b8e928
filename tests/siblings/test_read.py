"""The projects that readiness.yaml names beside the assessed one: read, kept apart, never in the way."""

from datetime import datetime
from pathlib import Path

import pytest

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.config import Config, InvalidConfiguration, load_config
from bbws_readiness.config.base import load_config_of_base
from bbws_readiness.engine.finding import Outcome
from bbws_readiness.errors import ConfigurationError
from bbws_readiness.pipeline import assess_project
from bbws_readiness.source import SourceKind
from tests.cases import each
from tests.example import commit_all

AS_OF = datetime(2026, 3, 4)
TABLE = 'resource "aws_dynamodb_table" "{0}" {{\n  name = "{0}-sit"\n}}\n'
VARS = "\n"


def project(folder: Path, files: dict[str, str], config: str = "portfolio: {projects: [depots]}\n") -> Path:
    root = folder / "parcels"
    usual = {"terraform/main.tf": TABLE.format("parcels"), "terraform/environments/sit.tfvars": VARS}
    for path, text in {**usual, **files, "readiness.yaml": config}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def assessed(root: Path) -> Assessment:
    return assess_project(root, "sit", as_of=AS_OF)


DEPOTS = {"depots/terraform/main.tf": TABLE.format("depots"), "depots/terraform/environments/sit.tfvars": VARS}


def test_what_lies_in_them_is_no_input_of_the_project(tmp_path: Path) -> None:
    more = {"depots/schemas/depots.schema.json": "{", "depots/scripts/validate_depots.py": "x = ("}
    assessment = assessed(project(tmp_path, {**DEPOTS, **more}))
    model = assessment.model
    assert [table.name for table in model.terraform_tables or ()] == ["parcels"]
    assert (model.schemas, model.scripts, dict(model.unread)) == (None, (), {})
    assert [path for path in model.files if path.startswith("depots/")] == []


def test_they_are_told_as_inputs_and_can_be_cited(tmp_path: Path) -> None:
    assessment = assessed(project(tmp_path, DEPOTS))
    told = [one.path for one in assessment.inputs if one.kind is SourceKind.PORTFOLIO]
    assert told == sorted(DEPOTS)
    assert assessment.model.sources["depots/terraform/main.tf"].lines[1] == '  name = "depots-sit"'


def test_secrets_in_them_are_found_all_the_same(tmp_path: Path) -> None:
    key = "AKIA" + "Q3EGWZ5JX2LM7RTB"
    assessment = assessed(project(tmp_path, {**DEPOTS, "depots/notes.txt": f"aws_access_key_id = {key}\n"}))
    found = [one for one in assessment.findings if one.rule.code == "SEC001" and one.outcome is Outcome.FAIL]
    assert [one.at.path for one in found] == ["depots/notes.txt"]


def test_places_are_those_in_the_assessed_project(tmp_path: Path) -> None:
    files = {**DEPOTS, "depots/terraform/main.tf": TABLE.format("parcels")}
    found = [one for one in assessed(project(tmp_path, files)).findings if one.rule.code == "POR002"]
    failing = next(one for one in found if one.outcome is Outcome.FAIL)
    assert [str(one.at) for one in failing.related] == ["depots/terraform/main.tf:2"]


def test_one_that_is_not_there_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r'readiness\.yaml:1.*"depots" is not a folder of the project'):
        assessed(project(tmp_path, {}))


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    root = project(tmp_path, {})
    (tmp_path / "elsewhere").mkdir()
    (root / "depots").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigurationError, match="symbolic link"):
        assessed(root)


def test_a_link_on_the_way_is_not_followed(tmp_path: Path) -> None:
    root = project(tmp_path, {}, "portfolio: {projects: [services/depots]}\n")
    (tmp_path / "elsewhere/depots").mkdir(parents=True)
    (root / "services").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigurationError):
        assessed(root)


@each(
    ("files", "told"),
    [
        ({"depots/notes.txt": "nothing\n"}, "nothing to assess"),
        ({**DEPOTS, "depots/readiness.yaml": "titel: Depots\n"}, "titel"),
        ({**DEPOTS, "depots/readiness.yaml": "a", "depots/.readiness.yaml": "b"}, "depots"),
    ],
)
def test_one_that_cannot_be_read_hides_nothing_of_the_project(tmp_path: Path, files: dict[str, str], told: str) -> None:
    assessment = assessed(project(tmp_path, files))
    warned = [str(one) for one in assessment.diagnostics if one.at.path == "depots"]
    assert len(warned) == 1
    assert told in warned[0]
    unknown = [one for one in assessment.findings if one.rule.code == "POR002" and one.needs == ""]
    assert "nothing of it could be read" in "".join(one.message for one in unknown)
    assert [table.name for table in assessment.model.terraform_tables or ()] == ["parcels"]


def test_one_that_is_not_promoted_to_the_environment_makes_nothing_there(tmp_path: Path) -> None:
    files = {"depots/terraform/main.tf": TABLE.format("parcels"), "depots/terraform/environments/dev.tfvars": VARS}
    found = [one for one in assessed(project(tmp_path, files)).findings if one.rule.code == "POR002"]
    assert {one.outcome for one in found} == {Outcome.PASS}


def test_the_configuration_of_the_project_does_not_hold_for_them(tmp_path: Path) -> None:
    config = "portfolio: {projects: [depots]}\nsources: {terraform: terraform/live}\n"
    files = {**DEPOTS, "terraform/live/main.tf": TABLE.format("depots"), "terraform/live/sit.tfvars": VARS}
    found = [one for one in assessed(project(tmp_path, files, config)).findings if one.rule.code == "POR002"]
    assert [one.subject for one in found if one.outcome is Outcome.FAIL] == ["aws_dynamodb_table depots-sit"]


def test_with_a_base_their_configuration_comes_from_it_too(tmp_path: Path) -> None:
    more = {"depots/terraform/other/main.tf": TABLE.format("routes"), "depots/terraform/other/sit.tfvars": VARS}
    root = project(tmp_path, {**DEPOTS, **more, "depots/readiness.yaml": "sources: {terraform: terraform}\n"})
    commit_all(root)
    (root / "depots/readiness.yaml").write_text("sources: {terraform: terraform/other}\n")

    def made(config: Config) -> list[str | None]:
        neighbours = assess_project(root, "sit", as_of=AS_OF, config=config).model.neighbours
        return [claim.name.or_none() for claim in neighbours.others[0].claims] if neighbours else []

    assert made(load_config(root)) == ["routes-sit"]
    assert made(load_config_of_base(root, "main")) == ["depots-sit"]


@each(
    ("named", "told"),
    [
        ("[.]", "a project is not beside itself"),
        ("[depots, depots/]", "is named twice"),
        ("[depots, depots/inner]", "lies in another one"),
        ("[../depots]", "a path inside the project"),
        ("[/depots]", "a path inside the project"),
        ("[]", "projects"),
    ],
)
def test_folders_that_are_no_other_projects(tmp_path: Path, named: str, told: str) -> None:
    with pytest.raises(InvalidConfiguration, match=told):
        assessed(project(tmp_path, DEPOTS, f"portfolio: {{projects: {named}}}\n"))


@pytest.mark.parametrize("linked", ["terraform/main.tf", "terraform"])
def test_terraform_that_is_only_links_proves_nothing(tmp_path: Path, linked: str) -> None:
    workflow = "name: Deploy\non: workflow_dispatch\nenv: {ENVIRONMENT: sit}\njobs: {a: {steps: [{run: echo}]}}\n"
    backend = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n  }\n}\n'
    own = {"terraform/backend.tf": backend, "depots/.github/workflows/deploy-sit.yml": workflow}
    root = project(tmp_path, own, config="portfolio: {projects: [depots]}\nenvironments: {sit: {}}\n")
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "main.tf").write_text(TABLE.format("parcels"))
    place = root / "depots" / linked
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(shared / "main.tf" if linked.endswith(".tf") else shared)
    found = [one for one in assessed(root).findings if one.rule.code == "POR002"]
    assert {(one.subject, one.outcome) for one in found} == {
        ("state", Outcome.UNDETERMINED),
        ("names of depots", Outcome.UNDETERMINED),
    }
