"""Prepares the index of the folder: which document is mine, and what is the current verdict."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.engine.rule import Severity
from bbws_readiness.patterns import regex
from bbws_readiness.render import history, wording
from bbws_readiness.render.encode.markdown import Markdown, anchor, code, joined, link, plain, say, table
from bbws_readiness.render.frame import Document, Frame
from bbws_readiness.render.views import blocks, brief, declared, diagrams, figures, nouns, questions, timeline, workflow
from bbws_readiness.source import SourceKind

READERS = (
    (
        "Stakeholders",
        "brief",
        "Read the verdict, the decisions and the dates; approve when the boxes below can be ticked",
    ),
    ("Technical teams", "summary", "See what Terraform defines, what the sources disagree about and what is open"),
    ("Project managers", "action_items", "Assign the actions, follow the order and the dates, and keep the ticks"),
    ("DevOps engineers and auditors", "report", "Look up every check with its evidence, then deploy by its process"),
)
"""Reader group, document to start with, and its use, unless configuration names others."""

CONFIGURED = {
    "brief": "brief",
    "summary": "summary",
    "actions": "action_items",
    "report": "report",
    "notice": "notice",
}
"""The words of configuration for the documents; a group that starts with the notice is left out without one."""

NOTICE_READERS = "Everybody who read an earlier set"
"""Who starts with the correction notice, unless configuration names a group that does."""

MAX_RUNS = 20
"""More runs than this are counted in the history instead of listed."""

QUESTIONS = {"Technical": "DevOps Engineer", "Architecture": "Tech Lead", "Requirements": "Product Owner"}
"""Topic to role, unless configuration names others. Printed only for roles that the documents know."""


class Entry(Struct, frozen=True):
    """One document of the set."""

    number: int
    title: str
    fields: tuple[blocks.Field, ...]
    sections: tuple[Markdown, ...]
    """Its H2 headings, as links."""


class Differences(Struct, frozen=True):
    """What only one side names, under its heading: missing by a declared authority, or undecided."""

    heading: Markdown
    lines: tuple[Markdown, ...]


class IndexView(Struct, frozen=True):
    """Every text of the index, in the order of its sections."""

    quick_reference: Markdown
    entries: tuple[Entry, ...]
    superseded: tuple[Markdown, ...]
    verdict: Markdown
    reason: str
    counts: str
    score: Markdown
    critical: tuple[Markdown, ...]
    findings: tuple[blocks.Field, ...]
    terraform: declared.Declared
    differences: tuple[Differences, ...]
    diagrams: tuple[Markdown, ...]
    phases: Markdown
    chain: Markdown
    decisions: Markdown
    approvals: tuple[Markdown, ...]
    calendar: Markdown
    plan_dates: tuple[blocks.Field, ...]
    upstream: Markdown
    downstream: Markdown
    references: Markdown
    readers: tuple[blocks.Field, ...]
    inputs: Markdown
    next_steps: tuple[timeline.Step, ...]
    questions: Markdown
    history: Markdown
    more_runs: Markdown


def index(frame: Frame) -> IndexView:
    """The view of `index.md.j2`."""
    assessment = frame.assessment
    return IndexView(
        quick_reference=_quick_reference(frame),
        entries=_entries(frame),
        superseded=tuple(
            say("{} - superseded, not part of this run", code(name)) for name in frame.surroundings.superseded
        ),
        verdict=Markdown(wording.VERDICTS[assessment.verdict]),
        reason=assessment.reason,
        counts=figures.counts_sentence(assessment),
        score=figures.score_with_ledger(frame),
        critical=tuple(say("{}", issue.title) for issue in assessment.issues_of(Severity.CRITICAL)),
        findings=_findings(frame),
        terraform=declared.declared(frame),
        differences=_differences(frame),
        diagrams=diagrams.phases(frame),
        phases=timeline.phases_table(frame),
        chain=_chain(frame),
        decisions=_decisions(frame),
        approvals=blocks.approval_boxes(frame),
        calendar=timeline.calendar_rows(frame),
        plan_dates=_plan_dates(frame),
        upstream=_upstream(frame),
        downstream=brief.downstream(frame),
        references=blocks.references(frame),
        readers=tuple(
            blocks.Field(group, say("start with {}. {}.", start, use)) for group, start, use, _ in _groups(frame)
        ),
        inputs=_inputs(assessment),
        next_steps=timeline.next_steps(frame),
        questions=_questions(frame),
        history=_history(frame),
        more_runs=_more_runs(frame),
    )


def _groups(frame: Frame) -> list[tuple[Markdown, Markdown, str, Document | None]]:
    """Reader group, link to its document, use, and the document where it is written."""
    configured = frame.assessment.config.readers
    wanted = [(one.group, CONFIGURED.get(one.start_with, ""), one.use) for one in configured] or list(READERS)
    if all(key != "notice" for _, key, _ in wanted):
        wanted.append((NOTICE_READERS, "notice", "See what was said before, what was wrong, and what holds now"))
    groups = []
    for group, key, use in wanted:
        if any(kind.key == key for kind in frame.kinds):
            groups.append((plain(group), frame.document(key), use.rstrip("."), frame.written.get(key)))
    return groups


def _quick_reference(frame: Frame) -> Markdown:
    rows = [(say("**{}**", group), start, _reading_time(document)) for group, start, _, document in _groups(frame)]
    return table(("Reader", "Start here", "Reading time"), rows)


def _reading_time(document: Document | None) -> str:
    return wording.counted(document.minutes, "minute") if document else wording.NOT_COMPUTABLE


def _entries(frame: Frame) -> tuple[Entry, ...]:
    known = [
        (kind.title, kind.audience, kind.purpose, frame.written[kind.key])
        for kind in frame.kinds
        if kind.key in frame.written
    ]
    return tuple(_entry(number, *one) for number, one in enumerate(known, start=1))


def _entry(number: int, title: str, audience: str, purpose: str, document: Document) -> Entry:
    size = len(document.text.encode())
    fields = (
        blocks.field("File", say("{} ({} KB)", link(code(document.path), document.path), f"{size / 1024:.1f}")),
        blocks.field("Audience", audience),
        blocks.field("Purpose", purpose),
        blocks.field("Reading time", _reading_time(document)),
    )
    headings = sections(document.text)
    linked = (link(Markdown(heading), document.path, fragment=anchor(heading)) for heading in headings)
    return Entry(number, title, fields, tuple(linked))


def sections(text: str) -> tuple[str, ...]:
    """The H2 headings of a document, outside code fences, in their order."""
    found = []
    fenced, start = False, 0
    while start < len(text):
        end = text.find("\n## ", start) % (len(text) + 1)
        if text.startswith("## ", start) and not fenced:
            found.append(text[start + len("## ") : text.find("\n", start) % (len(text) + 1)].strip())
        fenced ^= len(_FENCE.findall(text, start, end)) % 2 == 1
        start = end + 1
    return tuple(found)


_FENCE = regex(r"\n[^\S\n]*```")
"""The beginning or the end of one; the first line of a document and of a section is a heading."""


def _findings(frame: Frame) -> tuple[blocks.Field, ...]:
    assessment = frame.assessment
    recorded = wording.decided(assessment.decided)
    return (
        blocks.field("Open decisions", str(len(assessment.decisions))),
        *([blocks.field("Decisions recorded", recorded)] if recorded else []),
        blocks.field("Time to ready", figures.ready_line(assessment)),
        blocks.field("Planned date", say("{} - {}", figures.planned_line(frame), figures.slack_line(assessment))),
        blocks.field("Estimated cost", figures.cost_total(assessment)),
    )


def _differences(frame: Frame) -> tuple[Differences, ...]:
    gaps = nouns.gaps(frame)
    found = []
    for heading, is_right in (("What's Missing", True), ("What Is Undecided", False)):
        lines = tuple(say("**{}**: {}", gap.noun, gap.gap) for gap in gaps if gap.declared is is_right)
        if lines:
            found.append(Differences(Markdown(heading), lines))
    nothing = Markdown("No source besides Terraform speaks of tables, indexes, backups or other resources.")
    return tuple(found) or (Differences(Markdown("What's Missing"), (nothing,)),)


def _chain(frame: Frame) -> Markdown:
    found = frame.assessment.model.workflow
    if found is None:
        return say("No workflow deploys {}.", frame.environment)
    return say("{}: {}", frame.path(found.path), workflow.chain(found))


def _decisions(frame: Frame) -> Markdown:
    rows = []
    for block, decision in zip(questions.decisions_of(frame), frame.assessment.decisions, strict=False):
        impact = decision.rules[0].why if decision.rules else wording.NOT_STATED
        rows.append((block.question, block.owners, block.priority, impact, block.votes))
    if not rows:
        return Markdown(wording.NO_DECISION)
    return table(("Question", "Owner", "Urgency", "Impact", "Votes"), rows)


def _plan_dates(frame: Frame) -> tuple[blocks.Field, ...]:
    return (
        blocks.field("Original Plan", figures.planned_line(frame)),
        blocks.field("Ready On", timeline.ready_on(frame.assessment)),
        blocks.field("Slack or delay", figures.slack_line(frame.assessment)),
    )


def _upstream(frame: Frame) -> Markdown:
    plan = frame.assessment.model.plan
    if plan is None:
        return Markdown(wording.NO_PLAN)
    return joined((frame.stated(one) for one in plan.dependencies), "; ") or Markdown("none named by the plan")


def _inputs(assessment: Assessment) -> Markdown:
    by_kind: dict[SourceKind, int] = {}
    for one in assessment.inputs:
        by_kind[one.kind] = by_kind.get(one.kind, 0) + 1
    rows = [(str(kind), number) for kind, number in by_kind.items()]
    return table(("Source", "Files read"), rows, right=frozenset({1}))


def _questions(frame: Frame) -> Markdown:
    assessment = frame.assessment
    known = {entry.role for entry in assessment.contacts}
    topics = assessment.config.questions or {topic: role for topic, role in QUESTIONS.items() if role in known}
    rows = [(topic, role) for topic, role in topics.items()]
    return table(("Topic", "Ask"), rows) if rows else Markdown(wording.NOT_CONFIGURED)


def _history(frame: Frame) -> Markdown:
    surroundings = frame.surroundings
    current = history.run_now(frame.assessment, surroundings.changes)
    runs = (current, *surroundings.earlier[: MAX_RUNS - 1])
    oldest = None if len(surroundings.earlier) >= MAX_RUNS else runs[-1]
    rows = [
        (
            history.moment(run.as_of),
            figures.commit_line(frame.assessment) if run is current else history.commit(run.commit),
            history.verdict(run.verdict),
            history.score(run.score),
            Markdown("**current**") if run is current else "superseded",
            run.change or (history.FIRST if run is oldest else wording.NOT_STATED),
        )
        for run in runs
    ]
    return table(("As of", "Commit", "Verdict", "Score", "Standing", "Reason of change"), rows)


def _more_runs(frame: Frame) -> Markdown:
    """How many runs are not listed, and where they are; empty when all are."""
    more = len(frame.surroundings.earlier) - (MAX_RUNS - 1)
    if more <= 0:
        return Markdown("")
    twin = f"{frame.assessment.environment}_{frame.assessment.slug}_assessment.json"
    verb = "is" if more == 1 else "are"
    return say("{} {} in the JSON: {}.", wording.counted(more, "earlier run"), verb, link(code(twin), twin))
