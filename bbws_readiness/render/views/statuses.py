"""How rules and whole areas came out, for tables that give one of the five statuses per line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bbws_readiness.assess.assessment import AreaCoverage, Assessment
from bbws_readiness.assess.score import rule_status
from bbws_readiness.engine.finding import Finding, Status
from bbws_readiness.engine.rule import AREAS, Rule
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, say
from bbws_readiness.render.frame import Frame


def by_rule(assessment: Assessment) -> Mapping[str, Sequence[Finding]]:
    """All findings by the code of their rule, in the order of all lists. A rule without findings has no entry."""
    found: dict[str, list[Finding]] = {}
    for finding in assessment.findings:
        found.setdefault(finding.rule.code, []).append(finding)
    return found


def findings_of(frame: Frame, code: str) -> Sequence[Finding]:
    """All findings of one rule, in the order of all lists."""
    return frame.once(by_rule).get(code, ())


def _by_area(frame: Frame) -> Mapping[str, Sequence[Sequence[Finding]]]:
    areas: dict[str, list[Sequence[Finding]]] = {}
    for group in frame.once(by_rule).values():
        areas.setdefault(group[0].rule.area, []).append(group)
    return areas


def findings_of_areas(frame: Frame, *areas: str) -> list[Sequence[Finding]]:
    """All findings of some areas, rule by rule."""
    return [group for area in areas for group in frame.shared(_by_area).get(area, ())]


def status_of(frame: Frame, code: str) -> Status:
    """The worst status among the rule's findings; NOT APPLICABLE when it has none."""
    return rule_status(findings_of(frame, code))


def area_status(area: AreaCoverage) -> Status:
    """The worst status among the rules of one area."""
    if area.failed:
        return Status.FAIL
    if area.decisions:
        return Status.DECISION
    if area.not_verified:
        return Status.NOT_VERIFIED
    return Status.PASS if area.passed else Status.NOT_APPLICABLE


def status_of_areas(assessment: Assessment, codes: Iterable[str]) -> Status:
    """The worst status among several areas; NOT APPLICABLE when no rule looked at them."""
    present = {area_status(area) for area in assessment.coverage.areas if area.area in set(codes)}
    order = (Status.FAIL, Status.DECISION, Status.NOT_VERIFIED, Status.PASS)
    return next((status for status in order if status in present), Status.NOT_APPLICABLE)


def shown(status: Status) -> Markdown:
    """Icon and word."""
    return Markdown(wording.STATUSES[status])


def rules_of_area(assessment: Assessment, area: str) -> tuple[Rule, ...]:
    """The rules of one area that ran, in their order."""
    return tuple(rule for rule in assessment.rules if rule.area == area)


def rows_of_area(frame: Frame, area: str) -> list[tuple[Markdown, Markdown, Markdown]]:
    """Per rule of the area: its code and name, its status, and the finding that decides the status with its place."""
    rows = []
    for rule in rules_of_area(frame.assessment, area):
        findings = findings_of(frame, rule.code)
        status = rule_status(findings)
        rows.append((say("{} {}", rule.code, rule.name), shown(status), _evidence(frame, findings, status)))
    return rows


def _evidence(frame: Frame, findings: Sequence[Finding], status: Status) -> Markdown:
    return first_of(frame, [finding for finding in findings if finding.status is status])


def first_of(frame: Frame, findings: Sequence[Finding]) -> Markdown:
    """The first finding with its place, and how many more there are."""
    if not findings:
        return Markdown("nothing to look at here")
    first = frame.told(findings[0].message, findings[0].at)
    return say("{}; {} more alike", first, len(findings) - 1) if len(findings) > 1 else first


def working_well(frame: Frame) -> tuple[Markdown, ...]:
    """One line per area in which every applicable check passes: area, number of checks, the main fact.

    What a decision or a waiver has settled is borne, not well: its area is left out.
    """
    lines = []
    for area in frame.assessment.coverage.areas:
        checked = findings_of_areas(frame, area.area)
        if area_status(area) is not Status.PASS or any(one.settled_by for group in checked for one in group):
            continue
        passed = ([one for one in group if one.status is Status.PASS] for group in checked)
        leading = next(filter(None, passed), [])
        name = Markdown(AREAS.get(area.area, area.area))
        checks = wording.counted(area.passed, "check")
        lines.append(say("✅ **{}** ({}): {}", name, checks, first_of(frame, leading)))
    return tuple(lines)
