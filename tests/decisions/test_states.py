"""What comes of one entry of the log: its state, its note, its notice, and the findings it is about."""

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.pipeline import assess_project
from tests.cases import each
from tests.checkouts import write
from tests.decisions.logs import entry, failures, write_log

CASES = yaml.load((Path(__file__).parent / "cases" / "states.yaml").read_text(), yaml.CBaseLoader)
AS_OF = datetime(2026, 1, 7)
MAIN = """terraform {
  required_version = "~> 1.6"
}

provider "aws" {
  allowed_account_ids = ["111111111111"]
}

resource "aws_dynamodb_table" "parcels" {
  name         = "parcels-sit"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "PK"

  attribute {
    name = "PK"
    type = "S"
  }
}
"""
SETTINGS = """environments:
  sit: {account: "222222222222"}
  prod: {}
"""


def made(root: Path) -> Path:
    """A project with a critical issue (STA001), a high one (DUR001), and an account at odds (ENV005)."""
    files = {"main.tf": MAIN, "environments/sit.tfvars": "# none\n", "environments/prod.tfvars": "# none\n"}
    write(root, {**files, "readiness.yaml": SETTINGS})
    return root


def of(root: Path, when: datetime = AS_OF) -> Assessment:
    return assess_project(root, "sit", as_of=when)


def stood(members: dict[str, Any]) -> dict[str, Any]:
    """The members of a case, which are all texts, with a null where one is to be left out."""
    return {name: None if value == "null" else value for name, value in members.items()}


@each("case", CASES, ids=lambda case: case["name"])
def test_state(tmp_path: Path, case: dict[str, Any]) -> None:
    root = made(tmp_path / "parcels")
    before = of(root)
    found = failures(before, *case["settles"])
    assert {one.rule.code for one in found} == set(case["settles"])
    one = entry("D1", found, **stood(case.get("with", {})))
    if "statement" in case:
        one["findings"] = [reference | {"statement": case["statement"]} for reference in one["findings"]]
    write_log(root, [one])
    when = datetime.fromisoformat(case["as_of"]) if "as_of" in case else AS_OF
    after = of(root, when)

    listed = after.decided.listed
    if case["state"] == "null":
        assert listed == ()
    else:
        (decided,) = listed
        assert decided.state == case["state"], decided.note
        assert case.get("note", "") in decided.note
        assert case.get("hint", "") in decided.hint
    settled = set(case["settles"]) - set(case.get("open", ())) if case["state"] == "in-force" else set()
    assert {one.rule.code for one in after.findings if one.settled_by == "D1"} == settled
    assert {issue.rule.code for issue in before.issues} - {issue.rule.code for issue in after.issues} == settled

    codes = [notice.code.code for notice in after.decided.notices]
    assert codes == ([case["code"]] if "code" in case else [])
    assert set(after.decided.notices) <= set(after.diagnostics)
    if case["state"] not in ("null", "in-force"):
        for finding in failures(after, *case["settles"]):
            assert finding.open
            assert str(finding.related[-1].at) == "readiness-decisions.yaml:2"
            assert f"decision D1 does not settle it ({case['state']})" in finding.related[-1].text


def test_without_a_log_nothing_is_decided(tmp_path: Path) -> None:
    assessment = of(made(tmp_path))
    assert (assessment.decided.listed, assessment.decided.notices) == ((), ())
    assert "readiness-decisions.yaml" not in {one.path for one in assessment.inputs}


def test_the_log_is_an_input(tmp_path: Path) -> None:
    root = made(tmp_path)
    write_log(root, [])
    (log,) = (one for one in of(root).inputs if one.path == "readiness-decisions.yaml")
    assert (log.kind.value, log.lines) == ("configuration", 1)
    assert len(log.sha256) == 64


def test_the_configuration_says_where_the_log_is(tmp_path: Path) -> None:
    root = made(tmp_path)
    found = failures(of(root), "DUR001")
    write(root, {"readiness.yaml": f"{SETTINGS}decisions: governance/log.yaml\n"})
    (root / "governance").mkdir()
    write_log(root, [entry("D1", found)], name="governance/log.yaml")
    assessment = of(root)
    assert [one.state for one in assessment.decided.listed] == ["in-force"]
    assert "governance/log.yaml" in {one.path for one in assessment.inputs}


def test_a_log_that_the_configuration_names_has_to_be_there(tmp_path: Path) -> None:
    root = made(tmp_path)
    write(root, {"readiness.yaml": f"{SETTINGS}decisions: governance/log.yaml\n"})
    (notice,) = of(root).decided.notices
    assert (str(notice.at), notice.severity.value) == ("readiness.yaml:4", "warning")
    assert notice.summary == 'the decision log "governance/log.yaml" does not exist'
    assert notice in of(root).diagnostics


def test_the_earlier_of_two_settles_and_the_later_is_history(tmp_path: Path) -> None:
    root = made(tmp_path)
    found = failures(of(root), "DUR001")
    write_log(root, [entry("D1", found), entry("D2", found)])
    assessment = of(root)
    assert {one.settled_by for one in failures(assessment, "DUR001")} == {"D1"}
    assert [(one.state, one.note) for one in assessment.decided.listed] == [
        ("in-force", ""),
        ("unused", "what it is about is settled by D1"),
    ]
    assert assessment.decided.notices == ()


def test_what_was_decided_anew_is_told_no_more(tmp_path: Path) -> None:
    root = made(tmp_path)
    found = failures(of(root), "DUR001")
    write_log(root, [entry("D1", found, on="2025-12-01", until="2026-01-01"), entry("D2", found)])
    assessment = of(root)
    assert [one.state for one in assessment.decided.listed] == ["expired", "in-force"]
    (finding,) = failures(assessment, "DUR001")
    assert (finding.settled_by, finding.related) == ("D2", failures(of(made(tmp_path / "b")), "DUR001")[0].related)
    assert assessment.decided.notices == ()


def test_a_waiver_comes_first(tmp_path: Path) -> None:
    root = made(tmp_path)
    found = failures(of(root), "DUR001")
    comment = "# readiness: ignore[DUR001] until=2026-03-31 by=dba reason=why\nresource"
    write(root, {"main.tf": MAIN.replace("resource", comment)})
    write_log(root, [entry("D1", found)])
    assessment = of(root)
    assert {one.settled_by for one in failures(assessment, "DUR001")} == {"waiver main.tf:9"}
    assert [one.note for one in assessment.decided.listed] == ["what it is about is settled by waiver main.tf:9"]


def test_two_entries_of_one_id_settle_nothing(tmp_path: Path) -> None:
    root = made(tmp_path)
    before = of(root)
    write_log(root, [entry("D1", failures(before, rule)) for rule in ("DUR001", "STA001")])
    after = of(root)
    assert [one.state for one in after.decided.listed] == ["malformed", "malformed"]
    assert {issue.rule.code for issue in after.issues} == {issue.rule.code for issue in before.issues}
    (error,) = after.decided.errors
    assert error.summary == 'the id "D1" stands twice, at line 2 and line 3'
    assert error in after.unread
    assert after.diagnostics.count(error) == 1


@each("text", ["decisions: [", "- x\n", "decisions:\n  - *a\n", "decisions: !!set {}\n"])
def test_a_log_that_cannot_be_read_settles_nothing_and_keeps_from_ready(tmp_path: Path, text: str) -> None:
    root = made(tmp_path)
    before = of(root)
    write_log(root, [entry("D1", failures(before, "DUR001", "STA001"))])
    assert "DUR001" not in {issue.rule.code for issue in of(root).issues}
    (root / "readiness-decisions.yaml").write_text(text)
    after = of(root)
    assert {issue.rule.code for issue in after.issues} == {issue.rule.code for issue in before.issues}
    (error,) = after.decided.errors
    assert error in after.unread
    assert any(fact.gating and fact.at == error.at for fact in after.not_verified)
