"""The policies of a project as rules ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from bbws_readiness.engine.check import Question
from bbws_readiness.fact import known_text
from bbws_readiness.model.access import Attached, Document
from bbws_readiness.model.resources import Resource

if TYPE_CHECKING:
    from bbws_readiness.checks.access.needed_actions import Needed


def permissions_of(question: Question) -> tuple[Document, ...]:
    """The policies that say what a holder may do, as far as they concern the environment, ordered by place."""
    return tuple(_permissions(question))


def _permissions(question: Question) -> Iterator[Document]:
    for one in question.model.access.documents:
        if one.permissions and one.concerns(question.environment):
            yield one


def label(question: Question, document: Document) -> str:
    """The file, with the role where it names one and with the line where it holds several policies without a role."""
    if document.role:
        return f"{document.path}: {document.role}"
    alone = question.model.access.at_path.get(document.path) == 1
    return document.path if alone else f"{document.path}:{document.at.line}"


def role_of(question: Question, document: Document) -> str:
    """The role that a policy belongs to, as an ARN names it behind `role/`; empty when nothing tells.

    A policy that names none belongs to the role that deploys when it is the only one, or lies beside its trust.
    """
    if document.role:
        return document.role
    # Two are enough to tell that it is not the only one.
    unnamed = list(islice((one for one in _permissions(question) if not one.role), 2))
    return deploying_role(question) if unnamed == [document] or _beside_trust(question, document) else ""


def deploying_role(question: Question) -> str:
    """The role that the environment's workflow assumes, or that the parameter `role` names; empty when unknown."""
    told = str(question.parameters.get("role") or "").replace("{environment}", question.environment)
    if told:
        return told
    workflow = question.model.workflow
    arn = (workflow.role_secret.or_none() if workflow and workflow.role_secret else None) or ""
    return arn.partition(":role/")[2]


def account_of(question: Question) -> str:
    """The AWS account of the environment, as the role that its workflow assumes names it; empty when unknown."""
    workflow = question.model.workflow
    parts = ((workflow.role_secret.or_none() if workflow and workflow.role_secret else None) or "").split(":")
    return parts[4] if len(parts) > 5 and parts[4].isdigit() else ""


def region_and_path(question: Question, resource: Resource) -> tuple[str, str]:
    """Two parts of a resource's ARN: its region, empty when unknown, and its path, `/` when it names none."""
    configuration = question.model.configuration
    region = configuration.provider_region if configuration and "." not in resource.provider else None
    path = resource.attributes.get("path")
    return known_text(region), str((path.or_none() if path else None) or "/")


def arn_of(question: Question, resource: Resource, needed: Needed) -> str:
    """The ARN of a declared resource as a policy has to name it, with stars for what the files do not tell."""
    if needed.resource == "*":
        return "*"
    region, path = region_and_path(question, resource)
    name = (resource.name.or_none() if resource.logical_name else None) or "*"
    text = needed.resource.replace("{name}", name).replace("{any}", "*").replace("{path}", path)
    account = account_of(question) or "*"
    place = f"{region or '*'}:{account}" if needed.place else f":{'' if needed.service == 's3' else account}"
    return f"arn:aws:{needed.service}:{place}:{text}"


def kept_elsewhere(document: Document) -> Attached | None:
    """A policy that the role has besides and whose text nobody can look up here; None when there is none.

    What AWS keeps widens no role, but for what was told of it already.
    """
    return next((one for one in document.attached if not one.read and not one.of_aws), None)


def _beside_trust(question: Question, document: Document) -> bool:
    """Whether the trust of one role, and of no second one, lies in the same folder."""
    folder = document.path.rpartition("/")[0]
    return bool(folder) and question.model.access.trusts_in.get(folder) == 1
