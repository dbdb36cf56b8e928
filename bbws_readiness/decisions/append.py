"""Writes a new entry as the text of a decision log, behind what stands there, byte by byte as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.decisions.claims import Examined
from bbws_readiness.decisions.entry import DecisionKind, Drift, Entry, next_id
from bbws_readiness.decisions.read import Log, read_log
from bbws_readiness.decisions.statement import statement
from bbws_readiness.engine.finding import Finding
from bbws_readiness.patterns import regex
from bbws_readiness.source import Source

HEAD = """\
# What was decided about findings, by whom, when and why; `readiness decide` appends to it.
# Entries are never changed or removed: what no longer holds is decided anew below.

decisions:
"""
"""Of a new log."""
MAX_CITED = 6
"""Places that are recorded for one claim."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_PLAIN = regex(r"[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML takes in double quotes as it is, without the line ends that look like blanks.

What nobody can see, such as a mark that turns the direction of the text, is written as an escape all the same.
"""
_WORD = regex(r"[A-Za-z][A-Za-z0-9_-]*", re.ASCII)
_RESERVED = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_DASH = regex(r"(?P<indent> *)- ")


class Proposal(Struct, frozen=True):
    """What is to be recorded; texts may hold anything but lone surrogates."""

    kind: DecisionKind
    environment: str
    findings: Sequence[Finding]
    by: Sequence[str]
    on: date
    until: date | None
    reason: str
    evidence: Sequence[Examined] = ()
    drifts: Sequence[Drift] = ()
    """What is settled with all that it is about; of the findings those are named that belong to none of them."""

    @property
    def named(self) -> tuple[Finding, ...]:
        """The findings that are settled one by one."""
        return tuple(one for one in self.findings if Drift.of(one) not in self.drifts)


class CannotAppend(Exception):
    """The log cannot be continued without a change of what stands in it; the text says why, in one line."""


def entry_text(proposal: Proposal, identifier: str) -> str:
    """The entry as YAML, one item of a list without indentation, which reads back as exactly what was given."""
    lines = [
        f"- id: {identifier}",
        f"  kind: {proposal.kind.value}",
        f"  environments: [{quoted(proposal.environment)}]",
        "  findings:",
        *(f"    - {_finding(one)}" for one in proposal.named),
        *(f"    - {{rule: {one.rule}, document: {one.document.value}}}" for one in proposal.drifts),
        f"  by: [{', '.join(quoted(role) for role in proposal.by)}]",
        f"  on: {proposal.on.isoformat()}",
        *([f"  until: {proposal.until.isoformat()}"] if proposal.until else []),
        f"  reason: {quoted(proposal.reason, always=True)}",
        *(["  evidence:"] if proposal.evidence else []),
        *(f"    - {_evidence(one)}" for one in proposal.evidence),
    ]
    return "".join(f"{line}\n" for line in lines)


def continued(log: Log, proposal: Proposal) -> tuple[str, Entry]:
    """The whole new text of the log, and the entry as it reads there; the text begins with all that was there.

    Raises `CannotAppend` for a log that cannot be parsed, or that ends in a way which allows no further entry.
    """
    if log.error:
        raise CannotAppend(f"the log cannot be read: {log.error.summary}")
    identifier = next_id(log.entries)
    text = entry_text(proposal, identifier)
    old = _bytes_of(log.source)
    for new in _candidates(old, log.entries, text):
        entry = _added(log, old, new)
        if entry and _equals(entry, proposal, identifier):
            return new, entry
    raise CannotAppend("nothing can be added behind the end of the log: it is to end with its list, in block style")


def quoted(text: str, *, always: bool = False) -> str:
    """A YAML scalar that is read as this text; plain words stay without quotes unless `always`."""
    if not always and _WORD.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if known := _ESCAPES.get(character):
        return known
    if _PLAIN.fullmatch(character) and character.isprintable():
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _finding(finding: Finding) -> str:
    parts = (
        ("fingerprint", quoted(finding.fingerprint, always=True)),
        ("rule", finding.rule.code),
        ("subject", quoted(finding.subject)),
        ("statement", quoted(statement(finding), always=True)),
    )
    return "{" + ", ".join(f"{key}: {value}" for key, value in parts) + "}"


def _evidence(examined: Examined) -> str:
    places = ", ".join(quoted(str(at), always=True) for at in examined.at[:MAX_CITED])
    at = f"at: [{places}], " if places else ""
    return f"{{claim: {quoted(examined.claim, always=True)}, {at}digest: {quoted(examined.digest, always=True)}}}"


def _bytes_of(source: Source | None) -> str:
    """The text with the byte order mark that reading takes away."""
    if source is None:
        return ""
    marked = source.size - len(source.text.encode("utf-8", "surrogatepass")) == len("\ufeff".encode())
    return f"\ufeff{source.text}" if marked else source.text


def _candidates(old: str, entries: Sequence[Entry], entry: str) -> Iterator[str]:
    """The new texts that may be right, the likeliest first; each begins with the old one."""
    end = "\r\n" if "\r\n" in old else "\n"
    closed = old if not old or old.endswith(("\n", "\r")) else f"{old}{end}"
    if not old.strip("\ufeff \r\n\t"):
        yield closed + HEAD.replace("\n", end) + _indented(entry, "  ", end)
        return
    lines = old.splitlines()
    written = (_DASH.match(lines[one.at.line - 1]) for one in reversed(entries) if one.at.line <= len(lines))
    indent = next((found["indent"] for found in written if found), "  ")
    gap = end if entries and not closed.endswith((end * 2, "\n\n")) and _parted(lines) else ""
    yield closed + gap + _indented(entry, indent, end)
    yield f"{closed}decisions:{end}" + _indented(entry, "  ", end)


def _parted(lines: Sequence[str]) -> bool:
    """Whether the log keeps an empty line between entries."""
    items = [number for number, line in enumerate(lines) if _DASH.match(line) and "id:" in line]
    return any(number and not lines[number - 1].strip() for number in items[1:])


def _indented(entry: str, indent: str, end: str) -> str:
    return "".join(f"{indent}{line}{end}" for line in entry.splitlines())


def _added(log: Log, old: str, new: str) -> Entry | None:
    """The one entry that the new text has more than the old, when all others read as before."""
    if not new.startswith(old):
        return None
    text = new.removeprefix("\ufeff")
    read = read_log(log.path, Source(log.path, text, len(text.encode()), ""))
    if read.error or len(read.entries) != len(log.entries) + 1 or len(read.faults) > len(log.faults):
        return None
    return read.entries[-1] if read.entries[:-1] == log.entries else None


def _equals(entry: Entry, proposal: Proposal, identifier: str) -> bool:
    """Whether the entry says what was proposed, and nothing is wrong with it."""
    wanted = replace(
        entry,
        id=identifier,
        kind=proposal.kind,
        environments=(proposal.environment.lower(),),
        by=tuple(dict.fromkeys(proposal.by)),
        on=proposal.on,
        last_day=proposal.until,
        reason=proposal.reason,
        fault="",
    )
    told = [(one.fingerprint, one.statement, one.drift) for one in entry.findings]
    named = [(one.fingerprint, statement(one), None) for one in proposal.named]
    claims = [(one.claim, one.digest) for one in entry.evidence]
    return (
        entry == wanted
        and told == [*named, *(("", "", one) for one in proposal.drifts)]
        and claims == [(one.claim, one.digest) for one in proposal.evidence]
    )
