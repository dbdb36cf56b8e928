"""Finds the findings of an assessment that a person names: by fingerprint, rule, subject, or document that drifts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from bbws_readiness.codes import Code
from bbws_readiness.decisions.entry import DOCUMENTS, Drift
from bbws_readiness.engine.finding import Finding, Outcome
from bbws_readiness.errors import UsageError, near_name
from bbws_readiness.patterns import regex

SHORTEST = 4
"""Digits of a fingerprint that are enough when they fit one finding."""
MAX_LISTED = 8
"""Candidates that a message names."""
_DIGITS = regex(rf"[0-9a-f]{{{SHORTEST},12}}", re.ASCII)


class NotFound(UsageError):
    """Nothing in the assessment is called so."""


class Choice(Struct, frozen=True):
    """What a person wants to decide about."""

    findings: tuple[Finding, ...]
    """All failures that the names stand for now, each once, in the order of all lists."""
    drifts: tuple[Drift, ...] = ()
    """Those that were named as a whole, in the order of the names: what joins them later is decided as well."""


def chosen(names: Sequence[str], findings: Sequence[Finding]) -> Choice:
    """What the names stand for: a rule's code or slug for its open failures, RULE@DOCUMENT for all its drift there.

    Raises `NotFound` with a near name, and `UsageError` for what
    is ambiguous, has not failed, is settled already, or cannot be settled.
    """
    found: dict[int, Finding] = {}
    drifts: list[Drift] = []
    for name in names:
        rule, at, document = name.strip().partition("@")
        if at and ":" not in rule:
            drift, about = _drift(name.strip(), rule.strip(), document.strip(), findings)
            drifts.append(drift)
        else:
            about = _named(name.strip(), findings)
        found |= {id(finding): finding for finding in about}
    return Choice(tuple(sorted(found.values(), key=lambda one: one.order)), tuple(dict.fromkeys(drifts)))


def _drift(name: str, rule: str, word: str, findings: Sequence[Finding]) -> tuple[Drift, Sequence[Finding]]:
    """All drift of one document under one rule, and the failures that it consists of now."""
    of_rule = [one for one in findings if _is_called(one, rule)]
    if not of_rule:
        _nothing(name, rule, (known for one in findings for known in (one.rule.code, one.rule.slug)))
    document = DOCUMENTS.get(word.lower())
    if document is None:
        near = near_name(word.lower(), list(DOCUMENTS))
        hint = f"did you mean {near}?" if near else f"there are {', '.join(DOCUMENTS)}"
        raise UsageError(f'"{name}" names no document', hint=hint, code=Code.NO_FINDING)
    drift = Drift(of_rule[0].rule.code, document)
    found = [one for one in of_rule if drift.covers(one)]
    if found:
        return drift, _settleable(name, found)
    failed = [one for one in of_rule if one.outcome is Outcome.FAIL]
    told = dict.fromkeys(str(Drift.of(one) or f"{drift.rule}:{one.subject}, a {one.standing}") for one in failed)
    hint = f"there is {'; '.join(list(told)[:MAX_LISTED])}" if told else f"nothing of {drift.rule} has failed"
    raise NotFound(f"there is no drift {drift}", hint=hint, code=Code.NO_FINDING)


def _is_called(finding: Finding, rule: str) -> bool:
    return rule.lower() in (finding.rule.code.lower(), finding.rule.slug)


def _named(name: str, findings: Sequence[Finding]) -> Sequence[Finding]:
    rule, colon, subject = name.partition(":")
    of_rule = [one for one in findings if _is_called(one, rule)]
    if of_rule and not colon:
        return _open(name, of_rule)
    if of_rule:
        exact = [one for one in of_rule if one.subject == subject.strip()]
        return _settleable(name, exact or _nothing(name, subject, (one.subject for one in of_rule)))
    if _DIGITS.fullmatch(name.lower()):
        fitting = [one for one in findings if one.fingerprint.startswith(name.lower())]
        prints = sorted({one.fingerprint for one in fitting})
        if len(prints) > 1:
            hint = f"add digits: {', '.join(prints[:MAX_LISTED])}"
            raise UsageError(f'"{name}" fits {len(prints)} findings', hint=hint, code=Code.NO_FINDING)
        if fitting:
            return _settleable(name, fitting)
    failed = [one for one in findings if one.outcome is Outcome.FAIL]
    known = [word for one in failed for word in (one.rule.code, one.rule.slug, one.fingerprint)]
    return _nothing(name, rule if colon else name, known)


def _open(name: str, of_rule: Sequence[Finding]) -> Sequence[Finding]:
    """The open failures of one rule, at least one."""
    found = [one for one in of_rule if one.open]
    if found:
        return _settleable(name, found)
    failed = [one for one in of_rule if one.outcome is Outcome.FAIL]
    if failed:
        _refuse_settled(name, [one for one in failed if one.settled_by])
        cause = next((one.rule.code for one in failed if one.explained_by), "")
        summary = f'"{name}" has no failure that stands by itself'
        hint = "decide on what explains it, or name CODE:SUBJECT" if cause else ""
        raise UsageError(summary, at=failed[0].at, hint=hint, code=Code.NO_FINDING)
    return _settleable(name, of_rule)


def _settleable(name: str, found: Sequence[Finding]) -> Sequence[Finding]:
    """The failures among them; raises when there are none, when all are settled, or a rule cannot be settled."""
    failed = [one for one in found if one.outcome is Outcome.FAIL]
    if not failed:
        one = found[0]
        summary = f'"{name}" has not failed: {one.rule.code} {one.subject} is {one.status}'
        raise UsageError(summary, at=one.at, hint="only failures are decided on", code=Code.NO_FINDING)
    for one in failed:
        if not one.rule.decidable:
            summary = f"{one.rule.code} {one.rule.slug} cannot be settled by a decision"
            raise UsageError(summary, at=one.at, hint="mend what it finds", code=Code.DECISION_REFUSED)
    pending = [one for one in failed if not one.settled_by]
    if not pending:
        _refuse_settled(name, failed)
    return pending


def _refuse_settled(name: str, settled: Sequence[Finding]) -> None:
    if settled:
        one = settled[0]
        summary = f'"{name}" is settled already by {one.settled_by}: {one.rule.code} {one.subject}'
        raise UsageError(summary, at=one.at, hint="`readiness decisions` lists what holds", code=Code.NO_FINDING)


def _nothing(name: str, word: str, known: Iterable[str]) -> list[Finding]:
    words = sorted(set(known))
    by_case = {one.lower(): one for one in words}
    near = near_name(word.strip().lower(), list(by_case))
    listed = ", ".join(words[:MAX_LISTED]) + (", …" if len(words) > MAX_LISTED else "")
    hint = f'did you mean "{by_case[near]}"?' if near else f"there are {listed}" if words else "nothing has failed"
    raise NotFound(f'nothing that has failed is called "{name}"', hint=hint, code=Code.NO_FINDING)
