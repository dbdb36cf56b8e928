"""How figures, dates, statuses and lists are worded, the same in every document."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from bbws_readiness.assess.assessment import Verdict
from bbws_readiness.config import Policy
from bbws_readiness.decisions.decided import Decisions
from bbws_readiness.decisions.entry import State as EntryState
from bbws_readiness.engine.finding import Status
from bbws_readiness.engine.rule import Severity
from bbws_readiness.patterns import regex
from bbws_readiness.source import SourceKind
from bbws_readiness.waivers.waiver import State, Waiver, Waivers

if TYPE_CHECKING:
    from bbws_readiness.compare.baseline import Baseline

VERDICTS = {
    Verdict.BLOCKED: "❌ BLOCKED - NOT READY FOR DEPLOYMENT",
    Verdict.CONDITIONAL: "⚠️ CONDITIONAL - DECISIONS OR FIXES OPEN",
    Verdict.UNDETERMINED: "❓ UNDETERMINED - COULD NOT BE ASSESSED",
    Verdict.READY: "✅ READY FOR DEPLOYMENT",
}
STATUSES = {
    Status.PASS: "✅ PASS",
    Status.FAIL: "❌ FAIL",
    Status.NOT_VERIFIED: "⏸️ NOT VERIFIED",
    Status.NOT_APPLICABLE: "➖ NOT APPLICABLE",
    Status.DECISION: "⚖️ DECISION",
}
PRIORITIES = {
    Severity.CRITICAL: "🔴 CRITICAL",
    Severity.HIGH: "🟡 HIGH",
    Severity.MEDIUM: "🟢 MEDIUM",
    Severity.LOW: "⚪ LOW",
}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

CURRENCIES = {"USD": "$", "EUR": "€", "GBP": "£"}

NO_OWNER = "Owner not assigned"
NO_CONTACT = "TBD - not named in plan or configuration"
NO_APPROVER = "No approver named in plan or configuration"
NO_PRICES = "Not estimated: no prices configured"
NO_PLAN = "No promotion plan found"
NO_DOWNSTREAM = "None named"
NOT_RATED = "Not rated"
NOT_CONFIGURED = "Not configured"
NOT_STATED = "Not stated"
NO_DECISION = "No decision is open."
NOT_COMPUTABLE = "not computable"


def hours(minutes: int) -> str:
    """`4 h`, `17 h 15 min`, `15 min`, `0 h`."""
    whole, rest = divmod(minutes, 60)
    if not rest:
        return f"{whole} h"
    return f"{whole} h {rest} min" if whole else f"{rest} min"


def day(when: date) -> str:
    """`Thu 2026-01-08`."""
    return f"{WEEKDAYS[when.weekday()]} {when.isoformat()[:10]}"


def moment(when: datetime) -> str:
    """`Thu 2026-01-08 16:45`."""
    return f"{day(when)} {when.time().isoformat('minutes')}"


def as_of(when: datetime) -> str:
    """The moment of assessment, without a time when none was given (midnight)."""
    return day(when) if when.time() == time() else moment(when)


def working_days(number: int) -> str:
    """`2 working days`."""
    return counted(number, "working day")


def money(low: Decimal, high: Decimal, currency: str) -> str:
    """`$22-50`, `$5`, `CHF 22-50`."""
    sign = CURRENCIES.get(currency, f"{currency} ")
    return f"{sign}{number(low)}" if low == high else f"{sign}{number(low)}-{number(high)}"


def number(value: Decimal) -> str:
    """`22`, `97.5`: no exponent, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def policy_touched(policy: Policy) -> str:
    """`this change touches readiness policy: 2 keys, 1 file`; empty when it touches none."""
    keys = sum(bool(one.key) for one in policy.changes)
    files = len(policy.changes) - keys
    parts = [counted(number, noun) for number, noun in ((keys, "key"), (files, "file")) if number]
    return f"this change touches readiness policy: {', '.join(parts)}" if parts else ""


def since_baseline(baseline: Baseline) -> str:
    """`2 new, 31 known, 4 resolved since main.json`; what has grown is named only where something has."""
    from bbws_readiness.compare.baseline import Since

    grown = baseline.number(Since.GROWN)
    told = [
        f"{baseline.number(Since.NEW)} new",
        *([f"{grown} grown"] if grown else []),
        f"{baseline.number(Since.KNOWN)} known",
        f"{len(baseline.resolved)} resolved",
    ]
    return f"{', '.join(told)} since {baseline.file}"


def waived(waivers: Waivers) -> str:
    """`2 findings waived, 1 waiver expired`; empty when there is no waiver."""
    findings = len({id(finding) for waiver in waivers.of(State.IN_FORCE) for finding in waiver.findings})
    parts = [f"{counted(findings, 'finding')} waived"] if waivers.listed else []
    for state in State:
        number = len(waivers.of(state)) + (waivers.more if state is State.REFUSED else 0)
        if number and state is not State.IN_FORCE:
            parts.append(f"{counted(number, 'waiver')} {state}")
    return ", ".join(parts)


def last_day(waiver: Waiver) -> str:
    """`Tue 2026-03-31`, or what is written where it is no date."""
    return day(waiver.last_day) if waiver.last_day else waiver.until


def decided(decisions: Decisions) -> str:
    """`6 decisions settle 17 findings, 1 decision expired`; empty when the log has no entry and no fault."""
    held = len(decisions.of(EntryState.IN_FORCE))
    verb = "settles" if held == 1 else "settle"
    settles = f"{counted(held, 'decision')} {verb} {counted(decisions.settled, 'finding')}"
    parts = [settles if held else "no decision is in force"] if decisions.listed else []
    for state in EntryState:
        number = sum(not one.replaced for one in decisions.of(state))
        if number and state is not EntryState.IN_FORCE:
            parts.append(f"{counted(number, 'decision')} {state}")
    if decisions.errors and not decisions.listed:
        parts.append("the decision log cannot be read")
    return ", ".join(parts)


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 table`, `3 tables`, `2 indexes`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {plural or plural_of(noun)}"


def plural_of(noun: str) -> str:
    """The plural of an English noun of ours: `decision` to `decisions`, `index` to `indexes`, `entry` to `entries`."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def listed(items: Sequence[str], *, nothing: str = "none", word: str = "and") -> str:
    """`a, b and c`."""
    if not items:
        return nothing
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"


def numbered(numbers: Sequence[int], noun: str = "action") -> str:
    """`action 1`, `actions 1, 3 and 4`, `no action`."""
    if not numbers:
        return f"no {noun}"
    return f"{noun if len(numbers) == 1 else plural_of(noun)} {listed([str(one) for one in numbers])}"


def owners(roles: Sequence[str]) -> str:
    """`Tech Lead + Product Owner`, or the words for an action that nobody owns."""
    return " + ".join(roles) or NO_OWNER


def sources(kinds: Sequence[SourceKind]) -> str:
    """`terraform, schemas, README`."""
    return ", ".join(map(str, kinds))


def reading_minutes(text: str) -> int:
    """What a reader of the rendered document reads, at 200 words a minute, rounded up, at least 1.

    Fences, comments and the targets of links are not read, nor are marks without a letter or digit.
    """
    read = text.encode("utf-8", "replace")
    for pattern in _UNREAD:
        read = pattern.sub(b" ", read)
    if any(letter.isalnum() or letter.isspace() for letter in set(read.translate(None, _ASCII).decode())):
        read = _BEYOND_ASCII.sub(lambda found: _likened(found[0]), read.decode()).encode()
    # Without its marks a word is a run of letters and digits. Counted so, nothing is made of each of them.
    words = b" " + read.translate(_LIKE, delete=_MARKS)
    return max(1, -(-words.count(b" a") // 200))


_UNREAD = (regex(rb"```.*?```", re.DOTALL), regex(rb"<!--.*?-->", re.DOTALL), regex(rb"\]\([^)]*\)"))
"""One after the other, because a search is several times as fast when all of a beginning is known."""
_ASCII = bytes(range(128))
_BEYOND_ASCII = regex(r"[^\x00-\x7f]+")
_LETTERS = (string.ascii_letters + string.digits).encode()
_SPACES = b"\t\n\v\f\r\x1c\x1d\x1e\x1f "
_LIKE = bytes.maketrans(_LETTERS + _SPACES, b"a" * len(_LETTERS) + b" " * len(_SPACES))
_MARKS = bytes(set(range(256)) - {*_LETTERS, *_SPACES})


def _likened(text: str) -> str:
    """Per letter, digit or space one of ASCII; nothing for the rest."""
    return "".join("a" if one.isalnum() else " " for one in text if one.isalnum() or one.isspace())
