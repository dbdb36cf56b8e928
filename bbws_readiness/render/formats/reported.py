"""What every form for machines reports: the findings that count, and where their files stand in the repository."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec.structs import replace

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.engine.finding import Finding, Outcome, Standing
from bbws_readiness.engine.rule import Severity
from bbws_readiness.source import Location


def reported(assessment: Assessment) -> Iterator[Finding]:
    """Every finding of an open issue or decision, most severe first: exactly what documents count."""
    return (finding for finding in assessment.findings if finding.open)


def settled(assessment: Assessment) -> Iterator[Finding]:
    """Every failure that a decision or a waiver settles, in the order of all lists."""
    return (one for one in assessment.findings if one.outcome is Outcome.FAIL and one.settled_by)


def is_decision(finding: Finding) -> bool:
    """Whether it is a disagreement of which nobody has said who is right."""
    return finding.standing is Standing.DECISION


def grave(finding: Finding) -> bool:
    """Whether it keeps from a deployment by itself: critical or high, and no open decision."""
    return not is_decision(finding) and finding.severity in (Severity.CRITICAL, Severity.HIGH)


def in_repository(path: str, prefix: str) -> str | None:
    """`path` of the project as seen from the top of the repository, in which the project lies at `prefix`.

    None for what lies outside of it, such as a plan of another checkout: no reader of the repository could open it.
    """
    found = posixpath.normpath(posixpath.join(prefix, path))
    return None if found == ".." or found.startswith(("../", "/")) else found


def place_in_repository(at: Location, prefix: str) -> str:
    """`path:line` as seen from the top of the repository; of what lies outside, as the project writes it."""
    path = in_repository(at.path, prefix)
    return str(at if path is None else replace(at, path=path))


def by_severity(finding: Finding) -> int:
    """Orders findings of several projects as those of one are: most severe first."""
    return finding.severity.rank if finding.severity else len(Severity)
