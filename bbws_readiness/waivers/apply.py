"""Judges the waivers of a project, and settles the findings that those in force are about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.engine.finding import Finding, Outcome, Related
from bbws_readiness.engine.rule import Rule
from bbws_readiness.engine.run import Answer, explain
from bbws_readiness.errors import near_name
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location
from bbws_readiness.waivers.read import Written
from bbws_readiness.waivers.waiver import MAX_BY, MAX_REASON, MAX_WAIVERS, NOT_OF_BASE, State, Waiver, Waivers

_DAY = regex(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Waived(Struct, frozen=True):
    """The answers with what the waivers settle."""

    answers: tuple[Answer, ...]
    waivers: Waivers


def apply_waivers(
    written: tuple[Sequence[Written], int],
    answers: Sequence[Answer],
    rules: Iterable[Rule],
    as_of: date,
    *,
    stands: Callable[[Written], bool] = lambda written: True,
) -> Waived:
    """The answers with every failure settled that a waiver in force covers.

    `rules` are all there are, switched off or not. `stands` says whether the policy in force has a waiver. A failure
    that only a settled one explained stands by itself again; one that an expired waiver covers says so.
    """
    if not written[0]:
        return Waived(tuple(answers), Waivers(more=written[1]))
    judge = _Judge(answers, {name: rule for rule in rules for name in (rule.code, rule.slug)}, as_of, stands)
    entries = [(one, name) for one in written[0] for name in one.directive.names or ("",)]
    waivers = [judge.judged(one, name) for one, name in entries[:MAX_WAIVERS]]
    more = written[1] + len({one.at for one, _ in entries[MAX_WAIVERS:]})
    return Waived(explain(_settled(answers, waivers)), Waivers(tuple(waivers), more))


class _Judge:
    def __init__(
        self,
        answers: Sequence[Answer],
        rules: Mapping[str, Rule],
        as_of: date,
        stands: Callable[[Written], bool],
    ) -> None:
        self._answers = {answer.rule.code: answer for answer in answers}
        self._rules = rules
        self._as_of = as_of
        self._stands = stands

    def judged(self, written: Written, name: str) -> Waiver:
        """What comes of one rule of one comment."""
        fields = written.directive.fields
        until = fields.get("until", "")
        waiver = Waiver(
            rule=name[:MAX_BY],
            at=written.at,
            state=State.MALFORMED,
            by=_cut(fields.get("by", ""), MAX_BY),
            until=until[:MAX_BY],
            last_day=_day(until),
            reason=_cut(fields.get("reason", ""), MAX_REASON),
        )
        rule = self._rules.get(name)
        if fault := self._fault(written, name):
            return replace(waiver, note=fault)
        if rule is None or written.extent is None:
            raise AssertionError("a fault would have been told")
        findings = tuple(self._findings(rule, written))
        state, note = self._state(written, rule, waiver, findings)
        told = findings if state in (State.IN_FORCE, State.EXPIRED) else ()
        return replace(waiver, rule=rule.code, state=state, note=note, findings=told)

    def _fault(self, written: Written, name: str) -> str:
        if written.directive.fault:
            return written.directive.fault
        if name not in self._rules:
            near = near_name(name[:MAX_BY], list(self._rules))
            hint = f"did you mean {near}?" if near else "`readiness rules` lists the rules"
            return f'there is no rule "{name[:MAX_BY]}"; {hint}'
        if written.extent is None:
            return "nothing stands directly below it; move it to the line above what it is about"
        return ""

    def _state(self, written: Written, rule: Rule, waiver: Waiver, findings: tuple[Finding, ...]) -> tuple[State, str]:
        if not rule.ignorable:
            return State.REFUSED, "this rule cannot be waived; mend what it finds"
        if not self._stands(written):
            return State.REFUSED, f"{NOT_OF_BASE}; let an owner of the policy merge it first"
        if waiver.last_day is None:
            return State.EXPIRED, "its day cannot be read, so it counts as expired; write until=2026-03-31"
        if waiver.last_day < self._as_of:
            return State.EXPIRED, f"its last day was {waiver.last_day:%a %Y-%m-%d}; mend what it covers, or decide anew"
        if not findings:
            return State.UNUSED, "nothing fails there; remove it"
        return State.IN_FORCE, ""

    def _findings(self, rule: Rule, written: Written) -> Iterator[Finding]:
        answer = self._answers.get(rule.code)
        for finding in answer.findings if answer else ():
            if finding.outcome is Outcome.FAIL and any(_covered(written, at) for at in _places(finding)):
                yield finding


def _covered(written: Written, at: Location) -> bool:
    return written.extent is not None and at.path == written.at.path and written.extent.covers(at.line)


def _places(finding: Finding) -> Iterator[Location]:
    """Its own place, and those of the sources that speak of it."""
    yield finding.at
    for side in finding.sides:
        yield from side.at


def _settled(answers: Sequence[Answer], waivers: Sequence[Waiver]) -> Iterator[Answer]:
    # In the order of force: a waiver that holds wins over one that has expired, an earlier one over a later.
    ranked = sorted(waivers, key=lambda waiver: waiver.state is not State.IN_FORCE)
    settling = {id(finding): waiver for waiver in reversed(ranked) for finding in waiver.findings}
    for answer in answers:
        findings = tuple(_ruled(finding, settling.get(id(finding))) for finding in answer.findings)
        yield replace(answer, findings=findings)


def _ruled(finding: Finding, waiver: Waiver | None) -> Finding:
    if waiver is None:
        return finding
    if waiver.state is State.IN_FORCE:
        return replace(finding, settled_by=waiver.key)
    told = Related(waiver.at, f"a waiver stands here that no longer holds: {waiver.note}")
    return replace(finding, related=(*finding.related, told))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
