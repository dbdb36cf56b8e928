"""Gathers what differs about the subjects of one change: who settles them, who is right, what their files say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bbws_readiness.compare.changes import Cause, InputChange
from bbws_readiness.compare.inputs import same_entry
from bbws_readiness.compare.read import file_of
from bbws_readiness.compare.runs import SubjectKey, TwoRuns
from bbws_readiness.compare.snapshot import FindingState

WHOLE_PROJECT = "project"
"""The subject of an answer that is about no single thing."""

MOST_NAMES = 3
"""More names of one list than this are counted."""

_FILES = (Cause.CODE, Cause.DOCUMENTS)


class Evidence:
    """What has been found out about one change so far."""

    def __init__(self, runs: TwoRuns, inputs: Mapping[str, InputChange]) -> None:
        """`inputs` are the files that differ, by path."""
        self.causes: set[Cause] = set()
        self._runs = runs
        self._inputs = inputs
        self._clauses: dict[str, None] = {}
        self._files: dict[str, InputChange] = {}

    @property
    def clauses(self) -> list[str]:
        """The parts of the sentence: decisions, authority, files, then what else was added."""
        files = [_told(self._files)] if self._files else []
        return [*self._clauses, *files]

    def add(self, cause: Cause, clause: str) -> None:
        """One more cause with its part of the sentence."""
        self.causes.add(cause)
        self._clauses[clause] = None

    def gather(self, keys: Iterable[SubjectKey]) -> None:
        """All that differs about these subjects; people first, then the authority, then the files."""
        keys = tuple(keys)
        for key in keys:
            self._settlement(key)
        inapplicable = {key for key in keys if self._authority(key)}
        for key in keys:
            if key not in inapplicable:
                self._content(key)

    def _settlement(self, key: SubjectKey) -> None:
        """Who settles the subject now, or did before."""
        old, new = (self._runs.failing(key, later=later) for later in (False, True))
        was, now = ({one.settled_by for one in side if one.settled_by} for side in (old, new))
        # What was settled and does not fail any more has not come back.
        standing = {finding.fingerprint for finding in new if finding.open}
        lapsed = was - now if standing else set()
        lapsed |= {one.settled_by for one in old if one.settled_by and one.fingerprint in standing}
        for name in sorted(lapsed):
            self._lapsed(name, (*old, *new))
        if any(not finding.settled_by for finding in old):
            for name in sorted(now - was):
                self.add(Cause.DECISIONS, self._settles(name))

    def _settles(self, name: str) -> str:
        entry = self._runs.entry(name, later=True)
        until = f" until {entry.until}" if entry and entry.until else ""
        if entry and entry.kind == "waiver":
            return f"waived at {entry.at}{until}"
        return f"settled by {name} ({entry.kind}{until})" if entry and entry.kind else f"settled by {name}"

    def _lapsed(self, name: str, findings: Sequence[FindingState]) -> None:
        was, now = (self._runs.entry(name, later=later) for later in (False, True))
        told = f"the {name}" if was and was.kind == "waiver" else name
        if now is None:
            self.add(Cause.DECISIONS, f"{told} is not there any more")
        elif now.state == "expired" and was and was.state != "expired" and same_entry(was, now):
            self.add(Cause.TIME, f"{told} has expired" + (f" (until {now.until})" if now.until else ""))
        else:
            idle = now.state in ("in-force", "unused")
            state = "does not cover it any more" if idle else f"is {now.state}"
            self.add(Cause.DECISIONS, f"{told} {state}" + (f": {now.note}" if now.note else ""))
            if not idle:
                # What a source says has changed: of the evidence, or of what was decided.
                self._add_files(file_of(place) for one in now.evidence for place in one.at)
                self._add_files(file_of(place) for one in findings for place in one.places)

    def _authority(self, key: SubjectKey) -> bool:
        """Adds another authority that makes something else of the subject; tells whether one does not ask it at all."""
        old, new = (self._said(key, later=later) for later in (False, True))
        unasked = False
        for facet in dict.fromkeys(finding.facet for finding in (*old, *new)):
            was, now = self._runs.before.authority_of(facet), self._runs.after.authority_of(facet)
            mine, theirs = ([one for one in side if one.facet == facet] for side in (old, new))
            if was == now or not mine or not theirs or _judged(mine) == _judged(theirs):
                continue
            self.add(Cause.AUTHORITY, f"authority: {', '.join(now) or 'none declared'}")
            if now and not any(one.authority for one in theirs if one.failed):
                for source in sorted({one.authority for one in mine if one.authority} - set(now)):
                    self.add(Cause.AUTHORITY, f"{source} is not in force")
            unasked = unasked or any(one.status == "NOT APPLICABLE" for one in (*mine, *theirs))
        return unasked

    def _said(self, key: SubjectKey, *, later: bool) -> tuple[FindingState, ...]:
        """What a run says of a subject; where it says nothing, that the rule does not apply to the project."""
        whole = self._runs.about((key[0], WHOLE_PROJECT), later=later)
        return self._runs.about(key, later=later) or tuple(one for one in whole if one.status == "NOT APPLICABLE")

    def _content(self, key: SubjectKey) -> None:
        """Adds the files that differ under a subject of which the sources do not say the same as before."""
        old, new = (self._runs.failing(key, later=later) for later in (False, True))
        if old and new and not _says_otherwise(old, new):
            return
        self._add_files(file_of(place) for finding in (*old, *new) for place in finding.places)
        # The subject may be a file itself, one that is gone.
        self._add_files(key[1:])
        if not (old and new):
            # What passes now may rest on files that were not there before.
            rules = (self._runs.rule(key[0], later=later) for later in (False, True))
            paths = dict.fromkeys(path for rule in rules if rule for path in rule.files)
            self._add_files(path for path in paths if path in self._inputs and _came_or_went(self._inputs[path]))

    def _add_files(self, paths: Iterable[str]) -> None:
        for path in paths:
            change = self._inputs.get(path)
            if change and change.cause in _FILES:
                self.causes.add(change.cause)
                self._files[path] = change


def listed(names: Sequence[str]) -> str:
    """The names, the last of many as a number."""
    shown = ", ".join(names[:MOST_NAMES])
    return f"{shown} and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else shown


def _judged(findings: Iterable[FindingState]) -> set[tuple[str, ...]]:
    """What the authority has made of them; whether they are settled does not matter."""
    return {(one.status, one.standing, one.severity, one.document) for one in findings}


def _says_otherwise(old: Iterable[FindingState], new: Iterable[FindingState]) -> bool:
    """Whether the sources differ from what they said, as far as both sides put it in the same words."""
    if {one.says for one in old} != {one.says for one in new}:
        return True
    mine, theirs = ({(one.standing, one.document, one.authority): one.finds for one in side} for side in (old, new))
    return any(mine[words] != theirs[words] for words in mine.keys() & theirs.keys())


def _came_or_went(change: InputChange) -> bool:
    return change.before is None or change.after is None


def _told(files: Mapping[str, InputChange]) -> str:
    """`main.tf, outputs.tf changed, backup.tf added`."""
    verbs: dict[str, list[str]] = {"changed": [], "added": [], "removed": []}
    for path, change in sorted(files.items()):
        verbs[change.verb].append(path)
    return ", ".join(f"{listed(paths)} {verb}" for verb, paths in verbs.items() if paths)
