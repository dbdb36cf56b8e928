"""What two runs have made of each issue: real pairs as data, made ones where no project gives them, and properties."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bbws_readiness.compare.changes import Cause, Changes, IssueChange, Kind
from bbws_readiness.compare.compare import compare
from bbws_readiness.compare.read import snapshot_of
from bbws_readiness.errors import NotComparable
from tests.cases import each
from tests.compare.made import document, entry, file, finding
from tests.compare.runs import snapshot
from tests.data import data

CASES = data(Path(__file__).with_name("cases.yaml"))


def pair(case: Mapping[str, Any]) -> Changes:
    before = case.get("before", {})
    edits = {**before.get("edit", {}), **case["after"].get("edit", {})}
    return compare(snapshot(before), snapshot({**before, **case["after"], **({"edit": edits} if edits else {})}))


def told(change: IssueChange) -> dict[str, Any]:
    """A change as the cases write it: what is empty or the same on both sides is left out."""
    written = {
        "kind": change.kind.value,
        "key": change.key,
        "as": change.after.key if change.after and change.after.key != change.key else "",
        "within": change.within,
        "causes": [cause.value for cause in change.causes],
        "why": change.why,
        "decisions": [one.id for one in change.decisions],
    }
    return {key: value for key, value in written.items() if value} | {"points": float(change.points)}


def between(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    return compare(snapshot_of(before), snapshot_of(after))


def only(changes: Changes) -> IssueChange:
    (change,) = changes.issues
    return change


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_real_pair(case: Mapping[str, Any]) -> None:
    changes = pair(case)
    assert [float(changes.before.score), float(changes.after.score)] == case["score"]
    moved = [told(change) for change in changes.issues if change.kind is not Kind.UNCHANGED or change.why]
    assert moved == case["changes"]


def test_every_kind_and_every_cause_has_a_case() -> None:
    changes = [change for case in CASES for change in pair(case).issues]
    assert {change.kind for change in changes} == set(Kind)
    # No two versions of the tool can be run here, and a difference without a cause is nothing a project gives.
    assert {cause for change in changes for cause in change.causes} == set(Cause) - {Cause.TOOL, Cause.UNKNOWN}


def test_the_correction_of_the_example() -> None:
    (case,) = [case for case in CASES if case["name"].endswith("the correction of the example")]
    changes = pair(case)
    assert (changes.before.verdict, changes.after.verdict, changes.corrects) == ("BLOCKED", "READY", True)
    critical = [change for change in changes.issues if change.before and change.before.severity == "critical"]
    assert [(change.key, change.after.severity if change.after else "") for change in critical] == [
        ("TBL001", ""),
        ("IDX001", ""),
        ("NAM001", "low"),
        ("BKP001", ""),
        ("VAL001", "low"),
    ]
    assert sum(change.points for change in changes.issues) - changes.floor == 95
    assert [(one.facet, one.before, one.after) for one in changes.authority] == [
        ("default", ("plan", "terraform"), ("terraform",))
    ]
    assert [one.after.id for one in changes.decided if one.after and not one.before] == [f"D{n}" for n in range(1, 7)]
    assert {one.path: (one.verb, one.cause) for one in changes.inputs} == {
        "readiness-decisions.yaml": ("added", Cause.DECISIONS),
        "readiness.yaml": ("changed", Cause.CONFIGURATION),
    }


@pytest.mark.parametrize("name", ["another project", "another environment"])
def test_what_cannot_be_compared(name: str) -> None:
    other = {"project": {"name": "x", "slug": "x"}} if name == "another project" else {"environment": {"name": "prod"}}
    with pytest.raises(NotComparable) as caught:
        between(document(), document() | other)
    assert caught.value.line.startswith("E711: the earlier assessment is ")


BROKEN = document([finding("TBL001", severity="critical")])
NEWER = {"name": "bbws-readiness", "version": "1.1", "rulebook": "ba9876543210"}
EARLIER = document(as_of="2026-01-06T00:00:00")
LOWER = document([finding("TBL001", severity="low")])

MADE = [
    ("nothing explains it", BROKEN, document(), Kind.RESOLVED, [Cause.UNKNOWN]),
    ("only the day differs", EARLIER, BROKEN, Kind.NEW, [Cause.TIME]),
    ("the day and a file that has nothing to do with it", EARLIER, BROKEN | {"inputs": [file("a.tf")]}, Kind.NEW,
     [Cause.UNKNOWN]),
    ("the day and the decision log", EARLIER, BROKEN | {"inputs": [file("readiness-decisions.yaml")]}, Kind.NEW,
     [Cause.TIME]),
    ("another tool judges otherwise", BROKEN, LOWER | {"tool": NEWER}, Kind.RECLASSIFIED, [Cause.TOOL]),
    ("another tool does not know the rule", BROKEN, document(tool=NEWER), Kind.NOT_COMPARABLE, [Cause.TOOL]),
    ("an older tool did not know the rule", document(tool=NEWER), BROKEN, Kind.NOT_COMPARABLE, [Cause.TOOL]),
    ("another tool, and the rule passes", BROKEN, document([finding("TBL001", status="PASS")], tool=NEWER),
     Kind.RESOLVED, [Cause.TOOL]),
    ("another weight", BROKEN, document(BROKEN["findings"], {"critical": 15}), Kind.RECLASSIFIED, [Cause.UNKNOWN]),
    ("a file under it, and another tool", BROKEN | {"inputs": [file("main.tf")]},
     document([finding("TBL001", status="PASS")], tool=NEWER, inputs=[file("main.tf", "two")]), Kind.RESOLVED,
     [Cause.CODE]),
    ("the same statement in a changed file", BROKEN | {"inputs": [file("main.tf")]},
     LOWER | {"inputs": [file("main.tf", "two"), file("readiness.yaml", kind="configuration")]}, Kind.RECLASSIFIED,
     [Cause.CONFIGURATION]),
    ("what the checkout says", document([finding("REL002", at=".git")]), document(), Kind.RESOLVED, [Cause.CODE]),
    ("not verified any more", BROKEN, document([finding("TBL001", status="NOT VERIFIED")]), Kind.NOT_COMPARABLE,
     [Cause.UNKNOWN]),
    ("the whole rule is not verified", BROKEN, document([finding("TBL001", "project", "NOT VERIFIED")]),
     Kind.NOT_COMPARABLE, [Cause.UNKNOWN]),
    ("another subject is not verified", BROKEN,
     document([finding("TBL001", "users", "NOT VERIFIED"), finding("TBL001", status="PASS")]), Kind.RESOLVED,
     [Cause.UNKNOWN]),
]  # fmt: skip


@each(("before", "after", "kind", "causes"), [case[1:] for case in MADE], ids=[case[0] for case in MADE])
def test_a_made_pair(before: dict[str, Any], after: dict[str, Any], kind: Kind, causes: list[Cause]) -> None:
    change = only(between(before, after))
    assert (change.kind, list(change.causes)) == (kind, causes)
    assert change.why


SETTLED = document([finding("TBL001", settled_by="D1")], decided=[entry()])
LAPSED = [
    ("removed", [], [Cause.DECISIONS], "D1 is not there any more"),
    ("expired", [entry(state="expired")], [Cause.TIME], "D1 has expired"),
    ("expired by hand", [entry(state="expired", until="2026-01-01")], [Cause.DECISIONS], "D1 is expired"),
    ("in force for something else", [entry()], [Cause.DECISIONS], "D1 does not cover it any more"),
    ("refused", [entry(state="refused")], [Cause.DECISIONS], "D1 is refused"),
    ("void", [entry(state="void", evidence=[{"claim": "c", "at": ["b.tf:3"]}])], [Cause.CODE, Cause.DECISIONS],
     "D1 is void; b.tf added"),
]  # fmt: skip


@each(("log", "causes", "why"), [case[1:] for case in LAPSED], ids=[case[0] for case in LAPSED])
def test_a_decision_that_no_longer_holds(log: list[dict[str, Any]], causes: list[Cause], why: str) -> None:
    after = document([finding("TBL001")], decided=log, inputs=[file("b.tf")])
    change = only(between(SETTLED, after))
    assert (change.kind, list(change.causes), change.why) == (Kind.REINSTATED, causes, why)
    assert [(one.id, one.state) for one in change.decisions] == [("D1", log[0]["state"] if log else "in-force")]


def test_another_document_drifts_and_the_decision_is_told() -> None:
    drift = {"standing": "drift", "authority": "terraform"}
    before = document([finding("TBL001", severity="critical", authority="plan")], authority={"default": ["plan"]})
    settled = finding("TBL001", document="plan", settled_by="D1", **drift)
    after = document([settled], authority={"default": ["terraform"]}, decided=[entry()])
    change = only(between(before, after))
    assert (change.kind, change.causes) == (Kind.RESOLVED, (Cause.DECISIONS, Cause.AUTHORITY))
    assert change.why == "settled by D1 (by-design); authority: terraform"
    assert only(between(after, before)).kind is Kind.REINSTATED


def test_an_id_that_stands_twice_is_two_entries() -> None:
    changes = between(document(decided=[entry()]), document(decided=[entry(), entry(state="malformed")]))
    assert [(one.before, one.after and one.after.state) for one in changes.decided] == [(None, "malformed")]


@each(
    ("before", "after", "changed"),
    [
        ({"default": ["plan"]}, {"default": ["plan"], "tables": ["plan"]}, []),
        ({"default": ["plan"]}, {"default": ["plan"], "tables": []}, [("tables", ("plan",), ())]),
        ({"default": ["plan"], "keys": ["plan"]}, {}, [("default", ("plan",), ()), ("keys", ("plan",), ())]),
    ],
)
def test_authority_by_facet(before: dict[str, Any], after: dict[str, Any], changed: list[Any]) -> None:
    changes = between(document(authority=before), document(authority=after))
    assert [(one.facet, one.before, one.after) for one in changes.authority] == changed


RULES = ("TBL001", "IDX001", "NAM001", "NAM002", "BKP001")
weights = some.fixed_dictionaries(
    {
        word: some.one_of(some.integers(0, 60), some.decimals(0, 60, places=2).map(float))
        for word in ("critical", "high", "medium", "low", "decision")
    }
)


@some.composite
def documents(draw: some.DrawFn) -> dict[str, Any]:
    """Any coherent assessment: rules open, settled, explained, passing, undetermined, or not there."""
    findings: list[dict[str, Any]] = []
    for rule in draw(some.sets(some.sampled_from(RULES)).map(sorted)):
        for subject in draw(some.sets(some.sampled_from(("orders", "users")), min_size=1).map(sorted)):
            status = draw(
                some.sampled_from(("FAIL", "FAIL", "FAIL", "DECISION", "PASS", "NOT VERIFIED", "NOT APPLICABLE"))
            )
            members: dict[str, Any] = {"authority": draw(some.sampled_from((None, "plan")))}
            if status in ("FAIL", "DECISION"):
                members["severity"] = draw(some.sampled_from(("critical", "high", "medium", "low")))
                members["document"] = draw(some.sampled_from((None, "plan", "readme")))
                members["settled_by"] = draw(some.sampled_from((None, None, "D1", "D2")))
                known = [one["fingerprint"] for one in findings if one["status"] == "FAIL"]
                if known and members["settled_by"] is None:
                    members["explained_by"] = draw(some.sampled_from((None, None, *known)))
            findings.append(finding(rule, subject, status, **members))
    states = some.sampled_from(("in-force", "expired", "void", "unused"))
    return document(
        findings,
        draw(weights),
        authority=draw(some.sampled_from(({}, {"default": ["plan"]}, {"tables": ["terraform"]}))),
        decided=[entry(name, draw(states)) for name in draw(some.sampled_from((["D1"], ["D1", "D2"], [])))],
        inputs=[file("main.tf", draw(some.sampled_from("ab")))],
        as_of=draw(some.sampled_from(("2026-01-07T00:00:00", "2026-04-01T00:00:00"))),
        tool={"version": draw(some.sampled_from(("1.0", "1.1"))), "rulebook": ""},
        verdict=draw(some.sampled_from(("READY", "BLOCKED"))),
    )


@settings(max_examples=60)
@given(documents(), documents())
def test_every_point_and_every_issue_is_told_once_with_a_cause(one: dict[str, Any], other: dict[str, Any]) -> None:
    changes = between(one, other)
    assert sum((change.points for change in changes.issues), Decimal(0)) - changes.floor == (
        changes.after.score - changes.before.score
    )
    raw = [
        Decimal(100) - sum((line.points for line in run.ledger), Decimal(0)) for run in (changes.before, changes.after)
    ]
    assert changes.floor == (raw[1] - max(raw[1], Decimal(0))) - (raw[0] - max(raw[0], Decimal(0)))
    keys = [issue.key for issue in changes.before.issues]
    assert [change.before.key for change in changes.issues if change.before] == keys
    come = [change.after.key for change in changes.issues if change.after]
    assert sorted(come) == sorted(issue.key for issue in changes.after.issues)
    for change in changes.issues:
        assert (change.kind is Kind.UNCHANGED) == (not change.causes)
        assert change.why or change.kind is Kind.UNCHANGED
        assert list(change.causes) == sorted(set(change.causes), key=list(Cause).index)


@settings(max_examples=50)
@given(documents())
def test_a_run_differs_in_nothing_from_itself(one: dict[str, Any]) -> None:
    changes = between(one, one)
    assert {change.kind for change in changes.issues} <= {Kind.UNCHANGED}
    assert not changes.corrects
    assert not changes.differs
    assert not (changes.inputs or changes.authority or changes.decided or changes.tool or changes.floor)


MIRROR = {
    Kind.NEW: {Kind.RESOLVED},
    Kind.RESOLVED: {Kind.NEW, Kind.REINSTATED},
    Kind.REINSTATED: {Kind.RESOLVED, Kind.RECLASSIFIED, Kind.UNCHANGED, Kind.REINSTATED, Kind.NOT_COMPARABLE},
    Kind.UNCHANGED: {Kind.UNCHANGED, Kind.REINSTATED},
    Kind.RECLASSIFIED: {Kind.RECLASSIFIED, Kind.REINSTATED},
    Kind.NOT_COMPARABLE: {Kind.NOT_COMPARABLE, Kind.REINSTATED},
}


@settings(max_examples=50)
@given(documents(), documents())
def test_the_way_back_mirrors_the_way_there(one: dict[str, Any], other: dict[str, Any]) -> None:
    there, back = between(one, other), between(other, one)
    before = {change.before.key: change for change in back.issues if change.before}
    after = {change.after.key: change for change in back.issues if change.after}
    for change in there.issues:
        for issue, found in ((change.before, after), (change.after, before)):
            if issue and bool(change.before) != bool(change.after):
                assert found[issue.key].kind in MIRROR[change.kind]
