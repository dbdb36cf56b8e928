"""Finds for every open issue and decision of one run the one of another run that tells the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from bbws_readiness.compare.runs import TwoRuns
from bbws_readiness.compare.snapshot import IssueState
from bbws_readiness.compare.subjects import Subjects


class Bond(Enum):
    """What makes two issues with different keys the same, the strongest first."""

    SAME = "same"
    """A finding of the one is a finding of the other."""
    EXPLAINED = "explained"
    """A finding of the earlier one is evidence of the later."""
    LEFT = "left"
    """Evidence of the earlier one is a finding of the later."""


class Pair(Struct, frozen=True):
    """One issue before and after; not both are None."""

    before: IssueState | None
    after: IssueState | None
    bond: Bond | None = None
    """None where both have one key, or where one stands alone."""
    within: str = ""
    """Key of the issue of the other run that tells it, but is the partner of another one."""
    unanswered: bool = False
    """Whether the other run did not ask, or could not answer."""

    @property
    def key(self) -> str:
        """The earlier key where both exist."""
        issue = self.before or self.after
        if issue is None:
            raise AssertionError("a pair has at least one side")
        return issue.key

    @property
    def rules(self) -> tuple[str, ...]:
        """Rules of both sides, each once."""
        told = [*(self.before.rules if self.before else ()), *(self.after.rules if self.after else ())]
        return tuple(dict.fromkeys(told))


def pairs_of(runs: TwoRuns) -> Iterator[Pair]:
    """Every issue of either run exactly once: those of the earlier run in its order, then those that only now stand.

    Issues of one key belong together. Of the rest, one becomes the other when findings of the one are told by the
    other: as its own, as its evidence, or the other way round. What the other run has no answer to stays alone.
    """
    old, new = runs.subjects
    later = {issue.key: issue for issue in runs.after.issues}
    earlier = {issue.key: issue for issue in runs.before.issues}
    gone = {key: issue for key, issue in earlier.items() if key not in later}
    come = {key: issue for key, issue in later.items() if key not in earlier}
    unanswered = {key for key, issue in gone.items() if runs.unanswered(issue, later=True)}
    unasked = {key for key, issue in come.items() if runs.unanswered(issue, later=False)}
    alive = [issue for key, issue in gone.items() if key not in unanswered]
    heirs = _heirs(alive, come.keys() - unasked, old, new)
    for key, issue in earlier.items():
        if key in later:
            yield Pair(issue, later[key])
        elif key in unanswered:
            yield Pair(issue, None, unanswered=True)
        elif key in heirs:
            heir, bond = heirs[key]
            yield Pair(issue, later[heir], bond)
        else:
            yield Pair(issue, None, within=_first([*_tellers(issue.findings, old, new), *_left(issue, old, new)]))
    inherited = {heir for heir, _ in heirs.values()}
    for key, issue in come.items():
        if key in unasked:
            yield Pair(None, issue, unanswered=True)
        elif key not in inherited:
            yield Pair(None, issue, within=_first(_tellers(issue.findings, new, old)))


def _heirs(issues: list[IssueState], free: set[str], old: Subjects, new: Subjects) -> dict[str, tuple[str, Bond]]:
    """The later key, and what binds them, for the earlier key of each issue that lives on under another one."""
    heirs: dict[str, tuple[str, Bond]] = {}
    for bond in Bond:
        for issue in issues:
            if issue.key not in heirs:
                heir = next((key for key in _bound(issue, bond, old, new) if key in free), "")
                if heir:
                    heirs[issue.key] = heir, bond
                    free.discard(heir)
    return heirs


def _bound(issue: IssueState, bond: Bond, old: Subjects, new: Subjects) -> list[str]:
    match bond:
        case Bond.SAME:
            return _most(issue.findings, old, new, as_evidence=False)
        case Bond.EXPLAINED:
            return _most(issue.findings, old, new, as_evidence=True)
        case Bond.LEFT:
            return _left(issue, old, new)


def _left(issue: IssueState, old: Subjects, new: Subjects) -> list[str]:
    return _most(issue.evidence, old, new, as_evidence=False)


def _tellers(fingerprints: tuple[str, ...], own: Subjects, others: Subjects) -> list[str]:
    """Keys of the other run's issues that tell the findings, as their own before as their evidence."""
    return [key for as_evidence in (False, True) for key in _most(fingerprints, own, others, as_evidence=as_evidence)]


def _most(fingerprints: tuple[str, ...], own: Subjects, others: Subjects, *, as_evidence: bool) -> list[str]:
    """Keys of the issues that tell the findings, the one with most of them first, else in their order."""
    findings = filter(None, map(own.finding, fingerprints))
    keys = Counter(key for one in findings if (key := others.telling(one, as_evidence=as_evidence)))
    return [key for key, _ in keys.most_common()]


def _first(keys: list[str]) -> str:
    return next(iter(keys), "")
