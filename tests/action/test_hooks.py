"""The hooks for pre-commit do in a checkout what their descriptions say, and change nothing in it."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.action.shipped import ROOT
from tests.cases import each
from tests.checkouts import commit, git, needs_git
from tests.forked import forked

MANIFEST = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
HOOKS: dict[str, dict[str, Any]] = {hook["id"]: hook for hook in MANIFEST}
KEYS = {"id", "name", "description", "entry", "args", "language", "pass_filenames", "files"}

pytestmark = needs_git


def run(hook: str, project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The hook as pre-commit calls it, in the top folder; arguments replace those of the manifest."""
    program, *entry = shlex.split(HOOKS[hook]["entry"])
    assert program == "readiness"
    environment = {"HOME": str(project.parent), "PATH": "/usr/bin:/bin"}
    return forked(*entry, *(arguments or HOOKS[hook]["args"]), cwd=project, environment=environment)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    found = shutil.copytree(ROOT / "examples" / "custom_rules", tmp_path / "orders")
    commit(found, {})
    return found


def test_every_hook_has_what_a_hook_needs() -> None:
    assert list(HOOKS) == ["readiness-assess", "readiness-documents", "readiness-rules-test"]
    for hook in HOOKS.values():
        assert set(hook) == KEYS
        assert (hook["language"], hook["pass_filenames"]) == ("python", False)


def test_the_page_tells_of_every_hook_and_shows_how_to_use_them() -> None:
    page = (ROOT / "docs" / "pre-commit.md").read_text()
    assert [name for name in HOOKS if f"| `{name}` |" not in page] == []
    shown = yaml.safe_load(page.partition("```yaml\n")[2].partition("```")[0])
    (repository,) = shown["repos"]
    assert {hook["id"] for hook in repository["hooks"]} == set(HOOKS)


@each(
    ("hook", "path", "runs"),
    [
        ("readiness-assess", "terraform/environments/sit.tfvars", True),
        ("readiness-assess", "readiness.yaml", True),
        ("readiness-assess", "terraform/.terraform.lock.hcl", True),
        ("readiness-assess", "logo.png", False),
        ("readiness-documents", "deployments/sit_orders_summary.md", True),
        ("readiness-rules-test", "readiness/rules/ACM001-foreign-name.yaml", True),
        ("readiness-rules-test", "orders/readiness/remedies/log-retention.yaml", True),
        ("readiness-rules-test", "readiness.yaml", True),
        ("readiness-rules-test", ".github/workflows/readiness.md", False),
        ("readiness-rules-test", "unreadiness/a.yaml", False),
    ],
)
def test_which_changes_start_a_hook(hook: str, path: str, *, runs: bool) -> None:
    assert bool(re.search(HOOKS[hook]["files"], path)) == runs


def test_the_assessment_fails_and_writes_nothing(project: Path) -> None:
    done = run("readiness-assess", project)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("# SIT ")
    assert git(project, "status", "--porcelain", "--ignored") == ""
    # Of its workflow not everything can be determined, which no threshold lets pass.
    shutil.rmtree(project / ".github")
    assert run("readiness-assess", project, "sit", "--fail-on", "never").returncode == 0


def test_documents_are_current_until_a_file_says_something_else(project: Path) -> None:
    assert run("readiness-documents", project).returncode == 5
    environment = {"HOME": str(project.parent), "PATH": "/usr/bin:/bin"}
    assert forked("render", "sit", cwd=project, environment=environment).returncode == 0
    commit(project, {})
    assert run("readiness-documents", project).returncode == 0
    settings = project / "terraform" / "environments" / "sit.tfvars"
    settings.write_text(settings.read_text().replace("us-east-1", "eu-west-1"))
    done = run("readiness-documents", project)
    assert done.returncode == 5
    assert "run `readiness render sit`" in done.stderr
    assert git(project, "status", "--porcelain", "--ignored") == "M terraform/environments/sit.tfvars"


def test_a_case_that_is_not_as_expected_fails(project: Path) -> None:
    assert run("readiness-rules-test", project).returncode == 0
    rule = project / "readiness" / "rules" / "ACM003-foreign-region.yaml"
    rule.write_text(rule.read_text().replace("eu-west-1", "us-east-1"))
    done = run("readiness-rules-test", project)
    assert done.returncode == 1, done.stdout + done.stderr
