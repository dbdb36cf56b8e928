"""The findings of one snapshot by what they are about, so that those of another run can be found again."""

from __future__ import annotations

from collections import defaultdict

from bbws_readiness.compare.snapshot import FindingState, IssueState, Snapshot


class Subjects:
    """Looks findings up by fingerprint, and by rule and subject where another document drifts now."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._by_fingerprint: dict[str, FindingState] = {}
        self._by_subject: dict[tuple[str, str], list[FindingState]] = defaultdict(list)
        self._told_as: dict[str, str] = {}
        self._told_with: dict[str, str] = {}
        for finding in snapshot.findings:
            # One that is open says more about a fingerprint that stands twice.
            known = self._by_fingerprint.get(finding.fingerprint)
            if known is None or (finding.open and not known.open):
                self._by_fingerprint[finding.fingerprint] = finding
            self._by_subject[finding.subject_key].append(finding)
        for issue in snapshot.issues:
            for fingerprint in issue.findings:
                self._told_as.setdefault(fingerprint, issue.key)
            for fingerprint in issue.evidence:
                self._told_with.setdefault(fingerprint, issue.key)
        # Asked once for every finding of a subject: what is about it is looked through once.
        self._subject_told_as = self._subjects_told(self._told_as)
        self._subject_told_with = self._subjects_told(self._told_with)
        self._settled_subjects = {
            key
            for key, findings in self._by_subject.items()
            if any(one.failed for one in findings) and all(one.settled_by for one in findings if one.failed)
        }

    def _subjects_told(self, told: dict[str, str]) -> dict[tuple[str, str], str]:
        keys: dict[tuple[str, str], str] = {}
        for subject, findings in self._by_subject.items():
            key = next((told[one.fingerprint] for one in findings if one.failed and one.fingerprint in told), "")
            if key:
                keys[subject] = key
        return keys

    def finding(self, fingerprint: str) -> FindingState | None:
        """The finding of that fingerprint; None when it passes or is not there."""
        return self._by_fingerprint.get(fingerprint)

    def about(self, key: tuple[str, str]) -> tuple[FindingState, ...]:
        """All that do not pass for one rule and subject."""
        return tuple(self._by_subject.get(key, ()))

    def failing(self, key: tuple[str, str]) -> tuple[FindingState, ...]:
        """Those of them that fail, open or not."""
        return tuple(finding for finding in self.about(key) if finding.failed)

    def was_settled(self, finding: FindingState | None) -> bool:
        """Whether this run has the finding as settled: itself, or all that fail for its rule and subject."""
        if finding is None:
            return False
        same = self._by_fingerprint.get(finding.fingerprint)
        if same is not None and same.failed:
            return bool(same.settled_by)
        return finding.subject_key in self._settled_subjects

    def subjects_of(self, issue: IssueState) -> tuple[tuple[str, str], ...]:
        """Rule and subject of each of an issue's findings, each once."""
        found = (self._by_fingerprint.get(one) for one in issue.findings)
        return tuple(dict.fromkeys(finding.subject_key for finding in found if finding))

    def telling(self, finding: FindingState, *, as_evidence: bool) -> str:
        """Key of the open issue or decision that tells the finding or its rule and subject, or empty.

        `as_evidence` asks for the one that explains it, else it is one of its own findings.
        """
        told, subjects = (
            (self._told_with, self._subject_told_with) if as_evidence else (self._told_as, self._subject_told_as)
        )
        return told.get(finding.fingerprint) or subjects.get(finding.subject_key, "")
