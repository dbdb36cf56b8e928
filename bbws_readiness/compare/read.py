"""Reads the JSON of an assessment back as a `Snapshot`, and reduces it to what a `Snapshot` needs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bbws_readiness.compare.document import refused
from bbws_readiness.compare.shape import FINGERPRINT, SHA256, Shape
from bbws_readiness.compare.snapshot import (
    DecidedState,
    EvidenceState,
    FindingState,
    InputState,
    IssueState,
    LedgerLine,
    RuleState,
    Snapshot,
    SwitchedOff,
)

FORMAT = "bbws-readiness-assessment/1"
REDUCED = "bbws-readiness-snapshot/1"
"""The format of what `reduced` gives."""

VERDICTS = ("BLOCKED", "UNDETERMINED", "CONDITIONAL", "READY")
STATUSES = ("PASS", "FAIL", "NOT VERIFIED", "NOT APPLICABLE", "DECISION")
STANDINGS = ("defect", "drift", "decision")
SEVERITIES = ("critical", "high", "medium", "low")

START = Decimal(100)
_ROUNDED = Decimal("0.000001")
"""How far a score may be from what its ledger adds up to: the JSON holds numbers of 64 bits."""


def snapshot_of(data: Mapping[str, Any], *, path: str = "") -> Snapshot:
    """What a comparison needs of the JSON of an assessment, or of what `reduced` made of it.

    `path` names the file in messages. Members that a comparison does not need are not looked at. Raises
    `InvalidAssessment` for another format, for members that are missing or of another shape, and for a score that
    is not what its ledger adds up to.
    """
    shape = Shape(data, path=path)
    form = shape.text("format", may_lack=True)
    if form not in (FORMAT, REDUCED):
        known = f'of the format "{form}"; this version reads {FORMAT}' if form else "no assessment: it has no format"
        raise refused(path, known)
    findings, rules = _answers(shape, whole=form == FORMAT)
    issues = tuple(_issues(shape, {finding.fingerprint: finding for finding in findings}))
    ledger = tuple(_line(one) for one in shape.object("score").objects("ledger"))
    project, tool, coverage = shape.object("project"), shape.object("tool"), shape.object("coverage")
    authority = shape.object("authority")
    return Snapshot(
        tool_version=tool.text("version"),
        rulebook=tool.text("rulebook"),
        project=project.text("name"),
        slug=project.name("slug"),
        environment=shape.object("environment").name("name"),
        as_of=_moment(shape),
        commit=shape.text("commit"),
        verdict=shape.word("verdict", VERDICTS),
        reason=shape.text("reason"),
        score=_score(shape, ledger, issues),
        ledger=ledger,
        determined=coverage.count("determined"),
        total=coverage.count("total"),
        outside=coverage.count("outside"),
        authority={facet: authority.texts(facet) for facet in authority.names()},
        inputs=tuple(_input(one) for one in shape.objects("inputs")),
        issues=issues,
        findings=findings,
        decided=tuple(_decided(one) for one in shape.objects("decided", may_lack=True)),
        rules=rules,
        waived=tuple(_waived(one) for one in shape.objects("waivers", may_lack=True)),
        switched_off=tuple(
            SwitchedOff(one.text("rule"), one.text("at")) for one in shape.objects("switched_off", may_lack=True)
        ),
    )


def reduced(snapshot: Snapshot) -> dict[str, Any]:
    """The JSON of an assessment as plain data without all that no comparison needs; `snapshot_of` reads it alike."""
    from bbws_readiness.compare.reduce import plain_data

    return plain_data(snapshot, REDUCED)


def _moment(shape: Shape) -> str:
    as_of = shape.text("as_of")
    try:
        moment = datetime.fromisoformat(as_of)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None:
        raise shape.fault("is no moment of ISO 8601 without a zone", "as_of")
    return as_of


def _score(shape: Shape, ledger: tuple[LedgerLine, ...], issues: tuple[IssueState, ...]) -> Decimal:
    """What the ledger adds up to. Its lines are those of the open issues and decisions, each once."""
    keys, told = [line.key for line in ledger], [issue.key for issue in issues]
    if len(set(told)) < len(told) or sorted(keys) != sorted(told):
        raise shape.fault("has other lines than there are open issues and decisions", "score")
    score = max(START - sum((line.points for line in ledger), Decimal(0)), Decimal(0))
    if abs(shape.object("score").number("value") - score) > _ROUNDED:
        raise shape.fault("is not what its ledger adds up to", "score")
    return score


def _line(shape: Shape) -> LedgerLine:
    return LedgerLine(
        shape.text("key"),
        shape.text("label"),
        shape.word("severity", (*SEVERITIES, "decision")),
        shape.number("points"),
    )


def _input(shape: Shape) -> InputState:
    return InputState(shape.text("path"), shape.text("kind"), shape.matched("sha256", SHA256, "SHA-256"))


def _issues(shape: Shape, findings: Mapping[str, FindingState]) -> Iterator[IssueState]:
    for one in shape.objects("issues"):
        rule = one.text("rule")
        yield IssueState(
            key=rule,
            rules=(rule,),
            title=one.text("title"),
            severity=one.word("severity", SEVERITIES),
            standing=one.word("standing", ("defect", "drift")),
            subjects=one.texts("subjects"),
            at=one.text("at"),
            findings=one.fingerprints("findings"),
            evidence=one.fingerprints("evidence"),
        )
    for one in shape.objects("decisions"):
        told = one.fingerprints("findings")
        known = [findings[fingerprint] for fingerprint in told if fingerprint in findings]
        own = set(told)
        yield IssueState(
            key=f"decision:{one.text('key')}",
            rules=one.texts("rules"),
            title=one.text("question"),
            severity="",
            standing="decision",
            subjects=tuple(dict.fromkeys(finding.subject for finding in known)),
            at=known[0].at if known else "",
            findings=told,
            evidence=tuple(one.fingerprint for one in findings.values() if one.explained_by in own),
        )


def _answers(shape: Shape, *, whole: bool) -> tuple[tuple[FindingState, ...], tuple[RuleState, ...]]:
    """The findings that do not pass, and what all findings of a rule come to."""
    findings = tuple(_finding(one, whole=whole) for one in shape.objects("findings"))
    if whole:
        rules = tuple(_rules(findings))
    else:
        rules = tuple(
            RuleState(one.text("code"), one.texts("statuses"), one.texts("files")) for one in shape.objects("rules")
        )
    return tuple(finding for finding in findings if finding.status != "PASS"), rules


def _rules(findings: Iterable[FindingState]) -> Iterator[RuleState]:
    statuses: dict[str, set[str]] = {}
    files: dict[str, set[str]] = {}
    for finding in findings:
        statuses.setdefault(finding.rule, set()).add(finding.status)
        files.setdefault(finding.rule, set()).update(map(file_of, finding.places))
    for code in sorted(statuses):
        yield RuleState(code, tuple(sorted(statuses[code])), tuple(sorted(files[code])))


def file_of(place: str) -> str:
    """The path of `path:line`."""
    path, colon, line = place.rpartition(":")
    return path if colon and line.isdecimal() else place


def _finding(shape: Shape, *, whole: bool) -> FindingState:
    return FindingState(
        fingerprint=shape.matched("fingerprint", FINGERPRINT, "fingerprint"),
        rule=shape.text("rule"),
        slug=shape.text("slug"),
        status=shape.word("status", STATUSES),
        standing=shape.word("standing", ("", *STANDINGS)),
        severity=shape.word("severity", ("", *SEVERITIES)),
        facet=shape.text("facet"),
        subject=shape.text("subject"),
        message=shape.text("message"),
        document=shape.text("document"),
        explained_by=shape.text("explained_by"),
        settled_by=shape.text("settled_by"),
        at=shape.text("at"),
        places=_places(shape) if whole else shape.texts("places"),
        authority=shape.text("authority"),
        says=_digest(sorted(f"{one.text('source')}: {one.text('says')}" for one in shape.objects("sides")))
        if whole
        else shape.text("says"),
        finds=_digest([shape.text("expected"), shape.text("actual")]) if whole else shape.text("finds"),
    )


def _places(shape: Shape) -> tuple[str, ...]:
    places = [shape.text("at")]
    places += [one.text("at") for one in shape.objects("related")]
    for side in shape.objects("sides"):
        places += side.texts("at")
    return tuple(dict.fromkeys(places))


def _digest(texts: Iterable[str]) -> str:
    # Halves of pairs, which JSON can hold and UTF-8 cannot, must not end a run.
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _decided(shape: Shape) -> DecidedState:
    return DecidedState(
        id=shape.text("id"),
        kind=shape.text("kind"),
        state=shape.text("state"),
        by=shape.texts("by"),
        on=shape.text("on"),
        until=shape.text("until"),
        reason=shape.text("reason"),
        note=shape.text("note", may_lack=True),
        rules=shape.texts("rules"),
        findings=shape.texts("findings"),
        at=shape.text("at"),
        environments=shape.texts("environments", may_lack=True),
        evidence=tuple(
            EvidenceState(one.text("claim"), one.texts("at")) for one in shape.objects("evidence", may_lack=True)
        ),
    )


def _waived(shape: Shape) -> DecidedState:
    by, rule = shape.text("by"), shape.text("rule")
    return DecidedState(
        id=f"waiver {shape.text('at')}",
        kind="waiver",
        state=shape.text("state"),
        by=(by,) if by else (),
        on="",
        until=shape.text("until"),
        reason=shape.text("reason"),
        note=shape.text("note"),
        rules=(rule,) if rule else (),
        findings=shape.texts("findings"),
        at=shape.text("at"),
    )
