"""What an earlier assessment already has: every open issue and decision is new, grown or known, and some are gone."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from bbws_readiness.compare.changes import Changes, Kind
from bbws_readiness.compare.snapshot import FindingState, IssueState, Snapshot

PRIORITIES = ("critical", "high", "decision", "medium", "low")
"""The gravest first; an open decision is as urgent as a high defect."""


class Since(StrEnum):
    """How an open issue or decision stands to the baseline."""

    NEW = "new"
    """The baseline does not tell it: it was not there, was settled, or could not be asked."""
    GROWN = "grown"
    """The baseline tells it, but not all that it is about now, or not as gravely."""
    KNOWN = "known"


class Told(Struct, frozen=True):
    """One open issue or decision."""

    since: Since
    findings: tuple[str, ...]
    """Fingerprints of its new findings, in the order of the issue."""


class Baseline(Struct, frozen=True):
    """An assessment held against an earlier one of the same project and environment."""

    file: str
    """As outputs name it."""
    changes: Changes
    told: Mapping[str, Told]
    """By the keys of issues and decisions, as the ledger of the score has them, in its order."""
    resolved: tuple[str, ...]
    """Keys of what the baseline tells and the later run does not, by itself or with another one."""
    new_findings: frozenset[str]
    """Fingerprints of all open findings that the baseline does not tell, or tells less gravely: at a lower priority, or
    as a drift or decision and no defect."""

    def number(self, since: Since) -> int:
        """How many open issues and decisions stand so."""
        return sum(told.since is since for told in self.told.values())


def baseline_of(changes: Changes, file: str) -> Baseline:
    """What the earlier of the two runs has of the later one. A document that drifts instead of another one is not new:
    rule and subject are what tells findings apart, as everywhere in a comparison."""
    known = _Known(changes.before)
    findings = {finding.fingerprint: finding for finding in changes.after.findings if finding.open}
    told = {issue.key: _told(issue, findings, known) for issue in changes.after.issues}
    return Baseline(
        file,
        changes,
        told,
        tuple(change.key for change in changes.of(Kind.RESOLVED)),
        frozenset(fingerprint for one in told.values() for fingerprint in one.findings),
    )


class _Known:
    """What an earlier run tells of each subject: failures that are open, or evidence of one that is."""

    def __init__(self, before: Snapshot) -> None:
        self._any: dict[tuple[str, str], int] = {}
        self._defect: dict[tuple[str, str], int] = {}
        for finding in before.findings:
            if finding.failed and not finding.settled_by:
                kept = (self._any, self._defect) if finding.standing == "defect" else (self._any,)
                for ranks in kept:
                    key = finding.subject_key
                    ranks[key] = min(_rank(finding), ranks.get(key, len(PRIORITIES)))

    def tells(self, finding: FindingState) -> bool:
        """Whether it tells anything of the subject."""
        return finding.subject_key in self._any

    def tells_as_gravely(self, finding: FindingState) -> bool:
        """Whether it tells it at the same priority or a higher one, and a defect as a defect."""
        ranks = self._defect if finding.standing == "defect" else self._any
        return ranks.get(finding.subject_key, len(PRIORITIES)) <= _rank(finding)


def _told(issue: IssueState, findings: Mapping[str, FindingState], known: _Known) -> Told:
    """Of an issue whose findings are not there nothing can be said, so all of it is new."""
    own = [findings.get(fingerprint) for fingerprint in issue.findings]
    new = tuple(
        fingerprint
        for fingerprint, finding in zip(issue.findings, own, strict=True)
        if finding is None or not known.tells_as_gravely(finding)
    )
    if not any(finding and known.tells(finding) for finding in own):
        return Told(Since.NEW, new)
    return Told(Since.GROWN if new else Since.KNOWN, new)


def _rank(finding: FindingState) -> int:
    return PRIORITIES.index("decision" if finding.standing == "decision" else finding.severity or "low")
