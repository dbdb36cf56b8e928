"""Portfolio documents on the whole way: configured, found, read, told as inputs, used by a rule."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.config import InvalidConfiguration
from bbws_readiness.engine.finding import Outcome
from bbws_readiness.errors import ConfigurationError
from bbws_readiness.pipeline import assess_project
from bbws_readiness.source import SourceKind
from tests.cases import each

SHIPMENTS = Path(__file__).parent / "rules/projects/shipments"
MASTER = "# Plans\n\n| Plan | Requires Approval From |\n|---|---|\n| shipments_schemas | Tech Lead, Auditor |\n"
AS_OF = datetime(2026, 3, 4, 9)


def project_in(folder: Path, configured: str) -> Path:
    root = folder / "3_1_acme_shipments_schemas"
    shutil.copytree(SHIPMENTS, root)
    (folder / ".git").mkdir()
    (root / "readiness.yaml").write_text(f"sources:\n  portfolio: [{configured}]\n")
    return root


def assessed(root: Path) -> Assessment:
    return assess_project(root, "sit", as_of=AS_OF)


@pytest.mark.parametrize("place", ["promotions/MASTER_PLAN.md", "../plans/MASTER_PLAN.md"])
def test_a_document_is_read_and_told_as_an_input(tmp_path: Path, place: str) -> None:
    root = project_in(tmp_path, place)
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).write_text(MASTER)
    assessment = assessed(root)
    assert [one.path for one in assessment.inputs if one.kind is SourceKind.PORTFOLIO] == [place]
    assert [document.path for document in assessment.model.portfolio] == [place]
    differing = [one for one in assessment.findings if one.rule.code == "PLN005" and one.outcome is Outcome.FAIL]
    assert [(one.subject, str(one.at).startswith(f"{place}:5")) for one in differing] == [("approval matrix", True)]


def test_without_configuration_none_is_read(tmp_path: Path) -> None:
    root = project_in(tmp_path, "promotions/MASTER_PLAN.md")
    (root / "promotions/MASTER_PLAN.md").write_text(MASTER)
    (root / "readiness.yaml").unlink()
    assert assessed(root).model.portfolio == ()


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    root = project_in(tmp_path, "promotions/MASTER.md")
    with pytest.raises(ConfigurationError) as raised:
        assessed(root)
    assert '"promotions/MASTER.md" matches nothing in the project' in str(raised.value)
    assert "readiness.yaml:2" in str(raised.value)


def test_nothing_outside_the_repository_is_read(tmp_path: Path) -> None:
    root = project_in(tmp_path, "../MASTER.md")
    (tmp_path / "MASTER.md").write_text(MASTER)
    (tmp_path / ".git").rmdir()
    (root / ".git").mkdir()
    with pytest.raises(ConfigurationError, match="lies outside the repository"):
        assessed(root)


@each("configured", ["/etc/passwd", "../../MASTER.md", "a/../../b.md"])
def test_paths_that_climb_are_refused(tmp_path: Path, configured: str) -> None:
    with pytest.raises(InvalidConfiguration):
        assessed(project_in(tmp_path, configured))


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    root = project_in(tmp_path, "promotions/MASTER_PLAN.md")
    (tmp_path / "secret.md").write_text(MASTER)
    (root / "promotions/MASTER_PLAN.md").symlink_to(tmp_path / "secret.md")
    assert assessed(root).model.portfolio == ()
