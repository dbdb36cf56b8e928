"""Fills the placeholders of rule and remedy texts with the figures of this assessment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bbws_readiness.engine.finding import Outcome
from bbws_readiness.engine.run import Answer
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Configuration

NOT_STATED = "(not stated)"
"""Stands where a text asks for a figure that no source of this project gives."""


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with each `{name}` replaced; a name without a value reads `NOT_STATED`."""
    return template.format_map(_Values(values))


def common_values(model: Model, account: str, region: str) -> dict[str, str]:
    """The values that every text may use."""
    configuration = model.configuration
    workflow = model.workflow
    return {
        "environment": model.environment,
        "ENV": model.environment.upper(),
        "account": account or NOT_STATED,
        "region": region or NOT_STATED,
        "directory": configuration.directory if configuration else NOT_STATED,
        "workflow": workflow.name if workflow else NOT_STATED,
        "workflow_file": workflow.path if workflow else NOT_STATED,
        "plan": model.plan.path if model.plan else NOT_STATED,
        "to_add": _to_add(configuration) if configuration else NOT_STATED,
    }


def _to_add(configuration: Configuration) -> str:
    """What a plan adds where nothing is deployed yet: a figure only where the files give every instance."""
    if not configuration.complete or not all(resource.key_known for resource in configuration.resources):
        return "an unknown number to add"
    return f"{len(configuration.resources)} to add expected"


def summary_of(remedy: str, answers: Iterable[Answer], values: Mapping[str, str]) -> dict[str, str]:
    """The values of all checks whose rules share the remedy.

    Of two that give the same name the one that failed wins, and of several failures the earlier rule's.
    """
    sharing = [answer for answer in answers if answer.rule.remedy == remedy]
    own: dict[str, str] = {}
    for answer in sorted(sharing, key=lambda answer: not _failed(answer)):
        own = {**answer.summary, **own}
    return {**values, **own}


def _failed(answer: Answer) -> bool:
    return any(finding.outcome is Outcome.FAIL for finding in answer.findings)


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return NOT_STATED
