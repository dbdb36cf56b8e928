"""Actions and workflows that are shipped are pinned, have the least rights, and are clean to those who judge such."""

import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from bbws_readiness.pipeline import assess_project
from tests.action.shipped import ACTIONS, FILES, ROOT, SCRIPTS, WORKFLOWS, jobs_of, name_of, read, steps_of
from tests.cases import each

USES = re.compile(r"^\s*(?:- )?uses: (?P<what>\S+?)@(?P<commit>\S+)(?P<comment>.*)$", re.MULTILINE)
PIN = re.compile(r"[0-9a-f]{40}")
VERSION = re.compile(r" # v\d+\.\d+\.\d+")
OURS = re.compile(r"OWNER/bbws-readiness(/action/(setup|comment))?")
READING = {"contents": "read", "actions": "read"}

MAY_WRITE = {
    ("code-scanning.yml", "assess"): {"security-events"},
    ("fork-comment.yml", "comment"): {"pull-requests"},
    ("nightly.yml", "propose"): {"contents", "pull-requests"},
    ("pull-request.yml", "comment"): {"pull-requests"},
}
"""The jobs that get more than reading, and what for; a new one is to be thought about here."""


@each("path", FILES, ids=name_of)
def test_everything_that_is_used_is_pinned(path: Path) -> None:
    text = path.read_text()
    found = list(USES.finditer(text))
    assert len(found) == sum("uses" in step for step in steps_of(path))
    for one in found:
        assert PIN.fullmatch(one["commit"]), one[0]
        if OURS.fullmatch(one["what"]):
            assert one["comment"] == " # the commit of a release"
            assert set(one["commit"]) == {"0"}, "which commit it is, only a release knows"
        else:
            assert VERSION.fullmatch(one["comment"]), one[0]


def test_one_action_has_one_pin() -> None:
    pins: dict[str, set[str]] = {}
    for path in FILES:
        for one in USES.finditer(path.read_text()):
            pins.setdefault(one["what"], set()).add(one["commit"])
    assert {what: commits for what, commits in pins.items() if len(commits) > 1} == {}


@each("path", WORKFLOWS, ids=name_of)
def test_rights_are_given_to_jobs_and_least(path: Path) -> None:
    assert read(path)["permissions"] == {}
    for key, job in jobs_of(path).items():
        writing = {right for right, kind in job["permissions"].items() if READING.get(right) != kind}
        assert writing == MAY_WRITE.get((path.name, key), set()), key
        assert job["timeout-minutes"] <= 10


@each("path", FILES, ids=name_of)
def test_no_expression_is_put_into_a_script(path: Path) -> None:
    for step in steps_of(path):
        assert "${{" not in step.get("run", ""), step["name"]


@each("path", WORKFLOWS, ids=name_of)
def test_a_checkout_keeps_no_token(path: Path) -> None:
    for step in steps_of(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
            assert step["with"]["fetch-depth"] == 0


def test_who_comments_sees_no_checkout() -> None:
    for path in WORKFLOWS:
        for key, job in jobs_of(path).items():
            if "pull-requests" in job["permissions"] and "contents" not in job["permissions"]:
                used = [step.get("uses", "") for step in job["steps"]]
                assert not any("checkout" in one for one in used), (path.name, key)


def test_one_step_alone_gets_the_token() -> None:
    for path in ACTIONS:
        with_token = [step["name"] for step in steps_of(path) if "token" in str(step.get("env", "")).lower()]
        assert with_token == ([] if path.parent.name == "setup" else ["Comment"])
    for path in WORKFLOWS:
        for step in steps_of(path):
            if "github.token" in str(step):
                assert step["name"] in ("Comment", "Open or update the pull request", "Fetch the report"), path.name


def test_every_input_reaches_a_script() -> None:
    for path in ACTIONS:
        handed_on = str([step.get("env", {}) for step in steps_of(path)])
        assert [name for name in read(path)["inputs"] if f"inputs.{name}" not in handed_on] == []


def test_the_page_tells_every_input_and_output_with_its_default() -> None:
    page = (ROOT / "docs" / "github-actions.md").read_text()
    for path in ACTIONS:
        data = read(path)
        rows = [_input_row(name, one) for name, one in data["inputs"].items()]
        assert "\n".join(rows) in page, name_of(path)
        rows = [f"| `{name}` | {_one_line(one['description'])} |" for name, one in data["outputs"].items()]
        assert "\n".join(rows) in page, name_of(path)
    assert [path.name for path in WORKFLOWS if f"(../examples/workflows/{path.name})" not in page] == []


def _input_row(name: str, one: dict[str, str]) -> str:
    escaped = one.get("default", "").replace("|", "\\|")
    default = f"`{escaped}`" if one.get("default") else ""
    shown = "required" if one.get("required") else default
    return f"| `{name}` | {_one_line(one['description'])} | {shown} |".replace("|  |", "| |")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_project_with_our_workflows_has_no_new_issue_about_workflows(tmp_path: Path) -> None:
    project = shutil.copytree(ROOT / "tests" / "rules" / "projects" / "shipments", tmp_path / "shipments")
    workflows = project / ".github" / "workflows"
    before = set(workflows.iterdir())
    for path in WORKFLOWS:
        shutil.copy(path, workflows)
    found = assess_project(project, "sit", as_of=datetime(2026, 3, 4))
    assert len(found.model.workflows or ()) == len(WORKFLOWS) + len(before)
    assert [one.line for one in found.diagnostics if ".github" in one.at.path] == []
    assert [issue.rule.code for issue in found.issues if issue.rule.code.startswith("WFL")] == []


ZIZMOR = ["--offline", "--strict-collection", "--persona=pedantic", "--no-progress", "--format=plain"]


def test_zizmor_finds_nothing() -> None:
    program = Path(sys.executable).with_name("zizmor")
    if not program.exists():
        pytest.skip("zizmor is not installed")
    files = [*FILES, ROOT / ".pre-commit-hooks.yaml"]
    # Without being told, it colours whatever it prints where CI is set.
    done = subprocess.run(
        [program, "--color=never", *ZIZMOR, *files],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "(1 ignored)" in done.stdout + done.stderr, "fork-comment.yml says why; nothing else is to be passed over"


def test_actionlint_finds_nothing() -> None:
    program = os.environ.get("ACTIONLINT") or shutil.which("actionlint")
    if not program:
        pytest.skip("actionlint is neither on the path nor named by ACTIONLINT")
    done = subprocess.run([program, "-no-color", *WORKFLOWS], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@each("path", SCRIPTS, ids=name_of)
def test_a_script_is_well_formed(path: Path) -> None:
    head, _, rest = path.read_text().partition("set -euo pipefail\n")
    assert head.startswith("#!/usr/bin/env bash\n# ")
    assert rest, "it stops at the first fault"
    done = subprocess.run(["bash", "-n", path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    if checker := shutil.which("shellcheck"):
        assert subprocess.run([checker, path], capture_output=True, text=True).stdout == ""
