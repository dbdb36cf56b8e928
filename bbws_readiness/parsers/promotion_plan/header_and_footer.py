"""Reads the `**Key**: value` lines above the first section and below the last one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import BlockedProject
from bbws_readiness.parsers.promotion_plan.dates import parse_iso
from bbws_readiness.parsers.promotion_plan.headings import Heading, split_remark
from bbws_readiness.parsers.promotion_plan.reading import Reading, is_nothing, plain, split_list, without_symbol
from bbws_readiness.parsers.promotion_plan.roles import separate_roles
from bbws_readiness.patterns import regex

TITLE_PREFIX = "promotion plan:"

_KEY_VALUE = regex(r"\s*\*\*([^*:]{1,60})(?::\*\*|\*\*[ \t]*:)(.*)")


class KeyValue(Struct, frozen=True):
    """One such line; the key in lower case."""

    key: str
    value: str
    line: int


class Header(Struct, frozen=True):
    """What stands above the first section."""

    title: str = ""
    short_name: str = ""
    project: Fact[str] | None = None
    plan_id: Fact[str] | None = None
    created: Fact[date] | None = None
    owner: Fact[str] | None = None
    status: Fact[str] | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


class Footer(Struct, frozen=True):
    """What stands below the last rule."""

    status: Fact[str] | None = None
    approvers: tuple[Fact[str], ...] = ()
    wave: Fact[str] | None = None
    dependencies: tuple[Fact[str], ...] | None = None
    independent: Fact[str] | None = None
    """The line of the dependencies where it says that there are none."""
    """None when the footer does not speak of them."""
    blocks: tuple[BlockedProject, ...] | None = None
    criticals: tuple[Fact[str], ...] = ()


def read_header(reading: Reading) -> Header:
    """The header; what it lacks is None."""
    document = reading.document
    main = _main_heading(reading)
    second = next((section.heading for section in document.sections if section.above(2)), None)
    last = second.line - 1 if second else len(document.source.lines)
    pairs = {pair.key: pair for pair in reversed(list(_pairs(reading, 1, last)))}
    title = f"{main.title} ({main.remark})" if main and main.remark else main.title if main else ""
    short = title[len(TITLE_PREFIX) :].strip() if title.casefold().startswith(TITLE_PREFIX) else ""
    written = pairs.get("created")
    day = parse_iso(written.value) if written else None
    diagnostics = []
    if written and day is None:
        at = document.place(written.line, written.value)
        diagnostics.append(
            Diagnostic(DiagnosticSeverity.WARNING, "Created is no ISO date (2026-01-31)", at, code=Code.PLAN_DATE)
        )
    return Header(
        title=title,
        short_name=short,
        project=_fact(reading, pairs.get("project")),
        plan_id=_fact(reading, pairs.get("plan id")),
        created=document.fact(day, written.line, written.value) if written and day else None,
        owner=_fact(reading, pairs.get("owner")),
        status=_status(reading, pairs.get("status")),
        diagnostics=tuple(diagnostics),
    )


def read_footer(reading: Reading) -> Footer:
    """The footer; a plan without a rule before it is searched from its last section on."""
    document = reading.document
    last_section = max((heading.line for heading in _second_headings(reading)), default=1)
    start = max([last_section, *(line for line in document.rules if line > last_section)])
    pairs = list(_pairs(reading, start, len(document.source.lines)))
    found = {pair.key: pair for pair in reversed(pairs)}
    return Footer(
        status=_status(reading, found.get("plan status")),
        approvers=_roles(reading, found.get("approval required by")),
        wave=_fact(reading, found.get("wave")),
        dependencies=_list(reading, found.get("dependencies")),
        independent=_nothing(reading, found.get("dependencies")),
        blocks=_blocks(reading, found.get("blocks")),
        criticals=tuple(document.fact(pair.value, pair.line) for pair in pairs if pair.key == "critical"),
    )


def read_criticals(reading: Reading, footer: Footer) -> tuple[Fact[str], ...]:
    """The footer's CRITICAL lines and those that stand as paragraphs of their own, in the order of the lines."""
    found = list(footer.criticals)
    known = {fact.at.line for fact in found}
    for section in reading.document.sections:
        for paragraph in section.paragraphs:
            for line in paragraph.lines:
                pair = _KEY_VALUE.match(line.text)
                if pair and pair[1].strip() == "CRITICAL" and line.number not in known:
                    found.append(reading.document.fact(pair[2].strip(), line.number))
    return tuple(sorted(found, key=lambda fact: fact.at))


def _main_heading(reading: Reading) -> Heading | None:
    return next((section.headings[0] for section in reading.document.sections if section.above(1)), None)


def _second_headings(reading: Reading) -> Iterator[Heading]:
    for section in reading.document.sections:
        if section.heading and section.heading.level == 2:
            yield section.heading


def _pairs(reading: Reading, first: int, last: int) -> Iterator[KeyValue]:
    """Read from the lines themselves, because Markdown takes a line behind a list for a part of its last entry."""
    fenced = {line.number for section in reading.document.sections for fence in section.fences for line in fence.lines}
    for number in range(first, last + 1):
        found = None if number in fenced else _KEY_VALUE.match(reading.document.text(number))
        if found:
            yield KeyValue(" ".join(found[1].casefold().split()), found[2].strip(), number)


def _fact(reading: Reading, pair: KeyValue | None) -> Fact[str] | None:
    return reading.document.fact(pair.value, pair.line) if pair and pair.value else None


def _status(reading: Reading, pair: KeyValue | None) -> Fact[str] | None:
    text = without_symbol(pair.value) if pair else ""
    return reading.document.fact(text, pair.line) if pair and text else None


def _list(reading: Reading, pair: KeyValue | None) -> tuple[Fact[str], ...] | None:
    if pair is None:
        return None
    names = [split_remark(part)[0] for part in split_list(plain(pair.value))]
    return tuple(reading.document.fact(name, pair.line) for name in names if not is_nothing(name))


def _roles(reading: Reading, pair: KeyValue | None) -> tuple[Fact[str], ...]:
    """The entries of the list, those that one entry names together apart."""
    entries = _list(reading, pair) or ()
    return tuple(replace(entry, value=role) for entry in entries for role in separate_roles(entry.get()))


def _nothing(reading: Reading, pair: KeyValue | None) -> Fact[str] | None:
    """The value where it says that there is nothing, and something is written at all."""
    said = pair is not None and pair.value and not _list(reading, pair)
    return reading.document.fact(plain(pair.value), pair.line) if pair and said else None


def _blocks(reading: Reading, pair: KeyValue | None) -> tuple[BlockedProject, ...] | None:
    """A parenthesis at the end of the list speaks of every project that has none of its own."""
    if pair is None:
        return None
    parts = [split_remark(part) for part in split_list(pair.value)]
    common = parts[-1][1] if parts else ""
    return tuple(
        BlockedProject(name, reading.document.place(pair.line, name), remark or common)
        for name, remark in parts
        if not is_nothing(name)
    )
