"""The cases of the rules as data, and what it takes to run one."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bbws_readiness.checks import CHECKS
from bbws_readiness.config import load_config
from bbws_readiness.engine.finding import Finding
from bbws_readiness.engine.rulebook import Rulebook
from bbws_readiness.engine.run import Answer, run_rules
from bbws_readiness.parsers.assemble import build_model
from bbws_readiness.parsers.plan_json import parse_plan_json
from bbws_readiness.pipeline import shipped_rulebook
from bbws_readiness.project import discover
from bbws_readiness.reader import PLAN_JSON as PLAN_JSON_LIMITS
from bbws_readiness.reader import Reader
from bbws_readiness.source import Location

HERE = Path(__file__).parent
PROJECTS = HERE / "projects"
PLANS = HERE / "plans"
"""What a real Terraform planned of the project `shipments` against several states: see `make_plans.py` there."""
PLAN_JSON = "plan.json"
FILES = sorted((HERE / "cases").glob("*.yaml"))

AS_OF = date(2026, 3, 4)
"""A Wednesday, a week before the planned deployment of the project `shipments`."""

KEYS = {"name", "project", "edit", "write", "remove", "config", "environment", "git", "plan-json", "as-of", "expect"}
EXPECTATIONS = {
    "outcome",
    "subjects",
    "standing",
    "severity",
    "document",
    "message",
    "at",
    "explained-by",
    "facet",
    "votes",
    "title",
}

GIT_ENVIRONMENT = {
    "GIT_AUTHOR_DATE": "2026-03-04T08:00:00Z",
    "GIT_COMMITTER_DATE": "2026-03-04T08:00:00Z",
    "GIT_AUTHOR_NAME": "tests",
    "GIT_AUTHOR_EMAIL": "tests@example.invalid",
    "GIT_COMMITTER_NAME": "tests",
    "GIT_COMMITTER_EMAIL": "tests@example.invalid",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass(frozen=True)
class Case:
    """One project, edited, with what a rule should say about it."""

    code: str
    name: str
    data: Mapping[str, Any] = field(repr=False)

    @property
    def expectations(self) -> tuple[Mapping[str, Any], ...]:
        """What is expected, one mapping per group of findings."""
        expect = self.data["expect"]
        return tuple(expect) if isinstance(expect, list) else (expect,)

    @property
    def outcomes(self) -> frozenset[str]:
        """The outcomes that the case shows."""
        return frozenset(expect["outcome"] for expect in self.expectations)


def all_cases() -> list[Case]:
    """Every case of every file, in order."""
    found = []
    for path in FILES:
        for entry in yaml.safe_load(path.read_text())["cases"]:
            assert set(entry) <= KEYS, f"{path.name}: {entry.get('name')}: unknown key {set(entry) - KEYS}"
            case = Case(path.stem, entry["name"], entry)
            for expect in case.expectations:
                assert set(expect) <= EXPECTATIONS, f"{path.name}: {case.name}: {set(expect) - EXPECTATIONS}"
            found.append(case)
    return found


def prepare(case: Case, folder: Path) -> Path:
    """A copy of the case's project below `folder`, edited as the case says. Every text to replace must be there."""
    project = folder / "3_1_acme_shipments_schemas"
    shutil.copytree(PROJECTS / case.data.get("project", "shipments"), project)
    for edit in case.data.get("edit", ()):
        path = project / edit["path"]
        text = path.read_text()
        assert edit["replace"] in text, f"{case.code}: {case.name}: {edit['path']} does not hold {edit['replace']!r}"
        path.write_text(text.replace(edit["replace"], edit["with"]))
    for name, text in case.data.get("write", {}).items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    for name in case.data.get("remove", ()):
        path = project / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if plan := case.data.get("plan-json"):
        shutil.copy(PLANS / f"{plan['file']}.json", project / PLAN_JSON)
        for edit in plan.get("edit", ()):
            text = (project / PLAN_JSON).read_text()
            assert edit["replace"] in text, f"{case.code}: {case.name}: the plan does not hold {edit['replace']!r}"
            (project / PLAN_JSON).write_text(text.replace(edit["replace"], edit["with"]))
    if config := case.data.get("config"):
        (project / "readiness.yaml").write_text(config)
    if git := case.data.get("git"):
        _commit(project, git if isinstance(git, dict) else {})
    return project


def _commit(project: Path, settings: Mapping[str, Any]) -> None:
    """Commits everything on `branch`, tags it, and then makes what `changed` lists differ from the commit."""
    commands = [["init", "-q", "-b", settings.get("branch", "main")], ["add", "-A"], ["commit", "-q", "-m", "One"]]
    commands += [["tag", tag] for tag in settings.get("tags-before", ())]
    if settings.get("tags-before"):
        commands.append(["commit", "-q", "--allow-empty", "-m", "Two"])
    commands += [["tag", tag] for tag in settings.get("tags", ())]
    for command in commands:
        subprocess.run(["git", *command], cwd=project, check=True, env={**os.environ, **GIT_ENVIRONMENT})
    for name, text in settings.get("changed", {}).items():
        (project / name).write_text(text)


def answer(case: Case, project: Path) -> Answer:
    """What the case's rule says about the prepared project."""
    config = load_config(project)
    discovered = discover(project, config)
    environment = case.data.get("environment", "sit")
    plan = None
    if "plan-json" in case.data:
        plan = parse_plan_json(Reader(project, limits=PLAN_JSON_LIMITS).read(PLAN_JSON), environment)
    model = build_model(discovered, environment, plan_output=plan)
    as_of = case.data.get("as-of", AS_OF)
    rulebook = _rulebook().configured(config)
    rule = rulebook.rule(case.code)
    assert rule is not None, f"there is no rule {case.code}"
    causes = {explanation.rule for explanation in rule.explained_by}
    asked = tuple(one for one in rulebook.rules if one.code == case.code or one.code in causes)
    rulebook = replace(rulebook, rules=asked)
    answers = run_rules(model, rulebook, CHECKS, config, as_of)
    return next(found for found in answers if found.rule.code == case.code)


@cache
def _rulebook() -> Rulebook:
    return shipped_rulebook()


def stands(location: Location, project: Path) -> bool:
    """Whether the place exists: a file or folder, and a line of it. Git facts stand at `.git` as a whole."""
    path = project / location.path
    if location.path in (".", ".git"):
        return location.line == 0
    if not path.exists():
        # What is missing is cited by the path where it should be.
        return location.line == 0
    if location.line == 0:
        return True
    # What ends too early is told at the line behind the last line end.
    return path.is_file() and 1 <= location.line <= path.read_text().count("\n") + 1


def chosen(found: Answer, expect: Mapping[str, Any]) -> list[Finding]:
    """The findings that an expectation is about."""
    return [
        finding
        for finding in found.findings
        if finding.outcome.value == expect["outcome"]
        and ("standing" not in expect or (finding.standing or "") == expect["standing"])
        and ("document" not in expect or (finding.document or "") == expect["document"])
        and ("facet" not in expect or finding.facet == expect["facet"])
    ]
