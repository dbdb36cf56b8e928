"""What is read of a decision log, and what is told of one that is not well written."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from bbws_readiness.codes import Code
from bbws_readiness.decisions.entry import DecisionKind, next_id
from bbws_readiness.decisions.read import Log, read_log
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.source import Location, Refused, Source
from tests.budgets.work import seconds
from tests.cases import each
from tests.data import data

CASES = data(Path(__file__).parent / "cases" / "read.yaml")
GOOD = (
    "kind: by-design, environments: [sit], "
    "findings: [{fingerprint: 000000000001, rule: TBL001, subject: orders, statement: 000000000002}], "
    "by: [Tech Lead], on: 2026-01-07, reason: agreed, "
)
BLOCK = GOOD.replace(", by:", "\n    by:").replace(", environments", "\n    environments")
BLOCK = BLOCK.replace(", findings", "\n    findings").replace(", on:", "\n    on:").replace(", reason: agreed, ", "")
BLOCK += "\n    reason: agreed"


def log_of(text: str) -> Log:
    data = text.encode()
    return read_log("log.yaml", Source("log.yaml", text, len(data), hashlib.sha256(data).hexdigest()))


def written(case: dict[str, Any]) -> str:
    members = GOOD
    for old, new in case.get("replace", {}).items():
        assert old in members
        members = members.replace(old, new)
    members = members.removesuffix(", ")
    text: str = case["text"].replace("ENTRY", members).replace("MEMBERS", BLOCK).replace("LONG", "a" * 501)
    return text


def told(fault: Diagnostic, wanted: dict[str, Any]) -> bool:
    said = f"{fault.summary}; {fault.detail}"
    return fault.at.line == wanted["line"] and wanted["words"] in said and fault.code.code == wanted["code"]


@each("case", CASES, ids=lambda case: case["name"])
def test_text(case: dict[str, Any]) -> None:
    log = log_of(written(case))
    assert [entry.id for entry in log.entries if not entry.fault] == case.get("good", [])
    wanted = case.get("faults", [])
    assert len(log.faults) == len(wanted), log.faults
    for one in wanted:
        assert any(told(fault, one) for fault in log.faults), (one, log.faults)
    assert all(fault.detail for fault in log.faults)
    if "error" in case:
        assert log.error
        assert log.error.severity is DiagnosticSeverity.ERROR
        assert told(log.error, case["error"]), log.error
        assert log.entries == ()
    else:
        assert log.error is None


def test_a_repeated_id_is_an_error_and_other_faults_are_warnings() -> None:
    twice = log_of(f"decisions:\n  - {{id: D1, {GOOD}}}\n  - {{id: D1, {GOOD}}}\n  - x\n")
    assert {fault.code: fault.severity for fault in twice.faults} == {
        Code.DECISION_TWICE: DiagnosticSeverity.ERROR,
        Code.DECISION: DiagnosticSeverity.WARNING,
    }


def test_all_that_an_entry_says() -> None:
    text = f"""decisions:
  - {{id: D1, {GOOD} until: 2026-03-31, evidence: [CLAIM]}}
""".replace("CLAIM", '{claim: terraform tables = 3, at: ["main.tf:3"], digest: 0a1b2c3d4e5f}')
    (entry,) = log_of(text).entries
    assert (entry.id, entry.kind, entry.environments, entry.by) == (
        "D1",
        DecisionKind.BY_DESIGN,
        ("sit",),
        ("Tech Lead",),
    )
    assert (entry.on, entry.until, entry.last_day) == (date(2026, 1, 7), "2026-03-31", date(2026, 3, 31))
    (finding,) = entry.findings
    assert (finding.fingerprint, finding.rule, finding.subject) == ("000000000001", "TBL001", "orders")
    assert finding.statement == "000000000002"
    (evidence,) = entry.evidence
    assert (evidence.claim, evidence.places, evidence.digest) == (
        "terraform tables = 3",
        ("main.tf:3",),
        "0a1b2c3d4e5f",
    )
    assert str(entry.at) == "log.yaml:2"


def test_texts_are_those_that_were_written() -> None:
    reason = "it's  two\nlines: #1 \u00e9 \u202e"
    text = f"decisions:\n  - {{id: D1, {GOOD}}}\n".replace("agreed", json.dumps(reason))
    (entry,) = log_of(text).entries
    assert (entry.fault, entry.reason) == ("", reason)


@each(
    ("one", "other", "same"),
    [
        (f"  - {{id: D1, {GOOD}}}\n", f"  # as agreed\n\n  - {{ id: 'D1',  {GOOD} }}\n", True),
        (f"  - {{id: D1, {GOOD}}}\n", f"  - {{id: D2, {GOOD}}}\n", False),
        (f"  - {{id: D1, {GOOD}}}\n", f"  - {{id: D1, {GOOD} until: 2026-03-31}}\n", False),
        (f"  - {{id: D1, {GOOD}}}\n", f"  - {{id: D1, {GOOD}}}\n".replace("orders", "users"), False),
    ],
)
def test_content_tells_what_an_entry_says_and_not_its_layout(one: str, other: str, *, same: bool) -> None:
    (first,), (second,) = log_of(f"decisions:\n{one}").entries, log_of(f"decisions:\n{other}").entries
    assert (first.content == second.content) is same


def test_next_id() -> None:
    assert next_id(()) == "D1"
    assert (
        next_id(log_of(f"decisions:\n  - {{id: D9, {GOOD}}}\n  - {{id: ADR-77, {GOOD}}}\n  - {{id: D2}}\n").entries)
        == "D10"
    )


def test_a_log_that_is_not_there_is_empty() -> None:
    assert read_log("log.yaml", Refused("no such file", Location("log.yaml", 0), code=Code.MISSING)) == Log("log.yaml")


def test_a_log_that_was_refused_is_an_error() -> None:
    log = read_log("log.yaml", Refused("a link", Location("log.yaml", 0), "put the file there", code=Code.LINK))
    assert log.error
    assert (log.error.code, log.error.severity) == (Code.LINK, DiagnosticSeverity.ERROR)


def test_faults_beyond_a_number_are_counted() -> None:
    log = log_of("decisions:\n" + "  - x\n" * 250)
    assert (len(log.entries), len(log.faults), log.more) == (250, 100, 150)


SIGNS = st.sampled_from(
    [
        *(
            "decisions:",
            "\n",
            "\n  - ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            ": ",
            "id",
            "D1",
            "kind",
            "by-design",
            "until",
            "by",
            "on",
        ),
        *("2026-01-07", "findings", "fingerprint", "000000000001", "evidence", "claim", "&a ", "*a", "!!x ", "<<", "~"),
        *(
            "'",
            '"',
            "|\n",
            ">\n",
            "# ",
            "---",
            "...",
            "%",
            "\t",
            "\\u0000",
            "\\ud800",
            "\x85",
            "\ufeff",
            "é",
            "? ",
            "-",
        ),
    ]
)


@given(st.lists(SIGNS, max_size=60).map("".join), st.booleans())
def test_any_text_ends_in_entries_or_a_fault(text: str, within: bool) -> None:
    log = log_of(f"decisions:\n  - {text}\n" if within else text)
    assert log.error is None or log.entries == ()
    for fault in (log.error, *log.faults):
        assert fault is None or (fault.at.line >= 1 and fault.summary)


def test_many_entries_take_little_more_than_their_yaml() -> None:
    text = "decisions:\n" + "".join(f"  - {{id: D{number}, {GOOD}}}\n" for number in range(2_000))

    parsing = min(seconds(lambda: sum(1 for _ in yaml.parse(text, Loader=yaml.CSafeLoader))) for _ in range(2))
    assert len(log_of(text).entries) == 2_000
    assert any(seconds(lambda: log_of(text)) < 8 * parsing for _ in range(5))
