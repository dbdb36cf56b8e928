"""Fills in what inputs and matrices of the workflows stand for when they deploy one environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.workflows import Workflow, called_path, serves_only_others
from bbws_readiness.parsers.workflows import parse_workflow
from bbws_readiness.parsers.workflows.repository import repository_files
from bbws_readiness.reader import Reader
from bbws_readiness.source import Source

MAX_CALLS = 4
"""How deep GitHub lets workflows call each other."""

Given = Mapping[str, Fact[str]]
"""What inputs and names of the matrix stand for, by `inputs.name` and `matrix.name`."""


def deployed(
    workflows: Sequence[Workflow],
    environment: str,
    reader: Reader,
    environments: Sequence[str],
    always: Given = MappingProxyType({}),
) -> tuple[Workflow, ...]:
    """The same workflows, each with its jobs as a run for `environment` finds them.

    Only the jobs change: what is said of a workflow as a whole holds for every run. Of a workflow that is called more
    than once for the environment, the inputs that differ are unknown. `always` holds in every run.
    """
    given: dict[str, list[Given]] = {}
    filled = {one.path: one for one in workflows}
    for workflow in workflows:
        if own := _chosen(workflow, environment):
            filled[workflow.path] = _filled(workflow, {**always, **own}, reader, environments)
    pending = [filled[one.path] for one in workflows if one.deploys_to(environment)]
    for _ in range(MAX_CALLS):
        called = list(_calls(pending, environment, environments))
        for path, inputs in called:
            if path in filled and inputs not in given.setdefault(path, []):
                given[path].append(inputs)
        pending = []
        for path in dict.fromkeys(path for path, _ in called if path in filled):
            original = next(one for one in workflows if one.path == path)
            filled[path] = _filled(original, {**always, **_in_every_call(given[path])}, reader, environments)
            pending.append(filled[path])
    return tuple(filled[one.path] for one in workflows)


def taking_part(workflows: Sequence[Workflow], environment: str) -> tuple[Workflow, ...]:
    """The workflows that deploy `environment`, each followed by those it calls."""
    by_path = {one.path: one for one in workflows}
    found: dict[str, Workflow] = {}
    pending = [one for one in reversed(workflows) if one.deploys_to(environment)]
    while pending:
        workflow = pending.pop()
        if workflow.path not in found:
            found[workflow.path] = workflow
            called = _calls([workflow], environment, ())
            pending += [by_path[path] for path, _ in called if path in by_path]
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
    run, _ = parse_workflow(source, environments=environments, given=given, read=repository_files(reader))
    return replace(workflow, jobs=run.jobs) if run else workflow


def _in_every_call(calls: Sequence[Given]) -> Given:
    """What the inputs stand for in each of the calls; one that they differ in is unknown."""
    found: dict[str, Fact[str]] = {}
    for name in dict.fromkeys(name for given in calls for name in given):
        facts = [given.get(name) for given in calls]
        first = next(fact for fact in facts if fact)
        same = all(fact is not None and fact.value == first.value for fact in facts)
        differs = f"the workflow is called more than once, with another {name.partition('.')[2]}"
        found[name] = first if same else Fact(Unknown(differs), first.at)
    return found


def _calls(workflows: Sequence[Workflow], environment: str, environments: Sequence[str]) -> Iterator[tuple[str, Given]]:
    """The workflows of the project that these call for the environment, with what they are handed."""
    for workflow in workflows:
        for job in workflow.jobs:
            if serves_only_others(workflow, job, environment, environments):
                continue
            if path := called_path(job.uses):
                yield path, {f"inputs.{name}": fact for name, fact in job.handed.items()}
