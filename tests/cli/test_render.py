"""`readiness render` as a user meets it: a real process on real files."""

import json
import os
from pathlib import Path

import pytest

from tests.checkouts import commit, needs_git
from tests.cli.test_assess import AS_OF, SET, run
from tests.example import copy_example

HOME = "sit_dynamodb_schemas_action_items.md"
SUMMARY = "sit_dynamodb_schemas_summary.md"
TWIN = "sit_dynamodb_schemas_assessment.json"
PLAN = "promotions/04_dynamodb_schemas_promotion.md"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with the documents of a run; every test leaves them as they were."""
    copy = copy_example(tmp_path_factory.mktemp("example"))
    assert run("assess", "sit", *AS_OF, cwd=copy).returncode == 1
    return copy


def contents(project: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (project / "deployments").iterdir()}


def test_check_passes_after_assess_and_shows_one_changed_digit(project: Path) -> None:
    before = contents(project)
    assert set(before) == SET
    good = run("render", "sit", "--check", cwd=project)
    assert (good.returncode, good.stdout, good.stderr) == (0, "", "")
    plan = project / PLAN
    text = plan.read_text()
    plan.write_text(text.replace("8 GSIs", "9 GSIs", 1))
    try:
        stale = run("render", "sit", "--check", "--color", "always", cwd=project)
    finally:
        plan.write_text(text)
    assert stale.returncode == 5
    assert f"--- deployments/{SUMMARY}" in stale.stdout
    assert "\x1b[32m+" in stale.stdout
    assert f"deployments/{TWIN} differs in " in stale.stdout
    assert "inputs" in stale.stdout
    assert stale.stderr.startswith("readiness: error E610: deployments: ")
    assert len(stale.stderr.splitlines()) == 1
    assert contents(project) == before


def test_a_tick_reaches_every_document_and_a_note_stays(project: Path) -> None:
    before = contents(project)
    home = project / "deployments" / HOME
    text = home.read_text()
    task = next(line for line in text.splitlines() if line.endswith("<!-- task:tables/review -->"))
    home.write_text(text.replace(task, f"{task.replace('[ ]', '[x]')}\n  On the table since Monday."))
    result = run("render", "sit", cwd=project)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [f"deployments/{name}" for name in SET_IN_ORDER]
    for name in (HOME, SUMMARY):
        assert "- **done, still found** <!-- task:tables/review -->" in (project / "deployments" / name).read_text()
    assert "\n  On the table since Monday.\n" in home.read_text()
    assert run("render", "sit", "--check", cwd=project).returncode == 0
    assert json.loads((project / "deployments" / TWIN).read_text())["published"]["history"] == []
    home.write_text(home.read_text().replace("\n  On the table since Monday.", "").replace("[x]", "[ ]"))
    assert run("render", "sit", cwd=project).returncode == 0
    assert {name: data for name, (data, _) in contents(project).items()} == {
        name: data for name, (data, _) in before.items()
    }


SET_IN_ORDER = (
    "sit_dynamodb_schemas_exec_brief.md",
    SUMMARY,
    HOME,
    "sit_dynamodb_schemas_readiness_report.md",
    "README_SIT_DYNAMODB.md",
)


@needs_git
def test_a_set_stays_current_when_it_is_committed(tmp_path: Path) -> None:
    copy = copy_example(tmp_path)
    assessed = commit(copy, {})
    assert run("assess", "sit", *AS_OF, cwd=copy).returncode == 1
    commit(copy, {})
    check = run("render", "sit", "--check", cwd=copy)
    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")
    assert json.loads((copy / "deployments" / TWIN).read_text())["commit"] == assessed


def test_hand_edits_are_kept_unless_forced(project: Path) -> None:
    before = {name: data for name, (data, _) in contents(project).items()}
    brief = project / "deployments" / "sit_dynamodb_schemas_exec_brief.md"
    brief.write_text(brief.read_text().replace("0/100", "99/100", 1))
    for command in (("assess", "sit", *AS_OF, "--fail-on", "never"), ("render", "sit"), ("render", "sit", "--check")):
        result = run(*command, cwd=project)
        assert result.returncode == 5, command
        first, *excerpt = result.stderr.splitlines()
        assert first.startswith(f"readiness: error E608: deployments/{brief.name}:")
        assert any("99/100" in line for line in excerpt)
        assert "99/100" in brief.read_text()
        if command[0] == "assess":
            assert "❌ BLOCKED" in result.stdout
    blocked = run("assess", "sit", *AS_OF, cwd=project)
    assert blocked.returncode == 1, "the verdict goes first"
    forced = run("render", "sit", "--force", cwd=project)
    assert forced.returncode == 0
    assert "overwritten, as --force asks" in forced.stderr
    assert {name: data for name, (data, _) in contents(project).items()} == before


def test_check_needs_no_right_to_write(project: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (project / "deployments").chmod(0o555)
    try:
        assert run("render", "sit", "--check", cwd=project).returncode == 0
    finally:
        (project / "deployments").chmod(0o755)


def test_a_missing_document_is_stale_and_comes_back(project: Path) -> None:
    gone = project / "deployments" / SUMMARY
    data = gone.read_bytes()
    gone.unlink()
    result = run("render", "sit", "--check", cwd=project)
    assert result.returncode == 5
    assert f"deployments/{SUMMARY} is missing\n" in result.stdout
    assert not gone.exists()
    assert run("render", "sit", cwd=project).returncode == 0
    assert gone.read_bytes() == data


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("render", "nowhere"), 2, "E704"),
        (("render", "sit", "--as-of", "soon"), 2, "E702"),
        (("render", "sit", "no/such/folder"), 3, "E705"),
        (("render", "sit", "--check", "--output-dir", "elsewhere"), 5, "E610"),
    ],
)
def test_other_ends(project: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    result = run(*arguments, cwd=project)
    assert result.returncode == code, result.stderr
    assert words in result.stderr
    assert not (project / "elsewhere").exists()
