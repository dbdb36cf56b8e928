"""The JSON of an assessment read back: real ones whole, damaged and hostile ones refused in one line."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bbws_readiness.compare.document import MAX_BYTES, MAX_DEPTH, MAX_VALUES, document_of
from bbws_readiness.compare.read import FORMAT, REDUCED, reduced, snapshot_of
from bbws_readiness.errors import MAX_TEXT, InvalidAssessment
from bbws_readiness.reader import decode
from bbws_readiness.render import machine
from bbws_readiness.source import Source
from tests.cases import each
from tests.compare.made import document, entry, file, finding
from tests.compare.runs import run
from tests.example import assessed

READING_C = {"authority": ["terraform"], "decide": "reading-c"}


def source(data: bytes) -> Source:
    read = decode("old.json", data)
    assert isinstance(read, Source)
    return read


def test_the_format_is_that_of_the_machine() -> None:
    assert FORMAT == machine.FORMAT


@each("reading", ["a", "b", "c"])
def test_a_real_assessment_says_the_same_when_it_is_read_back(reading: str) -> None:
    assessment = assessed(reading)
    snapshot = snapshot_of(document_of(source(machine.to_json(assessment).encode())))
    assert snapshot == snapshot_of(machine.to_data(assessment))
    assert (snapshot.slug, snapshot.environment) == (assessment.slug, "sit")
    assert (snapshot.verdict, snapshot.score) == (assessment.verdict.value, assessment.score.value)
    assert [(line.key, line.points) for line in snapshot.ledger] == [
        (line.key, line.points) for line in assessment.score.ledger
    ]
    assert [issue.key for issue in snapshot.issues] == [line.key for line in snapshot.ledger]
    assert [one.fingerprint for one in snapshot.findings if one.open] == [
        one.fingerprint for one in assessment.findings if one.open
    ]
    assert {one.path: one.sha256 for one in snapshot.inputs} == {one.path: one.sha256 for one in assessment.inputs}
    assert {facet: list(kinds) for facet, kinds in snapshot.authority.items()} == {
        facet: [kind.value for kind in kinds] for facet, kinds in assessment.config.authority.items()
    }


@each("described", [{}, {"authority": []}, READING_C, {"checkout": True}], ids=["b", "a", "c", "git"])
def test_reduced_reads_alike_and_is_small(described: dict[str, Any]) -> None:
    data = run(described)
    small = reduced(snapshot_of(data))
    assert snapshot_of(small) == snapshot_of(data)
    assert snapshot_of(json.loads(json.dumps(small))) == snapshot_of(data)
    assert reduced(snapshot_of(small)) == small
    assert small["format"] == REDUCED
    assert len(json.dumps(small)) < len(json.dumps(data)) / 3


def test_the_log_and_the_waivers_are_read() -> None:
    log = [entry(evidence=[{"claim": "three tables", "at": ["main.tf:3"]}], until="2026-03-31"), entry("", "malformed")]
    waiver: dict[str, Any] = {"rule": "DUR002", "subject": None, "at": "main.tf:9", "by": "dba", "until": "2026-03-31"}
    waiver |= {"reason": "why", "state": "in-force", "note": None, "findings": []}
    snapshot = snapshot_of(document(decided=log, waivers=[waiver], switched_off=[{"rule": "TBL001", "at": "r.yaml:3"}]))
    assert [(one.id, one.state, one.until) for one in snapshot.decided] == [
        ("D1", "in-force", "2026-03-31"),
        ("", "malformed", ""),
    ]
    assert snapshot.decided[0].evidence[0].at == ("main.tf:3",)
    assert [(one.id, one.kind, one.by) for one in snapshot.waived] == [("waiver main.tf:9", "waiver", ("dba",))]
    assert [(one.rule, one.at) for one in snapshot.switched_off] == [("TBL001", "r.yaml:3")]


def test_a_json_of_a_version_without_a_log_is_read() -> None:
    data = document([finding("TBL001")])
    for key in ("decided", "waivers"):
        del data[key]
    assert snapshot_of(data).decided == ()


def test_numbers_are_exact() -> None:
    lines = document([finding("TBL001")], {"low": 0.1})["score"]["ledger"]
    assert snapshot_of(document([finding("TBL001")], {"low": lines[0]["points"]})).score == Decimal("99.9")


def test_a_fingerprint_that_stands_twice_is_kept_twice() -> None:
    twins = [finding("TBL001", settled_by="D1"), finding("TBL001")]
    assert [one.settled_by for one in snapshot_of(document(twins)).findings] == ["D1", ""]


def test_a_place_is_told_once_and_its_own_first() -> None:
    sides = [{"source": "plan", "says": "3", "at": ["plan.md:2", "main.tf:1"]}]
    told = finding("TBL001", sides=sides, related=[{"at": "b.tf:7", "text": "here"}])
    assert snapshot_of(document([told])).findings[0].places == ("main.tf:1", "b.tf:7", "plan.md:2")


def damaged(path: str, value: Any) -> dict[str, Any]:
    """A document with the member at `path` replaced, or left out where `value` is `...`."""
    data: dict[str, Any] = json.loads(
        json.dumps(document([finding("TBL001")], decided=[entry()], inputs=[file("a.tf")]))
    )
    *parents, last = [int(part) if part.isdecimal() else part for part in path.split(".")]
    place: Any = data
    for part in parents:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return data


DAMAGED = [
    ("format", ..., "no assessment: it has no format"),
    ("format", "other/1", 'of the format "other/1"; this version reads bbws-readiness-assessment/1'),
    ("format", 3, "damaged: format is no text"),
    ("tool", ..., "damaged: tool is missing"),
    ("tool", [], "damaged: tool is not an object"),
    ("project.slug", None, "damaged: project, slug is empty"),
    ("as_of", "yesterday", "damaged: as_of is no moment of ISO 8601 without a zone"),
    ("as_of", "2026-01-07T00:00:00+01:00", "damaged: as_of is no moment of ISO 8601 without a zone"),
    ("verdict", "GREEN", "damaged: verdict is none of BLOCKED, UNDETERMINED, CONDITIONAL, READY"),
    ("score.value", "97.5", "damaged: score, value is no number"),
    ("score.value", True, "damaged: score, value is no number"),
    ("score.value", 100, "damaged: score is not what its ledger adds up to"),
    ("score.ledger.0.points", -1, "damaged: score, ledger, entry 1, points is not from 0 to 1000000"),
    ("score.ledger.0.points", 10**400, "damaged: score, ledger, entry 1, points is not from 0 to 1000000"),
    ("score.ledger.0.points", 1e-300, "damaged: score, ledger, entry 1, points has more than 17 decimals"),
    ("score.ledger.0.key", "TBL002", "damaged: score has other lines than there are open issues and decisions"),
    ("score.ledger", [], "damaged: score has other lines than there are open issues and decisions"),
    ("coverage.total", 1.5, "damaged: coverage, total is no whole number"),
    ("authority", {"default": "plan"}, "damaged: authority, default is no list"),
    ("issues.0.severity", "grave", "damaged: issues, entry 1, severity is none of critical, high, medium, low"),
    ("issues.0.findings", ["abc"], "damaged: issues, entry 1, findings is no list of fingerprints"),
    ("issues.0.findings", [1], "damaged: issues, entry 1, findings is no list of texts"),
    ("findings", {}, "damaged: findings is no list"),
    ("findings.0", "x", "damaged: findings, entry 1 is not an object"),
    ("findings.0.fingerprint", "123456789ABC", "damaged: findings, entry 1, fingerprint is no fingerprint"),
    ("findings.0.status", "MIXED", "damaged: findings, entry 1, status is none of PASS, FAIL"),
    ("findings.0.sides", ..., "damaged: findings, entry 1, sides is missing"),
    ("inputs.0.sha256", "0", "damaged: inputs, entry 1, sha256 is no SHA-256"),
    ("decided.0.state", 1, "damaged: decided, entry 1, state is no text"),
]


@each(("path", "value", "message"), DAMAGED, ids=[f"{case[0]} {str(case[1])[:20]}" for case in DAMAGED])
def test_a_damaged_document_is_refused_with_what_is_wrong(path: str, value: Any, message: str) -> None:
    with pytest.raises(InvalidAssessment) as caught:
        snapshot_of(damaged(path, value), path="old.json")
    assert caught.value.line.startswith(f"E605: old.json: {message}")
    assert caught.value.line.endswith("; make it with `readiness assess ENVIRONMENT -f json`")
    assert "\n" not in caught.value.line


HOSTILE = [
    (b"", "E411: old.json:1:1: not valid JSON"),
    (b'{"a": 1,}', "E411: old.json:1:9: not valid JSON"),
    (b"[1]", "E605: old.json: no assessment: the file is not one JSON object"),
    (b'{"a": NaN}', "E412: old.json: a number in it is none of JSON's"),
    (b'{"a": -Infinity}', "E412: old.json: a number in it is none of JSON's"),
    (b'{"a": ' + b"9" * 5000 + b"}", "E412: old.json: a number in it is none of JSON's"),
    (b'{"a": 1, "b": {"c": 1, "c": 2}}', 'E408: old.json: the key "c" is set twice'),
    (b'{"a": ' + b"[" * 100_000, f"E407: old.json: nested deeper than {MAX_DEPTH} levels, so it is no assessment"),
    (b'{"a": "' + b"[" * 100, "E411: old.json:1:7: not valid JSON"),
    (b" " * (MAX_BYTES + 1), f"E605: old.json: larger than {MAX_BYTES // 1024**2} MiB, so it is no assessment"),
    (b"[" + b"," * MAX_VALUES, "E605: old.json: more than 3000000 values, so it is no assessment"),
]


@each(("text", "message"), HOSTILE, ids=[case[1] for case in HOSTILE])
def test_a_hostile_file_is_refused_in_one_line(text: bytes, message: str) -> None:
    with pytest.raises(InvalidAssessment) as caught:
        document_of(source(text))
    assert caught.value.line.startswith(message)
    assert len(caught.value.line) < MAX_TEXT + 10


def test_brackets_in_texts_are_no_nesting() -> None:
    assert document_of(source(b'{"a": "' + b"[{" * 1000 + b'\\""}')) == {"a": "[{" * 1000 + '"'}


def test_a_hostile_format_is_told_shortly() -> None:
    with pytest.raises(InvalidAssessment) as caught:
        snapshot_of({"format": "x\n" * 10_000})
    assert len(str(caught.value)) <= MAX_TEXT
    assert "\n" not in str(caught.value)


CHANGES: list[Callable[[Any], Any]] = [
    lambda _: None,
    lambda _: [],
    lambda _: {},
    lambda _: "\x1b[31m\ud800",
    lambda _: float("nan"),
    lambda _: -1,
    lambda value: [value, value],
]


@given(some.data())
def test_a_document_with_any_member_replaced_is_read_or_refused(data: some.DataObject) -> None:
    """Nothing but our own error comes out, whatever stands where."""
    told = json.loads(json.dumps(document([finding("TBL001"), finding("IDX001", "a")], decided=[entry()])))
    place: Any = told
    while True:
        key = data.draw(some.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
        deeper = place[key]
        if not (isinstance(deeper, dict | list) and deeper) or data.draw(some.booleans()):
            break
        place = deeper
    place[key] = data.draw(some.sampled_from(CHANGES))(place[key])
    try:
        snapshot = snapshot_of(told)
    except InvalidAssessment as error:
        assert "\n" not in error.line
    else:
        assert snapshot_of(reduced(snapshot)) == snapshot
