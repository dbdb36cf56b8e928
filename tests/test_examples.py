"""The examples without a table: what an assessment of each finds, and that tables are nobody's fault there."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.config import load_config
from bbws_readiness.engine.finding import Outcome
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.documents import render_documents
from tests.example import OTHERS, OTHERS_AS_OF, commit_all, copy_other

FOUND: Mapping[str, Mapping[str, Any]] = {
    "s3_schemas": {
        "verdict": Verdict.BLOCKED,
        "issues": [
            ("RES002", "critical", "Not closed to the public: acme-archive"),
            ("VAL001", "low", ""),
            ("REL001", "low", ""),
        ],
        "decisions": [("RES001", ["bucket acme-exports"])],
        "instances": 18,
    },
    "order_lambda": {
        "verdict": Verdict.CONDITIONAL,
        "issues": [
            ("RES004", "high", "Endpoints open to everybody: POST /orders"),
            ("RES005", "medium", "Functions with gaps: 3 of 4 handlers wired"),
            ("VAL001", "low", ""),
            ("REL001", "low", ""),
        ],
        "decisions": [("RES001", ["alarm acme-cancel-order-errors"])],
        "instances": 24,
    },
}


@pytest.fixture(scope="module")
def assessed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Assessment]:
    """Each example from a clean checkout, assessed once."""

    @cache
    def of(name: str) -> Assessment:
        project: Path = copy_other(name, tmp_path_factory.mktemp(name))
        commit_all(project)
        return assess_project(project, "sit", as_of=OTHERS_AS_OF, config=load_config(project))

    return of


Assessed = Callable[[str], Assessment]


@pytest.mark.parametrize("name", OTHERS)
def test_verdict_and_issues(name: str, assessed: Assessed) -> None:
    assessment = assessed(name)
    assert assessment.verdict is FOUND[name]["verdict"]
    found = [
        (issue.rule.code, str(issue.severity), issue.title if issue.rule.area == "RES" else "")
        for issue in assessment.issues
    ]
    assert found == FOUND[name]["issues"]
    decided = [
        (rule.code, sorted({finding.subject for finding in decision.findings}))
        for decision in assessment.decisions
        for rule in decision.rules
    ]
    assert decided == FOUND[name]["decisions"]


@pytest.mark.parametrize("name", OTHERS)
def test_no_rule_about_tables_applies(name: str, assessed: Assessed) -> None:
    for finding in assessed(name).findings:
        if finding.rule.area in ("TBL", "IDX", "NAM", "DUR", "ENC"):
            assert finding.outcome is Outcome.NOT_APPLICABLE, finding.message
            assert finding.message, finding.rule.code


@pytest.mark.parametrize("name", OTHERS)
def test_documents_count_resources_and_leave_tables_out(name: str, assessed: Assessed) -> None:
    assessment = assessed(name)
    texts = [document.text for document in render_documents(assessment)]
    assert any(f"**{FOUND[name]['instances']}** resource instances" in text for text in texts)
    for text in texts:
        for words in ("Tables: 0", "0 tables", "GSIs: 0", "**Tables**: 0", "no table is known", "every table"):
            assert words not in text


def test_what_is_consumed_is_asked_of_nobody_here(assessed: Assessed) -> None:
    consumed = {
        finding.subject: finding.outcome
        for finding in assessed("order_lambda").findings
        if "consumed; produced elsewhere" in finding.message
    }
    assert consumed == {"table orders": Outcome.NOT_APPLICABLE, "bucket acme-labels": Outcome.NOT_APPLICABLE}


def test_a_short_name_is_no_further_bucket(assessed: Assessed) -> None:
    named = {finding.subject for finding in assessed("s3_schemas").findings if finding.rule.code == "RES001"}
    assert {subject for subject in named if subject.startswith("bucket")} == {
        "bucket acme-archive",
        "bucket acme-depot-images",
        "bucket acme-exports",
        "bucket acme-labels",
    }


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_is_asked_to_validate_tables_that_are_not_there(name: str, assessed: Assessed) -> None:
    action = next(one for one in assessed(name).actions if one.key == "validation-script")
    tasks = {task.key: task.text for task in action.tasks}
    assert not {"tables", "indexes", "settings"} & tasks.keys()
    assert "aws_" in tasks["resources"]
