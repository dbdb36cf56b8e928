"""Which workspace the steps of a job select: never a wrong one."""

from pathlib import Path
from textwrap import indent
from typing import Any

from bbws_readiness.parsers.workflows import parse_workflow
from bbws_readiness.parsers.workspace import selected_workspace
from bbws_readiness.reader import Reader
from bbws_readiness.source import Source
from tests.cases import each
from tests.data import data

CASES = data(Path(__file__).parent / "cases" / "workspaces.yaml")["cases"]
JOB = "on: workflow_dispatch\njobs:\n  plan:\n    runs-on: ubuntu-latest\n    steps:\n"


@each("case", CASES, ids=[case["name"] for case in CASES])
def test_selected_workspace(case: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "deploy.yml").write_text(JOB + indent(case["steps"], "      "))
    source = Reader(tmp_path).read("deploy.yml")
    assert isinstance(source, Source)
    workflow, faults = parse_workflow(source, environments=["dev", "sit"])
    assert workflow is not None
    assert faults == ()
    fact = selected_workspace([workflow], "")
    assert fact.or_none() == case["workspace"]
    assert fact.at.line > 5


def test_without_a_plan_in_the_folder() -> None:
    assert not selected_workspace([], "terraform").known
