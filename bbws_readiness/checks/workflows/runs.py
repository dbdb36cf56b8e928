"""Follows a run of a workflow from job to job, through the workflows of the project that it calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct

from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.once import once
from bbws_readiness.model.workflows import (
    Job,
    Step,
    TerraformCommand,
    Workflow,
    called_path,
    serves_only_others,
)
from bbws_readiness.source import SourceKind

MAX_CALLS = 4
"""How deep GitHub lets workflows call each other."""

MAX_JOBS = 300
MAX_STEPS = 3000
"""A run larger than this is not followed; it is told as something that cannot be seen into."""


class Visit(Struct, frozen=True):
    """A job as one run reaches it."""

    chain: tuple[tuple[Workflow, Job], ...]
    """The calling jobs, outermost first, and the job itself, each with its workflow."""
    earlier: tuple[frozenset[str], ...]
    """Per link of the chain, the ids of the jobs of that workflow which are finished before."""
    hidden: str = ""
    """Why the steps of the job cannot be seen (it calls a workflow of another repository); empty when they can."""

    @property
    def workflow(self) -> Workflow:
        """The workflow that the job stands in."""
        return self.chain[-1][0]

    @property
    def job(self) -> Job:
        """The job itself."""
        return self.chain[-1][1]

    @property
    def path(self) -> tuple[tuple[str, str], ...]:
        """Workflow path and job id of every link of the chain: the identity of the visit."""
        return tuple((workflow.path, job.id) for workflow, job in self.chain)

    @property
    def label(self) -> str:
        """Workflow file and job: `deploy-sit.yml: apply`."""
        return f"{file_name(self.workflow)}: {self.job.id}"

    def precedes(self, other: Visit) -> bool:
        """Whether the run always finishes this job before it starts the other one."""
        for (_, mine), (_, theirs), earlier in zip(self.chain, other.chain, other.earlier, strict=False):
            if mine.id != theirs.id:
                return mine.id in earlier
        return False

    def commands(self, verb: str) -> Iterator[tuple[int, TerraformCommand]]:
        """Its terraform commands of that verb, each with the position of its step."""
        for position, step in enumerate(self.job.steps):
            for command in step.terraform:
                if command.verb == verb:
                    yield position, command


class Apply(Struct, frozen=True):
    """A `terraform apply` that a run reaches, and the run it belongs to."""

    visit: Visit
    position: int
    """Of its step in the job."""
    command: TerraformCommand
    run: tuple[Visit, ...]

    @property
    def step(self) -> Step:
        """The step that applies."""
        return self.visit.job.steps[self.position]

    @property
    def before(self) -> tuple[Visit, ...]:
        """The jobs that are finished when its job starts."""
        return tuple(visit for visit in self.run if visit.precedes(self.visit))

    @property
    def after(self) -> tuple[Visit, ...]:
        """The jobs that wait for its job."""
        return tuple(visit for visit in self.run if self.visit.precedes(visit))


def file_name(workflow: Workflow) -> str:
    """The workflow's file without its folder."""
    return workflow.path.rpartition("/")[2]


@once
def deployments(model: Model) -> tuple[Workflow, ...]:
    """The workflows that start a deployment of the assessed environment, ordered by path.

    One that can only be called is represented by its callers, because their gates are its gates.
    """
    found = [workflow for workflow in model.workflows or () if workflow.deploys_to(model.environment)]
    started: dict[str, Workflow] = {}
    for workflow in found:
        for starter in _starters(model, workflow):
            started.setdefault(starter.path, starter)
    return tuple(workflow for _, workflow in sorted(started.items()))


def without_deployment(question: Question) -> CheckResult | None:
    """The answer of a rule about the environment's workflow where there is none; None when there is one."""
    model = question.model
    if deployments(model):
        return None
    if unread := model.unread.get(SourceKind.WORKFLOWS):
        unknown = Undetermined("a workflow could not be read", unread)
        return CheckResult((undetermined(question.environment, unknown),))
    if not model.workflows:
        return question.not_applicable("the project has no workflows")
    if unclear := undecided_environment(model):
        return CheckResult((undetermined(question.environment, unclear),))
    return question.not_applicable(f"no workflow deploys {question.environment}")


def undecided_environment(model: Model) -> Undetermined | None:
    """Why it is not known which environment some workflow deploys, or None when it is known of all."""
    for workflow in model.workflows or ():
        if workflow.environment and not workflow.offered_environments:
            try:
                workflow.environment.get()
            except Undetermined as unknown:
                return Undetermined(f"{file_name(workflow)}: {unknown.reason}", unknown.at)
    return None


def visits(model: Model, workflow: Workflow) -> tuple[Visit, ...]:
    """Every job of a run of a workflow of the model in the order of the files, called jobs behind their callers."""
    runs = _runs(model)
    if workflow.path not in runs:
        runs[workflow.path] = _run(model, workflow)
    return runs[workflow.path]


@once
def _runs(model: Model) -> dict[str, tuple[Visit, ...]]:
    """Those that were followed so far, by the path of the workflow."""
    return {}


def _run(model: Model, workflow: Workflow) -> tuple[Visit, ...]:
    found = tuple(islice(_visits(model, workflow, (), ()), MAX_JOBS + 1))
    if len(found) <= MAX_JOBS and sum(len(visit.job.steps) for visit in found) <= MAX_STEPS:
        return found
    reason = f"the workflow runs more than {MAX_JOBS} jobs or {MAX_STEPS} steps"
    return (Visit(((workflow, workflow.jobs[0]),), (frozenset(),), reason),)


@once
def taking_part(model: Model) -> tuple[Workflow, ...]:
    """The workflows that a deployment of the environment runs, called ones included, each once."""
    runs = (visits(model, workflow) for workflow in deployments(model))
    return tuple({visit.workflow.path: visit.workflow for run in runs for visit in run}.values())


@once
def hidden_parts(model: Model) -> tuple[Observation, ...]:
    """One undetermined answer per job of a deployment that calls what cannot be seen."""
    runs = (visits(model, workflow) for workflow in deployments(model))
    hidden = {visit.label: visit for run in runs for visit in run if visit.hidden}
    return tuple(undetermined(label, Undetermined(visit.hidden, visit.job.at)) for label, visit in hidden.items())


@once
def applies(model: Model) -> tuple[tuple[Apply, ...], ...]:
    """Every apply that a deployment of the environment can reach, those of one job together.

    Jobs that name other environments only are left out, unless there are no others.
    """
    found: list[tuple[Apply, ...]] = []
    for workflow in deployments(model):
        run = visits(model, workflow)
        for visit in run:
            if own := tuple(Apply(visit, position, command, run) for position, command in visit.commands("apply")):
                found.append(own)
    return tuple(own for own in found if not elsewhere(model, own[0])) or tuple(found)


def elsewhere(model: Model, apply: Apply) -> bool:
    """Whether the job names other environments only: one workflow may hold the jobs of several."""
    return _of_others(model, apply.visit.job, [apply.command])


def serves_others(model: Model, job: Job) -> bool:
    """Whether everything by which the job and its commands name an environment names other ones only."""
    return _of_others(model, job, [command for step in job.steps for command in step.terraform])


def _of_others(model: Model, job: Job, commands: Sequence[TerraformCommand]) -> bool:
    facts = [job.environment, *(fact for one in commands for fact in (one.plan_file, *one.var_files))]
    said = " ".join((fact.or_none() or "") for fact in facts if fact).lower()
    words = set(re.findall(r"[a-z0-9]+", said))
    return model.environment not in words and bool(words & set(model.environments))


def applies_in_question(question: Question) -> tuple[tuple[Apply, ...], ...] | CheckResult:
    """`applies`, or the answer of a rule about them where there is none."""
    if nothing := without_deployment(question):
        return nothing
    return applies(question.model) or unseen_applies(question)


def unseen_applies(question: Question) -> CheckResult:
    """The answer where a workflow deploys the environment and no apply can be seen in it."""
    observations = []
    for workflow in deployments(question.model):
        hidden = [visit for visit in visits(question.model, workflow) if visit.hidden]
        reason = hidden[0].hidden if hidden else "no step of it runs terraform apply itself"
        at = hidden[0].job.at if hidden else workflow.at
        observations.append(undetermined(file_name(workflow), Undetermined(reason, at)))
    return CheckResult(tuple(observations))


def _starters(model: Model, workflow: Workflow) -> list[Workflow]:
    triggers = {trigger.or_none() for trigger in workflow.triggers}
    if triggers != {"workflow_call"}:
        return [workflow]
    callers = [
        other
        for other in model.workflows or ()
        if other.path != workflow.path and any(called_path(job.uses) == workflow.path for job in other.jobs)
    ]
    return callers or [workflow]


def _visits(
    model: Model, workflow: Workflow, callers: tuple[tuple[Workflow, Job], ...], before: tuple[frozenset[str], ...]
) -> Iterator[Visit]:
    finished = _finished_before(workflow.jobs[: MAX_JOBS + 1])
    for job in workflow.jobs[: MAX_JOBS + 1]:
        chain = (*callers, (workflow, job))
        earlier = (*before, finished[job.id])
        if job.uses is None:
            yield Visit(chain, earlier)
            continue
        path = called_path(job.uses)
        called = next((found for found in model.workflows or () if found.path == path), None)
        if called is None:
            reason = f"job {job.id} calls {job.uses.or_none() or 'a workflow'}, which is not in the project"
            yield Visit(chain, earlier, reason)
        elif serves_only_others(workflow, job, model.environment, model.environments):
            yield Visit(chain, earlier)
        elif len(chain) > MAX_CALLS or any(called.path == above.path for above, _ in chain):
            yield Visit(chain, earlier, f"job {job.id} calls workflows in a circle or too deep")
        else:
            yield Visit(chain, earlier)
            yield from _visits(model, called, chain, earlier)


def _finished_before(jobs: Sequence[Job]) -> dict[str, frozenset[str]]:
    """Per job all jobs it waits for, directly or not; jobs that wait for each other in a circle never start."""
    needs = {job.id: [need.get() for need in job.needs if need.known] for job in jobs}
    found: dict[str, frozenset[str]] = {}
    for job in jobs:
        reached: set[str] = set()
        pending = list(needs[job.id])
        while pending:
            name = pending.pop()
            if name in reached or name == job.id:
                continue
            reached.add(name)
            if name in found:
                reached |= found[name]
            else:
                pending.extend(needs.get(name, ()))
        found[job.id] = frozenset(reached - {job.id})
    return found
