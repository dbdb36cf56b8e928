"""Puts together what the parts of a workflow's reader find in one file."""

from __future__ import annotations

from collections.abc import Mapping

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact
from bbws_readiness.memory import Read
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.parsers.workflows import facts, guards
from bbws_readiness.parsers.workflows.called import Callees
from bbws_readiness.parsers.workflows.constant import fixed_comparisons
from bbws_readiness.parsers.workflows.events import read_starts
from bbws_readiness.parsers.workflows.structure import Structure
from bbws_readiness.parsers.workflows.terms import concurrency_written
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.source import Source


def whole_workflow(
    source: Source, environments: tuple[str, ...], given: Mapping[str, Fact[str]], read: Read | None
) -> tuple[Workflow | None, tuple[Diagnostic, ...]]:
    """As `parse_workflow` gives it, which remembers it."""
    document = read_yaml(source)
    if isinstance(document, Diagnostic):
        return None, (document,)
    if document.shape != "mapping":
        fault = Diagnostic(
            DiagnosticSeverity.ERROR, "a workflow is a mapping with on: and jobs:", document.at, code=Code.WORKFLOW
        )
        return None, (fault,)
    structure = Structure(source, document, given, Callees(read) if read else None)
    jobs = structure.jobs()
    triggers = structure.triggers()
    starts = read_starts(triggers, document)
    evidence = facts.Evidence(
        source, jobs, tuple(structure.steps), structure.inputs, structure.scope, environments, starts
    )
    compared = guards.comparisons_of(evidence)
    restrictions = guards.restrictions(evidence, compared)
    guard, branches = guards.restriction(triggers, _filters(document), restrictions)
    asserted = tuple(guards.account_assertions(compared))
    name = document.get("name")
    workflow = Workflow(
        path=source.path,
        at=document.at,
        name=(name.text if name else None) or source.path,
        triggers=triggers,
        inputs=structure.inputs,
        constants=structure.constants,
        jobs=jobs,
        artifacts=facts.artifacts(evidence),
        environment=facts.environment(evidence),
        account=facts.account(evidence),
        region=facts.region(evidence),
        branches=branches,
        branch_guard=guard,
        dead_guards=tuple((one.job, one.text, one.at) for one in restrictions if not one.branches),
        role_secret=facts.role_secret(evidence),
        static_keys_at=facts.static_keys_at(evidence),
        account_assertion=asserted[0][1] if asserted else None,
        account_assertions=asserted,
        terraform_version=facts.terraform_version(evidence),
        offered_environments=facts.offered_environments(evidence),
        confirmation=guards.confirmation(evidence, compared),
        concurrency=structure.concurrency(),
        sha256=source.sha256,
        concurrency_written=concurrency_written(document),
        inputs_handed_on=structure.mentions.of_all_inputs(),
        fixed_comparisons=fixed_comparisons(structure.mentions.found, structure.inputs, starts),
        unread_conditions=structure.mentions.not_understood(structure.inputs),
    )
    return workflow, tuple(structure.diagnostics)


def _filters(document: Node) -> tuple[Fact[str], ...]:
    """Branches and tags that the push and workflow_run triggers name; empty unless each of them names some."""
    found: list[Fact[str]] = []
    for event in ("push", "workflow_run"):
        if document.find("on", event) is None:
            if _listed(document, event):
                return ()
            continue
        listed = [
            Fact(prefix + element.raw, element.at)
            for member, prefix in (("branches", ""), ("tags", "refs/tags/"))
            if (node := document.find("on", event, member))
            for element in (node.elements() if node.shape == "sequence" else (node,))
            if element.text and not element.raw.startswith("!")
        ]
        if not listed:
            return ()
        found += listed
    return tuple(found)


def _listed(document: Node, event: str) -> bool:
    """Whether the event triggers without any filter, as text or in a list."""
    node = document.get("on")
    return node is not None and (node.text == event or any(element.text == event for element in node.elements()))
