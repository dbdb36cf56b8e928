"""Lists the recorded decisions: what they settle, by whom, why and on what evidence, and those without effect."""

from __future__ import annotations

from bbws_readiness.decisions.decided import Decided
from bbws_readiness.decisions.entry import State
from bbws_readiness.render.encode.markdown import Markdown, bullets, code, codes, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.wording import day, owners


def settled(frame: Frame) -> Markdown:
    """The entries in force: kind, what they settle, who decided when and why, until when, on which lines."""
    rows = [
        (
            say("{} {} ({})", code(one.key), one.kind, frame.place(one.entry.at)),
            _settles(one),
            owners(one.entry.by),
            day(one.entry.on) if one.entry.on else "-",
            day(one.entry.last_day) if one.entry.last_day else "no end",
            one.entry.reason,
            _evidence(frame, one),
        )
        for one in frame.assessment.decided.of(State.IN_FORCE)
    ]
    headings = ("Decision", "Settles", "By", "On", "Until", "Reason", "Evidence")
    return table(headings, rows)


def _settles(decided: Decided) -> Markdown:
    """The subjects of each rule, and the drifts of documents of which later ones are settled too."""
    by_rule: dict[str, list[str]] = {}
    for finding in decided.settles:
        by_rule.setdefault(finding.rule.code, []).append(finding.subject)
    told = [say("{} {}", code(rule), codes(dict.fromkeys(subjects))) for rule, subjects in by_rule.items()]
    told += [say("all else in which the {} drifts under {}", one.document, code(one.rule)) for one in decided.drifts]
    return joined(told, "; ")


def _evidence(frame: Frame, decided: Decided) -> Markdown:
    if not decided.evidence:
        return Markdown("none named")
    told = (
        say("{}: {}", one.claim, frame.places(one.at)) if one.at else say("{}", one.claim) for one in decided.evidence
    )
    return joined(told, "; ")


def decision_notices(frame: Frame) -> Markdown:
    """Entries of the decision log that settle nothing, or less than they say, and why."""
    return bullets(
        frame.cited(say("{}; {}", one.summary, one.detail) if one.detail else one.summary, one.at)
        for one in frame.assessment.decided.notices
    )
