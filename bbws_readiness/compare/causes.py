"""Says what lies behind each change, from what both runs recorded and in the order of what explains it best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from bbws_readiness.compare.changes import Cause, InputChange, Kind
from bbws_readiness.compare.evidence import Evidence, listed
from bbws_readiness.compare.pairs import Bond, Pair
from bbws_readiness.compare.read import file_of
from bbws_readiness.compare.runs import SubjectKey, TwoRuns
from bbws_readiness.compare.snapshot import DecidedState, IssueState
from bbws_readiness.errors import cut

CHECKOUT = ".git"
"""The place of what git says of the checkout."""


class Told(Struct, frozen=True):
    """The causes of one change, the sentence, and the entries of the log that have to do with it."""

    causes: tuple[Cause, ...]
    why: str
    decisions: tuple[DecidedState, ...]


class Causes:
    """Attributes the changes between two runs; each cause follows from something that differs."""

    def __init__(self, runs: TwoRuns, inputs: Iterable[InputChange]) -> None:
        self._runs = runs
        self._inputs = {change.path: change for change in inputs}
        self._settings = [path for path, one in self._inputs.items() if one.cause is Cause.CONFIGURATION]
        self._files_differ = any(change.cause is not Cause.DECISIONS for change in self._inputs.values())

    def of(self, pair: Pair, kind: Kind) -> Told:
        """The causes of one change of that kind."""
        keys = self._keys(pair)
        decisions = tuple(self._decisions(keys))
        evidence = Evidence(self._runs, self._inputs)
        if kind is Kind.UNCHANGED:
            return Told((), self._still(pair, evidence), decisions)
        evidence.gather(keys)
        if not evidence.causes and pair.within:
            evidence.gather(self._keys_within(pair))
        if not evidence.causes:
            evidence.add(*self._what_is_left(pair, keys))
        sentence = "; ".join([*_became(pair, kind), *evidence.clauses])
        return Told(tuple(cause for cause in Cause if cause in evidence.causes), cut(sentence), decisions)

    def _keys(self, pair: Pair) -> tuple[SubjectKey, ...]:
        """Rule and subject of all findings of both sides."""
        old = self._runs.keys(pair.before, later=False) if pair.before else ()
        new = self._runs.keys(pair.after, later=True) if pair.after else ()
        return tuple(dict.fromkeys([*old, *new]))

    def _still(self, pair: Pair, evidence: Evidence) -> str:
        """What an issue that stays is about besides, or not any more, and why; empty when it is about the same."""
        if pair.before is None or pair.after is None:
            return ""
        old, new = self._runs.keys(pair.before, later=False), self._runs.keys(pair.after, later=True)
        known = {*old} & {*new}
        more, less = ([key for key in side if key not in known] for side in (new, old))
        evidence.gather([*more, *less])
        told = [f"{word} {_subjects(keys)}" for word, keys in (("now also", more), ("no longer", less)) if keys]
        return cut("; ".join([*told, *evidence.clauses]))

    def _keys_within(self, pair: Pair) -> tuple[SubjectKey, ...]:
        """Those of the issue that tells the pair's one issue now, or told it before."""
        later = pair.before is not None
        issue = self._runs.issue(pair.within, later=later)
        return self._runs.keys(issue, later=later) if issue else ()

    def _decisions(self, keys: Iterable[SubjectKey]) -> Iterator[DecidedState]:
        """The entries of either log that settle or settled one of the subjects, as the later log has them."""
        named = dict.fromkeys(
            finding.settled_by
            for key in keys
            for later in (True, False)
            for finding in self._runs.failing(key, later=later)
            if finding.settled_by
        )
        for name in named:
            entry = self._runs.entry(name, later=True) or self._runs.entry(name, later=False)
            if entry and entry.kind != "waiver":
                yield entry

    def _what_is_left(self, pair: Pair, keys: tuple[SubjectKey, ...]) -> tuple[Cause, str]:
        """The cause that counts only where nothing nearer explains the change, with its clause."""
        before, after = self._runs.before, self._runs.after
        off = [at for rule in pair.rules for later in (False, True) if (at := self._runs.off_at(rule, later=later))]
        if off:
            return Cause.CONFIGURATION, f"switched off at {off[0]}"
        if self._settings:
            return Cause.CONFIGURATION, f"{listed(self._settings)} changed"
        if not self._runs.same_tool:
            return Cause.TOOL, "the tool or its rules are of another version"
        if self._rests_on_checkout(keys):
            return Cause.CODE, "git says something else of the checkout"
        if before.as_of != after.as_of and not self._files_differ:
            return Cause.TIME, f"assessed as of {after.as_of} instead of {before.as_of}"
        return Cause.UNKNOWN, "nothing that both assessments record explains it"

    def _rests_on_checkout(self, keys: Iterable[SubjectKey]) -> bool:
        for key in keys:
            for later in (False, True):
                rule = self._runs.rule(key[0], later=later)
                places = [place for one in self._runs.about(key, later=later) for place in one.places]
                if CHECKOUT in map(file_of, places) or (rule and CHECKOUT in rule.files):
                    return True
        return False


def _became(pair: Pair, kind: Kind) -> Iterator[str]:
    """What became of the issue, where its kind alone does not say it."""
    if pair.within:
        yield f"told with {pair.within} {'now' if pair.before else 'before'}"
    elif pair.before and pair.after and pair.bond:
        yield _bond(pair.bond, pair.before, pair.after)
    elif kind is Kind.NOT_COMPARABLE:
        yield f"the {'later' if pair.before else 'earlier'} run has no answer"


def _bond(bond: Bond, before: IssueState, after: IssueState) -> str:
    if bond is Bond.EXPLAINED:
        return f"told with {after.key} now"
    if bond is Bond.LEFT:
        return f"{after.key} tells what is left"
    return "a decision to be taken now" if after.standing == "decision" else f"told as {after.key} now"


def _subjects(keys: Iterable[SubjectKey]) -> str:
    return listed(list(dict.fromkeys(subject for _, subject in keys)))
