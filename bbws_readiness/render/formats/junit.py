"""The assessment as JUnit XML: a suite per area, a case per rule and subject, for the test reports of pipelines.

There is no standard; the elements and attributes are what Jenkins, GitLab and the reporters on GitHub share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.assess.portfolio import Member, Portfolio
from bbws_readiness.engine.finding import Finding, Outcome
from bbws_readiness.engine.rule import AREAS, Severity
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity, ReadinessError
from bbws_readiness.render import wording
from bbws_readiness.render.encode.xml import attribute, element
from bbws_readiness.render.formats.reported import in_repository, is_decision, place_in_repository

INPUTS = "Inputs"
"""The suite of files that could not be read."""


class _Case(Struct, frozen=True):
    """One test case; `kind` is the element that tells how it came out, empty for a pass."""

    name: str
    group: str
    path: str | None
    """None for what lies outside of the repository."""
    line: int
    kind: str = ""
    type: str = ""
    told: str = ""
    details: str = ""


class _Suite(Struct, frozen=True):
    """The cases of one area, with the figures of their project."""

    name: str
    cases: tuple[_Case, ...]
    as_of: datetime
    figures: Mapping[str, str]


def to_junit(assessment: Assessment, *, prefix: str = "") -> str:
    """The report, with a final line end. `prefix` is the folder of the project inside of the repository.

    An open defect, drift or decision is a failure; what is not verified, not applicable, settled, or explained by
    another finding is skipped and says why; a file that cannot be read is an error.
    """
    return _report(f"readiness {assessment.slug} {assessment.environment}", _suites(assessment, prefix))


def suites_of(assessment: Assessment, prefix: str) -> tuple[_Suite, ...]:
    """What one of several projects adds to the report of all."""
    return tuple(_suites(assessment, prefix))


def portfolio_junit(portfolio: Portfolio, parts: Sequence[tuple[_Suite, ...] | None]) -> str:
    """The report of all projects, in their order; `parts` are the suites of the assessed members.

    A suite is named by its project too; a project that could not be assessed is one with one error.
    """
    suites: list[_Suite] = []
    for member, part in zip(portfolio.members, parts, strict=True):
        if part is not None:
            suites += [replace(one, name=f"{member.path}: {one.name}") for one in part]
        elif member.failure:
            suites.append(_not_assessed(portfolio, member, member.failure))
    return _report(f"readiness {portfolio.environment}", suites)


def _report(name: str, suites: Iterable[_Suite]) -> str:
    suites = tuple(suites)
    everything = [case for suite in suites for case in suite.cases]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites name={attribute(name)} {_counts(everything)}>",
        *(line for suite in suites for line in _suite(suite)),
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _not_assessed(portfolio: Portfolio, member: Member, failure: ReadinessError) -> _Suite:
    group = f"readiness.{portfolio.environment}.inputs"
    case = _Case(f"{failure.code.code} not assessed", group, None, 0, "error", failure.code.code, str(failure))
    return _Suite(f"{member.path}: {INPUTS}", (case,), portfolio.as_of, {})


def _suites(assessment: Assessment, prefix: str) -> Iterator[_Suite]:
    figures = _figures(assessment)
    faults = [one for one in assessment.diagnostics if one.severity is DiagnosticSeverity.ERROR]
    if faults:
        cases = tuple(_fault(assessment, fault, prefix) for fault in faults)
        yield _Suite(INPUTS, cases, assessment.as_of, figures)
    taken: Counter[str] = Counter()
    found = sorted(assessment.findings, key=lambda one: (one.rule.order, one.at, one.subject))
    for area, group in groupby(found, key=lambda one: one.rule.area):
        cases = tuple(_case(assessment, one, taken, prefix) for one in group)
        yield _Suite(AREAS.get(area, area), cases, assessment.as_of, figures)


def _case(assessment: Assessment, finding: Finding, taken: Counter[str], prefix: str) -> _Case:
    """A finding's case; its name is unique in the report, because readers match cases of two runs by it."""
    subject = finding.subject or "project"
    name = f"{finding.rule.code} {finding.rule.slug}: {subject}"
    parts = [str(finding.document or ""), finding.facet if finding.facet != finding.rule.facet else ""]
    named = ", ".join(part for part in parts if part)
    name = f"{name} ({named})" if named else name
    taken[name] += 1
    if taken[name] > 1:
        name = f"{name} [{taken[name]}]"
    kind, type_, told = _outcome(finding)
    details = "\n".join(_details(finding, prefix)) if kind == "failure" else ""
    group = f"readiness.{assessment.environment}.{finding.rule.code}"
    return _Case(name, group, in_repository(finding.at.path, prefix), finding.at.line, kind, type_, told, details)


def _outcome(finding: Finding) -> tuple[str, str, str]:
    if finding.open:
        severity = "decision" if is_decision(finding) else str(finding.severity)
        return "failure", severity, finding.message
    if finding.outcome is Outcome.PASS:
        return "", "", ""
    if finding.settled_by:
        return "skipped", "", f"settled by {finding.settled_by}: {finding.message}"
    if finding.explained_by:
        return "skipped", "", f"explained by finding {finding.explained_by}: {finding.message}"
    return "skipped", "", f"{finding.status}: {finding.message}"


def _details(finding: Finding, prefix: str) -> Iterator[str]:
    """Expected before actual, then every place."""
    if finding.expected:
        yield f"expected: {finding.expected}"
    if finding.actual:
        yield f"actual: {finding.actual}"
    yield f"at: {place_in_repository(finding.at, prefix)}"
    for side in finding.sides:
        places = ", ".join(place_in_repository(at, prefix) for at in side.at)
        yield f"{side.source.says} {side.text} ({places})"
    for one in finding.related:
        yield f"{place_in_repository(one.at, prefix)}: {one.text}"


def _fault(assessment: Assessment, fault: Diagnostic, prefix: str) -> _Case:
    place = place_in_repository(fault.at, prefix)
    name = f"{fault.code.code} {place}:{fault.at.column}" if fault.at.line else f"{fault.code.code} {place}"
    told = f"{fault.summary}; {fault.detail}" if fault.detail else fault.summary
    group, path = f"readiness.{assessment.environment}.inputs", in_repository(fault.at.path, prefix)
    return _Case(name, group, path, fault.at.line, "error", fault.code.code, told)


def _suite(suite: _Suite) -> Iterator[str]:
    timestamp = attribute(suite.as_of.isoformat())
    yield f"  <testsuite name={attribute(suite.name)} {_counts(suite.cases)} timestamp={timestamp}>"
    if suite.figures:
        yield "    <properties>"
        for name, value in suite.figures.items():
            yield f"      <property name={attribute(name)} value={attribute(value)}/>"
        yield "    </properties>"
    for case in suite.cases:
        yield from _written(case)
    yield "  </testsuite>"


def _figures(assessment: Assessment) -> dict[str, str]:
    return {
        "verdict": assessment.verdict.value,
        "score": wording.number(assessment.score.value),
        "coverage": f"{assessment.coverage.determined}/{assessment.coverage.total}",
        **{f"issues.{severity}": str(len(assessment.issues_of(severity))) for severity in Severity},
        "decisions": str(len(assessment.decisions)),
    }


def _written(case: _Case) -> Iterator[str]:
    file = f" file={attribute(case.path)}" if case.path else ""
    line = f" line={attribute(case.line)}" if case.path and case.line else ""
    head = f"<testcase classname={attribute(case.group)} name={attribute(case.name)}{file}{line}"
    if not case.kind:
        yield f"    {head}/>"
        return
    yield f"    {head}>"
    shown = f"message={attribute(case.told)}" + (f" type={attribute(case.type)}" if case.type else "")
    if case.details:
        yield f"      <{case.kind} {shown}>{element(case.details)}</{case.kind}>"
    else:
        yield f"      <{case.kind} {shown}/>"
    yield "    </testcase>"


def _counts(cases: Sequence[_Case]) -> str:
    number = Counter(case.kind for case in cases)
    counted = {
        "tests": len(cases),
        "failures": number["failure"],
        "errors": number["error"],
        "skipped": number["skipped"],
    }
    return " ".join(f"{name}={attribute(value)}" for name, value in counted.items())
