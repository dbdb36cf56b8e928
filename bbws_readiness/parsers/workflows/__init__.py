"""Reads one GitHub workflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bbws_readiness.codes import Code
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.parsers.workflows import facts, guards
from bbws_readiness.parsers.workflows.structure import Structure
from bbws_readiness.positioned import Node, read_yaml
from bbws_readiness.source import Source

__all__ = ["parse_workflow"]


def parse_workflow(
    source: Source, *, environments: Sequence[str], given: Mapping[str, Fact[str]] | None = None
) -> tuple[Workflow | None, tuple[Diagnostic, ...]]:
    """The workflow in `source`, and what is wrong with the file.

    `given` tells what inputs and names of the matrix stand for in one run: `inputs.environment`.
    A file that is no YAML mapping yields no workflow. `environments` are the names it may deploy to, in lower case.
    A value that an expression leaves open is unknown with the reason; `via` names the lines that gave a value.
    """
    document = read_yaml(source)
    if isinstance(document, Diagnostic):
        return None, (document,)
    if document.shape != "mapping":
        fault = Diagnostic(
            DiagnosticSeverity.ERROR, "a workflow is a mapping with on: and jobs:", document.at, code=Code.WORKFLOW
        )
        return None, (fault,)
    structure = Structure(source, document, given or {})
    jobs = structure.jobs()
    evidence = facts.Evidence(
        source, jobs, tuple(structure.steps), structure.inputs, structure.scope, tuple(environments)
    )
    triggers = structure.triggers()
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
        branches=facts.branches(evidence, triggers, _filters(document)) or guards.guarded_branches(evidence),
        role_secret=facts.role_secret(evidence),
        static_keys_at=facts.static_keys_at(evidence),
        account_assertion=guards.account_assertion(evidence),
        terraform_version=facts.terraform_version(evidence),
        offered_environments=facts.offered_environments(evidence),
        confirmation=guards.confirmation(evidence),
        concurrency=structure.concurrency(),
        sha256=source.sha256,
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
