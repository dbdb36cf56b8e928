"""Collects what a plan asks for in words: settings, backups, a release mark, other projects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import BlockedProject, ReleaseDemand, Requirement
from bbws_readiness.model.portfolio import project_alias
from bbws_readiness.model.tables import BackupTerms
from bbws_readiness.parsers.promotion_plan.commands import comments
from bbws_readiness.parsers.promotion_plan.header_and_footer import Footer
from bbws_readiness.parsers.promotion_plan.headings import split_remark
from bbws_readiness.parsers.promotion_plan.markdown import Item, Line, Section
from bbws_readiness.parsers.promotion_plan.reading import Reading, plain, split_list, strip_critical
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_FLAGS = (
    (
        "on-demand",
        regex(r"\bon-demand\b.{0,20}\b(?:capacity|billing|mode)|pay[-_ ]per[-_ ]request", re.IGNORECASE),
    ),
    ("recovery", regex(r"point-in-time recovery|\bPITR\b", re.IGNORECASE)),
    ("encryption-kms", regex(r"encrypt.{0,60}\bKMS\b|\bS3-KMS\b|\bKMS\b.{0,40}encrypt", re.IGNORECASE)),
    ("streams", regex(r"\bDynamoDB streams?\b|\bstreams\b", re.IGNORECASE)),
    ("public-access-block", regex(r"public access.{0,12}block|block.{0,12}public access", re.IGNORECASE)),
    ("versioning", regex(r"\bversioning\b", re.IGNORECASE)),
    ("replication", regex(r"\bcross-region replication\b|\bglobal tables?\b", re.IGNORECASE)),
    ("tls", regex(r"\bTLS\b|encryption in transit", re.IGNORECASE)),
)
_WEAK = regex(r"\((?:if\b|where\b|when\b|optional)[^()]*\)|^optional\b|\boptionally\b", re.IGNORECASE)
_NEGATED = regex(r"^(?:no|without|not)\b", re.IGNORECASE)
_UNNEEDED = regex(r"\bnot (?:needed|required|asked)\b", re.IGNORECASE)
_TAG = regex(r"\btag\b", re.IGNORECASE)
_VERSION = regex(r"v?\d+\.\d+(?:\.\d+)?(?:[-+][\w.+-]+)?")
_CODE = regex(r"`([^`]+)`")
_CHANGELOG = regex(r"\bchange[ -]?log\b", re.IGNORECASE)

_BACKUP = regex(r"\bbackups?\b", re.IGNORECASE)
_ABOUT_BACKUPS = regex(r"\b(?:backups?|vaults?)\b", re.IGNORECASE)
_ASKS_BACKUP = regex(r"\b(?:vault|plans?|role|schedule|selection|retention|hourly|daily|weekly)\b", re.IGNORECASE)
_FREQUENCY = regex(r"\b(hourly|daily|weekly|monthly)\b", re.IGNORECASE)
_RETENTION = regex(r"\bretention\b|\bretained?\b|\bkeep\b", re.IGNORECASE)
_OTHER_RETENTION = regex(r"\blogs?\b|lifecycle|transition|point-in-time|\bPITR\b", re.IGNORECASE)
_ASKED = (
    ("vault", regex(r"\bvaults?\b", re.IGNORECASE)),
    ("role", regex(r"\b(?:service|IAM|backup)[ ]role\b", re.IGNORECASE)),
    ("restore", regex(r"\brestor(?:e|ing|ation)\b", re.IGNORECASE)),
)
_COPY = regex(r"\bbackups?\b|\bcop(?:y|ies)\b", re.IGNORECASE)
_BETWEEN = regex(r"[(),;]|[ ]and[ ]")
_DAYS = regex(r"(\d{1,5})[ -]days?\b", re.IGNORECASE)
_CROSS_REGION = regex(r"\bcross-region\b", re.IGNORECASE)

_DEPENDENCY = regex(r"^(.+?)[ ](?:promoted|deployed|available|MUST|must|is|are|exists?)\b|^(.+)$")
_EXTERNAL = regex(
    r"\b(?:hosted zones?|(?:ACM |TLS |SSL )?certificates?|(?:Cognito )?user pools?|base path mappings?"
    r"|DNS records?|(?:SES )?domain verification|VPC peering)\b",
    re.IGNORECASE,
)
_INDEPENDENT = regex(r"^(?:no (?:\w+ )?dependenc(?:y|ies)|no other project|depends on nothing)\b", re.IGNORECASE)
_BLOCKS = regex(r"\bis a (?:BLOCKING )?dependency for (.+)", re.IGNORECASE)


def read_requirements(reading: Reading) -> tuple[Requirement, ...]:
    """Settings asked for by planning entries and success criteria, in the order of the lines."""
    found = []
    for section, item in reading.checklist_items:
        if not (section.is_under("Pre-Deployment Checklist") or section.is_under("Success Criteria")):
            continue
        whole = plain(strip_critical(item.text)[0])
        lines = [(whole, item.line), *((plain(point.text), point.line) for point in item.points)]
        for text, line in lines:
            matches = [(flag, matched) for flag, pattern in _FLAGS if (matched := pattern.search(text))]
            if not matches or _NEGATED.match(text) or _NEGATED.match(whole) or _UNNEEDED.search(text):
                continue
            weak = _WEAK.search(text) or _WEAK.search(whole)
            named = reading.named(text) or reading.named(whole)
            environment = named[0] if len(named) == 1 else "" if named else reading.environment(section)
            for flag, matched in matches:
                at = reading.document.place(line, matched[0])
                found.append(Requirement(flag, not weak, at, text, environment))
    return tuple(found)


def read_release(reading: Reading) -> ReleaseDemand:
    """The tag and the changelog that a checklist asks for; the first of each."""
    tag: Fact[str] | None = None
    changelog: Location | None = None
    for _, item in reading.checklist_items:
        if tag is None and _TAG.search(item.text):
            name = next((code for code in _CODE.findall(item.text) if _VERSION.fullmatch(code)), None)
            tag = reading.document.fact(name, item.line) if name else None
        if changelog is None and (found := _CHANGELOG.search(item.text)):
            changelog = reading.document.place(item.line, found[0])
    return ReleaseDemand(tag, changelog)


class Backups(Struct):
    """What the plan says about backups, statement by statement."""

    terms: dict[str, BackupTerms] = field(default_factory=dict)
    asked_at: list[Location] = field(default_factory=list)
    asks: dict[str, Location] = field(default_factory=dict)


def read_backups(reading: Reading) -> Backups:
    """The terms per environment. A frequency said for one environment only holds for those without one, too."""
    frequencies: list[tuple[str, Fact[str]]] = []
    retentions: dict[str, Fact[int]] = {}
    copies: dict[str, Fact[bool]] = {}
    backups = Backups()
    for section, line, asking in _backup_lines(reading):
        text = plain(strip_critical(line.text)[0])
        if _NEGATED.match(text):
            continue
        heading_environment = reading.environment(section, text)
        if asking and _ASKS_BACKUP.search(text):
            backups.asked_at.append(reading.document.place(line.number, text))
        for asked, pattern in _ASKED if asking else ():
            if found := pattern.search(text):
                backups.asks.setdefault(asked, reading.document.place(line.number, found[0]))
        if (frequency := _FREQUENCY.search(text)) and _BACKUP.search(text):
            fact = reading.document.fact(frequency[1].casefold(), line.number, frequency[1])
            frequencies.append((heading_environment, fact))
        if _RETENTION.search(text) and not _OTHER_RETENTION.search(text):
            for environment, days in _retentions(reading, text, heading_environment, line.number):
                retentions.setdefault(environment, days)
        if (found := _CROSS_REGION.search(text)) and _COPY.search(text):
            for environment in reading.named(text) or (heading_environment,):
                copies.setdefault(environment, reading.document.fact(not _WEAK.search(text), line.number, found[0]))
    backups.terms = _terms(frequencies, retentions, copies)
    return backups


def _backup_lines(reading: Reading) -> Iterator[tuple[Section, Line, bool]]:
    """Lines that speak of backups: entries (which ask) and comments in fences (which only tell)."""
    for section in reading.document.sections:
        about = any(_BACKUP.search(heading.title) for heading in section.headings[1:])
        for item in section.items:
            if item.ticked is not None and (about or _BACKUP.search(item.text)):
                yield section, Line(item.text, item.line), True
                yield from ((section, Line(point.text, point.line), False) for point in item.points)
        for line in comments(section):
            if about or _ABOUT_BACKUPS.search(line.text):
                yield section, line, False


def _retentions(reading: Reading, text: str, scope: str, line: int) -> Iterator[tuple[str, Fact[int]]]:
    """Days per environment: `5 days SIT, 21 days PROD`, `SIT: 5 days`, `21-day retention for PROD`."""
    for part in _BETWEEN.split(text):
        for days in _DAYS.finditer(part):
            for environment in reading.named(part) or ((scope,) if scope else ()):
                yield environment, reading.document.fact(int(days[1]), line, days[0])


def _terms(
    frequencies: Sequence[tuple[str, Fact[str]]],
    retentions: dict[str, Fact[int]],
    copies: dict[str, Fact[bool]],
) -> dict[str, BackupTerms]:
    said: dict[str, Fact[str]] = {}
    for environment, frequency in frequencies:
        said.setdefault(environment, frequency)
    common = frequencies[0][1] if frequencies else None
    terms = {}
    for environment in dict.fromkeys([*retentions, *said, *copies]):
        if not environment:
            continue
        stated = (said.get(environment, common), retentions.get(environment), copies.get(environment))
        at = next(fact.at for fact in (stated[1], stated[0], stated[2]) if fact is not None)
        terms[environment] = BackupTerms(at, *stated)
    return terms


def read_dependencies(reading: Reading, footer: Footer) -> tuple[Fact[str], ...]:
    """The footer's list, then those that checklists call a dependency and the footer does not name."""
    found = list(footer.dependencies or ())
    known = {project_alias(fact.or_none() or "") for fact in found}
    for item in _dependency_items(reading):
        text, critical = strip_critical(item.text)
        shown, remark = split_remark(plain(text))
        strong = "dependency" in remark.casefold() or (critical and "MUST" in shown)
        named = _DEPENDENCY.match(shown)
        if not strong or _NEGATED.match(shown) or not named:
            continue
        name = (named[1] or named[2]).strip()
        if project_alias(name) not in known:
            known.add(project_alias(name))
            found.append(reading.document.fact(name, item.line))
    return tuple(found)


def read_independence(reading: Reading, footer: Footer) -> Fact[str] | None:
    """Where the footer, else a checklist says that there are no dependencies."""
    if footer.independent:
        return footer.independent
    for item in _dependency_items(reading):
        text = plain(strip_critical(item.text)[0])
        if _INDEPENDENT.match(text):
            return reading.document.fact(text, item.line)
    return None


def read_critical_dependencies(reading: Reading) -> tuple[Fact[str], ...]:
    """Those that a checklist marks `(CRITICAL dependency)`, or as critical and a MUST."""
    found = []
    for item in _dependency_items(reading):
        text, critical = strip_critical(item.text)
        shown, remark = split_remark(plain(text))
        named = _DEPENDENCY.match(shown)
        marked = "dependency" in remark.casefold()
        strong = (marked and "CRITICAL" in remark) or (critical and (marked or "MUST" in shown))
        if named and strong and not _NEGATED.match(shown) and not _BLOCKS.search(shown):
            found.append(reading.document.fact((named[1] or named[2]).strip(), item.line))
    return tuple(found)


def read_external_needs(reading: Reading) -> tuple[Fact[str], ...]:
    """Things besides projects that a checklist of dependencies wants to be there, in its words."""
    found = []
    for item in _dependency_items(reading):
        text = plain(strip_critical(item.text)[0])
        if (need := _EXTERNAL.search(text)) and not _NEGATED.match(text):
            found.append(reading.document.fact(need[0], item.line))
    return tuple(found)


def read_blocks(reading: Reading, footer: Footer) -> tuple[BlockedProject, ...]:
    """The footer's list; without one, what a checklist says this project is a dependency for."""
    if footer.blocks is not None:
        return footer.blocks
    found = []
    for item in _dependency_items(reading):
        reverse = _BLOCKS.search(plain(item.text))
        if not reverse:
            continue
        what, names = split_remark(reverse[1])
        for name in split_list(names) or [what]:
            found.append(BlockedProject(name, reading.document.place(item.line, name), what if names else ""))
    return tuple(found)


def _dependency_items(reading: Reading) -> Iterator[Item]:
    for section, item in reading.checklist_items:
        if section.is_under("Dependencies"):
            yield item
