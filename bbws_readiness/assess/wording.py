"""Fills the placeholders of rule and remedy texts with the figures of this assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bbws_readiness.engine.finding import Finding, Standing
from bbws_readiness.engine.run import Answer
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Configuration
from bbws_readiness.patterns import regex

NOT_STATED = "(not stated)"
"""Stands where a text asks for a figure that no source of this project gives."""

OF_FINDINGS = frozenset({"subjects", "places", "lines", "wanted"})
"""What every remedy may name besides the summaries of its rules: what its own failures say."""
SHOWN = 12
"""Failures that a text quotes."""
_BRACES = regex(r"\{\{|\}\}|\{([A-Za-z_]+)\}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with each `{name}` replaced, and `{{` by one brace; a name without a value reads `NOT_STATED`.

    A brace that begins no name stands for itself. Values are put in as they are.
    """
    if "{" not in template and "}" not in template:
        return template
    return _BRACES.sub(lambda found: values.get(found[1], NOT_STATED) if found[1] else found[0][0], template)


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


def summary_of(sharing: Sequence[Answer], values: Mapping[str, str]) -> dict[str, str]:
    """The values of all checks whose rules share a remedy, and those of `OF_FINDINGS`.

    Of two that give the same name the one that failed wins, and of several failures the earlier rule's.
    """
    open_ones = [finding for answer in sharing for finding in answer.failures if finding.open]
    told = _told([finding for finding in open_ones if finding.standing is not Standing.DRIFT])
    own: dict[str, str] = {}
    for answer in sorted(sharing, key=lambda answer: not answer.failures):
        own = {**answer.summary, **own}
    return {**values, **told, **own}


def _told(findings: Sequence[Finding]) -> dict[str, str]:
    """What failed by name, by place, and by place with what is there and what should be; nothing without failures."""
    if not findings:
        return {}
    return {
        "subjects": _some([finding.subject for finding in findings], ", "),
        "places": _some([str(finding.at) for finding in findings], ", "),
        "lines": _some([f"{finding.at}: {finding.actual or finding.message}" for finding in findings], "; "),
        "wanted": _some([f"{finding.at}: {finding.expected or finding.message}" for finding in findings], "; "),
    }


def _some(texts: Sequence[str], between: str) -> str:
    told = list(dict.fromkeys(texts))
    more = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return between.join(told[:SHOWN]) + more
