"""Fills in what inputs and matrices of the workflows stand for when they deploy one environment."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bbws_readiness.fact import Fact
from bbws_readiness.model.workflows import Job, Workflow
from bbws_readiness.parsers.workflows import parse_workflow
from bbws_readiness.reader import Reader
from bbws_readiness.source import Source

MAX_CALLS = 4
"""How deep GitHub lets workflows call each other."""

Given = Mapping[str, Fact[str]]
"""What inputs and names of the matrix stand for, by `inputs.name` and `matrix.name`."""


def deployed(
    workflows: Sequence[Workflow], environment: str, reader: Reader, environments: Sequence[str]
) -> tuple[Workflow, ...]:
    """The same workflows, each with its jobs as a run for `environment` finds them.

    Only the jobs change: what is said of a workflow as a whole holds for every run. A workflow that is called with
    different inputs for one environment stays as it is.
    """
    given: dict[str, list[Given]] = {}
    filled = {one.path: one for one in workflows}
    for workflow in workflows:
        if own := _chosen(workflow, environment):
            filled[workflow.path] = _filled(workflow, own, reader, environments)
    pending = [filled[one.path] for one in workflows if deploys(one, environment)]
    for _ in range(MAX_CALLS):
        called = list(_calls(pending))
        for path, inputs in called:
            if path in filled and inputs not in given.setdefault(path, []):
                given[path].append(inputs)
        pending = []
        for path in dict.fromkeys(path for path, _ in called if path in filled):
            if len(given[path]) == 1:
                original = next(one for one in workflows if one.path == path)
                filled[path] = _filled(original, given[path][0], reader, environments)
            else:
                filled[path] = next(one for one in workflows if one.path == path)
            pending.append(filled[path])
    return tuple(filled[one.path] for one in workflows)


def deploys(workflow: Workflow, environment: str) -> bool:
    """Whether it deploys `environment`, or lets somebody choose it."""
    own = workflow.environment.or_none() if workflow.environment else None
    return own == environment or any(one.or_none() == environment for one in workflow.offered_environments)


def taking_part(workflows: Sequence[Workflow], environment: str) -> tuple[Workflow, ...]:
    """The workflows that deploy `environment`, each followed by those it calls."""
    by_path = {one.path: one for one in workflows}
    found: dict[str, Workflow] = {}
    pending = [one for one in reversed(workflows) if deploys(one, environment)]
    while pending:
        workflow = pending.pop()
        if workflow.path not in found:
            found[workflow.path] = workflow
            pending += [by_path[path] for path, _ in _calls([workflow]) if path in by_path]
    return tuple(found.values())


def _chosen(workflow: Workflow, environment: str) -> dict[str, Fact[str]]:
    """What an input with options and a name of the matrix stand for in the run for `environment`."""
    found: dict[str, Fact[str]] = {}
    if not any(one.or_none() == environment for one in workflow.offered_environments):
        return found
    for given in workflow.inputs:
        option = next((one for one in given.options if one.lower() == environment), None)
        if option and len(given.options) > 1:
            found[f"inputs.{given.name}"] = Fact(option, given.at)
    for job in workflow.jobs:
        for name, values in job.matrix.items():
            row = next((one for one in values if (one.or_none() or "").lower() == environment), None)
            if row and len(values) > 1:
                found[f"matrix.{name}"] = row
    return found


def _filled(workflow: Workflow, given: Given, reader: Reader, environments: Sequence[str]) -> Workflow:
    source = reader.read(workflow.path)
    if not isinstance(source, Source):
        return workflow
    run, _ = parse_workflow(source, environments=environments, given=given)
    return replace(workflow, jobs=run.jobs) if run else workflow


def _calls(workflows: Sequence[Workflow]) -> Iterator[tuple[str, Given]]:
    """The workflows of the project that these call, with what they are handed."""
    for workflow in workflows:
        for job in workflow.jobs:
            if path := _called(job):
                yield path, {f"inputs.{name}": fact for name, fact in job.handed.items()}


def _called(job: Job) -> str | None:
    text = job.uses.or_none() if job.uses else None
    return posixpath.normpath(text) if text and text.startswith("./") else None
