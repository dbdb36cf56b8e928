"""Tells how checks came out: one line per rule that is fine, one per finding that is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bbws_readiness.assess.score import WORST_FIRST, open_status
from bbws_readiness.engine.finding import Finding, Outcome, Status
from bbws_readiness.render.encode.markdown import Markdown, code, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.wording import STATUSES
from bbws_readiness.source import Location

NOT_COVERED = "not covered by a check"


def found(finding: Finding) -> Markdown:
    """What the check says about its subject, and what an answer would take where there is none."""
    if finding.settled_by:
        return say("settled by {}: {}", code(finding.settled_by), finding.message)
    if finding.outcome is Outcome.UNDETERMINED:
        if finding.needs:
            return say("needs {}: {}", finding.needs, finding.message)
        return say("not determinable from the files: {}", finding.message)
    return say("{}", finding.message)


def evidence(frame: Frame, finding: Finding) -> Markdown:
    """The places a finding points at; a dash when it is about no place."""
    places = [at for at in (finding.at, *(one.at for one in finding.related)) if is_place(at)]
    return frame.places(places) if places else Markdown("-")


def is_place(at: Location) -> bool:
    """Whether a location names a file, and not the project as a whole."""
    return at.path not in ("", ".")


def checks_table(frame: Frame, findings: Iterable[Sequence[Finding]]) -> Markdown:
    """A row per finding that is not a plain PASS or NOT APPLICABLE, one row per rule for all that are.

    `findings` are those of one rule after the other, each in the order of all lists.
    """
    rows = []
    for group in sorted(findings, key=lambda some: some[0].rule.order):
        rows += [_row(frame, finding) for finding in _told(group)]
    return table(("Check", "Status", "What was found", "Evidence"), rows)


def _told(group: Sequence[Finding]) -> Sequence[Finding]:
    """Everything that is not fine; the first of the fine ones when all of them are."""
    quiet = (Status.PASS, Status.NOT_APPLICABLE)
    loud = [finding for finding in group if open_status(finding) not in quiet or finding.settled_by]
    if loud:
        return sorted(loud, key=lambda one: (WORST_FIRST.index(open_status(one)), one.order))
    passed = [finding for finding in group if finding.outcome is Outcome.PASS]
    return (passed or group)[:1]


def _row(frame: Frame, finding: Finding) -> tuple[object, ...]:
    label = say("{} {}", code(finding.rule.code), finding.rule.name)
    return (label, STATUSES[open_status(finding)], found(finding), evidence(frame, finding))
