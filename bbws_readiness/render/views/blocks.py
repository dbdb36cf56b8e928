"""The blocks that every document prints the same: header, footer, contacts, approvals, cost, references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from bbws_readiness.assess.assessment import Action, NotVerified, Verdict
from bbws_readiness.engine.rule import Task
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, box, code, joined, plain, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import figures

MAX_CHANGES = 5
"""More changes of policy than this are counted in the header."""


class Field(Struct, frozen=True):
    """A labelled value of header, footer or a list; the label is ours."""

    label: Markdown
    value: Markdown | str


def field(label: str, value: Markdown | str) -> Field:
    """A field whose label is one of our own words."""
    return Field(Markdown(label), value)


def header_of(frame: Frame) -> tuple[Field, ...]:
    """The lines below every title."""
    assessment = frame.assessment
    again = f"readiness assess {assessment.environment}"
    when = assessment.as_of.isoformat(timespec="minutes").removesuffix("T00:00")
    return (
        *_policy(frame),
        field("Date", wording.as_of(assessment.as_of)),
        field("Project", code(assessment.project)),
        field("Environment", figures.environment_line(frame)),
        field("Status", Markdown(f"**{wording.VERDICTS[assessment.verdict]}**")),
        *_correction(frame),
        field("Commit", figures.commit_line(assessment)),
        field("Plan", figures.plan_line(frame)),
        field("Reproduce", say("{} (with {} for these dates)", code(again), code(f"--as-of {when}"))),
    )


def _correction(frame: Frame) -> Iterator[Field]:
    """Where to read what an earlier set said instead, while this run corrects it."""
    if frame.surroundings.corrects and frame.kind.key != "notice":
        yield field("Correction", say("this status corrects an earlier set, see {}", frame.document("notice")))


def _policy(frame: Frame) -> Iterator[Field]:
    """Whose policy holds when it is that of a base; before it, because it is to be seen first, what was changed."""
    policy = frame.assessment.config.policy
    if policy is None:
        return
    if touched := wording.policy_touched(policy):
        names = joined(code(one.name) for one in policy.changes[:MAX_CHANGES])
        more = say(" and {} more", len(policy.changes) - MAX_CHANGES) if len(policy.changes) > MAX_CHANGES else ""
        shown = say("{}{}", names, more)
        places = frame.places(one.at for one in policy.changes)
        yield field("⚠️ Policy Change", say("**{}** ({}) - {}; not applied", touched, shown, places))
    version = (code(policy.ref), code(policy.short))
    yield field("Policy", say("{} ({}); places in readiness.yaml are those of that version", *version))


def footer_of(frame: Frame) -> tuple[Field, ...]:
    """The lines at the end of every document."""
    assessment = frame.assessment
    return (
        field("Document Status", "FINAL" if assessment.verdict is Verdict.READY else "ACTIVE"),
        field("Last Updated", wording.as_of(assessment.as_of)),
        field("Next Review", figures.next_review(assessment)),
        field("Distribution", assessment.config.distribution or wording.NOT_CONFIGURED),
        field("Confidentiality", assessment.config.confidentiality or wording.NOT_CONFIGURED),
    )


def contacts(frame: Frame, *, with_titles: bool = False) -> Markdown:
    """Every role that owns an action, approves or stands in the plan's contact table.

    `with_titles` names the actions instead of giving their numbers.
    """
    return _contacts(frame, with_titles=True) if with_titles else frame.shared(_contacts)


def _contacts(frame: Frame, *, with_titles: bool = False) -> Markdown:
    titles = {action.number: action.title for action in frame.assessment.actions}
    rows = []
    for entry in frame.assessment.contacts:
        contact = entry.contact.or_none() if entry.contact else None
        numbers = ", ".join(map(str, entry.open_actions)) or "none"
        required = joined((f"{number} {titles[number]}" for number in entry.open_actions), "; ") or Markdown("none")
        rows.append(
            (
                entry.role,
                frame.cited(code(contact), entry.contact.at) if contact and entry.contact else wording.NO_CONTACT,
                entry.responsibility or wording.NOT_STATED,
                required if with_titles else numbers,
            )
        )
    last = "Action required" if with_titles else "Open actions"
    return table(("Role", "Contact", "Responsibility", last), rows)


def approvals(frame: Frame, *, with_actions: bool = False) -> tuple[Markdown, ...]:
    """One line per approver, to stand behind a check box; empty when nobody is named.

    `with_actions` adds the actions that wait for that role before its approval can be asked.
    """
    open_actions = {entry.role: entry.open_actions for entry in frame.assessment.contacts}
    lines = []
    for approver in frame.assessment.approvers:
        line = (
            say("**{}** - {}", approver.role, approver.approves) if approver.approves else say("**{}**", approver.role)
        )
        line = frame.cited(line, approver.at)
        if with_actions:
            numbers = open_actions.get(approver.role, ())
            waiting = f"{wording.numbered(numbers)}, then the deployment" if numbers else "the deployment"
            line = say("{}; waiting for this role: {}", line, waiting)
        lines.append(line)
    return tuple(lines)


def approval_boxes(frame: Frame, *, with_actions: bool = False) -> tuple[Markdown, ...]:
    """The same lines as boxes with their stable keys. They are for people: none is ever ticked by a run."""
    return _approval_boxes(frame, with_actions=True) if with_actions else frame.shared(_approval_boxes)


def _approval_boxes(frame: Frame, *, with_actions: bool = False) -> tuple[Markdown, ...]:
    keys: list[str] = []
    for approver in frame.assessment.approvers:
        key = f"approval/{key_of(approver.role)}"
        again = sum(one == key or one.startswith(f"{key}/") for one in keys)
        keys.append(f"{key}/{again + 1}" if again else key)
    return tuple(
        box(line, key=key) for line, key in zip(approvals(frame, with_actions=with_actions), keys, strict=True)
    )


def key_of(text: str) -> str:
    """A role or the key of a fact as a part of the key of a box."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "unnamed"


class CostBlock(Struct, frozen=True):
    """The monthly estimate as every document prints it."""

    table: Markdown
    total: Markdown
    note: Markdown


def cost(frame: Frame) -> CostBlock:
    """Lines, total and what an option would add; a sentence in place of the table when no prices are configured."""
    return frame.shared(_cost)


def _cost(frame: Frame) -> CostBlock:
    estimate = frame.assessment.cost
    if not estimate.lines:
        return CostBlock(Markdown(wording.NO_PRICES), Markdown(wording.NO_PRICES), Markdown(""))
    rows: list[tuple[object, ...]] = [
        (line.item, line.quantity, wording.money(line.low, line.high, estimate.currency), frame.place(line.at))
        for line in estimate.lines
        if line.counted
    ]
    total = wording.money(estimate.low, estimate.high, estimate.currency)
    rows.append((Markdown("**TOTAL**"), "", say("**{}**", total), "computed from the lines above"))
    extra = [
        f"{line.item} +{wording.money(line.low, line.high, estimate.currency)}"
        for line in estimate.lines
        if not line.counted
    ]
    note = [f"Only with an option: {wording.listed(extra)}."] if extra else []
    if estimate.as_of:
        note.append(f"Prices as of {wording.day(date.fromisoformat(estimate.as_of))}.")
    headings = ("Item", "Quantity", "From-To a month", "Source")
    return CostBlock(table(headings, rows, right=frozenset({1, 2})), plain(total), plain(" ".join(note)))


def not_verified(frame: Frame) -> tuple[Markdown, ...]:
    """What the files cannot tell, each with what it would take."""
    return tuple(
        say("⏸️ NOT VERIFIED - {}: {}", _subject(item), needs(frame, item)) for item in frame.assessment.not_verified
    )


def verified(frame: Frame) -> tuple[Markdown, ...]:
    """What would be open too, had its answer not been handed in."""
    return tuple(frame.cited(say("✅ PASS - {}", plain(fact.text)), fact.at) for fact in frame.assessment.verified)


def _subject(item: NotVerified) -> Markdown:
    return plain(item.text)


def needs(frame: Frame, item: NotVerified) -> Markdown:
    """`needs AWS`, `needs GitHub`, or why the files do not tell it and where."""
    if item.needs:
        return say("needs {}", item.needs)
    return frame.cited(say("not determinable from the files: {}", item.reason), item.at)


def task_box(action: Action, task: Task) -> Markdown:
    """A box to tick. The comment behind it is the task's stable key, by which ticks and notes survive a new run."""
    return box(task.text, key=f"{action.key}/{task.key}")


def references(frame: Frame) -> Markdown:
    """The sibling documents and the inputs, as relative links."""
    assessment = frame.assessment
    model = assessment.model
    twin = f"{assessment.environment}_{assessment.slug}_assessment.json"
    items = [
        say("**{}**: {}", Markdown(kind.title), frame.document(kind.key)) for kind in frame.kinds if kind != frame.kind
    ]
    items.append(say("**Machine-readable assessment**: {}", frame.sibling(code(twin), twin)))
    if model.plan:
        items.append(say("**Promotion plan**: {}", frame.path(model.plan.path)))
    if model.configuration:
        items.append(say("**Terraform**: {}", frame.path(model.configuration.directory)))
    if model.schemas:
        items.append(say("**Schemas**: {}", frame.path(model.schemas.directory)))
    if model.workflow:
        items.append(say("**Workflow**: {}", frame.path(model.workflow.path)))
    items.extend(say("**Validation script**: {}", frame.path(script.path)) for script in model.scripts)
    if model.readme:
        items.append(say("**README**: {}", frame.path(model.readme.path)))
    items.extend(say("**Configuration**: {}", frame.path(one.path)) for one in assessment.config.inputs)
    if assessment.decided.listed:
        items.append(say("**Decision log**: {}", frame.path(assessment.decided.path)))
    return joined((say("- {}", item) for item in items), "\n")
