"""The assessment as annotations of a GitHub Actions step: the most severe findings, at the lines they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.assess.portfolio import Member, Portfolio
from bbws_readiness.engine.finding import Finding
from bbws_readiness.engine.rule import Severity
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.render import portfolio_words, wording
from bbws_readiness.render.encode.annotation import Level, annotation
from bbws_readiness.render.formats.reported import by_severity, grave, in_repository, is_decision, reported
from bbws_readiness.render.views import figures
from bbws_readiness.source import Location

MOST = 10
"""Annotations of one level that GitHub takes of a step; what is beyond is dropped without a word."""


class _Annotation(Struct, frozen=True):
    """One command, and how it stands among others of its level."""

    level: Level
    rank: int
    line: str


class Part(Struct, frozen=True):
    """The annotations of one project among several."""

    shown: tuple[_Annotation, ...]
    """At most ten of a level, in their order."""
    beyond: int
    """How many more there are."""


def to_annotations(assessment: Assessment, *, prefix: str = "") -> str:
    """One workflow command per line, most severe first, at most ten of a level; the last tells verdict and rest.

    `prefix` is the folder of the project inside of the repository; annotations are shown at paths from its top.
    """
    kept, left_out = _shown(_of_project(assessment, prefix))
    return "\n".join([*kept, _verdict(assessment, left_out)]) + "\n"


def annotations_of(assessment: Assessment, prefix: str) -> Part:
    """What one of several projects adds to the annotations of all: no more than can be shown of it."""
    found = tuple(_of_project(assessment, prefix))
    kept = tuple(one for level in Level for one in [each for each in found if each.level is level][:MOST])
    return Part(tuple(sorted(kept, key=found.index)), len(found) - len(kept))


def portfolio_annotations(portfolio: Portfolio, parts: Sequence[Part | None]) -> str:
    """The same for all projects together, the most severe of all first; `parts` are those of the assessed members."""
    found: list[_Annotation] = []
    beyond = 0
    for member, part in zip(portfolio.members, parts, strict=True):
        if part:
            found += part.shown
            beyond += part.beyond
        elif member.failure:
            told = annotation(Level.ERROR, str(member.failure), title=f"{member.failure.code}: {member.path}")
            found.append(_Annotation(Level.ERROR, _FIRST, told))
    kept, left_out = _shown(sorted(found, key=lambda one: one.rank))
    left_out += beyond
    title = f"{portfolio.verdict.value}: {portfolio_words.headline(portfolio)}"
    table = "; ".join(_row(portfolio, member) for member in portfolio.members)
    last = annotation(Level.NOTICE, f"{table}.{_more(left_out)}", title=title)
    return "\n".join([*kept, last]) + "\n"


_FIRST = -1
"""The rank of a fault of an input: it stands before every finding."""


def _of_project(assessment: Assessment, prefix: str) -> Iterator[_Annotation]:
    faults = (one for one in assessment.diagnostics if one.severity is DiagnosticSeverity.ERROR)
    yield from (_of_fault(one, prefix) for one in faults)
    yield from (_of_finding(one, prefix) for one in reported(assessment))


def _shown(found: Iterable[_Annotation]) -> tuple[list[str], int]:
    """As many lines of each level as GitHub takes, and how many are left out."""
    found = tuple(found)
    lines: list[str] = []
    for level in Level:
        # The verdict is a notice itself.
        room = MOST - 1 if level is Level.NOTICE else MOST
        lines += [one.line for one in found if one.level is level][:room]
    return lines, len(found) - len(lines)


def _of_fault(fault: Diagnostic, prefix: str) -> _Annotation:
    told = f"{fault.summary}; {fault.detail}" if fault.detail else fault.summary
    return _Annotation(Level.ERROR, _FIRST, _at(Level.ERROR, told, str(fault.code), fault.at, prefix))


def _of_finding(finding: Finding, prefix: str) -> _Annotation:
    level = _level(finding)
    title = f"{finding.rule.code} {finding.rule.name}"
    return _Annotation(level, by_severity(finding), _at(level, finding.message, title, finding.at, prefix))


def _at(level: Level, told: str, title: str, at: Location, prefix: str) -> str:
    """The command at its line; what lies outside of the repository is named by its words instead."""
    place = in_repository(at.path, prefix)
    if place is None:
        return annotation(level, f"{told} ({at})", title=title)
    return annotation(level, told, title=title, file=place, line=max(at.line, 1))


def _level(finding: Finding) -> Level:
    if grave(finding):
        return Level.ERROR
    if is_decision(finding) or finding.severity is Severity.MEDIUM:
        return Level.WARNING
    return Level.NOTICE


def _verdict(assessment: Assessment, left_out: int) -> str:
    score, counts = figures.score_line(assessment), figures.counts_sentence(assessment)
    since = f" {wording.since_baseline(assessment.baseline)}." if assessment.baseline else ""
    told = f"{assessment.reason} Score {score}. {counts[:1].upper()}{counts[1:]}.{since}{_more(left_out)}"
    title = f"{assessment.verdict.value}: {assessment.title} to {assessment.environment.upper()}"
    return annotation(Level.NOTICE, told, title=title)


def _row(portfolio: Portfolio, member: Member) -> str:
    name = portfolio_words.label(portfolio, member.path)
    score = f", score {wording.number(member.figures.score)}" if member.figures else ""
    return f"{name} {portfolio_words.verdict(member)}{score}"


def _more(left_out: int) -> str:
    if not left_out:
        return ""
    return f" {wording.counted(left_out, 'more finding')} not shown here; the other outputs have all of them."
