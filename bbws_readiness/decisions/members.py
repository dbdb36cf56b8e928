"""Makes an entry of one item of the decision log, and tells everything that is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date

from bbws_readiness.codes import Code
from bbws_readiness.decisions.document import Items, Members, Text, Value, place_of
from bbws_readiness.decisions.entry import (
    DOCUMENTS,
    FINGERPRINT,
    ID,
    MAX_NAME,
    MAX_TEXT,
    DecisionKind,
    Drift,
    Entry,
    Evidence,
    Reference,
    is_blank,
)
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity, near_name
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, Source

MEMBERS = ("id", "kind", "environments", "findings", "by", "on", "until", "reason", "evidence")
"""Of an entry, in the order in which they are written."""
OF_FINDING = ("fingerprint", "rule", "subject", "statement")
OF_DRIFT = ("rule", "document")
"""Of a reference to all drift of a document, instead."""
OF_EVIDENCE = ("claim", "at", "digest")
REQUIRED = ("id", "kind", "environments", "findings", "by", "on", "reason")
MOST = 1_000
"""Findings of one entry."""
MOST_NAMES = 50
"""Environments, roles, claims or places of one entry."""
_KINDS = {kind.value: kind for kind in DecisionKind}
_DAY = regex(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_RULE = regex(r"[A-Za-z0-9_-]{1,60}", re.ASCII)


def entry_of(source: Source, item: Value) -> tuple[Entry, Sequence[Diagnostic]]:
    """The entry with whatever could be read of it, and its faults in the order they are found."""
    at = place_of(source, item.mark)
    if not isinstance(item, Members):
        reader = _Entry(source, Members(), at)
        reader.fault("an entry is no mapping", at, f"write {', '.join(REQUIRED)}")
        return Entry("", at, fault=reader.faults[0].summary), reader.faults
    return _Entry(source, item, at).read()


def day(text: str) -> date | None:
    """The day written as 2026-03-31, or None for anything else."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


class _Entry:
    def __init__(self, source: Source, members: Members, at: Location) -> None:
        self._source = source
        self._members = members
        self._at = at
        self._id = ""
        self.faults: list[Diagnostic] = []

    def read(self) -> tuple[Entry, Sequence[Diagnostic]]:
        """All members one by one; a fault of one does not hide those of another."""
        self._id = self._named("id", ID, "write letters, digits, `.`, `_` and `-`, at most 40")
        self._known(self._members, MEMBERS, "an entry")
        for name in REQUIRED:
            if name not in self._members:
                self.fault(f"{name} is missing", self._at, f"an entry has {', '.join(REQUIRED)}")
        kind = self._kind()
        on, until = self._day(), self._text("until", MAX_NAME)
        if kind is DecisionKind.ACCEPTED_RISK and not until:
            self.fault("an accepted risk has no until", self._at, "name its last day, such as until: 2026-03-31")
        findings = tuple(self._findings())
        if any(one.drift for one in findings) and "evidence" not in self._members:
            hint = "nothing else can make it void; name a claim that the decision rests on"
            self.fault("it settles the drift of a document without evidence", self._of("findings"), hint)
        last_day = day(until)
        if on and last_day and last_day < on:
            self.fault("until lies before on", self._of("until"), "name a day that was to come")
        entry = Entry(
            id=self._id,
            at=self._at,
            kind=kind,
            environments=tuple(name.lower() for name in self._names("environments")),
            findings=findings,
            by=self._names("by"),
            on=on,
            until=until,
            last_day=last_day,
            reason=self._text("reason", MAX_TEXT),
            evidence=tuple(self._evidence()),
            fault=self.faults[0].summary if self.faults else "",
            content=hashlib.sha256(repr(self._members).encode()).hexdigest(),
        )
        return entry, self.faults

    def fault(self, what: str, at: Location, hint: str) -> None:
        """Tells one fault as a warning: the entry settles nothing, and the others are read on."""
        named = f"decision {self._id}: {what}" if self._id else f"a decision: {what}"
        self.faults.append(Diagnostic(DiagnosticSeverity.WARNING, named, at, hint, code=Code.DECISION))

    def _of(self, name: str) -> Location:
        value = self._members.of(name)
        return self._at if value is None else place_of(self._source, value.mark)

    def _known(self, members: Members, known: Sequence[str], what: str) -> None:
        if members.twice is not None:
            self.fault(f'"{_short(members.twice)}" is set twice', place_of(self._source, members.mark), "keep one")
        for name in members:
            if name not in known:
                near = near_name(name[:MAX_NAME], known)
                hint = f"did you mean {near}?" if near else f"{what} has {', '.join(known)}"
                self.fault(f'unknown key "{_short(name)}"', place_of(self._source, name.mark), hint)

    def _text(self, name: str, most: int) -> str:
        """The text of a member; empty when it is not there or faulty, which is told unless it is not there."""
        value = self._members.of(name)
        if value is None:
            return ""
        return self._short_text(value, name, most)

    def _short_text(self, value: Value, what: str, most: int) -> str:
        if not isinstance(value, Text):
            self.fault(f"{what} is no text", place_of(self._source, value.mark), "write a plain text")
            return ""
        text = str(value)
        if value.null or is_blank(text):
            self.fault(f"{what} is empty", place_of(self._source, value.mark), "write it out, or leave the key out")
            return ""
        if len(text) > most:
            self.fault(f"{what} is longer than {most} characters", place_of(self._source, value.mark), "shorten it")
            return text[:most]
        return text

    def _named(self, name: str, form: re.Pattern[str], hint: str) -> str:
        text = self._text(name, MAX_NAME)
        if text and not form.fullmatch(text):
            self.fault(f'"{_short(text)}" is no {name}', self._of(name), hint)
            return ""
        return text

    def _kind(self) -> DecisionKind | None:
        text = self._text("kind", MAX_NAME)
        if not text or text in _KINDS:
            return _KINDS[text] if text else None
        near = near_name(text, list(_KINDS))
        hint = f"did you mean {near}?" if near else f"there are {', '.join(_KINDS)}"
        self.fault(f'unknown kind "{_short(text)}"', self._of("kind"), hint)
        return None

    def _day(self) -> date | None:
        text = self._text("on", MAX_NAME)
        found = day(text)
        if text and found is None:
            self.fault(f'on: "{_short(text)}" is no day', self._of("on"), "write it as 2026-01-31")
        return found

    def _elements(self, members: Members, name: str) -> Iterator[Value]:
        """The elements of a list; a list that is there is not empty, and no list is longer than `MOST`."""
        value = members.of(name)
        if value is None:
            return
        at = place_of(self._source, value.mark)
        if not isinstance(value, Items):
            self.fault(f"{name} is no list", at, "write it in square brackets")
            return
        if not value:
            self.fault(f"{name} is empty", at, "name at least one, or leave the key out")
        most = MOST if name == "findings" else MOST_NAMES
        if len(value) > most:
            self.fault(f"{name} has more than {most} elements", at, "write several entries")
        yield from value[:most]

    def _names(self, name: str) -> tuple[str, ...]:
        texts = (self._short_text(one, f"{name}: an element", MAX_NAME) for one in self._elements(self._members, name))
        return tuple(dict.fromkeys(text for text in texts if text))

    def _findings(self) -> Iterator[Reference]:
        for value in self._elements(self._members, "findings"):
            if isinstance(value, Members) and "document" in value:
                yield self._drift(value)
            elif member := self._mapping(value, "findings", (*OF_FINDING, "document")):
                fingerprint = self._digest(member, "fingerprint", required=True)
                yield Reference(
                    fingerprint=fingerprint,
                    at=place_of(self._source, value.mark),
                    rule=self._rule(member),
                    subject=self._inner(member, "subject", MAX_TEXT),
                    statement=self._digest(member, "statement", required=True),
                )

    def _drift(self, member: Members) -> Reference:
        """All drift of a document: a rule and the document, and nothing that would seem to narrow it."""
        at = place_of(self._source, member.mark)
        self._known(member, OF_DRIFT, "the drift of a document")
        rule = self._rule(member)
        if "rule" not in member:
            self.fault("the drift of a document has no rule", at, "name the rule, such as rule: NAM001")
        name = self._inner(member, "document", MAX_NAME)
        document = DOCUMENTS.get(name)
        if name and document is None:
            near = near_name(name.lower(), list(DOCUMENTS))
            hint = f"did you mean {near}?" if near else f"there are {', '.join(DOCUMENTS)}"
            self.fault(f'"{_short(name)}" is no document', self._inner_at(member, "document"), hint)
        return Reference("", at, rule, drift=Drift(rule, document) if rule and document else None)

    def _rule(self, member: Members) -> str:
        rule = self._inner(member, "rule", MAX_NAME)
        if rule and not _RULE.fullmatch(rule):
            self.fault(f'"{_short(rule)}" is no code of a rule', self._inner_at(member, "rule"), "correct it")
        return rule

    def _evidence(self) -> Iterator[Evidence]:
        for value in self._elements(self._members, "evidence"):
            if member := self._mapping(value, "evidence", OF_EVIDENCE):
                claim = self._inner(member, "claim", MAX_TEXT)
                if "claim" not in member:
                    self.fault("a piece of evidence has no claim", place_of(self._source, value.mark), "write claim:")
                places = (self._short_text(one, "at: an element", MAX_TEXT) for one in self._elements(member, "at"))
                yield Evidence(
                    claim=claim,
                    at=place_of(self._source, value.mark),
                    places=tuple(text for text in places if text),
                    digest=self._digest(member, "digest", required=False),
                )

    def _mapping(self, value: Value, name: str, known: Sequence[str]) -> Members | None:
        if isinstance(value, Members):
            self._known(value, known, name)
            return value
        self.fault(f"{name}: an element is no mapping", place_of(self._source, value.mark), f"write {{{known[0]}: …}}")
        return None

    def _inner(self, members: Members, name: str, most: int) -> str:
        value = members.of(name)
        return "" if value is None else self._short_text(value, name, most)

    def _inner_at(self, members: Members, name: str) -> Location:
        value = members.of(name)
        return place_of(self._source, value.mark if value is not None else members.mark)

    def _digest(self, members: Members, name: str, *, required: bool) -> str:
        text = self._inner(members, name, MAX_NAME)
        if text and FINGERPRINT.fullmatch(text):
            return text
        if text:
            hint = "write the twelve hexadecimal digits that `readiness decide` gives"
            self.fault(f'{name}: "{_short(text)}" is no digest', self._inner_at(members, name), hint)
        elif required and name not in members:
            hint = "`readiness decide` writes it"
            self.fault(f"a finding has no {name}", place_of(self._source, members.mark), hint)
        return ""


def _short(text: str) -> str:
    return text if len(text) <= MAX_NAME else f"{text[: MAX_NAME - 1]}…"
