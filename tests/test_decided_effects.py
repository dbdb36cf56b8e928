"""One change, one effect: what becomes of reading (c), its verdict, score and decisions, when one thing changes."""

from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.config import load_config
from bbws_readiness.decisions.entry import State
from bbws_readiness.engine.finding import Finding, Outcome, Standing
from bbws_readiness.engine.rule import Severity
from bbws_readiness.pipeline import assess_project, model_project
from bbws_readiness.render.generate.validation_script import validation_script
from tests.cases import each
from tests.data import data
from tests.example import AS_OF, EXAMPLE, assessed, copy_example

CASES = data(Path(__file__).with_suffix("").with_name("decided_effects.yaml"))
READING = Path("readings") / "terraform_is_authority.yaml"
LOG = Path("readings") / "readiness-decisions.yaml"
USUAL = {"NAM002", "VAL001"}


def reassessed(project: Path, as_of: datetime = AS_OF) -> Assessment:
    return assess_project(project, "sit", as_of=as_of, config=load_config(project, path=project / READING))


def changed(project: Path, case: dict[str, Any]) -> None:
    for edit in case.get("edit", []):
        file = project / edit["path"]
        text = file.read_text()
        assert edit["replace"] in text, edit
        file.write_text(text.replace(edit["replace"], edit["with"]))
    for path, text in case.get("write", {}).items():
        (project / path).write_text(text)
    if name := case.get("script"):
        (project / "scripts" / f"validate_dynamodb_{name}.py").write_text(script_for_sit(project))


def script_for_sit(project: Path) -> str:
    """The script that the tool makes of what Terraform declares for SIT."""
    config = load_config(project, path=project / READING)
    model = model_project(project, "sit", config=config)
    return validation_script(model, config).text


def opened(assessment: Assessment) -> set[str]:
    rules = [issue.rule.code for issue in assessment.issues]
    return {*rules, *(rule.code for decision in assessment.decisions for rule in decision.rules)}


def named(findings: Iterable[Finding]) -> set[str]:
    return {f"{one.rule.code} {one.subject}" for one in findings}


@each("case", [pytest.param(case, id=f"{group}: {case['name']}") for group, cases in CASES.items() for case in cases])
def test_effect(case: dict[str, Any], tmp_path: Path) -> None:
    project = copy_example(tmp_path, readings=True)
    changed(project, case)
    as_of = datetime.combine(case["as_of"], time()) if "as_of" in case else AS_OF
    assessment = reassessed(project, as_of)
    wanted = set(case["open"]) if "open" in case else USUAL | set(case.get("back", ()))
    assert opened(assessment) == wanted
    states = {one.key: one.state.value for one in assessment.decided.listed if one.state is not State.IN_FORCE}
    assert states == case.get("states", {})
    failed = [one for one in assessment.findings if one.outcome is Outcome.FAIL]
    assert set(case.get("failed", ())) <= named(one for one in failed if one.open)
    assert set(case.get("settled", ())) <= named(one for one in failed if one.settled_by)
    assert not set(case.get("passed", ())) & named(failed)
    drifts = {f"{one.rule.code} {one.document}" for one in failed if one.open and one.standing is Standing.DRIFT}
    assert set(case.get("drifts", ())) <= drifts
    told = [str(notice) for notice in assessment.decided.notices]
    for part in case.get("said", ()):
        assert any(part in one for one in told), told
    assert bool(told) == bool(states)
    if "score" in case:
        assert assessment.score.value == Decimal(str(case["score"]))
    if "verdict" in case:
        assert assessment.verdict is Verdict[case["verdict"]]


def test_renaming_is_never_advised_without_its_price() -> None:
    action = assessed("c").action("names")
    (suffix,) = [option for option in action.options if option.irreversible]
    assert "replace" in suffix.irreversible.lower()
    assert "data" in suffix.irreversible.lower()


def test_what_comes_back_names_the_entry_and_the_reason(tmp_path: Path) -> None:
    project = copy_example(tmp_path, readings=True)
    assessment = reassessed(project, datetime(2026, 4, 1))
    back = [one for one in assessment.findings if one.rule.code == "BKP001" and one.open]
    assert len(back) == 2
    line = 1 + (project / LOG).read_text().split("- id: D3")[0].count("\n")
    for one in back:
        (related,) = [told for told in one.related if told.at.path == LOG.as_posix()]
        assert related.at.line == line
        assert "its last day was Tue 2026-03-31" in related.text


AUTHORITIES = {
    "the whole": "authority:\n  default: [terraform]\n",
    "tables": "authority:\n  default: [plan, terraform]\n  tables: [terraform]\n",
    "indexes": "authority:\n  default: [plan, terraform]\n  indexes: [terraform]\n",
    "naming": "authority:\n  default: [plan, terraform]\n  naming: [terraform]\n",
    "backup": "authority:\n  default: [plan, terraform]\n  backup: [terraform]\n",
}
OF_FACET = {"tables": "TBL001", "indexes": "IDX001", "naming": "NAM001", "backup": "BKP001"}


@each("facet", AUTHORITIES)
def test_one_line_of_authority_turns_defects_into_drift(facet: str, tmp_path: Path) -> None:
    before = "authority:\n  default: [plan, terraform]\n"
    project = copy_example(tmp_path, {"readiness.yaml": (before, AUTHORITIES[facet])})
    assessment = assess_project(project, "sit", as_of=AS_OF, config=load_config(project))
    blocked = {issue.rule.code for issue in assessed("b").issues_of(Severity.CRITICAL)}
    codes = set(OF_FACET.values()) if facet == "the whole" else {OF_FACET[facet]}
    assert codes <= blocked
    # A demand of the plan is out of force with the plan.
    gone = {*codes, "VAL001"} if facet == "the whole" else codes
    assert {issue.rule.code for issue in assessment.issues_of(Severity.CRITICAL)} == blocked - gone
    standings = {one.standing for one in assessment.findings if one.rule.code in codes and one.open}
    assert standings == {Standing.DRIFT}
    if facet == "the whole":
        assert assessment.verdict is not Verdict.BLOCKED


def test_the_log_of_a_reading_is_none_of_the_project(tmp_path: Path) -> None:
    assert not (EXAMPLE / "readiness-decisions.yaml").exists()
    project = copy_example(tmp_path, readings=True)
    assessment = assess_project(project, "sit", as_of=AS_OF, config=load_config(project))
    assert assessment.verdict is Verdict.BLOCKED
    assert assessment.decided.listed == ()
