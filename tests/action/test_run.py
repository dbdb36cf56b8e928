"""The actions do what they promise when a runner runs them, also for inputs that would like to run something."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bbws_readiness.parsers.workflows.evaluation import Value
from tests.action.runner import TOKEN, Ran, Runner
from tests.action.shipped import ROOT
from tests.cases import each
from tests.checkouts import commit, git, needs_git
from tests.github.server import Hub, hub, pull

pytestmark = needs_git

ASSESS, COMMENT = ROOT / "action.yml", ROOT / "action" / "comment" / "action.yml"
PROJECT = ROOT / "tests" / "rules" / "projects" / "shipments"
CALLED = """#!/usr/bin/env bash
# Writes down how it is called and by which variables, and leaves a report as an assessment does.
echo "$*" "READINESS_${{READINESS_BASE-}}${{READINESS_ASSESSMENT-}}${{READINESS_MODE-}}" >>"{log}"
if [[ $1 == assess ]]; then echo '{{}}' >"{report}/readiness.json" && echo "json-file=x" >>"$GITHUB_OUTPUT"; fi
"""
FIGURES = ("verdict", "score", "coverage", "blockers")


def runner(workspace: Path, temp: Path, address: str = "", head: str = "") -> Runner:
    """A machine for a job; with `head` for the pull request 1 of that commit, else for a push."""
    temp.mkdir(parents=True)
    event = {"pull_request": {"number": 1, "head": {"sha": head}}} if head else {}
    (temp / "event.json").write_text(json.dumps(event))
    variables = {
        "GITHUB_API_URL": address,
        "GITHUB_GRAPHQL_URL": f"{address}/graphql",
        "GITHUB_EVENT_PATH": str(temp / "event.json"),
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_RUN_ID": "7",
    }
    github: dict[str, Value] = {"token": TOKEN}
    if head:
        github |= {"base_ref": "main", "event.pull_request": True}
    return Runner(workspace, temp, github, variables)


@dataclass
class Job:
    """A pull request was assessed and commented on, in one job."""

    ran: Ran
    machine: Runner
    hub: Hub
    head: str
    workspace: Path


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Job]:
    folder = tmp_path_factory.mktemp("job")
    workspace = folder / "workspace"
    shutil.copytree(PROJECT, workspace)
    commit(workspace, {})
    git(workspace, "update-ref", "refs/remotes/origin/main", "HEAD")
    main = (workspace / "terraform" / "main.tf").read_text()
    head = commit(workspace, {"terraform/main.tf": main.replace("enabled = true", "enabled = false")})
    with hub() as server:
        server.pulls[1] = pull(1, head)
        machine = runner(workspace, folder / "temp", server.address, head)
        yield Job(
            machine.run(ASSESS, {"environment": "sit", "comment": "update", "as-of": "2026-03-04"}),
            machine,
            server,
            head,
            workspace,
        )


def test_the_verdict_is_the_exit_code_and_every_output_is_set(job: Job) -> None:
    found = json.loads(Path(job.ran.outputs["json-file"]).read_text())
    assert (found["verdict"], job.ran.code) == ("CONDITIONAL", 1), job.ran.log
    assert job.ran.outputs["verdict"] == "CONDITIONAL"
    assert [name for name in FIGURES if not job.ran.outputs[name]] == []
    assert job.ran.outputs["new-findings"] == "", "there is no baseline"
    assert json.loads(Path(job.ran.outputs["sarif-file"]).read_text())["version"] == "2.1.0"
    report = Path(job.ran.outputs["report-dir"])
    assert report.parent == job.machine.temp
    assert {"readiness.junit.xml", "readiness.comment.md", f"sit_{found['project']['slug']}_summary.md"} <= {
        path.name for path in report.iterdir()
    }
    assert "::error " in job.ran.log
    assert "CONDITIONAL" in job.machine.summary


def test_the_comment_tells_what_the_pull_request_changes(job: Job) -> None:
    (comment,) = job.hub.comments
    assert job.ran.outputs["comment-id"] == str(comment["id"])
    assert "DUR001" in comment["body"]
    assert "compared with `main`" in comment["body"]
    assert " new, " in comment["body"]
    assert f"/blob/{job.head}/terraform/main.tf#L" in comment["body"]
    assert set(job.hub.tokens) == {f"Bearer {TOKEN}"}


def test_only_the_step_that_posts_has_the_token(job: Job) -> None:
    assert [name for name, given in job.ran.given.items() if TOKEN in given.values()] == ["Comment"]
    told = [job.ran.log, job.machine.summary, *(path.read_text() for path in _files(job.ran.outputs["report-dir"]))]
    assert [text for text in told if TOKEN in text] == []


def test_the_checkout_stays_as_it_was(job: Job) -> None:
    assert git(job.workspace, "status", "--porcelain", "--ignored") == ""


def test_another_job_posts_the_report_without_the_project(job: Job, tmp_path: Path) -> None:
    shutil.copytree(job.ran.outputs["report-dir"], tmp_path / "report")
    (tmp_path / "empty").mkdir()
    machine = runner(tmp_path / "empty", tmp_path / "temp", job.hub.address, job.head)
    written = len(job.hub.writes)
    ran = machine.run(COMMENT, {"environment": "sit", "report-dir": str(tmp_path / "report")})
    assert (ran.code, ran.outputs["comment-id"]) == (0, job.ran.outputs["comment-id"]), ran.log
    assert len(job.hub.writes) == written, "the comment says the same already"


def test_a_fork_gets_the_comment_in_the_summary(job: Job, tmp_path: Path) -> None:
    with hub() as server:
        server.pulls[1] = pull(1, job.head)
        server.read_only = True
        machine = runner(tmp_path, tmp_path / "temp", server.address, job.head)
        ran = machine.run(COMMENT, {"environment": "sit", "report-dir": job.ran.outputs["report-dir"]})
        assert server.comments == []
    assert (ran.code, ran.outputs["comment-id"]) == (0, ""), ran.log
    assert "DUR001" in machine.summary


def test_a_push_is_assessed_and_not_commented_on(tmp_path: Path) -> None:
    machine = runner(tmp_path, tmp_path / "temp")
    machine.program = CALLED.format(log=tmp_path / "called", report=tmp_path)
    ran = machine.run(ASSESS, {"environment": "sit", "comment": "update"})
    assert (ran.code, ran.outputs["comment-id"]) == (0, ""), ran.log
    assert list(ran.steps) == ["Install readiness", "Assess", "Gate"]
    (called,) = (tmp_path / "called").read_text().splitlines()
    assert called.startswith("assess "), "there is no base to compare with"


def test_a_merge_queue_is_judged_by_what_it_adds_to(tmp_path: Path) -> None:
    machine = runner(tmp_path, tmp_path / "temp")
    machine.github["event.merge_group.base_sha"] = "b" * 40
    machine.program = CALLED.format(log=tmp_path / "called", report=tmp_path)
    ran = machine.run(ASSESS, {"environment": "sit", "comment": "update"})
    assert ran.given["Assess"]["READINESS_BASE"] == "b" * 40
    assert "Comment" not in ran.steps


def test_variables_of_the_workflow_do_not_reach_the_step_that_posts(tmp_path: Path) -> None:
    machine = runner(tmp_path, tmp_path / "temp", head="a" * 40)
    machine.variables |= {"READINESS_BASE": "main", "READINESS_ASSESSMENT": "x", "READINESS_MODE": "new"}
    machine.program = CALLED.format(log=tmp_path / "called", report=tmp_path)
    machine.run(COMMENT, {"environment": "sit", "report-dir": "."})
    (called,) = (tmp_path / "called").read_text().splitlines()
    assert called.startswith("comment --post --mode update ")
    assert called.endswith(" READINESS_")


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        (
            {
                "environment": "sit; touch x; $(touch x)`touch x`\nverdict=READY",
                "output-dir": "../$(touch x)\nverdict=READY/x",
            },
            2,
        ),
        ({"path": '"; touch x; "$(touch x)\nverdict=READY\n'}, 3),
        ({"fail-on": "never\nverdict=READY"}, 2),
        ({"base": "--output=x"}, 2),
    ],
    ids=lambda value: "" if isinstance(value, int) else next(iter(value)),
)
def test_an_input_is_a_value_and_nothing_else(inputs: dict[str, str], code: int, tmp_path: Path) -> None:
    workspace = shutil.copytree(ROOT / "examples" / "custom_rules", tmp_path / "workspace")
    for module in ("sitecustomize", "yaml", "click", "bbws_readiness"):
        (workspace / f"{module}.py").write_text(f"open({str(tmp_path / 'x')!r}, 'w')\n")
    before = _files(workspace)
    machine = runner(workspace, tmp_path / "temp")
    machine.variables["PYTHONPATH"] = str(workspace)
    ran = machine.run(ASSESS, {"environment": "sit", **inputs})
    assert ran.code == code, ran.log
    assert ran.outputs["verdict"] == ""
    assert _files(workspace) == before
    assert [path for path in tmp_path.rglob("x") if path.is_file()] == []
    assert not any(line.startswith(("::", "##[")) for line in ran.log.splitlines())


@each(
    ("assessed", "posted", "code"),
    [(0, 0, 0), (0, 4, 0), (0, 5, 5), (1, 0, 1), (1, 5, 1), (4, 4, 4), (70, 0, 70)],
)
def test_the_verdict_goes_before_a_lost_comment(assessed: int, posted: int, code: int, tmp_path: Path) -> None:
    machine = runner(tmp_path, tmp_path / "temp", head="a" * 40)
    machine.program = (
        f'#!/bin/sh\nif [ "$1" = comment ]; then exit {posted}; fi\n'
        f'echo "json-file=readiness.json" >>"$GITHUB_OUTPUT"\nexit {assessed}\n'
    )
    assert machine.run(ASSESS, {"environment": "sit", "comment": "update"}).code == code
    alone = machine.run(COMMENT, {"environment": "sit", "report-dir": "."}).code
    assert alone == (0 if posted == 4 else posted), "4 is a verdict, which was posted like any other"


def _files(folder: Path | str) -> list[Path]:
    return sorted(path for path in Path(folder).rglob("*") if path.is_file() and ".git" not in path.parts)
