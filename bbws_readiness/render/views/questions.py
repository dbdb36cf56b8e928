"""The questions that documents put to people: who says what, the ways out, and what is recommended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from bbws_readiness.assess.assessment import Decision
from bbws_readiness.engine.finding import Finding, Vote
from bbws_readiness.engine.rule import Option, Rule, Severity
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, joined, plain, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import figures
from bbws_readiness.source import SourceKind


class DecisionBlock(Struct, frozen=True):
    """One question for people, with the votes and the ways out."""

    number: int
    title: str
    question: str
    action: Markdown
    priority: Markdown
    """Icon and word of its action."""
    owners: str
    effort: str
    votes: Markdown
    options: Markdown
    """A table: one column per option."""
    recommendation: Markdown
    about: Markdown
    """The names that are disputed."""
    findings: tuple[Markdown, ...]
    """What is disputed, one line per finding."""


def decisions_of(frame: Frame) -> tuple[DecisionBlock, ...]:
    """Every open decision, then every critical defect whose remedy leaves a choice, numbered through."""
    return frame.shared(_decisions)


def _decisions(frame: Frame) -> tuple[DecisionBlock, ...]:
    return tuple(_each_decision(frame))


def _each_decision(frame: Frame) -> Iterator[DecisionBlock]:
    assessment = frame.assessment
    number = 0
    for decision in assessment.decisions:
        number += 1
        yield _open(frame, number, decision)
    for action in assessment.actions:
        critical = tuple(issue for issue in action.issues if issue.severity is Severity.CRITICAL)
        if action.decision is None and action.options and critical:
            number += 1
            votes = tuple(dict.fromkeys(vote for issue in critical for vote in issue.votes))
            rules = tuple(issue.rule for issue in critical)
            yield DecisionBlock(
                number=number,
                title=critical[0].title,
                question=action.question or _ways_out(action.options),
                action=figures.action_reference(action),
                priority=Markdown(wording.PRIORITIES[action.priority]),
                owners=wording.owners(action.owners),
                effort=wording.hours(action.minutes),
                votes=frame.votes(votes) or Markdown("None: the demand stands alone."),
                options=options_table(frame, action.options, rules),
                recommendation=recommendation(frame, action.key, rules, action.options, votes),
                about=_about(finding for issue in critical for finding in issue.findings),
                findings=tuple(
                    frame.told(finding.message, finding.at) for issue in critical for finding in issue.findings
                ),
            )


def _ways_out(options: tuple[Option, ...]) -> str:
    return f"Which way out: {wording.listed([f'option {option.key}' for option in options], word='or')}?"


def _about(findings: Iterable[Finding]) -> Markdown:
    return joined(map(figures.subject, dict.fromkeys(finding.subject for finding in findings)))


def _open(frame: Frame, number: int, decision: Decision) -> DecisionBlock:
    action = frame.assessment.action(decision.key)
    return DecisionBlock(
        number=number,
        title=decision.question,
        question=decision.question,
        action=figures.action_reference(action),
        priority=Markdown(wording.PRIORITIES[action.priority]),
        owners=wording.owners(decision.owners),
        effort=wording.hours(decision.minutes),
        votes=frame.votes(decision.votes) or Markdown("None: one source contradicts itself."),
        options=options_table(frame, decision.options, decision.rules),
        recommendation=recommendation(frame, decision.key, decision.rules, decision.options, decision.votes),
        about=_about(decision.findings),
        findings=tuple(frame.told(finding.message, finding.at) for finding in decision.findings),
    )


def options_table(frame: Frame, options: tuple[Option, ...], rules: tuple[Rule, ...] = ()) -> Markdown:
    """The options side by side; irreversible effects in bold, and what an option costs beyond the estimate."""
    if not options:
        return Markdown("No options are described for this rule.")
    rows: list[tuple[object, ...]] = [
        ("What must change", *(option.changes or wording.NOT_STATED for option in options)),
        ("For", *(option.pro or wording.NOT_STATED for option in options)),
        ("Against", *(option.con or wording.NOT_STATED for option in options)),
        ("Effort", *(_effort(option) for option in options)),
        (
            "Irreversible",
            *(say("**{}**", option.irreversible) if option.irreversible else "nothing" for option in options),
        ),
    ]
    if extra := _extra_cost(frame, rules):
        building = next((option for option in options if SourceKind.TERRAFORM not in option.favours), options[0])
        rows.append(("Cost a month", *(extra if option is building else "nothing" for option in options)))
    headings = ("", *(say("Option {}: {}", option.key, option.title) for option in options))
    return table(headings, rows)


def _extra_cost(frame: Frame, rules: tuple[Rule, ...]) -> str:
    """`+$10-20` on a decision about backups whose price lines count only when backups are declared."""
    estimate = frame.assessment.cost
    lines = [line for line in estimate.lines if not line.counted]
    if not lines or all(rule.facet != "backup" for rule in rules):
        return ""
    return ", ".join(f"+{wording.money(line.low, line.high, estimate.currency)}" for line in lines)


def _effort(option: Option) -> str:
    return wording.hours(option.minutes) if option.minutes is not None else "as estimated above"


def recommendation(
    frame: Frame, key: str, rules: tuple[Rule, ...], options: tuple[Option, ...], votes: tuple[Vote, ...]
) -> Markdown:
    """The organisation's advice, else the side of the declared authority, else the votes without advice."""
    config = frame.assessment.config
    for name in (key, *(name for rule in rules for name in (rule.code, rule.slug))):
        if name in config.recommendations:
            return plain(config.recommendations[name])
    authority = config.authority_of(rules[0].facet) if rules else ()
    for kind in authority:
        for option in options:
            if kind in option.favours:
                return say(
                    "Option {}: {} - the side of the declared authority ({}).",
                    option.key,
                    option.title,
                    str(kind),
                )
    return plain(_support(options, votes))


def _support(options: tuple[Option, ...], votes: tuple[Vote, ...]) -> str:
    """How many sources stand behind each option: those it names, and all that say the same as one of them."""
    speaking = {source for vote in votes for source in vote.sources}
    behind = {option.key: len(_supporters(option, votes)) for option in options}
    most = max(behind.values(), default=0)
    if not most:
        return "No recommendation: the votes stand as shown."
    leading = [key for key, number in behind.items() if number == most]
    if len(leading) == 1:
        return f"No recommendation: {most} of {len(speaking)} sources support {leading[0]}."
    shares = wording.listed([f"{number} for {key}" for key, number in behind.items()])
    return f"No recommendation: of {len(speaking)} sources {shares}."


def _supporters(option: Option, votes: tuple[Vote, ...]) -> set[SourceKind]:
    return {source for vote in votes if set(vote.sources) & set(option.favours) for source in vote.sources}
