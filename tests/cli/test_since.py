"""`--since`: what is replaced is told from two versions of the configuration, and nothing is checked out."""

import json
from pathlib import Path

import pytest

from tests.checkouts import commit, git, needs_git, write
from tests.cli.test_assess import assert_one_complaint, run

pytestmark = needs_git

TABLE = """resource "aws_dynamodb_table" "parcels" {
  name     = "parcels"
  hash_key = "PK"

  attribute {
    name = "PK"
    type = "S"
  }
}
"""
RENAMED = TABLE.replace('name     = "parcels"', 'name     = "boxes"')
SETTINGS = {"project/environments/sit.tfvars": ""}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """`main` holds the table; the branch that is checked out renames it, in a folder of the repository."""
    root = tmp_path / "repository"
    commit(root, {"project/main.tf": TABLE, **SETTINGS})
    git(root, "checkout", "--quiet", "-b", "change")
    commit(root, {"project/main.tf": RENAMED})
    return root / "project"


def told(project: Path, *options: str) -> list[tuple[str, str]]:
    result = run("assess", "sit", project, "-f", "json", *options)
    assert result.stderr == ""
    return [(one["status"], one["message"]) for one in json.loads(result.stdout)["findings"] if one["rule"] == "TBL005"]


@pytest.mark.parametrize("options", [("--since", "main"), ("--base", "main"), ("--base", "change", "--since", "main")])
def test_a_commit_is_the_earlier_version(project: Path, options: tuple[str, ...]) -> None:
    ((status, message),) = told(project, *options)
    assert (status, message.partition(";")[0]) == (
        "FAIL",
        'aws_dynamodb_table.parcels "parcels": replaced (name "parcels" → "boxes")',
    )


def test_the_same_version_replaces_nothing(project: Path) -> None:
    ((status, message),) = told(project, "--since", "change")
    commit_now = git(project, "rev-parse", "HEAD")[:12]
    assert (status, message) == ("PASS", f"no replacing change since change ({commit_now}): 1 resource compared")


def test_without_a_base_the_rule_does_not_apply(project: Path) -> None:
    ((status, message),) = told(project)
    assert status == "NOT APPLICABLE"
    assert message.startswith("no base given")


def test_a_commit_without_the_folder_tells_nothing(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    commit(root, {"README.md": "# Nothing\n"})
    git(root, "tag", "empty")
    commit(root, {"project/main.tf": TABLE, **SETTINGS})
    ((status, message),) = told(root / "project", "--since", "empty")
    assert status == "NOT VERIFIED"
    assert "could not be read whole" in message


def test_an_earlier_assessment_is_the_earlier_version(project: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    write(project, {"main.tf": TABLE})
    first = run("assess", "sit", project, "-f", "json")
    assert first.stderr == ""
    before.write_text(first.stdout)
    write(project, {"main.tf": RENAMED})
    ((status, message),) = told(project, "--since", str(before))
    assert status == "FAIL"
    assert 'name "parcels" → "boxes"' in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ("[]", "is no assessment"),
        ('{"format": "bbws-readiness-assessment/1"}', "another project or environment"),
    ],
)
def test_what_is_no_assessment_of_this_project_is_refused(project: Path, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "before.json").write_text(text)
    assert_one_complaint(run("assess", "sit", project, "--since", tmp_path / "before.json"), 2, words, "--since")


def test_the_version_must_be_there(project: Path) -> None:
    assert_one_complaint(run("assess", "sit", project, "--since", "v9"), 4, "base revision not available")
    assert_one_complaint(
        run("assess", "sit", project, "--since", "--all"), 2, '--since "--all" is no name of a revision'
    )
    assert_one_complaint(run("assess", "sit", project, "--since", "no.json"), 2, "the earlier assessment", "no.json")


def earlier(table: str, environment: str = "sit", slug: str = "project") -> str:
    """An assessment reduced to what is read of it."""
    name = {"value": table}
    tables = [{"address": "aws_dynamodb_table.parcels", "name": name, "partition_key": {"name": {"value": "PK"}}}]
    told = {"format": "bbws-readiness-assessment/1", "resources": {"tables": tables}}
    return json.dumps({**told, "environment": {"name": environment}, "project": {"slug": slug}})


@pytest.mark.parametrize(
    ("since", "options", "outcome"),
    [
        ("released.json", (), "FAIL"),
        ("./released.json", (), "FAIL"),
        ("released-{environment}.json", (), "PASS"),
        ("nothing-yet-in-{environment}.json", (), "NOT APPLICABLE"),
        ("released.json", ("--since", "released-sit.json"), "PASS"),
        ("released-sit.json", ("--base", "main"), "FAIL"),
    ],
)
def test_readiness_yaml_names_the_earlier_version(
    project: Path, monkeypatch: pytest.MonkeyPatch, since: str, options: tuple[str, ...], outcome: str
) -> None:
    write(project, {"readiness.yaml": f'since: "{since}"\n', "released.json": earlier("parcels")})
    write(project, {"released-sit.json": earlier("boxes")})
    monkeypatch.chdir(project)
    ((status, _),) = told(project, *options)
    assert status == outcome


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("gone.json", 'since: "gone.json" is not in the project'),
        ("released.json", 'since: "released.json" is the assessment of another project or environment'),
        ("linked.json", "symbolic link"),
        ("../before.json", "a path inside the project"),
    ],
)
def test_what_readiness_yaml_names_must_be_an_assessment_in_the_project(
    project: Path, tmp_path: Path, since: str, words: str
) -> None:
    write(project, {"readiness.yaml": f"since: {since}\n", "released.json": earlier("parcels", "prod")})
    (tmp_path / "before.json").write_text(earlier("parcels"))
    (project / "linked.json").symlink_to(tmp_path / "before.json")
    assert_one_complaint(run("assess", "sit", project), 2, words)
