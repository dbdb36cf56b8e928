"""Two runs side by side, asked about one rule, subject or entry of the log at a time."""

from __future__ import annotations

from collections import defaultdict
from typing import TypeAlias

from bbws_readiness.compare.snapshot import DecidedState, FindingState, IssueState, RuleState, Snapshot
from bbws_readiness.compare.subjects import Subjects

SubjectKey: TypeAlias = tuple[str, str]
"""Rule and subject."""


class TwoRuns:
    """An earlier and a later run; `later` says which of them is asked."""

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self.before, self.after = before, after
        self.subjects = (Subjects(before), Subjects(after))
        self.same_tool = (before.tool_version, before.rulebook) == (after.tool_version, after.rulebook)
        both = (before, after)
        self._rules = tuple({rule.code: rule for rule in run.rules} for run in both)
        self._entries = tuple({entry.id: entry for entry in (*run.decided, *run.waived)} for run in both)
        self._issues = tuple({issue.key: issue for issue in run.issues} for run in both)
        self._off = tuple({one.rule.casefold(): one.at for one in run.switched_off} for run in both)
        self._slugs: dict[str, set[str]] = defaultdict(set)
        for finding in (*before.findings, *after.findings):
            self._slugs[finding.rule].add(finding.slug.casefold())

    def issue(self, key: str, *, later: bool) -> IssueState | None:
        """The open issue or decision of that key."""
        return self._issues[later].get(key)

    def entry(self, name: str, *, later: bool) -> DecidedState | None:
        """The entry of the log, or the waiver, of that id."""
        return self._entries[later].get(name)

    def rule(self, code: str, *, later: bool) -> RuleState | None:
        """What the run says to the rule; None when it has no answer."""
        return self._rules[later].get(code)

    def keys(self, issue: IssueState, *, later: bool) -> tuple[SubjectKey, ...]:
        """Rule and subject of each finding of an issue of that run, each once."""
        return self.subjects[later].subjects_of(issue)

    def about(self, key: SubjectKey, *, later: bool) -> tuple[FindingState, ...]:
        """All findings for one rule and subject that do not pass."""
        return self.subjects[later].about(key)

    def failing(self, key: SubjectKey, *, later: bool) -> tuple[FindingState, ...]:
        """Those of them that fail, open or not."""
        return self.subjects[later].failing(key)

    def off_at(self, rule: str, *, later: bool) -> str:
        """Where the run's configuration switches the rule off, or empty."""
        off = self._off[later]
        return next((off[name] for name in (rule.casefold(), *sorted(self._slugs[rule])) if name in off), "")

    def unanswered(self, issue: IssueState, *, later: bool) -> bool:
        """Whether the run did not ask the rules of an issue of the other run, or could not answer them."""
        if all(self._unasked(rule, later=later) for rule in issue.rules):
            return True
        return any(self._undetermined(key, later=later) for key in self.keys(issue, later=not later))

    def _unasked(self, rule: str, *, later: bool) -> bool:
        """Whether the run switched the rule off, or is of a tool of another version and has no answer to it."""
        return bool(self.off_at(rule, later=later)) or (not self.same_tool and rule not in self._rules[later])

    def _undetermined(self, key: SubjectKey, *, later: bool) -> bool:
        """Whether the run could not answer the rule for the subject, or for any."""
        about = self.about(key, later=later)
        if any(finding.failed for finding in about):
            return False
        rule = self.rule(key[0], later=later)
        whole = rule is not None and rule.statuses == ("NOT VERIFIED",)
        return whole or any(finding.status == "NOT VERIFIED" for finding in about)
