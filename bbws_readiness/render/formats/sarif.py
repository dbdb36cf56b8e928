"""The assessment as SARIF 2.1.0 (OASIS sarif-v2.1.0-os), with what GitHub code scanning asks beyond it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.assess.portfolio import Member, Portfolio
from bbws_readiness.engine.finding import Finding
from bbws_readiness.engine.rule import AREAS, Rule, Severity
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.render import wording
from bbws_readiness.render.encode import json
from bbws_readiness.render.encode.markdown import plain
from bbws_readiness.render.encode.sarif import address, link, message
from bbws_readiness.render.formats.reported import in_repository, is_decision, place_in_repository, reported, settled
from bbws_readiness.source import Location

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
BASE = "%SRCROOT%"

MOST_RESULTS = 5000
"""What code scanning takes of one run; the most severe ones come first, so they are the ones that are kept."""
LEFT_OUT = "results-left-out"
MOST_RUNS = 20
"""What code scanning takes of one file."""
MOST_PLACES = 100
"""Related places of one result."""
MOST_LINKS = 10
"""Related places that a message links to."""
MOST_CHARACTERS = 1024
"""Of a description of a rule."""

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
"""Of a finding. An open decision is a warning whatever its severity would be: nobody has said that it is wrong."""

PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
"""The words of GitHub's `problem.severity` for a level."""

NOTES = {
    DiagnosticSeverity.ERROR: "error",
    DiagnosticSeverity.WARNING: "warning",
}


def to_sarif(assessment: Assessment, *, prefix: str = "", with_settled: bool = False) -> str:
    """The log with one run, in the bytes that the same assessment always has, with a final line end.

    `prefix` is the folder of the project inside of the repository; every address is relative to the repository's top.
    Findings that a decision or waiver settles are left out, or with `with_settled` reported as suppressed.
    """
    return _log([_run(assessment, prefix, with_settled=with_settled)])


def run_of(assessment: Assessment, prefix: str, *, with_settled: bool = False) -> dict[str, Any]:
    """What one of several projects adds to the log of all."""
    return _run(assessment, prefix, with_settled=with_settled)


def portfolio_sarif(portfolio: Portfolio, parts: Sequence[dict[str, Any] | None]) -> str:
    """The log with a run for each assessed project, in their order; `parts` are those runs, None for other members.

    A project that could not be assessed has no run, because one without results would close its alerts: the first run
    tells of it.
    """
    runs = [part for part in parts if part is not None]
    for run in runs[:1]:
        (invocation,) = run["invocations"]
        invocation["toolExecutionNotifications"] += [_not_assessed(one) for one in portfolio.members if one.failure]
    return _log(runs)


def _log(runs: list[dict[str, Any]]) -> str:
    return json.to_json({"$schema": SCHEMA, "version": "2.1.0", "runs": runs}, indent=True) + "\n"


def _run(assessment: Assessment, prefix: str, *, with_settled: bool) -> dict[str, Any]:
    chosen = [*reported(assessment), *(settled(assessment) if with_settled else ())]
    kept = chosen[:MOST_RESULTS]
    rules = list({finding.rule.code: finding.rule for finding in sorted(kept, key=lambda one: one.rule.order)}.values())
    position = {rule.code: index for index, rule in enumerate(rules)}
    return {
        "tool": {
            "driver": {
                "name": "bbws-readiness",
                "version": assessment.tool_version,
                "rules": [_rule(rule) for rule in rules],
                "notifications": _descriptors(assessment, left_out=len(chosen) > len(kept)),
            }
        },
        "automationDetails": {"id": _category(assessment, prefix)},
        "originalUriBaseIds": {BASE: {"description": {"text": "The top of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not assessment.unread,
                "toolExecutionNotifications": [
                    *(_notification(fault, prefix) for fault in assessment.diagnostics),
                    *_cut(len(chosen) - len(kept)),
                ],
            }
        ],
        "results": [_result(assessment, one, position[one.rule.code], prefix) for one in kept],
        "properties": {"readiness": _figures(assessment)},
    }


def _figures(assessment: Assessment) -> dict[str, Any]:
    """The figures that all forms share, as the JSON gives them."""
    return {
        "environment": assessment.environment,
        "asOf": assessment.as_of.isoformat(),
        "verdict": assessment.verdict.value,
        "score": float(assessment.score.value),
        "coverage": {"determined": assessment.coverage.determined, "total": assessment.coverage.total},
        "issues": {severity.value: len(assessment.issues_of(severity)) for severity in Severity},
        "decisions": len(assessment.decisions),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    level = LEVELS[rule.severity]
    parts = [
        ("What must hold", rule.holds),
        ("Why", rule.why),
        ("How to fix", rule.fix),
        ("How to settle", rule.settle),
    ]
    told = [(heading, text) for heading, text in parts if text]
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.slug.split("-")),
        "shortDescription": {"text": message(rule.name)[:MOST_CHARACTERS]},
        "fullDescription": {"text": message(rule.holds)[:MOST_CHARACTERS]},
        "help": {
            "text": message("\n\n".join(f"{heading}\n{text}" for heading, text in told)),
            "markdown": str("\n\n".join(f"**{heading}**\n\n{plain(text)}" for heading, text in told)),
        },
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": [AREAS.get(rule.area, rule.area), rule.kind.value, rule.facet],
            "problem.severity": PROBLEMS[level],
            "precision": "very-high",
        },
    }


def _category(assessment: Assessment, prefix: str) -> str:
    """Whose alerts these are: GitHub closes those of the same category that are not in the next upload.

    Two projects of a repository may have one slug, so the folder is part of it.
    """
    folder = f"{prefix}/" if prefix not in ("", ".") else ""
    return message(f"readiness/{folder}{assessment.slug}/{assessment.environment}/")


def _result(assessment: Assessment, finding: Finding, index: int, prefix: str) -> dict[str, Any]:
    at = _primary(assessment, finding, prefix)
    related = _related(finding, at, prefix)
    flow = _flow(finding, prefix)
    elsewhere = "" if at == finding.at else message(f" ({finding.at})")
    return {
        "ruleId": finding.rule.code,
        "ruleIndex": index,
        "level": _level(finding),
        "message": {"text": f"{message(finding.message)}{elsewhere}{_links(finding, related, prefix)}"},
        "locations": [_place(at, prefix)],
        **({"relatedLocations": [place for _, place in related]} if related else {}),
        **({"codeFlows": flow} if flow else {}),
        "partialFingerprints": {
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
            "readinessFinding/v1": finding.fingerprint,
        },
        **_since(assessment, finding),
        **_suppressed(assessment, finding),
        "properties": {
            "status": finding.status.value,
            "standing": finding.standing.value if finding.standing else None,
            "severity": finding.severity.value if finding.severity else None,
        },
    }


def _primary(assessment: Assessment, finding: Finding, prefix: str) -> Location:
    """Its place; of one outside of the repository, which nobody could open there, the next best, at last any input."""
    sides = (at for side in finding.sides for at in side.at)
    inputs = (Location(one.path, 0) for one in assessment.inputs)
    places = (finding.at, *sides, *(one.at for one in finding.related), *inputs)
    return next((at for at in places if in_repository(at.path, prefix)), Location(".", 0))


def _links(finding: Finding, related: Sequence[tuple[Location, Mapping[str, Any]]], prefix: str) -> str:
    """Links to the lines that belong to it: code scanning shows only those that a message links to."""
    wanted = {one.at for one in finding.related}
    found: dict[str, str] = {}
    for at, place in related:
        if at in wanted:
            shown = place_in_repository(at, prefix)
            found.setdefault(shown, link(shown, place["id"]))
    return f". See also {', '.join(list(found.values())[:MOST_LINKS])}" if found else ""


def _level(finding: Finding) -> str:
    if is_decision(finding) or finding.severity is None:
        return "warning"
    return LEVELS[finding.severity]


def _since(assessment: Assessment, finding: Finding) -> dict[str, str]:
    """Whether the baseline has an open finding; nothing where none was named."""
    if assessment.baseline is None or not finding.open:
        return {}
    return {"baselineState": "new" if finding.fingerprint in assessment.baseline.new_findings else "unchanged"}


def _suppressed(assessment: Assessment, finding: Finding) -> dict[str, Any]:
    if not finding.settled_by:
        return {}
    kind = "inSource" if finding.settled_by in {one.key for one in assessment.waivers.listed} else "external"
    words = f"settled by {finding.settled_by}"
    return {"suppressions": [{"kind": kind, "status": "accepted", "justification": message(words)}]}


def _flow(finding: Finding, prefix: str) -> list[dict[str, Any]]:
    """One thread with a step per source: what each says about the subject, and where."""
    steps = [
        {"location": _place(side.at[0], prefix) | {"message": {"text": message(f"{side.source.says} {side.text}")}}}
        for side in finding.sides
        if side.at and in_repository(side.at[0].path, prefix)
    ]
    return [{"threadFlows": [{"locations": steps[:MOST_PLACES]}]}] if len(steps) > 1 else []


def _related(finding: Finding, primary: Location, prefix: str) -> list[tuple[Location, dict[str, Any]]]:
    """Further places, each once, numbered from 1."""
    told: dict[Location, str] = {}
    for one in finding.related:
        told.setdefault(one.at, one.text)
    for side in finding.sides:
        for at in side.at:
            told.setdefault(at, f"{side.source.says} {side.text}")
    told.pop(primary, None)
    inside = [(at, text) for at, text in told.items() if in_repository(at.path, prefix)]
    return [
        (at, {"id": number} | _place(at, prefix) | {"message": {"text": message(text or "see here")}})
        for number, (at, text) in enumerate(inside[:MOST_PLACES], 1)
    ]


def _place(at: Location, prefix: str) -> dict[str, Any]:
    """A place; a file as a whole is its first line, because code scanning shows nothing without one."""
    line = max(at.line, 1)
    region = {"startLine": line, "startColumn": at.column if at.line else 1, "endLine": line}
    artifact = {"uri": address(in_repository(at.path, prefix) or "."), "uriBaseId": BASE}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _notification(fault: Diagnostic, prefix: str) -> dict[str, Any]:
    inside = in_repository(fault.at.path, prefix)
    told = f"{fault.summary}; {fault.detail}" if fault.detail else fault.summary
    return {
        "descriptor": {"id": fault.code.code},
        "level": NOTES.get(fault.severity, "note"),
        "message": {"text": message(told if inside else f"{fault.at}: {told}")},
        **({"locations": [_place(fault.at, prefix)]} if inside else {}),
    }


def _not_assessed(member: Member) -> dict[str, Any]:
    assert member.failure is not None  # noqa: S101 - narrows the type: asked for those that failed
    return {"level": "error", "message": {"text": message(f"{member.path}: not assessed: {member.failure}")}}


def _descriptors(assessment: Assessment, *, left_out: bool) -> list[dict[str, Any]]:
    codes = {fault.code.code: fault.code for fault in assessment.diagnostics}
    found = [
        {"id": name, "shortDescription": {"text": message(code.meaning)}, "help": {"text": message(code.way_out)}}
        for name, code in sorted(codes.items())
    ]
    if left_out:
        found.append({"id": LEFT_OUT, "shortDescription": {"text": "The run has more results than are taken."}})
    return found


def _cut(number: int) -> Iterator[Mapping[str, Any]]:
    if number > 0:
        words = f"{wording.counted(number, 'less severe finding')} left out; the JSON has all of them"
        yield {"descriptor": {"id": LEFT_OUT}, "level": "warning", "message": {"text": words}}
