"""READY only when all that is required was read, assessed and passed: what is taken away or broken never helps."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bbws_readiness import pipeline
from bbws_readiness.assess.assessment import NotVerified, Verdict
from bbws_readiness.assess.gate import Threshold, exit_code
from bbws_readiness.assess.verdict import verdict
from bbws_readiness.engine.finding import Standing
from bbws_readiness.engine.rule import Severity
from bbws_readiness.errors import ConfigurationError, NothingToAssess, UsageError
from bbws_readiness.reader import LIMITS
from tests.cases import each

SHIPMENTS = Path(__file__).parent / "rules" / "projects" / "shipments"
POLICY = "authority:\n  default: [plan, terraform]\n"
AS_OF = datetime(2026, 3, 4)


@dataclass(frozen=True)
class Role:
    """What a file is needed for."""

    reason: str
    gone: bool
    """Whether the project may be READY without it."""
    empty: bool
    """Whether it may be READY when the file has no content."""


NEEDED = (False, False)
SPARE = (True, True)
MUST_BE_READ = (True, False)
"""Without it nothing is claimed; when it is there it has to say something."""

ROLES: Mapping[str, Role] = {
    path: Role(reason, *may)
    for path, may, reason in (
        ("terraform/main.tf", NEEDED, "the tables that would be deployed"),
        ("terraform/backup.tf", NEEDED, "the backups that the plan asks for"),
        ("terraform/variables.tf", NEEDED, "what main.tf refers to"),
        ("terraform/versions.tf", NEEDED, "the backend that the state of SIT lies in"),
        ("terraform/environments/sit.tfvars", NEEDED, "the settings of SIT"),
        (".github/workflows/deploy-sit.yml", NEEDED, "the gate that SIT is deployed through"),
        ("scripts/validate_tables_sit.py", NEEDED, "the validation that the plan demands"),
        ("promotions/11_shipments_schemas_promotion.md", NEEDED, "the declared authority"),
        ("CHANGELOG.md", NEEDED, "the plan asks for an entry in it"),
        ("terraform/outputs.tf", SPARE, "no rule asks for an output"),
        ("terraform/providers.tf", SPARE, "account and region are stated by the workflow as well"),
        ("terraform/environments/dev.tfvars", SPARE, "settings of another environment"),
        ("terraform/environments/prod.tfvars", SPARE, "settings of another environment"),
        (".github/workflows/deploy-dev.yml", MUST_BE_READ, "it might deploy SIT as well"),
        (".github/workflows/deploy-prod.yml", MUST_BE_READ, "it might deploy SIT as well"),
        ("schemas/carriers.schema.json", MUST_BE_READ, "it may contradict the tables; nobody has to have it"),
        ("schemas/parcels.schema.json", MUST_BE_READ, "it may contradict the tables; nobody has to have it"),
        ("README.md", SPARE, "a document that nobody has to have"),
        ("readiness.yaml", SPARE, "without it nobody is right, and here nobody disagrees"),
    )
}
"""Every input of the project. What is there and cannot be read never leaves it READY, required or not."""

NO_STATEMENT = {".gitignore"}
"""Files that say nothing about the deployment; what depends on them is their own rule's affair."""
UNREADABLE = ("noise", "link", "latin-1", "NUL", "dangling link", "over budget")
"""Ways to spoil a file after which it cannot be read, whatever is in it."""
HARMS = ("gone", "folder", "empty", "cut", *UNREADABLE)
"""A folder under its name is no input, so the file is gone."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that is READY, to be harmed and healed again."""
    folder = shutil.copytree(SHIPMENTS, tmp_path_factory.mktemp("closed") / "shipments")
    (folder / "readiness.yaml").write_text(POLICY)
    return folder


def assessed(project: Path) -> Verdict | None:
    """The verdict; None when there is none, because the command ends with a fault."""
    try:
        return pipeline.assess_project(project, "sit", as_of=AS_OF).verdict
    except (NothingToAssess, UsageError, ConfigurationError):
        return None


def harm(path: Path, how: str, *, at: int = 0) -> None:
    """Do this to a file; `at` is where it is cut."""
    data = path.read_bytes()
    path.unlink()
    match how:
        case "gone":
            return
        case "link":
            path.symlink_to(SHIPMENTS / "README.md")
        case "dangling link":
            path.symlink_to("nowhere")
        case "folder":
            path.mkdir()
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(data[: at % max(len(data), 1)])
        case "noise":
            path.write_bytes(b"\xff\xfe[{(")
        case "latin-1":
            path.write_bytes(data + b"\n# \xe9\n")
        case "NUL":
            path.write_bytes(data[: len(data) // 2] + b"\0" + data[len(data) // 2 :])
        case "over budget":
            path.write_bytes(data + b"\n" * LIMITS.file_bytes)


def heal(project: Path, path: str) -> None:
    """Put the file back."""
    target = project / path
    if target.is_symlink() or target.is_file():
        target.unlink()
    elif target.is_dir():
        target.rmdir()
    if path == "readiness.yaml":
        target.write_text(POLICY)
    else:
        shutil.copy(SHIPMENTS / path, target)


def may_be_ready(path: str, how: str) -> bool:
    """Whether the project may be READY in spite of this; a cut file may still say all that is needed."""
    role = ROLES[path]
    allowed = {"gone": role.gone, "folder": role.gone, "empty": role.empty, "cut": True}
    return allowed.get(how, False)


def test_the_project_is_ready(project: Path) -> None:
    assert assessed(project) is Verdict.READY


def test_every_input_has_a_role(project: Path) -> None:
    inputs = {one.path for one in pipeline.assess_project(project, "sit", as_of=AS_OF).inputs}
    assert inputs - NO_STATEMENT <= set(ROLES)


@pytest.mark.parametrize("how", ["gone", "empty", "noise", "link"])
@pytest.mark.parametrize("path", ROLES)
def test_one_harm(project: Path, path: str, how: str) -> None:
    harm(project / path, how)
    try:
        found = assessed(project)
    finally:
        heal(project, path)
    assert found is not Verdict.READY or may_be_ready(path, how), ROLES[path].reason


ONE_HARM = st.tuples(st.sampled_from(sorted(ROLES)), st.sampled_from(HARMS), st.integers(0, 20_000))


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(harms=st.lists(ONE_HARM, min_size=2, max_size=6, unique_by=lambda one: one[0]))
def test_many_harms(project: Path, harms: list[tuple[str, str, int]]) -> None:
    try:
        for path, how, at in harms:
            harm(project / path, how, at=at)
        found = assessed(project)
    finally:
        for path, _, _ in harms:
            heal(project, path)
    # One that must not leave it READY is enough, whatever else is wrong.
    assert found is not Verdict.READY or all(may_be_ready(path, how) for path, how, _ in harms)


@pytest.mark.parametrize("path", [path for path, role in ROLES.items() if path.endswith(".tf") and not role.gone])
def test_terraform_cut_anywhere(project: Path, path: str) -> None:
    """A file that ends in the middle of a statement is no file that says less."""
    data = (SHIPMENTS / path).read_bytes()
    for at in range(1, len(data), max(len(data) // 3, 1)):
        (project / path).write_bytes(data[:at])
        found = assessed(project)
        heal(project, path)
        whole = data[:at].count(b"{") == data[:at].count(b"}")
        assert found is not Verdict.READY or whole, at


@pytest.mark.parametrize("folder", ["terraform", ".github", ".github/workflows", "promotions", "scripts"])
def test_required_folder_is_a_link(project: Path, folder: str) -> None:
    kept = project.parent / "kept"
    (project / folder).rename(kept)
    (project / folder).symlink_to(kept)
    try:
        found = assessed(project)
    finally:
        (project / folder).unlink()
        kept.rename(project / folder)
    assert found is not Verdict.READY


ISSUES = [
    SimpleNamespace(severity=severity, standing=standing)
    for severity in Severity
    for standing in (Standing.DEFECT, Standing.DRIFT)
]
FACTS = [NotVerified("", needs, "", "", None, gating=gating) for gating in (True, False) for needs in ("", "AWS")]
CONFIGURATIONS = [None, *(SimpleNamespace(complete=complete, directory=".") for complete in (True, False))]


def subsets(all_of: list[Any], most: int) -> list[tuple[Any, ...]]:
    return [chosen for size in range(most + 1) for chosen in itertools.combinations(all_of, size)]


@each("configuration", CONFIGURATIONS, ids=["none", "complete", "incomplete"])
def test_every_table_of_the_verdict(configuration: Any) -> None:
    """READY exactly when Terraform is whole, nothing that gates is unknown, and nothing grave fails or is open."""
    model: Any = SimpleNamespace(configuration=configuration)
    count = 0
    for issues, facts, decisions in itertools.product(subsets(ISSUES, 3), subsets(FACTS, 4), ([], ["one"])):
        count += 1
        found, reason = verdict(model, issues, decisions, facts)  # type: ignore[arg-type]
        unknown = any(fact.gating and not fact.needs for fact in facts)
        grave = {one.severity for one in issues if one.standing is Standing.DEFECT} & {Severity.CRITICAL, Severity.HIGH}
        passed = configuration is not None and configuration.complete and not unknown and not grave and not decisions
        assert (found is Verdict.READY) == passed
        assert reason
        judged: Any = SimpleNamespace(verdict=found, issues=(), not_verified=facts)
        assert (exit_code(judged, Threshold.DECISION) == 0) == passed
        # Nothing that was found stops it, but a blocker must not hide what could not be assessed.
        whole = configuration is not None and configuration.complete and not unknown
        assert exit_code(judged, Threshold.NEVER) == (0 if whole else 4)
    assert count > 1000
