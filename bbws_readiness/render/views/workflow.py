"""The workflow that deploys the environment, and where its Terraform state lives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.workflows import Job, Workflow
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, code, codes, joined, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import blocks, statuses

SETTINGS = ("bucket", "key", "region", "dynamodb_table", "use_lockfile", "encrypt", "kms_key_id")
"""Backend settings that are shown, in this order; every other one is withheld."""

LABELS = {"dynamodb_table": "lock table", "use_lockfile": "lock file", "encrypt": "encryption", "kms_key_id": "KMS key"}

MAX_FOLLOWED = 300
"""Jobs of a workflow in which it is worked out which of them wait for which."""
MAX_COVERED = 60
"""Jobs behind an environment that are named; the rest are counted."""


def deployment(frame: Frame) -> tuple[blocks.Field, ...]:
    """File, name, trigger, inputs, job chain, gate and secret of the workflow; one line when there is none."""
    workflow = frame.assessment.model.workflow
    if workflow is None:
        return (blocks.field("File", f"no workflow deploys {frame.environment}"),)
    return (
        blocks.field("File", frame.path(workflow.path)),
        blocks.field("Name", code(workflow.name)),
        blocks.field("Trigger", _triggers(frame, workflow)),
        blocks.field("Inputs", _inputs(frame, workflow)),
        blocks.field("Branch", codes(one.or_none() or "not determinable" for one in workflow.branches)),
        blocks.field("Jobs", chain(workflow)),
        blocks.field("Gate", gate(frame, workflow)),
        blocks.field("Role secret", frame.stated(workflow.role_secret, absent="none: no role is handed over")),
    )


def _triggers(frame: Frame, workflow: Workflow) -> Markdown:
    return joined(frame.stated(trigger) for trigger in workflow.triggers) or Markdown("none")


def _inputs(frame: Frame, workflow: Workflow) -> Markdown:
    parts = []
    for one in workflow.inputs:
        choices = say(", one of {}", codes(one.options)) if one.options else ""
        required = "required" if one.required else "optional"
        parts.append(frame.cited(say("{} ({}, {}{})", code(one.name), code(one.type), required, choices), one.at))
    return joined(parts, "; ") or Markdown("none")


def chain(workflow: Workflow) -> Markdown:
    """The jobs in the order in which they can run, each with what it needs."""
    parts = []
    for job in in_order(workflow):
        needs = [need.or_none() or "not determinable" for need in job.needs]
        parts.append(say("{} (needs {})", code(job.id), codes(needs)) if needs else code(job.id))
    return joined(parts, " → ") or Markdown("none")


def in_order(workflow: Workflow) -> tuple[Job, ...]:
    """The jobs so that each comes after those it needs; jobs in a circle, or too many, keep their place in the file."""
    before = finished_before(workflow)
    return tuple(sorted(workflow.jobs, key=lambda job: len(before.get(job.id, ()))))


def finished_before(workflow: Workflow) -> Mapping[str, frozenset[str]]:
    """Per job the ids of those that finish before it starts; nothing in a workflow of more than `MAX_FOLLOWED` jobs."""
    followed = workflow.jobs if len(workflow.jobs) <= MAX_FOLLOWED else ()
    return {job.id: frozenset(workflow.ancestors(job.id)) for job in followed}


def gate(frame: Frame, workflow: Workflow) -> Markdown:
    """Every environment that a job stands behind, with the jobs it covers: its own and all that wait for it."""
    covered: dict[str, tuple[Job, dict[str, None]]] = {}
    before = finished_before(workflow)
    for job in in_order(workflow):
        name = job.environment.or_none() if job.environment else None
        if name is not None:
            later = (other.id for other in workflow.jobs if job.id in before.get(other.id, ()))
            covered.setdefault(name, (job, {}))[1].update(dict.fromkeys((job.id, *later)))
    parts = [
        frame.cited(_covers(name, tuple(jobs)), job.environment.at if job.environment else None)
        for name, (job, jobs) in covered.items()
    ]
    if len(workflow.jobs) > MAX_FOLLOWED:
        parts.append(say("which jobs wait for these is not followed in a workflow of {} jobs", len(workflow.jobs)))
    return joined(parts, "; ") or Markdown("none: no job names an environment")


def _covers(name: str, jobs: Sequence[str]) -> Markdown:
    more = f" and {len(jobs) - MAX_COVERED} more" if len(jobs) > MAX_COVERED else ""
    return say("{} covers {}{}", code(name), codes(jobs[:MAX_COVERED]), more)


def checks(frame: Frame) -> Markdown:
    """The rules about workflows with their status and evidence."""
    return table(("Check", "Status", "Evidence"), statuses.rows_of_area(frame, "WFL"))


class State(Struct, frozen=True):
    """Where the state of this environment lives."""

    table: Markdown
    others: tuple[Markdown, ...]
    """Workflows that use another backend."""


def state(frame: Frame) -> State:
    """The backend as block and workflow together resolve it, and the workflows whose `init` passes something else."""
    return frame.shared(_state)


def _state(frame: Frame) -> State:
    configuration = frame.assessment.model.configuration
    backend = configuration.backend if configuration else None
    workflow = frame.assessment.model.workflow
    settings = {**(backend.settings if backend else {}), **(_passed(workflow) if workflow else {})}
    rows: list[tuple[object, ...]] = []
    if backend:
        rows.append(("type", code(backend.type), frame.place(backend.at)))
    for name in SETTINGS:
        if name in settings:
            rows.append((LABELS.get(name, name), _value(settings[name]), frame.place(settings[name].at)))
    rows.append(("existence", "⏸️ NOT VERIFIED - needs AWS", "read-only assessment"))
    shown = table(("Setting", "Value", "Source"), rows)
    if not backend and not settings:
        shown = Markdown("No backend is declared: state would lie on the machine that runs Terraform.")
    return State(shown, tuple(_others(frame, settings)))


def _value(fact: Fact[str]) -> Markdown:
    if isinstance(fact.value, Unknown):
        return say("not determinable from the files: {}", fact.value.reason)
    return code(fact.value)


def _passed(workflow: Workflow) -> Mapping[str, Fact[str]]:
    """What the workflow's first `init` with backend settings passes."""
    for job in workflow.jobs:
        for step in job.steps:
            for command in step.terraform:
                if command.verb == "init" and command.backend:
                    return command.backend
    return {}


def _others(frame: Frame, settings: Mapping[str, Fact[str]]) -> Iterator[Markdown]:
    for workflow in frame.assessment.model.workflows or ():
        if workflow == frame.assessment.model.workflow:
            continue
        passed = _passed(workflow)
        differing = [
            name
            for name in SETTINGS
            if name in passed and (name not in settings or passed[name].value != settings[name].value)
        ]
        if differing:
            said = joined(
                (say("{} {}", Markdown(LABELS.get(name, name)), _value(passed[name])) for name in differing), ", "
            )
            environment = workflow.environment.or_none() if workflow.environment else None
            deploys = f"deploys {environment.upper()}" if environment else "deploys no known environment"
            yield say("{} ({}): {}", frame.path(workflow.path), deploys, frame.cited(said, passed[differing[0]].at))


def branch_and_commit(frame: Frame) -> Markdown:
    """`main, clean, 0123456789ab`, or that it is not a checkout."""
    repository = frame.assessment.model.repository
    if repository is None or not repository.commit.known:
        return say("{}", repository.no_commit if repository else "not a git checkout")
    changed = repository.changed_files.or_none()
    state_ = (
        "not known" if changed is None else "clean" if not changed else wording.counted(len(changed), "changed file")
    )
    branch = repository.branch.or_none()
    return joined(
        (
            say("branch {}", code(branch)) if branch else "no branch",
            state_,
            say("commit {}", code((repository.commit.or_none() or "")[:12])),
        )
    )
