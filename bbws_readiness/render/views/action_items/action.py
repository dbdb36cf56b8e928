"""Prepares one action: its head, what is known about it, the ways out, and the boxes to tick."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bbws_readiness.assess.assessment import Action
from bbws_readiness.engine.rule import Option
from bbws_readiness.render.encode.markdown import Markdown, code, codes, comment, joined, say
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.snippets import snippet
from bbws_readiness.render.views import blocks, figures, questions
from bbws_readiness.render.views.action_items import state
from bbws_readiness.render.wording import PRIORITIES, hours, moment, owners, working_days

ICONS = {severity: word.split()[0] for severity, word in PRIORITIES.items()}
NOTES_BEGIN = "notes:{}"
NOTES_END = "end notes:{}"
GIVEN_BEGIN = "given:{}"
GIVEN_END = "end given:{}"


class Part(Struct, frozen=True):
    """A titled piece of an action; the title is ours."""

    title: Markdown
    text: Markdown


class ActionView(Struct, frozen=True):
    """One action as it is printed."""

    number: int
    icon: Markdown
    title: str
    head: tuple[Part, ...]
    """One line each."""
    parts: tuple[Part, ...]
    """Blocks; only those that have something to say."""
    tasks: tuple[Markdown, ...]
    """Boxes with their stable keys, each followed by its snippet."""
    closes: Markdown
    notes: Markdown
    """A block in which what people write stays."""


def action_view(frame: Frame, action: Action) -> ActionView:
    """The whole action."""
    return ActionView(
        number=action.number,
        icon=Markdown(ICONS[action.priority]),
        title=action.title,
        head=tuple(_head(frame, action)),
        parts=tuple(part for part in _parts(frame, action) if part.text),
        tasks=tuple(_tasks(frame, action)),
        closes=_closes(action),
        notes=notes_block(action.key),
    )


def notes_block(key: str) -> Markdown:
    """An empty block for notes, marked by `key`."""
    return joined((comment(NOTES_BEGIN.format(key)), comment(NOTES_END.format(key))), "\n")


def _head(frame: Frame, action: Action) -> Iterator[Part]:
    yield Part(Markdown("Priority"), Markdown(action.priority.upper()))
    yield Part(Markdown("Owner"), say("{}", owners(action.owners)))
    yield Part(Markdown("Estimated Time"), say("{}", hours(action.minutes)))
    yield Part(Markdown("Prerequisites"), _prerequisites(frame, action))
    if slot := frame.assessment.schedule.slots.get(action.key):
        yield Part(Markdown("Earliest"), say("{} to {}", moment(slot.start), moment(slot.end)))
    if sentences := state.issue_sentences(frame, action):
        yield Part(Markdown("Issue"), sentences)


def _prerequisites(frame: Frame, action: Action) -> Markdown:
    names = [
        say("Action {}", frame.assessment.action(one.action).number) if one.action else say("{}", one.external)
        for one in action.after
    ]
    return joined(names) or Markdown("none")


def _parts(frame: Frame, action: Action) -> Iterator[Part]:
    if action.edits:
        yield Part(Markdown("Edits"), state.edits(frame, action))
    else:
        for name, told in state.current_state(frame, action):
            yield Part(say("Current State - {}", name), told)
    yield Part(Markdown("To be confirmed"), state.to_confirm(frame, action))
    if action.decision:
        yield Part(Markdown("Votes"), frame.votes(action.decision.votes))
    yield Part(Markdown("Options"), joined((_option(frame, one) for one in action.options), "\n"))
    if action.options:
        yield Part(Markdown("Decision Required"), _question(frame, action))
    if not action.edits:
        yield Part(Markdown("Requirements"), state.requirements(frame, action))


def _option(frame: Frame, option: Option) -> Markdown:
    effort = say(" ({})", hours(option.minutes)) if option.minutes is not None else Markdown("")
    lines = [say("- **Option {}: {}**{}", option.key, option.title, effort), say("  - Changes: {}", option.changes)]
    if option.pro:
        lines.append(say("  - For: {}", option.pro))
    if option.con:
        lines.append(say("  - Against: {}", option.con))
    if option.irreversible:
        lines.append(say("  - **Irreversible: {}**", option.irreversible))
        lines.append(say("  - **Readers to change first**: {}", figures.blocked_line(frame)))
    lines += [say("  - To do: {}", task) for task in option.tasks]
    return joined(lines, "\n")


def _question(frame: Frame, action: Action) -> Markdown:
    question = action.decision.question if action.decision else "Which option is taken?"
    rules = action.decision.rules if action.decision else tuple(issue.rule for issue in action.issues)
    votes = action.decision.votes if action.decision else tuple(vote for issue in action.issues for vote in issue.votes)
    advice = questions.recommendation(frame, action.key, rules, action.options, votes)
    return say("{} Decided by {}. {}", question, owners(action.owners), advice)


def _tasks(frame: Frame, action: Action) -> Iterator[Markdown]:
    for task in action.tasks:
        box, shown = blocks.task_box(action, task), snippet(frame, task.snippet, indent="  ")
        yield joined([box, _given(f"{action.key}/{task.key}", shown)], "\n\n") if shown else box


def _given(key: str, snippet: Markdown) -> Markdown:
    """A snippet between marks: what else is indented below a task was written by people."""
    begin, end = (say("  {}", comment(words.format(key))) for words in (GIVEN_BEGIN, GIVEN_END))
    return joined((begin, snippet, end), "\n")


def _closes(action: Action) -> Markdown:
    """Rule codes with their subjects; what a verification or review closes is no finding."""
    subjects: dict[str, dict[str, None]] = {}
    for finding in action.findings:
        subjects.setdefault(finding.rule.code, {})[finding.subject] = None
    closed = [say("{} ({})", code(rule), codes(names)) for rule, names in subjects.items()]
    return joined(closed, "; ") or Markdown("no finding")


def slack(minutes: int, minutes_per_day: int) -> str:
    """`2 working days`, `3 h`, `none`: how much later an action may end without moving the end of all."""
    if not minutes:
        return "none"
    days, rest = divmod(minutes, minutes_per_day) if minutes_per_day else (0, minutes)
    if not days:
        return hours(rest)
    return f"{working_days(days)} {hours(rest)}" if rest else working_days(days)
