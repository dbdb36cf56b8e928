"""The nightly workflow proposes documents only when some are stale, and has one pull request open at most."""

import subprocess
from pathlib import Path

from tests.action.shipped import ROOT, jobs_of
from tests.cases import each
from tests.checkouts import ENVIRONMENT, commit, git, needs_git

JOBS = jobs_of(ROOT / "examples" / "workflows" / "nightly.yml")

GH = """#!/usr/bin/env bash
# As far as the workflow asks: lists the pull requests that were created, in one file.
case "$1 $2" in
  'pr list') cat "{pulls}" ;;
  'pr create') echo 1 >>"{pulls}" ;;
esac
"""


def script(job: str, name: str) -> str:
    (found,) = (step["run"] for step in JOBS[job]["steps"] if step.get("name") == name)
    assert isinstance(found, str)
    return found


def bash(text: str, folder: Path, **variables: str) -> int:
    """What a runner's bash ends with."""
    line = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", text]
    done = subprocess.run(line, cwd=folder, env={**ENVIRONMENT, "HOME": str(folder), **variables}, capture_output=True)
    return done.returncode


@each(("code", "ended", "output"), [(0, 0, "stale=false\n"), (5, 0, "stale=true\n"), (4, 4, ""), (70, 70, "")])
def test_only_stale_documents_start_the_second_job(code: int, ended: int, output: str, tmp_path: Path) -> None:
    program = tmp_path / "readiness"
    program.write_text(f'#!/bin/sh\ntest "$*" = "render sit --check" || exit 99\nexit {code}\n')
    program.chmod(0o755)
    found = tmp_path / "output"
    found.touch()
    check = script("check", "Check")
    assert bash(check, tmp_path, READINESS=str(program), GITHUB_OUTPUT=str(found)) == ended
    assert found.read_text() == output
    assert JOBS["propose"]["if"] == "${{ needs.check.outputs.stale == 'true' }}"


@needs_git
def test_a_second_night_adds_to_the_pull_request_of_the_first(tmp_path: Path) -> None:
    pulls = tmp_path / "pulls"
    pulls.touch()
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH.format(pulls=pulls))
    gh.chmod(0o755)
    origin = tmp_path / "origin"
    commit(origin, {"deployments/a.md": "old\n"})
    variables = {"PATH": f"{gh.parent}:{ENVIRONMENT['PATH']}", "BASE": "main", "BRANCH": "readiness/documents-sit"}
    tips = []
    for night, says in enumerate(("first", "second", "second", "second")):
        if night == 3:
            commit(origin, {"deployments/a.md": "merged meanwhile\n"})
        checkout = tmp_path / f"night {night}"
        git(tmp_path, "clone", "--quiet", str(origin), str(checkout))
        (checkout / "deployments" / "a.md").write_text(f"{says}\n")
        assert bash(script("propose", "Open or update the pull request"), checkout, **variables) == 0
        assert git(origin, "show", "readiness/documents-sit:deployments/a.md") == says
        tips.append(git(origin, "rev-parse", "readiness/documents-sit"))
    assert tips[0] != tips[1] == tips[2], "what is proposed already is not pushed again"
    assert git(origin, "merge-base", "main", tips[3]) == git(origin, "rev-parse", "main"), "nothing is in conflict"
    assert pulls.read_text() == "1\n"
    assert git(origin, "show", "main:deployments/a.md") == "merged meanwhile"
