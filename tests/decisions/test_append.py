"""A new entry goes behind the old ones: their bytes stay, and YAML reads back exactly what was given."""

from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bbws_readiness.decisions.append import HEAD, CannotAppend, Proposal, continued, quoted
from bbws_readiness.decisions.claims import Examined
from bbws_readiness.decisions.entry import DecisionKind, Drift, is_blank
from bbws_readiness.decisions.read import Log, read_log
from bbws_readiness.engine.finding import Finding, Outcome
from bbws_readiness.source import Location, Source, SourceKind
from tests.cases import each
from tests.example import assessed

FINDINGS = tuple(one for one in assessed("b").findings if one.outcome is Outcome.FAIL)
EARLIER = (
    "kind: not-required, environments: [sit], findings: [{fingerprint: 000000000001, statement: 000000000002}], "
    "by: [DBA], on: 2026-01-01, reason: agreed"
)


def log_of(text: str) -> Log:
    data = text.encode()
    return read_log("log.yaml", Source("log.yaml", text.removeprefix("\ufeff"), len(data), ""))


def proposal(reason: str = "agreed", **changes: object) -> Proposal:
    usual = Proposal(DecisionKind.NOT_REQUIRED, "sit", FINDINGS[:2], ("Tech Lead",), date(2026, 1, 7), None, reason)
    return replace(usual, **changes)  # type: ignore[arg-type]


@each(
    ("old", "identifier"),
    [
        ("", "D1"),
        ("\n\n", "D1"),
        ("# only a remark\n", "D1"),
        ("decisions:\n", "D1"),
        ("decisions:", "D1"),
        ("# remark\ndecisions:   # of the team\n", "D1"),
        (f"decisions:\n  - {{id: D1, {EARLIER}}}\n", "D2"),
        (f"decisions:\n  - {{id: D1, {EARLIER}}}", "D2"),
        (f"decisions:\n- {{id: D7, {EARLIER}}}\n# the end\n", "D8"),
        (f"decisions:\n      - {{id: D3, {EARLIER}}}   \n\n\n", "D4"),
        (f"decisions:\n  - {{id: ours-3, {EARLIER}}}\n", "D1"),
        (f"decisions:\r\n  - {{id: D1, {EARLIER}}}\r\n", "D2"),
        (f"\ufeffdecisions:\n  - {{id: D1, {EARLIER}}}\n", "D2"),
        (f"decisions:\n  - {{id: D1, {EARLIER}}}\n\n  - {{id: D2, {EARLIER}}}\n", "D3"),
        ("decisions:\n  - id: D1\n    kind: not-required\n    reason: |\n      several\n\n      lines\n", "D2"),
        (f"decisions:\n  - {{id: D1, {EARLIER}}}\n  - nonsense\n", "D2"),
    ],
)
def test_what_stands_there_stays(old: str, identifier: str) -> None:
    log = log_of(old)
    assert log.error is None
    new, entry = continued(log, proposal())
    assert new.startswith(old)
    assert new.endswith("\n")
    assert entry.id == identifier
    assert entry.fault == ""
    assert [one.content for one in log_of(new).entries[:-1]] == [one.content for one in log.entries]
    assert (new.count("\r\n") == new.count("\n")) is ("\r\n" in old)


@each(
    "old",
    [
        "decisions: []\n",
        f"decisions: [{{id: D1, {EARLIER}}}]\n",
        f"decisions:\n  - {{id: D1, {EARLIER}}}\n...\n",
        "decisions: {}\n",
        "decisions: [\n",
        "- 1\n",
        "a: 1\n",
        "decisions:\n  - &a {id: D1}\n",
        "decisions:\n---\ndecisions:\n",
    ],
)
def test_nothing_is_added_to_what_cannot_be_continued(old: str) -> None:
    with pytest.raises(CannotAppend):
        continued(log_of(old), proposal())


def test_a_new_log_says_what_it_is() -> None:
    new, _ = continued(log_of(""), proposal())
    assert new.startswith(HEAD)
    assert HEAD.startswith("#")


def test_entries_one_after_another() -> None:
    text = ""
    for number in range(1, 6):
        text, entry = continued(log_of(text), proposal(f"reason {number}"))
        assert entry.id == f"D{number}"
    assert [one.reason for one in log_of(text).entries] == [f"reason {number}" for number in range(1, 6)]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
TEXTS = TEXTS.filter(lambda text: not is_blank(text))


@settings(max_examples=80, deadline=None)
@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_any_text_is_read_back(reason: str, role: str, claim: str, path: str) -> None:
    evidence = (Examined(claim, True, "", (Location(path, 3),), "0123456789ab"),)
    finding = replace(FINDINGS[0], subject=role)
    given = proposal(reason, by=(role,), evidence=evidence, findings=(finding,), until=date(2026, 3, 31))
    new, entry = continued(log_of(f"decisions:\n  - {{id: D1, {EARLIER}}}\n"), given)
    assert (entry.reason, entry.by, entry.until) == (reason, (role,), "2026-03-31")
    assert [(one.claim, one.places) for one in entry.evidence] == [(claim, (f"{path}:3",))]
    assert entry.findings[0].subject == role
    assert yaml.safe_load(new)["decisions"][1]["reason"] == reason


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_quoted_text_is_one_line_and_the_same_text(text: str) -> None:
    written = quoted(text)
    assert len(written.splitlines()) == 1
    assert yaml.safe_load(f"[{written}]") == [text]
    assert written.isprintable()


def test_a_mark_that_turns_the_direction_of_the_text_is_seen_in_the_log() -> None:
    assert quoted("agreed \u202e\u2066by nobody") == '"agreed \\u202e\\u2066by nobody"'


def test_a_drift_is_recorded_as_a_whole_in_place_of_its_findings() -> None:
    findings = tuple(one for one in assessed("c").findings if one.outcome is Outcome.FAIL)
    drifts = (Drift("NAM001", SourceKind.PLAN), Drift("IDX001", SourceKind.README))
    evidence = (Examined("terraform tables = 3", True, "", (), "0123456789ab"),)
    new, entry = continued(log_of(""), proposal(findings=findings, drifts=drifts, evidence=evidence))
    *singly, plan, readme = entry.findings
    assert (plan.drift, readme.drift) == drifts
    assert "      - {rule: NAM001, document: plan}\n      - {rule: IDX001, document: readme}\n" in new
    told = [one.fingerprint for one in findings if not any(drift.covers(one) for drift in drifts)]
    assert [one.fingerprint for one in singly] == told
    assert 0 < len(told) < len(findings)


def test_a_drift_without_evidence_is_not_recorded() -> None:
    with pytest.raises(CannotAppend):
        continued(log_of(""), proposal(findings=(), drifts=(Drift("NAM001", SourceKind.PLAN),)))


def test_findings_are_recorded_with_what_they_state() -> None:
    findings: tuple[Finding, ...] = FINDINGS[:3]
    _, entry = continued(log_of(""), proposal(findings=findings))
    assert [one.fingerprint for one in entry.findings] == [one.fingerprint for one in findings]
    assert [one.rule for one in entry.findings] == [one.rule.code for one in findings]
    assert all(len(one.statement) == 12 for one in entry.findings)
