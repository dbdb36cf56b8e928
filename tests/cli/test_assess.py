"""`readiness assess` as a user meets it: a real process on real files."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.cases import each
from tests.example import EXAMPLE, READINGS, commit_all, copy_example
from tests.forked import forked, fresh

AS_OF = ("--as-of", "2026-01-07")
SET = {
    "sit_dynamodb_schemas_exec_brief.md",
    "sit_dynamodb_schemas_summary.md",
    "sit_dynamodb_schemas_action_items.md",
    "sit_dynamodb_schemas_readiness_report.md",
    "README_SIT_DYNAMODB.md",
    "sit_dynamodb_schemas_assessment.json",
}


def run(*arguments: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    return forked(*arguments, cwd=cwd, environment={**kept, **environment})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_example(tmp_path_factory.mktemp("example"))


def assert_one_complaint(result: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("readiness: error E")
    for word in words:
        assert word in result.stderr


def test_writes_the_set_and_says_what_to_do(project: Path) -> None:
    result = run("assess", "sit", *AS_OF, cwd=project)
    assert result.returncode == 1, result.stderr
    assert result.stderr == ""
    assert {path.name for path in (project / "deployments").iterdir()} == SET
    for expected in (
        "❌ BLOCKED",
        "score 0/100",
        "5 critical issues",
        "Thu 2026-01-08 16:45",
        "7 h 45 min",
        "17 h 15 min",
    ):
        assert expected.lower() in result.stdout.lower()
    for name in SET - {"sit_dynamodb_schemas_assessment.json"}:
        assert f"deployments/{name}" in result.stdout
    assert "\x1b" not in result.stdout


def test_same_command_same_bytes(project: Path) -> None:
    """Also over a set that is there already; other hash seeds and the like are in tests/process/test_same_answer.py."""

    def everything() -> dict[str, str]:
        run("assess", "sit", *AS_OF, cwd=project)
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (project / "deployments").iterdir()
        }

    assert everything() == everything()


def test_json_validates_against_the_shipped_schema(project: Path) -> None:
    schema = json.loads(run("schema", "assessment").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    result = run("assess", "sit", "-f", "json", *AS_OF, cwd=project)
    data = json.loads(result.stdout)
    jsonschema.validate(data, schema)
    assert data["verdict"] == "BLOCKED"
    assert [issue["severity"] for issue in data["issues"]].count("critical") == 5
    written = json.loads((project / "deployments" / "sit_dynamodb_schemas_assessment.json").read_text())
    jsonschema.validate(written, schema)
    assert set(written) == {*data, "published"}
    del written["published"]
    assert written == data


def test_machine_formats_leave_no_files_unless_asked(tmp_path: Path) -> None:
    copy = copy_example(tmp_path)
    for form in ("json", "markdown"):
        assert run("assess", "sit", "-f", form, *AS_OF, cwd=copy).returncode == 1
    assert not (copy / "deployments").exists()
    out = tmp_path / "elsewhere"
    assert run("assess", "sit", "-f", "json", "--output-dir", out, *AS_OF, cwd=copy).returncode == 1
    assert {path.name for path in out.iterdir()} == SET


def test_output_file_and_markdown(project: Path, tmp_path: Path) -> None:
    target = tmp_path / "summary.md"
    result = run("assess", "sit", "-f", "markdown", "-o", target, *AS_OF, cwd=project)
    assert (result.returncode, result.stdout) == (1, "")
    assert target.read_text().startswith("# SIT Deployment Summary: DynamoDB Schemas")


def test_committed_checkout_states_its_commit_and_stays_clean(tmp_path: Path) -> None:
    copy = copy_example(tmp_path, {".gitignore": ("deployments/", "")} if _ignores_documents() else {})
    commit_all(copy)
    first = json.loads(run("assess", "sit", "-f", "json", *AS_OF, cwd=copy).stdout)
    assert len(first["commit"]) == 40
    clean = {finding["rule"]: finding["status"] for finding in first["findings"]}
    assert clean["REL002"] == "PASS"
    run("assess", "sit", *AS_OF, cwd=copy)
    again = json.loads(run("assess", "sit", "-f", "json", *AS_OF, cwd=copy).stdout)
    assert again == first


def _ignores_documents() -> bool:
    return "deployments/" in (EXAMPLE / ".gitignore").read_text()


@pytest.mark.parametrize(
    ("reading", "threshold", "code"),
    [
        ("a", None, 1),
        ("a", "blocker", 0),
        ("a", "decision", 1),
        ("b", None, 1),
        ("b", "blocker", 1),
        ("b", "never", 0),
    ],
)
def test_threshold(project: Path, reading: str, threshold: str | None, code: int) -> None:
    options = ("--fail-on", threshold) if threshold else ()
    result = run("assess", "sit", project, "--config", READINGS[reading], "-f", "json", *AS_OF, *options)
    assert result.returncode == code


def test_without_authority_the_terminal_shows_decisions_and_votes(project: Path) -> None:
    result = run("assess", "sit", project, "--config", READINGS["a"], "--output-dir", project.parent / "a", *AS_OF)
    assert "⚠️ CONDITIONAL" in result.stdout
    assert "DECISIONS (5)" in result.stdout
    assert "terraform, schemas, README, script: 3" in result.stdout


def test_ready_exits_with_zero(ready_project: Path) -> None:
    result = run("assess", "sit", *AS_OF, cwd=ready_project)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.startswith("✅ READY FOR DEPLOYMENT")


@pytest.fixture
def ready_project(tmp_path: Path) -> Path:
    """The example without its plan, README and faults: what is left agrees with itself."""
    copy = copy_example(tmp_path, {"README.md": ("8 Global Secondary Indexes", "7 Global Secondary Indexes")})
    for path in copy.glob("promotions/*"):
        path.unlink()
    (copy / "README.md").unlink()
    (copy / "readiness.yaml").write_text("authority: {default: [terraform]}\n")
    return copy


@pytest.mark.parametrize(
    ("options", "starts", "coloured"),
    [((), "❌", False), (("--color", "always"), "\x1b[", True), (("--color", "never"), "❌", False)],
)
def test_colour(project: Path, options: tuple[str, ...], starts: str, coloured: bool) -> None:
    result = run("assess", "sit", project, "-q", "--output-dir", project.parent / "c", *AS_OF, *options)
    assert result.stdout.startswith(starts)
    assert ("\x1b[" in result.stdout) is coloured
    assert len(result.stdout.splitlines()) == 1


def test_colour_by_environment(project: Path) -> None:
    arguments = ("assess", "sit", project, "-q", "--output-dir", project.parent / "c", *AS_OF)
    assert "\x1b[" in run(*arguments, FORCE_COLOR="1").stdout
    assert "\x1b[" not in run(*arguments, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_ascii_terminal_gets_no_crash(project: Path) -> None:
    arguments = ("assess", "sit", project, "-q", "--output-dir", project.parent / "c", *AS_OF)
    result = run(*arguments, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert result.returncode == 1
    assert "BLOCKED" in result.stdout


# Bad input


def test_unknown_environment_lists_those_that_exist(project: Path) -> None:
    assert_one_complaint(run("assess", "sitt", cwd=project), 2, '"sitt"', 'did you mean "sit"', "dev, sit, prod")


def test_missing_directory(tmp_path: Path) -> None:
    assert_one_complaint(run("assess", "sit", tmp_path / "nowhere"), 3, "nowhere")


def test_empty_project(tmp_path: Path) -> None:
    result = run("assess", "sit", cwd=tmp_path)
    assert_one_complaint(result, 3, "nothing to assess")
    assert list(tmp_path.iterdir()) == []


def test_a_plan_that_is_no_plan(tmp_path: Path) -> None:
    copy = copy_example(tmp_path)
    (copy / "notes.md").write_text("# Shopping\n\n- milk\n")
    result = run("assess", "sit", "--promotion-plan", "notes.md", "-f", "json", *AS_OF, cwd=copy)
    assert result.returncode in (1, 4)
    data = json.loads(result.stdout)
    assert data["verdict"] in ("UNDETERMINED", "BLOCKED")
    assert any(fault["at"].startswith("notes.md") for fault in data["diagnostics"])


def test_deleting_the_declared_authority_is_no_way_to_ready(tmp_path: Path) -> None:
    copy = copy_example(tmp_path)
    for path in copy.glob("promotions/*"):
        path.unlink()
    result = run("assess", "sit", *AS_OF, cwd=copy)
    assert result.returncode == 4
    assert "plan is declared as an authority, and the project has none (readiness.yaml:" in result.stdout
    assert "Time to ready 1 h: Thu 2026-01-08 10:00 (action 1)" in result.stdout
    assert "Next action 1, Make the undetermined facts known" in result.stdout


def test_without_terraform_finding_it_stands_between_now_and_ready(tmp_path: Path) -> None:
    copy = copy_example(tmp_path)
    shutil.rmtree(copy / "terraform")
    result = run("assess", "sit", copy, "--config", READINGS["c"], *AS_OF)
    assert result.returncode == 4
    assert "what would be deployed: no Terraform configuration was found" in result.stdout
    assert "Next action 1, Make the undetermined facts known" in result.stdout


def test_no_figure_for_the_plan_of_terraform_that_could_not_be_read(tmp_path: Path) -> None:
    main = "terraform/dynamodb/main.tf"
    copy = copy_example(tmp_path, {main: ('hash_key     = "PK"', 'hash_key     = "PK')})
    result = run("assess", "sit", copy, "-v", *AS_OF)
    assert "The Terraform plan for SIT: an unknown number to add, nothing" in result.stdout


def test_facts_of_aws_are_named_only_where_the_files_name_them(tmp_path: Path) -> None:
    copy = copy_example(tmp_path)
    shutil.rmtree(copy / ".github")
    result = run("assess", "sit", copy, "-v", *AS_OF)
    assert "  The state bucket exists, keeps versions" in result.stdout
    for document in (copy / "deployments").iterdir():
        assert "(not stated)" not in document.read_text(), document.name


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("assess", "sit", "-q"), 1),
        (("assess", "sit", "-f", "json"), 1),
        (("assess", "sit", "-q", "--fail-on", "never"), 5),
        (("rules",), 5),
        (("--help",), 5),
        (("--version",), 5),
    ],
)
@pytest.mark.parametrize("redirection", [">&-", ">/dev/full"])
def test_standard_output_that_takes_nothing(
    project: Path, arguments: tuple[str, ...], code: int, redirection: str
) -> None:
    if redirection == ">&-" and arguments[0].startswith("--"):
        code = 0  # nobody is there, and nothing had to be kept for anybody
    # What an interpreter makes of its streams when it begins is seen with what takes no time.
    started = fresh if arguments[0].startswith("--") else forked
    result = started(*arguments, cwd=project, environment=dict(os.environ), redirection=redirection)
    if code == 0:
        assert (result.returncode, result.stderr) == (0, "")
        return
    assert_one_complaint(result, code, "E604: standard output")
    assert len(result.stderr.splitlines()) == 1


def test_a_reader_that_leaves_is_no_fault(project: Path) -> None:
    for option, code in (("", "1"), ("--fail-on=never", "0")):
        script = '{ { "$0" -P -m bbws_readiness assess sit -f json $1; echo $? >&3; } | head -1; } 3>&1'
        command = ["sh", "-c", script, sys.executable, option]
        result = subprocess.run(command, cwd=project, capture_output=True, text=True)
        assert (sorted(result.stdout.split()), result.stderr) == (sorted(["{", code]), "")


def test_a_dash_is_standard_output(project: Path) -> None:
    result = run("assess", "sit", "-q", "-o", "-", cwd=project)
    assert result.stdout.startswith("❌ BLOCKED")
    assert not (project / "-").exists()


def test_missing_plan(project: Path) -> None:
    assert_one_complaint(run("assess", "sit", "--promotion-plan", "none.md", cwd=project), 2, "none.md")


CONFIGURATIONS = [
    ("authorty: {}\n", "readiness.yaml:1:1: ", 'did you mean "authority"'),
    ("title: x\nauthority:\n  default: [plan, terrafrom]\n", "readiness.yaml:3:19: ", 'did you mean "terraform"'),
    ("title: [", "readiness.yaml:", "not valid YAML"),
    ("title: a\ntitle: b\n", "readiness.yaml:2:1: ", "set twice"),
]


@pytest.mark.parametrize(("text", "place", "words"), CONFIGURATIONS, ids=[row[2] for row in CONFIGURATIONS])
def test_configuration_with_a_mistake(tmp_path: Path, text: str, place: str, words: str) -> None:
    copy = copy_example(tmp_path)
    (copy / "readiness.yaml").write_text(text)
    assert_one_complaint(run("assess", "sit", cwd=copy), 2, place, words)
    assert not (copy / "deployments").exists()


@pytest.mark.parametrize("reading", ["a", "b"])
def test_broken_terraform_is_undetermined_and_told_in_the_report(tmp_path: Path, reading: str) -> None:
    copy = copy_example(tmp_path)
    main = copy / "terraform" / "dynamodb" / "main.tf"
    main.write_text(main.read_text() + '\nresource "aws_dynamodb_table" "orders" {\n')
    result = run("assess", "sit", copy, "--config", READINGS[reading], *AS_OF)
    assert result.returncode == 4, result.stdout
    assert result.stdout.startswith("❓ UNDETERMINED")
    report = (copy / "deployments" / "sit_dynamodb_schemas_readiness_report.md").read_text()
    assert "terraform/dynamodb/main.tf" in report
    assert "READY FOR DEPLOYMENT" not in report.replace("NOT READY FOR DEPLOYMENT", "")
    assert "Missing tables" not in result.stdout
    assert "terraform/dynamodb/main.tf:197" in result.stdout


def test_output_directory_that_is_a_file(project: Path, tmp_path: Path) -> None:
    target = tmp_path / "taken"
    target.write_text("mine")
    assert_one_complaint(run("assess", "sit", project, "--output-dir", target), 2, "taken")
    assert target.read_text() == "mine"


def test_a_document_that_is_a_link_is_not_written_through(tmp_path: Path) -> None:
    copy = copy_example(tmp_path)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (copy / "deployments").mkdir()
    (copy / "deployments" / "README_SIT_DYNAMODB.md").symlink_to(victim)
    result = run("assess", "sit", *AS_OF, cwd=copy)
    assert_one_complaint(result, 2, "not a regular file")
    assert victim.read_text() == "mine"
    assert [path.name for path in (copy / "deployments").iterdir()] == ["README_SIT_DYNAMODB.md"]


@each("options", [("--as-of", "tomorrow"), ("--as-of", "9999-12-31"), ("--fail-on", "sometimes"), ("--nonsense",)])
def test_wrong_options(project: Path, options: tuple[str, ...]) -> None:
    assert_one_complaint(run("assess", "sit", project, *options), 2)


def test_the_project_is_never_changed(tmp_path: Path) -> None:
    copy = copy_example(tmp_path)

    def hashes() -> dict[str, str]:
        files = [path for path in copy.rglob("*") if path.is_file() and "deployments" not in path.parts]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = hashes()
    run("assess", "sit", *AS_OF, cwd=copy)
    assert hashes() == before


SHIPMENTS = Path(__file__).parent.parent / "rules"


def test_a_plan_json_answers_what_only_aws_could_tell(tmp_path: Path) -> None:
    plan = SHIPMENTS / "plans" / "replace.json"
    project = SHIPMENTS / "projects" / "shipments"
    arguments = ("assess", "sit", project, "--plan-json", plan, "--as-of", "2026-03-04")
    result = run(*arguments, "--output-dir", tmp_path)
    assert result.stderr == ""
    assert "TBL005  Destroyed or replaced: aws_dynamodb_table.carriers, aws_dynamodb_table.depots" in result.stdout
    assert "The Terraform plan for SIT: 6 to add, 0 to change, 2 to destroy (" in result.stdout
    (report,) = tmp_path.glob("*readiness_report.md")
    assert "✅ PASS - The Terraform plan for SIT: 6 to add, 0 to change, 2 to destroy" in report.read_text()
    data = json.loads(run(*arguments, "-f", "json").stdout)
    jsonschema.validate(data, json.loads(run("schema", "assessment").stdout))
    assert [fact["key"] for fact in data["verified"]] == ["plan-output"]
    assert "plan-output" not in [fact["key"] for fact in data["not_verified"]]
    assert [one["path"].rpartition("/")[2] for one in data["inputs"] if one["kind"] == "plan-json"] == ["replace.json"]


def test_a_plan_json_of_other_files_is_told(tmp_path: Path) -> None:
    copy = copy_example(tmp_path)
    result = run("assess", "sit", copy, "--plan-json", SHIPMENTS / "plans" / "create.json", *AS_OF)
    assert "MADE OF OTHER FILES" in result.stdout
    assert "VERIFIED (1)" not in result.stdout
    assert "aws_dynamodb_table.products is in the files and not in the plan JSON" in result.stdout


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("state.json", '{"version": 4, "lineage": "x"}', "is a Terraform state"),
        ("saved", "PK\x03\x04\x00", "is a binary plan"),
        ("errored.json", '{"format_version": "1.2", "planned_values": {}, "errored": true}', "could not finish"),
    ],
)
def test_what_is_no_plan_json_is_refused(project: Path, tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / name).write_text(text)
    result = run("assess", "sit", project, "--plan-json", tmp_path / name)
    assert_one_complaint(result, 2, words)
    assert result.stderr.count("\n") == 1
    assert_one_complaint(run("assess", "sit", project, "--plan-json", tmp_path / "none.json"), 2, "none.json")
