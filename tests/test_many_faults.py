"""The example with every fault of the deep rules: each is found once, at its place, and nothing else is found."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.config import load_config
from bbws_readiness.engine.finding import Finding, Outcome
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.documents import DOCUMENTS, render_documents
from tests.data import data
from tests.example import MANY_FAULTS, OTHERS_AS_OF, commit_all, copy_many_faults
from tests.test_golden import links

Golden = Callable[[str, str], None]

DEEP = frozenset(
    {
        *("TBL005", "IDX003", "IDX004", "IDX005", "IDX006", "IDX007", "DUR004", "DUR005", "ENV004", "ENV008"),
        *("TFC003", "STA002", "STA003", "STA005", "WFL003", "WFL004", "WFL006", "WFL007", "WFL008", "WFL010"),
        *("WFL011", "WFL012", "WFL015", "VAL004", "IAM001", "IAM002", "IAM003", "IAM004", "IAM005", "DOC001"),
        *("CMD001", "CMD002", "CMD003", "CMD004", "CMD005", "CMD006", "CAL002"),
        *("POR001", "POR002", "POR003", "POR004"),
    }
)
"""The rules that look for structures."""

_ROW = re.compile(r"^\| (?P<rule>[A-Z]{3}\d{3}) \| `(?P<place>[^`]+:\d+)` \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


@cache
def assessed(day: str = "2026-03-04") -> Assessment:
    """The example in place, as `readiness assess sit examples/many_faults` judges it."""
    return assess_project(MANY_FAULTS, "sit", as_of=datetime.fromisoformat(day), config=load_config(MANY_FAULTS))


@cache
def planted() -> tuple[tuple[str, str], ...]:
    """Rule and place of every fault that the example's own list names."""
    text = (MANY_FAULTS / "FAULTS.md").read_text()
    rows = tuple((row["rule"], row["place"]) for row in _ROW.finditer(text))
    assert len(rows) == len(re.findall(r"^\| [A-Z]{3}\d", text, re.MULTILINE)), "a row that is not read"
    return rows


def failed(assessment: Assessment) -> list[Finding]:
    return [finding for finding in assessment.findings if finding.outcome is Outcome.FAIL]


def test_every_deep_rule_has_its_fault() -> None:
    assert {rule for rule, _ in planted()} == DEEP


@pytest.mark.parametrize("day", ["2026-03-04", "2031-01-01"])
def test_each_planted_fault_is_found_once_and_nothing_else(day: str) -> None:
    found = Counter(
        (finding.rule.code, f"{finding.at.path}:{finding.at.line}")
        for finding in failed(assessed(day))
        if not finding.explained_by
    )
    assert found == Counter(planted())


def test_what_a_fault_explains_is_evidence_of_it() -> None:
    standing = {finding.fingerprint: finding for finding in failed(assessed()) if not finding.explained_by}
    explained = {
        (finding.rule.code, finding.subject, standing[finding.explained_by].rule.code)
        for finding in failed(assessed())
        if finding.explained_by
    }
    assert explained == {("TBL001", "depots", "POR004"), ("IDX003", "parcels.fragile", "IDX004")}


def test_nothing_is_complained_about() -> None:
    assert assessed().diagnostics == ()


def test_the_list_is_no_document_of_the_project() -> None:
    assert "FAULTS.md" not in {one.path for one in assessed().inputs}


def test_a_role_that_the_workflow_names_is_no_secret() -> None:
    assert "secret" not in {fact.key for fact in assessed().not_verified}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """The example from a clean checkout."""
    project = copy_many_faults(tmp_path_factory.mktemp("many_faults"))
    commit_all(project)
    return assess_project(project, "sit", as_of=OTHERS_AS_OF, config=load_config(project))


def test_a_checkout_has_the_same_faults(checkout: Assessment) -> None:
    assert [(one.fingerprint, one.at) for one in failed(checkout)] == [
        (one.fingerprint, one.at) for one in failed(assessed())
    ]


@pytest.mark.parametrize("position", range(len(DOCUMENTS)), ids=[kind.key for kind in DOCUMENTS])
def test_document_is_as_pinned(position: int, checkout: Assessment, golden: Golden) -> None:
    document = render_documents(checkout)[position]
    golden(f"many_faults/{document.path}", document.text)
    for target in links(document.text):
        if target.startswith("../"):
            path = Path(target.partition("#")[0]).relative_to("..")
            assert (MANY_FAULTS / path).exists(), target


def test_every_remedy_names_the_file_to_change() -> None:
    """The line that is wrong stands in a task, or among the edits; what a policy lacks has no line of its own."""
    assessment = assessed()
    for finding in failed(assessment):
        if not finding.explained_by:
            action = next(one for one in assessment.actions if finding in one.findings)
            told = " ".join(task.text for task in action.tasks)
            place = "iam/sit/deploy-role-policy.json" if finding.rule.code == "IAM004" else f"{finding.at.path}"
            assert place in told or finding in action.edits, (finding.rule.code, told)


REPAIRS = data(Path(__file__).parent / "many_faults_repairs.yaml")
"""What the remedies say, as edits by rule."""


def test_every_fault_has_its_repair() -> None:
    assert REPAIRS.keys() == DEEP


def test_nothing_is_found_once_the_remedies_are_followed(tmp_path: Path) -> None:
    project = copy_many_faults(tmp_path)
    for edits in REPAIRS.values():
        for edit in edits:
            file = project / edit["path"]
            text = file.read_text()
            assert text.count(edit["replace"]) == 1 or edit.get("all"), edit
            file.write_text(text.replace(edit["replace"], edit["with"]))
    repaired = assess_project(project, "sit", as_of=OTHERS_AS_OF, config=load_config(project))
    assert [finding.message for finding in failed(repaired)] == []
    assert repaired.diagnostics == ()
    unknown = {finding.rule.code for finding in repaired.findings if finding.outcome is Outcome.UNDETERMINED}
    assert unknown & DEEP == {"STA005"}, "whether git tracks the lock file is all that is left to be told"
