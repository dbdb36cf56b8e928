"""An entry on all drift of a document: what it settles today and later, and what brings everything back."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.config.base import load_config_of_base
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.machine import to_data
from bbws_readiness.render.terminal_decisions import decisions_text
from tests.checkouts import commit, needs_git
from tests.decisions.logs import entry, failures, reference, write_log
from tests.decisions.test_outputs import document
from tests.decisions.test_states import stood
from tests.example import AS_OF, copy_example
from tests.waivers.test_waivers import plain

CASES = yaml.load((Path(__file__).parent / "cases" / "drifts.yaml").read_text(), yaml.CBaseLoader)
EVIDENCE = [{"claim": "terraform names of tenants = tenants"}]
NAMES = {"rule": "NAM001", "document": "plan"}


def of(project: Path) -> Assessment:
    return assess_project(project, "sit", as_of=AS_OF)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example, in which Terraform is right about everything."""
    return copy_example(tmp_path, {"readiness.yaml": ("default: [plan, terraform]", "default: [terraform]")})


def on_names(identity: str, **members: Any) -> dict[str, Any]:
    return entry(identity, [], **{"findings": [NAMES], "evidence": EVIDENCE, **members})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_state(project: Path, case: dict[str, Any]) -> None:
    findings = case["findings"]
    if any(isinstance(one, str) for one in findings):
        before = of(project)
        findings = [
            reference(failures(before, *one.split()[:1], subject=one.split()[1])[0]) if isinstance(one, str) else one
            for one in findings
        ]
    for edit in case.get("edit", []):
        file = project / edit["path"]
        text = file.read_text()
        assert edit["replace"] in text, edit
        file.write_text(text.replace(edit["replace"], edit["with"]))
    write_log(project, [on_names("D1", findings=findings, **stood(case.get("with", {})))])
    assessment = of(project)

    (decided,) = assessment.decided.listed
    assert decided.state == case["state"], decided.note
    assert case.get("note", "") in decided.note
    assert case.get("hint", "") in decided.hint
    settled = [one for one in assessment.findings if one.settled_by == "D1" and not one.explained_by]
    told = sorted(f"{one.rule.code} {one.subject} {one.document}".replace("README", "readme") for one in settled)
    assert told == case.get("settled", [])
    assert set(case.get("open", ())) <= {one.rule.code for one in assessment.findings if one.open}
    assert [notice.code.code for notice in assessment.decided.notices] == ([case["code"]] if "code" in case else [])
    if decided.state == "in-force" and not decided.opens:
        (listed,) = to_data(assessment)["decided"]
        assert {one.fingerprint for one in settled} <= set(listed["findings"])


def test_the_json_lists_what_it_settles_now(project: Path) -> None:
    write_log(project, [on_names("D1")])
    assessment = of(project)
    (listed,) = to_data(assessment)["decided"]
    assert sorted(listed["findings"]) == sorted(one.fingerprint for one in failures(assessment, "NAM001"))
    assert listed["rules"] == ["NAM001"]


def test_every_list_says_that_later_drift_is_settled_too(project: Path) -> None:
    write_log(project, [on_names("D1"), on_names("D2", findings=[{**NAMES, "document": "readme"}])])
    assessment = of(project)
    told = decisions_text("sit", assessment.decided, plain)
    assert "settles NAM001 campaigns, tenants and all else of NAM001@plan; by Tech Lead" in told
    assert "about NAM001@readme; by Tech Lead" in told
    report = document(assessment, "_readiness_report.md")
    assert "`NAM001` `campaigns`, `tenants`; all else in which the plan drifts under `NAM001`" in report


def test_the_earlier_of_two_settles(project: Path) -> None:
    (tenants,) = failures(of(project), "NAM001", subject="tenants")
    write_log(project, [entry("D1", [tenants]), on_names("D2"), on_names("D3")])
    assessment = of(project)
    states = [(one.state.value, [finding.subject for finding in one.settles]) for one in assessment.decided.listed]
    assert states == [("in-force", ["tenants"]), ("in-force", ["campaigns"]), ("unused", [])]
    assert assessment.decided.notices == ()


def test_what_cannot_be_told_is_not_settled(project: Path) -> None:
    main = project / "terraform" / "dynamodb" / "main.tf"
    main.write_text(main.read_text().replace('name         = "tenants"', 'name         = "t-${uuid()}"'))
    readings = {"findings": [{"rule": "NAM001", "document": "script"}], "evidence": [{"claim": "terraform tables = 3"}]}
    write_log(project, [on_names("D1", **readings)])
    (decided,) = of(project).decided.listed
    assert decided.state == "unused"
    assert "only failures can be settled" in decided.note


def test_so_many_drifts_are_judged(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bbws_readiness.decisions.settle.MAX_DRIFTS", 2)
    both = [NAMES, {"rule": "IDX001", "document": "readme"}]
    tables = {"rule": "TBL001", "document": "plan"}
    single = entry("D3", failures(of(project), "TBL001"))
    entries = [on_names("D1", findings=[*both, *both]), on_names("D2", findings=[tables]), single]
    write_log(project, entries)
    listed = of(project).decided.listed
    assert [one.state.value for one in listed] == ["in-force", "refused", "in-force"]
    assert listed[1].note == "more than 2 drifts of documents would have to be judged"


@needs_git
def test_under_a_base_only_its_own_count(project: Path) -> None:
    write_log(project, [on_names("D1")])
    commit(project, {})
    write_log(project, [on_names("D1"), on_names("D2", findings=[{"rule": "IDX001", "document": "readme"}])])
    changed = assess_project(project, "sit", as_of=AS_OF, config=load_config_of_base(project, "main"))
    states = [(one.key, one.state.value) for one in changed.decided.listed]
    assert states == [("D1", "in-force"), ("D2", "refused")]
    assert {one.settled_by for one in failures(changed, "IDX001", document="readme")} == {""}
