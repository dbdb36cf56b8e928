"""Every output tells of the decisions, inertly, and says nothing of them where there are none."""

import json
from pathlib import Path

import jsonschema
import pytest

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.render.documents import render_documents
from bbws_readiness.render.machine import to_data, to_json
from bbws_readiness.render.terminal import terminal_text
from bbws_readiness.render.terminal_line import quiet_text
from tests.decisions.logs import entry, failures, write_log
from tests.decisions.test_states import made, of
from tests.waivers.test_waivers import plain

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "bbws_readiness" / "render" / "assessment.schema.json").read_text(encoding="utf-8")
)
SECRET = "AKIA" + "IOSFODNN7EXAMPLE"


def documents(assessment: Assessment) -> dict[str, str]:
    return {one.path: one.text for one in render_documents(assessment, directory="deployments")}


def document(assessment: Assessment, ending: str) -> str:
    (text,) = (text for path, text in documents(assessment).items() if path.endswith(ending))
    return text


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """One entry in force on two rules, with evidence; one expired; one unused."""
    root = made(tmp_path_factory.mktemp("projects") / "parcels")
    before = of(root)
    both = entry(
        "D1",
        failures(before, "DUR001", "STA001"),
        kind="accepted-risk",
        until="2026-03-31",
        by=["DBA", "Tech Lead"],
        reason="events are replayed",
        evidence=[{"claim": "terraform tables = 1"}],
    )
    expired = entry("D2", failures(before, "ENV001"), on="2025-11-01", until="2026-01-06", reason="no settings yet")
    gone = {"fingerprint": "000000000001", "rule": "TBL001", "subject": "orders", "statement": "000000000002"}
    write_log(root, [both, expired, entry("D3", [], findings=[gone])])
    return of(root)


def test_json(decided: Assessment) -> None:
    data = json.loads(json.dumps(to_data(decided)))
    jsonschema.validate(data, SCHEMA)
    first, second, third = data["decided"]
    assert first == {
        "id": "D1",
        "kind": "accepted-risk",
        "state": "in-force",
        "environments": ["sit"],
        "by": ["DBA", "Tech Lead"],
        "on": "2026-01-07",
        "until": "2026-03-31",
        "reason": "events are replayed",
        "note": None,
        "evidence": [{"claim": "terraform tables = 1", "at": ["main.tf:9"]}],
        "rules": [one.rule.code for one in failures(decided, "DUR001", "STA001")],
        "findings": [one.fingerprint for one in failures(decided, "DUR001", "STA001")],
        "at": "readiness-decisions.yaml:2",
    }
    assert (second["state"], second["note"]) == ("expired", "its last day was Tue 2026-01-06")
    assert (third["state"], third["rules"]) == ("unused", ["TBL001"])
    settled = {one["fingerprint"]: one["settled_by"] for one in data["findings"] if one["settled_by"]}
    assert settled == dict.fromkeys(first["findings"], "D1")


def test_terminal(decided: Assessment) -> None:
    counts = "1 decision settles 2 findings, 1 decision unused, 1 decision expired"
    assert counts in quiet_text(decided, plain)
    short, long = terminal_text(decided, plain), terminal_text(decided, plain, verbose=True)
    assert f"{counts} (readiness-decisions.yaml)" in short
    assert "decision D2 is expired: its last day was Tue 2026-01-06; open: ENV001" in short
    assert "events are replayed" not in short
    assert "events are replayed" in long
    assert "by DBA and Tech Lead on Wed 2026-01-07, until 2026-03-31" in long
    assert "- terraform tables = 1 (main.tf:9)" in long


def test_documents(decided: Assessment) -> None:
    counts = "1 decision settles 2 findings, 1 decision unused, 1 decision expired"
    assert f"- **Decisions recorded**: {counts}" in document(decided, "_exec_brief.md")
    assert f"; {counts} |" in document(decided, "_summary.md")
    assert f"- **Decisions recorded**: {counts}" in documents(decided)["README_SIT_PARCELS.md"]
    assert all("- **Decision log**: [`readiness-decisions.yaml`]" in text for text in documents(decided).values())
    report = document(decided, "_readiness_report.md")
    row = next(line for line in report.splitlines() if line.startswith("| `D1`"))
    assert "`D1` accepted-risk ([`readiness-decisions.yaml:2`](../readiness-decisions.yaml#L2))" in row
    assert "`DUR001` `parcels`" in row
    assert "| DBA + Tech Lead | Wed 2026-01-07 | Tue 2026-03-31 | events are replayed | terraform tables = 1: " in row
    assert "[`main.tf:9`](../main.tf#L9)" in row
    assert "decision D2 is expired: its last day was Tue 2026-01-06; open: ENV001" in report
    assert "decision D3 is unused: nothing that it is about fails any more" in report


def test_without_a_log_nothing_is_told(tmp_path: Path) -> None:
    assessment = of(made(tmp_path / "parcels"))
    said = terminal_text(assessment, plain, verbose=True) + "".join(documents(assessment).values())
    assert "Decisions recorded" not in said
    assert "readiness-decisions" not in said
    assert to_data(assessment)["decided"] == []


def test_texts_of_the_log_are_inert_and_show_no_secret(tmp_path: Path) -> None:
    root = made(tmp_path / "parcels")
    hostile = f"\\x1b[31m ![x](http://evil.example) <script> | @team ::error:: {SECRET} \u202e\n# Heading"
    hostile = hostile.replace("\\x1b", "\u009b")
    found = failures(of(root), "DUR001")
    one = entry("D1", found, reason=hostile, by=[f"|<b>{SECRET}"])
    other = entry("D2", found, reason=hostile, by=[hostile], until=hostile[:90])
    third = {**entry("D3", found), hostile[:90]: "x", "kind": hostile[:90]}
    write_log(root, [one, other, third])
    assessment = of(root)
    assert [one.state for one in assessment.decided.listed] == ["in-force", "expired", "malformed"]
    said = terminal_text(assessment, plain, verbose=True)
    text = "".join(documents(assessment).values())
    assert SECRET not in said + text + to_json(assessment)
    assert not {"\u009b", "\x1b", "\u202e"} & set(said + text + to_json(assessment))
    assert "<script>" not in text.replace("\\<", "")
    assert "](http://evil" not in text
    assert "\n# Heading" not in text
    assert "\n# Heading" not in said
