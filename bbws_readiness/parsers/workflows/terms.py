"""Reads on what terms a job or step runs: with which errors, together with what, and what it hands on."""

from __future__ import annotations

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.parsers.workflows.expressions import names, parse_condition
from bbws_readiness.positioned import Node
from bbws_readiness.source import Location

_LATE = frozenset({"env", "secrets", "matrix", "steps", "runner", "job", "strategy"})


def tolerated(node: Node) -> Fact[bool] | None:
    """`continue-on-error` of a job or step; None when it does not say."""
    said = node.get("continue-on-error")
    if said is None:
        return None
    if isinstance(said.content, bool):
        return Fact(said.content, said.at)
    return Fact(Unknown("whether an error is tolerated is computed when the workflow runs"), said.at)


def concurrency_written(owner: Node) -> str:
    """The concurrency group of a job or workflow with its expressions; empty when it has none."""
    node = owner.get("concurrency")
    if node and node.shape == "mapping":
        node = node.get("group")
    return (node.text or "") if node else ""


def states_permissions(job: Node, document: Node) -> bool:
    """Whether the job or its workflow says which permissions the token gets."""
    return job.get("permissions") is not None or document.get("permissions") is not None


def late_context(job: Node) -> tuple[str, Location] | None:
    """The context that the condition of a job names and cannot read, and where: GitHub refuses such a workflow."""
    condition = job.get("if")
    if condition is None or not condition.text:
        return None
    parsed = parse_condition(condition.raw)
    contexts = (path.partition(".")[0] for path in names(parsed)) if parsed else ()
    late = next((context for context in contexts if context in _LATE), None)
    return (late, condition.at) if late else None
