"""Workflows, their jobs and their steps as nouns."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bbws_readiness.checks.nouns.noun import Field, Noun, Subject, facts
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.workflows import Job, Step, Workflow
from bbws_readiness.patterns import regex
from bbws_readiness.source import SourceKind

_COMMIT = regex(r"[0-9a-f]{40}|[0-9a-f]{64}")


def _workflows(model: Model) -> Iterator[Subject]:
    return (Subject(one.path, one.at, one) for one in model.workflows or ())


def _jobs(model: Model) -> Iterator[Subject]:
    for workflow in model.workflows or ():
        for job in workflow.jobs:
            yield Subject(f"{workflow.path}/{job.id}", job.at, (workflow, job))


def _steps(model: Model) -> Iterator[Subject]:
    for workflow in model.workflows or ():
        for job in workflow.jobs:
            for position, step in enumerate(job.steps, start=1):
                name = step.name or (step.uses.or_none() if step.uses else None) or f"step {position}"
                yield Subject(f"{workflow.path}/{job.id}/{name}", step.at, (workflow, job, step))


def _gap(model: Model) -> Undetermined | None:
    if SourceKind.WORKFLOWS in model.unread:
        return Undetermined("a workflow could not be read", model.unread[SourceKind.WORKFLOWS])
    return None


def _job(read: Callable[[Job], object]) -> Callable[[tuple[Workflow, Job]], object]:
    return lambda pair: read(pair[1])


def _step(read: Callable[[Step], object]) -> Callable[[tuple[Workflow, Job, Step]], object]:
    return lambda triple: read(triple[2])


def _action(step: Step) -> Fact[str] | None:
    return step.uses.map(lambda uses: uses.partition("@")[0]) if step.uses else None


def _version(step: Step) -> Fact[str] | None:
    return step.uses.map(lambda uses: uses.partition("@")[2]) if step.uses else None


def _pinned(step: Step) -> Fact[bool] | None:
    """A local action has no version of its own; an image is pinned by its digest."""
    if step.uses is None:
        return None
    return step.uses.map(
        lambda uses: uses.startswith("./") or bool(_COMMIT.fullmatch(uses.partition("@")[2].removeprefix("sha256:")))
    )


WORKFLOW = Noun(
    "workflow",
    "A GitHub workflow.",
    {
        "path": Field("text", "Its file.", lambda workflow: workflow.path),
        "name": Field("text", "Its name.", lambda workflow: workflow.name or None),
        "triggers": Field("list", "The events that start it.", lambda workflow: facts(workflow.triggers)),
        "environment": Field("text", "Where it deploys.", lambda workflow: workflow.environment),
        "account": Field("text", "The account it deploys to.", lambda workflow: workflow.account),
        "region": Field("text", "The region it deploys to.", lambda workflow: workflow.region),
        "branches": Field("list", "The branches it is restricted to.", lambda workflow: facts(workflow.branches)),
        "terraform_version": Field("text", "The version it installs.", lambda workflow: workflow.terraform_version),
        "static_keys": Field(
            "boolean", "Whether it uses long-lived keys.", lambda workflow: workflow.static_keys_at is not None
        ),
        "account_asserted": Field(
            "boolean", "Whether a step compares the account.", lambda workflow: workflow.account_assertion is not None
        ),
        "concurrency": Field("text", "Its concurrency group.", lambda workflow: workflow.concurrency),
    },
    _workflows,
    _gap,
)
JOB = Noun(
    "job",
    "A job of a workflow.",
    {
        "workflow": Field("text", "The file of its workflow.", lambda pair: pair[0].path),
        "deploys_to": Field("text", "Where its workflow deploys.", lambda pair: pair[0].environment),
        "id": Field("text", "Its id.", _job(lambda job: job.id)),
        "name": Field("text", "Its name.", _job(lambda job: job.name or None)),
        "needs": Field("list", "The jobs it waits for.", _job(lambda job: facts(job.needs))),
        "environment": Field("text", "Its GitHub environment.", _job(lambda job: job.environment)),
        "condition": Field("text", "Its `if`.", _job(lambda job: job.condition)),
        "uses": Field("text", "The reusable workflow it calls.", _job(lambda job: job.uses)),
        "permissions": Field("map", "One permission: `permissions.contents`.", _job(lambda job: job.permissions)),
        "continue_on_error": Field(
            "boolean", "Whether its failure is ignored.", _job(lambda job: job.continue_on_error)
        ),
        "timeout_minutes": Field("number", "After how long it is ended.", _job(lambda job: job.timeout_minutes)),
        "concurrency": Field("text", "Its concurrency group.", _job(lambda job: job.concurrency)),
        "applies": Field(
            "boolean",
            "Whether a step runs `terraform apply`.",
            _job(lambda job: any(one.verb == "apply" for step in job.steps for one in step.terraform)),
        ),
    },
    _jobs,
    _gap,
)
STEP = Noun(
    "step",
    "A step of a job.",
    {
        "workflow": Field("text", "The file of its workflow.", lambda triple: triple[0].path),
        "job": Field("text", "The id of its job.", lambda triple: triple[1].id),
        "name": Field("text", "Its name.", _step(lambda step: step.name or None)),
        "uses": Field("text", "The action it uses, as written.", _step(lambda step: step.uses)),
        "action": Field("text", "The action without its version.", _step(_action)),
        "version": Field("text", "What stands behind the `@`.", _step(_version)),
        "pinned": Field("boolean", "Whether the action is named by a commit or digest, or is local.", _step(_pinned)),
        "run": Field("text", "Its script.", _step(lambda step: step.run), free=True),
        "shell": Field("text", "Its shell, where one is set.", _step(lambda step: step.shell or None)),
        "condition": Field("text", "Its `if`.", _step(lambda step: step.condition)),
        "continue_on_error": Field(
            "boolean", "Whether its failure is ignored.", _step(lambda step: step.continue_on_error)
        ),
        "with": Field(
            "map", "One input of its action: `with.role-to-assume`.", _step(lambda step: step.with_), free=True
        ),
    },
    _steps,
    _gap,
)
NOUNS = (WORKFLOW, JOB, STEP)
