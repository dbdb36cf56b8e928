"""Tells what changed between two runs: authority, decisions, files, tool, and which statements no longer hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bbws_readiness.compare.changes import GRAVE, Cause, Changes, InputChange, Kind
from bbws_readiness.compare.snapshot import DecidedState
from bbws_readiness.render import history, wording
from bbws_readiness.render.encode.markdown import Markdown, anchor, code, joined, link, plain, say
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import blocks, figures
from bbws_readiness.render.views.notice import words

SHORT_HASH = 12

IN_FORCE = "in-force"

PROJECT = (Cause.CODE, Cause.DOCUMENTS)
"""The causes that lie in the project's own files."""


def previous_status(changes: Changes) -> Markdown:
    """The earlier verdict with its moment and commit."""
    before = changes.before
    commit = say("commit {}", history.commit(before.commit)) if before.commit else history.commit("")
    return say("{} (as of {}, {})", history.verdict(before.verdict), history.moment(before.as_of), commit)


def opening(frame: Frame, changes: Changes) -> Markdown:
    """Both verdicts in the order of time."""
    before, now = changes.before, history.moment(frame.assessment.as_of.isoformat())
    then = history.moment(before.as_of)
    if not changes.verdict_changed:
        return say(
            "The set as of {} said **{}**. The set as of {} says the same, and corrects statements on which it rested.",
            then,
            history.verdict(before.verdict),
            now,
        )
    return say(
        "The set as of {} said **{}**. The set as of {} says **{}**.",
        then,
        history.verdict(before.verdict),
        now,
        Markdown(wording.VERDICTS[frame.assessment.verdict]),
    )


def reason(changes: Changes) -> Markdown:
    """Why the two differ, in one sentence."""
    said = wording.listed([*_reasons(changes)], nothing=f"{history.otherwise(changes)} differs")
    if all(one.cause not in PROJECT for one in changes.inputs):
        return plain(f"No code and no document has changed: {said}.")
    return plain(f"{said[:1].upper()}{said[1:]}.")


def _reasons(changes: Changes) -> Iterator[str]:
    for one in changes.authority[: history.MAX_NAMED]:
        was = " before ".join(one.before) or "nobody"
        yield f"the authority{history.facet_words(one)} is {' before '.join(one.after) or 'nobody'} (it was {was})"
    if new := history.recorded(changes):
        yield f"{wording.counted(len(new), 'decision')} {'was' if len(new) == 1 else 'were'} recorded"
    for state, entries in _other_states(changes).items():
        yield f"{history.ids([one.id for one in entries])} {'is' if len(entries) == 1 else 'are'} {state}"
    counts = Counter(one.cause for one in changes.inputs)
    for cause, noun in ((Cause.CODE, "code file"), (Cause.DOCUMENTS, "document")):
        if counts[cause]:
            yield f"{wording.counted(counts[cause], noun)} changed"
    if changes.tool:
        yield "the tool judges by other rules"


def _other_states(changes: Changes) -> dict[str, list[DecidedState]]:
    """The state that earlier decisions are in now, where it is another, to these decisions as they were."""
    states: dict[str, list[DecidedState]] = {}
    for one in changes.decided:
        if one.before and (one.after is None or one.after.state != one.before.state):
            states.setdefault(one.after.state if one.after else "removed", []).append(one.before)
    return states


def differences(changes: Changes) -> tuple[blocks.Field, ...]:
    """One line per kind of thing that can differ; what is the same says so."""
    return (
        blocks.field("Authority", _authority(changes)),
        blocks.field("Decisions", _decisions(changes)),
        blocks.field("Files", _files(changes)),
        blocks.field("Tool and rules", _tool(changes)),
    )


def _authority(changes: Changes) -> Markdown:
    parts = [
        say("{}{} → {}", _facet(one.facet), history.side(one.before), history.side(one.after))
        for one in changes.authority
    ]
    return joined(parts, "; ") or Markdown("unchanged")


def _facet(facet: str) -> Markdown:
    return Markdown("") if facet == "default" else say("for {}: ", facet)


def _decisions(changes: Changes) -> Markdown:
    parts = []
    if new := history.recorded(changes):
        parts.append(say("{} recorded: {}", len(new), words.ids([one.after for one in new if one.after])))
    for state, entries in _other_states(changes).items():
        parts.append(say("{} now {}: {}", len(entries), state, words.ids(entries)))
    return joined(parts, "; ") or Markdown("unchanged")


def _files(changes: Changes) -> Markdown:
    edited = [one for one in changes.inputs if one.cause in PROJECT]
    number = len(changes.after.inputs)
    if not changes.inputs:
        return say("none of the {} that were read differs", wording.counted(number, "file"))
    others = len(changes.inputs) - len(edited)
    counts = {f"{len(edited)} of code and documents": edited, f"{others} of configuration and decisions": others}
    shown = ", ".join(part for part, number in counts.items() if number)
    return say("{} of {} changed: {}", len(changes.inputs), wording.counted(number, "file"), shown)


def _tool(changes: Changes) -> Markdown:
    if changes.tool is None:
        return say("unchanged ({}, rules {})", changes.after.tool_version, code(changes.after.rulebook[:SHORT_HASH]))
    before, after = changes.tool
    return say("{} → {}", before, after)


def files(frame: Frame, changes: Changes) -> Markdown:
    """Every file that differs, with the short digests of both runs; empty when none does."""
    return words.at_most(("File", "Kind", "Change", "Before", "Now"), [_file(frame, one) for one in changes.inputs])


def _file(frame: Frame, change: InputChange) -> tuple[object, ...]:
    before, after = change.before, change.after
    known = {one.path for one in frame.assessment.inputs}
    path = after.path if after else before.path if before else ""
    word = "edited" if before and after else "added" if after else "removed"
    return (
        frame.path(path) if path in known else code(path),
        change.cause.value,
        word,
        code(before.sha256[:SHORT_HASH]) if before else Markdown("-"),
        code(after.sha256[:SHORT_HASH]) if after else Markdown("-"),
    )


def recorded(changes: Changes) -> Markdown:
    """The decisions that are new, as the log has them; empty when there are none."""
    headings = ("Decision", "Kind", "Settles", "By", "On", "Until", "Reason")
    return words.at_most(headings, [_recorded(one.after) for one in history.recorded(changes) if one.after])


def _recorded(one: DecidedState) -> tuple[object, ...]:
    rules = joined(map(code, dict.fromkeys(one.rules))) or Markdown("-")
    return (
        code(one.id),
        one.kind or wording.NOT_STATED,
        rules if one.state == IN_FORCE else say("nothing: {}", one.state),
        wording.owners(one.by) if one.by else wording.NOT_STATED,
        words.day(one.on),
        words.day(one.until) if one.until else Markdown("no end"),
        one.reason or wording.NOT_STATED,
    )


def no_longer(frame: Frame, changes: Changes) -> tuple[Markdown, ...]:
    """The statements of the earlier set that do not hold any more: verdict, score, and each grave issue."""
    before, assessment = changes.before, frame.assessment
    lines = []
    if changes.verdict_changed:
        shown = (history.verdict(before.verdict), Markdown(wording.VERDICTS[assessment.verdict]))
        lines.append(say("**Verdict**: {} - now {}", *shown))
    if before.score != assessment.score.value:
        now = figures.score_line(assessment)
        lines.append(say("**Score**: {} - now {}", history.score(wording.number(before.score)), now))
    for state, entries in _other_states(changes).items():
        held = [one for one in entries if one.state == IN_FORCE]
        lines += [say("{} was in force - now {}", words.decision(one), state) for one in held[: words.MAX_ROWS]]
    rest = 0
    for change in changes.issues:
        issue = change.before
        if issue is None or change.kind not in (Kind.RESOLVED, Kind.RECLASSIFIED):
            continue
        told = changes.now(change)
        if issue.severity in GRAVE or issue.standing == "decision" or (told and told.severity in GRAVE):
            lines.append(say("{}: {} - now {}", words.priority(issue), issue.title, words.holds_now(changes, change)))
        else:
            rest += 1
    if rest:
        names = ("Previously Identified Blockers", "Reclassified")
        see = joined((link(name, "", fragment=anchor(name)) for name in names), " and ")
        lines.append(say("and {} of medium or low priority, see {}", wording.counted(rest, "issue"), see))
    return tuple(lines)
