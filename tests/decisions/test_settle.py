"""What a decision does to the rest of an assessment: what it explains, what it costs, and under a base."""

import random
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from bbws_readiness.config.base import load_config_of_base
from bbws_readiness.decisions.base import log_of
from bbws_readiness.decisions.entry import Entry
from bbws_readiness.decisions.settle import settle
from bbws_readiness.engine.finding import Finding, Outcome, Standing
from bbws_readiness.engine.rule import Explanation
from bbws_readiness.engine.run import Answer, explain
from bbws_readiness.model.model import Model
from bbws_readiness.pipeline import assess_project
from tests.cases import each
from tests.checkouts import commit, git, needs_git
from tests.decisions.logs import entry, failures, write_log
from tests.decisions.test_statement import rule
from tests.decisions.test_states import AS_OF, made, of
from tests.example import READINGS, copy_example


def finding(code: str, standing: Standing, *, settled: str = "", by: str = "TBL001", same: str = "project") -> Finding:
    explained = replace(rule(code), explained_by=(Explanation(by, same),))
    return Finding(
        explained, Outcome.FAIL, "parcels", explained.at, "words", "tables", standing=standing, settled_by=settled
    )


def answers(*findings: Finding) -> tuple[Answer, ...]:
    return tuple(Answer(one.rule, (one,), (), {}) for one in findings)


@each("standing", [Standing.DRIFT, Standing.DECISION, Standing.DEFECT])
def test_what_a_settled_finding_explained(standing: Standing) -> None:
    cause = finding("TBL001", Standing.DEFECT, settled="D1", by="TBL002")
    (_, told) = explain(answers(cause, finding("CNT001", standing)), decided={"D1"})
    (evidence,) = told.findings
    if standing is Standing.DEFECT:
        assert (evidence.explained_by, evidence.settled_by, evidence.open) == ("", "", True)
    else:
        assert (evidence.explained_by, evidence.settled_by) == (cause.fingerprint, "D1")


def test_what_a_waived_finding_explained_stands_by_itself() -> None:
    cause = finding("TBL001", Standing.DRIFT, settled="waiver main.tf:1", by="TBL002")
    (_, told) = explain(answers(cause, finding("CNT001", Standing.DRIFT)), decided={"D1"})
    assert told.findings[0].open


def test_an_open_cause_comes_first() -> None:
    cause = finding("TBL001", Standing.DRIFT, settled="D1", by="TBL002")
    other = finding("IDX001", Standing.DRIFT, by="TBL002")
    both = (Explanation("TBL001", "project"), Explanation("IDX001", "project"))
    count = finding("CNT001", Standing.DRIFT)
    count = replace(count, rule=replace(count.rule, explained_by=both))
    *_, told = explain(answers(cause, other, count), decided={"D1"})
    assert (told.findings[0].explained_by, told.findings[0].settled_by) == (other.fingerprint, "")


@pytest.mark.parametrize("reading", ["a", "c"])
def test_settling_never_lowers_the_score(reading: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever is settled, no deduction grows; a new one is of a defect that the settled finding had explained."""
    project = copy_example(tmp_path_factory.mktemp("example"))
    project.joinpath("readiness.yaml").rename(project / "base.yaml")
    text = READINGS[reading].read_text().replace("../readiness.yaml", "base.yaml")
    project.joinpath("readiness.yaml").write_text(
        "\n".join(one for one in text.splitlines() if "decisions:" not in one)
    )
    before = of(project)
    settled = [one for one in before.findings if one.outcome is Outcome.FAIL]
    explained = {one.rule.code for one in settled if one.explained_by and one.standing is Standing.DEFECT}
    chance = random.Random(7)
    for _ in range(6):
        chosen = [one for one in settled if chance.random() < 0.5]
        write_log(project, [entry(f"D{number}", [one]) for number, one in enumerate(chosen)])
        points = {line.key: line.points for line in of(project).score.ledger}
        known = {line.key: line.points for line in before.score.ledger}
        assert all(points[key] <= known[key] for key in points.keys() & known.keys())
        assert points.keys() - known.keys() <= explained
        # Removing entries again never raises it: more entries, fewer deductions.
        write_log(project, [entry(f"D{number}", [one]) for number, one in enumerate(chosen[: len(chosen) // 2])])
        fewer = {line.key: line.points for line in of(project).score.ledger}
        assert all(points[key] <= fewer[key] for key in points.keys() & fewer.keys())
        assert points.keys() - fewer.keys() <= explained
    write_log(project, [entry("D1", settled)])
    assert of(project).score.value == 100


def test_findings_of_an_entry_are_judged_one_by_one(tmp_path: Path) -> None:
    root = made(tmp_path)
    found = failures(of(root), "DUR001", "STA001")
    one = entry("D1", found)
    gone = {**one["findings"][0], "fingerprint": "000000000001"}
    one["findings"] = [one["findings"][0], {**one["findings"][1], "statement": "000000000002"}, gone]
    write_log(root, [one])
    assessment = of(root)
    (decided,) = assessment.decided.listed
    assert decided.state == "in-force"
    assert [each.rule.code for each in decided.settles] == [found[0].rule.code]
    assert [each.rule.code for each in decided.opens] == [found[1].rule.code]
    assert "what it states has changed since it was decided; 1 of the findings fails no more" in decided.note
    (notice,) = assessment.decided.notices
    assert f"open: {found[1].rule.code} " in notice.summary


def test_what_is_not_verified_cannot_be_settled(tmp_path: Path) -> None:
    root = made(tmp_path)
    unknown = next(one for one in of(root).findings if one.outcome is Outcome.UNDETERMINED)
    write_log(root, [entry("D1", [unknown])])
    (decided,) = of(root).decided.listed
    assert (decided.state, decided.settles) == ("unused", ())
    assert "only failures can be settled" in decided.note


def test_so_many_texts_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bbws_readiness.decisions.evidence.MAX_TEXTS", 2)
    root = made(tmp_path)
    before = of(root)
    write_log(
        root, [entry(f"D{number}", [one]) for number, one in enumerate(failures(before, "DUR001", "STA001", "ENV001"))]
    )
    states = [one.state.value for one in of(root).decided.listed]
    assert states[:2] == ["in-force", "in-force"]
    assert set(states[2:]) == {"refused"}


@needs_git
def test_under_a_base_only_its_own_entries_count(tmp_path: Path) -> None:
    root = tmp_path / "x" / "parcels"
    found = {code: failures(of(made(root)), code) for code in ("DUR001", "STA001", "ENV001")}
    commit(root.parent, {})
    held = entry("D1", found["DUR001"])
    write_log(root, [held, entry("D2", found["STA001"])])
    commit(root.parent, {})
    log = write_log(root, [held, entry("D2", found["STA001"], until="2030-01-01"), entry("D3", found["ENV001"])])
    log.write_text(f"# moved down\n\n{log.read_text()}")

    changed = assess_project(root, "sit", as_of=AS_OF, config=load_config_of_base(root, "main"))
    states = {one.key: (one.state.value, one.note) for one in changed.decided.listed}
    assert states["D1"] == ("in-force", "")
    assert {states[key][0] for key in ("D2", "D3")} == {"refused"}
    assert states["D2"][1].startswith("the base does not have it")
    assert {"STA001", "ENV001"} <= {issue.rule.code for issue in changed.issues}
    assert changed.config.policy
    shown = {f"{one.name} {one.change}" for one in changed.config.policy.changes}
    assert shown == {"readiness-decisions.yaml changed", "decisions[D2] added", "decisions[D3] added"}

    git(root.parent, "checkout", "--quiet", "--", ".")
    same = assess_project(root, "sit", as_of=AS_OF, config=load_config_of_base(root, "main"))
    assert [one.state.value for one in same.decided.listed] == ["in-force", "in-force"]
    assert same.config.policy
    assert same.config.policy.changes == ()


@needs_git
def test_what_settles_nothing_in_the_base_cannot_be_made_to_settle_by_taking_its_twin_away(tmp_path: Path) -> None:
    root = tmp_path / "x" / "parcels"
    found = failures(of(made(root)), "DUR001")
    twins = [entry("D1", found), entry("D1", found, reason="another")]
    write_log(root, twins)
    commit(root.parent, {})
    write_log(root, twins[:1])
    changed = assess_project(root, "sit", as_of=AS_OF, config=load_config_of_base(root, "main"))
    assert [one.state.value for one in changed.decided.listed] == ["refused"]


def test_nothing_is_asked_of_an_entry_of_another_environment(tmp_path: Path) -> None:
    root = made(tmp_path)
    write_log(root, [entry("D1", failures(of(root), "DUR001"), environments=["prod"])])
    model = Model(environment="sit", environments=("sit", "prod"))

    def stands(entry: Entry) -> bool:
        raise AssertionError("the base is asked for nothing")

    settled = settle(log_of(root, of(root).config), (), (), model, of(root).config, date(2026, 1, 7), stands=stands)
    assert settled.decisions.listed == ()
