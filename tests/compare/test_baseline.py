"""What is new since a baseline: findings one by one, issues by what became of them, and nothing that only moved."""

from collections.abc import Mapping
from typing import Any

from bbws_readiness.compare.baseline import Since, baseline_of
from bbws_readiness.compare.compare import compare
from bbws_readiness.compare.read import snapshot_of
from tests.cases import each
from tests.compare.made import document, finding

ONE, TWO = finding("TBL001", "orders"), finding("TBL001", "users")
DRIFT = {"standing": "drift", "severity": "low"}
DECISION = {"status": "DECISION", "severity": None}

# Findings before and after; then how each open issue stands with its number of new findings, and what is resolved.
CASES: Mapping[str, tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, tuple[str, int]], list[str]]] = {
    "nothing changed": ([ONE], [ONE], {"TBL001": ("known", 0)}, []),
    "one came": ([ONE], [ONE, finding("IDX001")], {"TBL001": ("known", 0), "IDX001": ("new", 1)}, []),
    "one went": ([ONE, finding("IDX001")], [ONE], {"TBL001": ("known", 0)}, ["IDX001"]),
    "a further subject": ([ONE], [ONE, TWO], {"TBL001": ("grown", 1)}, []),
    "fewer subjects": ([ONE, TWO], [ONE], {"TBL001": ("known", 0)}, []),
    "another subject altogether": ([ONE], [TWO], {"TBL001": ("new", 1)}, []),
    "lines have moved": ([ONE], [{**ONE, "at": "other.tf:99"}], {"TBL001": ("known", 0)}, []),
    "another document drifts": (
        [finding("IDX001", document="plan", **DRIFT)],
        [finding("IDX001", document="readme", **DRIFT)],
        {"IDX001": ("known", 0)},
        [],
    ),
    "a drift became a defect": (
        [finding("IDX001", **DRIFT)],
        [finding("IDX001", severity="low")],
        {"IDX001": ("grown", 1)},
        [],
    ),
    "graver than it was": ([ONE], [{**ONE, "severity": "high"}], {"TBL001": ("grown", 1)}, []),
    "one of two is a defect now": (
        [TWO, {**ONE, **DRIFT, "document": "plan"}],
        [TWO, ONE],
        {"TBL001": ("grown", 1)},
        [],
    ),
    "less grave than it was": ([{**ONE, "severity": "high"}], [ONE], {"TBL001": ("known", 0)}, []),
    "a decision became a low defect": (
        [finding("TBL001", **DECISION)],
        [finding("TBL001", severity="low")],
        {"TBL001": ("grown", 1)},
        [],
    ),
    "a decision is asked again": (
        [finding("TBL001", **DECISION)],
        [finding("TBL001", **DECISION)],
        {"decision:tbl001": ("known", 0)},
        [],
    ),
    "had been settled": ([{**ONE, "settled_by": "D1"}], [ONE], {"TBL001": ("new", 1)}, []),
    "one of two had been settled": ([{**ONE, "settled_by": "D1"}, TWO], [ONE, TWO], {"TBL001": ("grown", 1)}, []),
    "has been settled": ([ONE], [{**ONE, "settled_by": "D1"}], {}, ["TBL001"]),
    "had not been answered": ([{**ONE, "status": "NOT VERIFIED", "standing": None}], [ONE], {"TBL001": ("new", 1)}, []),
    "is not answered any more": ([ONE], [{**ONE, "status": "NOT VERIFIED", "standing": None}], {}, []),
    "had been evidence of another": (
        [ONE, finding("IDX001", explained_by=ONE["fingerprint"])],
        [finding("IDX001")],
        {"IDX001": ("known", 0)},
        [],
    ),
    "has become evidence of a new one": (
        [finding("IDX001")],
        [ONE, finding("IDX001", explained_by=ONE["fingerprint"])],
        {"TBL001": ("new", 1)},
        [],
    ),
}


@each("name", CASES)
def test_how_an_issue_stands(name: str) -> None:
    before, after, expected, resolved = CASES[name]
    changes = compare(snapshot_of(document(before)), snapshot_of(document(after)))
    baseline = baseline_of(changes, "main.json")
    assert {key: (told.since, len(told.findings)) for key, told in baseline.told.items()} == expected
    assert list(baseline.resolved) == resolved
    assert sum(baseline.number(since) for since in Since) == len(changes.after.issues)
    assert baseline.new_findings == {one for told in baseline.told.values() for one in told.findings}


def test_a_run_knows_all_of_itself() -> None:
    findings = [ONE, TWO, finding("IDX001", **DECISION), finding("BKP001", settled_by="D1")]
    same = snapshot_of(document(findings))
    baseline = baseline_of(compare(same, same), "main.json")
    assert (baseline.number(Since.KNOWN), baseline.new_findings, baseline.resolved) == (2, frozenset(), ())
