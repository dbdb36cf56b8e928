"""Whether the role that deploys may do what the declared resources need."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bbws_readiness.checks.access.needed_actions import NEEDED, PROBE, WITHOUT_RESOURCE, Needed
from bbws_readiness.checks.access.policies import (
    arn_of,
    deploying_role,
    permissions_of,
    region_and_path,
    role_of,
)
from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.resources.deployed import shown_name
from bbws_readiness.checks.unknown import no_policies, undetermined
from bbws_readiness.checks.wording import amount
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.access import HOLE, Condition, Document, Fit, Statement
from bbws_readiness.model.resources import Resource
from bbws_readiness.patterns import regex

_FULFILLED = regex(r"aws:(?:requestedregion|securetransport|currenttime|epochtime|useragent|sourceip)")
"""Keys of conditions that the calls of a pipeline are taken to fulfil."""
_SHOWN = 3


class _Lack(Struct, frozen=True):
    """An action that is not granted on a resource."""

    action: str
    why: str
    doubt: str = ""
    """Why it may be granted after all; empty when it is not."""

    def __str__(self) -> str:
        return f"{self.action} {self.why}"


def missing_permission(question: Question) -> CheckResult:
    """IAM004: one answer per declared resource of a known type, and one for actions that take no resource.

    Parameters: `role`, the name of the role that deploys, where no workflow names it; `without-resource`, further
    actions that are granted on `*` only.
    """
    if nothing := no_policies(question):
        return nothing
    resources = [one for one in _resources(question) if one.type in NEEDED]
    if not resources:
        return question.not_applicable("Terraform declares nothing of which the needed actions are known")
    documents = _deploying(question, resources)
    if not documents:
        return _no_policy(question)
    statements = [one for document in documents for one in document.statements]
    unclear = _unclear(documents)
    observations = []
    lines: list[str] = []
    for resource in resources:
        lacks = list(_lacks(question, resource, statements, unclear))
        alike = [one for one in resources if shown_name(one) == shown_name(resource)]
        subject = shown_name(resource) if len(alike) == 1 else f"{shown_name(resource)} ({resource.type})"
        observations.append(_observation(subject, resource, lacks))
        lines += _to_add(question, resource, [one for one in lacks if not one.doubt])
    observations += _scoped(question, documents)
    summary = {"lines": "; ".join(dict.fromkeys(lines)) or "none", "policy": documents[0].path}
    return CheckResult(tuple(observations), summary=summary)


def _resources(question: Question) -> tuple[Resource, ...]:
    return question.model.configuration.resources if question.model.configuration else ()


def _deploying(question: Question, resources: Sequence[Resource]) -> list[Document]:
    """The policies of the role that deploys; where none is known as its own, those of no role that create something."""
    permissions, role = permissions_of(question), deploying_role(question)
    if own := [one for one in permissions if role and role_of(question, one) == role]:
        return own
    creating = {needed.actions[0] for one in resources for needed in NEEDED[one.type] if not needed.when}
    nobodys = [one for one in permissions if not role_of(question, one)]
    return [
        one
        for one in nobodys
        if any(said.allows and said.speaks_of(action) for said in one.statements for action in creating)
    ]


def _no_policy(question: Question) -> CheckResult:
    others = [one for one in question.model.access.documents if one.permissions and one.environments]
    elsewhere = [one for one in others if question.environment not in one.environments]
    if elsewhere and not permissions_of(question):
        reason = f"no policy for {question.environment}, while other environments have one"
        raise Undetermined(reason, elsewhere[0].at)
    return question.not_applicable("no policy file of the role that deploys")


def _observation(subject: str, resource: Resource, lacks: Sequence[_Lack]) -> Observation:
    sure = [one for one in lacks if not one.doubt]
    if sure and resource.key_known:
        more = f" and {len(sure) - _SHOWN} more" if len(sure) > _SHOWN else ""
        lacking = ", ".join(map(str, sure[:_SHOWN])) + more
        return Observation(
            Outcome.FAIL,
            subject,
            resource.at,
            {"lacking": lacking},
            expected="all actions that its creation needs",
            actual=lacking,
        )
    if lacks:
        reason = lacks[0].doubt or "how often it is declared is unknown"
        return undetermined(subject, Undetermined(f"{lacks[0].action}: {reason}", resource.at))
    count = sum(len(needed.actions) for needed in NEEDED[resource.type] if _is_needed(resource, needed))
    return Observation(Outcome.PASS, subject, resource.at, {"count": amount(count, "action")})


def _is_needed(resource: Resource, needed: Needed) -> bool:
    if not needed.when:
        return True
    if needed.when == "tags":
        return bool(resource.tags)
    paths = [path for path in resource.attributes if path.startswith(f"{needed.when}.") and path.endswith(".enabled")]
    return any(resource.attributes[path].or_none() in (True, "true") for path in paths)


def _unclear(documents: Sequence[Document]) -> str:
    """Why the role may be granted more than the statements say; empty when it is not."""
    for document in documents:
        for said in document.statements:
            if said.allows and said.doubt:
                return said.doubt
        for one in (one for one in document.attached if not one.read):
            return f"what {one.name or 'an attached policy'} grants is not in the files"
    return ""


def _lacks(question: Question, resource: Resource, statements: Sequence[Statement], unclear: str) -> Iterator[_Lack]:
    for needed in NEEDED[resource.type]:
        if not _is_needed(resource, needed):
            continue
        name = resource.name.or_none() if resource.logical_name else None
        arns = _arns(question, resource, needed, name or PROBE)
        for action in needed.actions:
            fit = max(_granted(action, arn, statements) for arn in arns)
            if fit is Fit.YES:
                continue
            speaking = [one for one in statements if one.allows and one.speaks_of(action)]
            nameless = name is None and "{name}" in needed.resource and bool(speaking)
            yield _Lack(action, _why(speaking), _doubt(fit, nameless=nameless) or unclear)


def _doubt(fit: Fit, *, nameless: bool) -> str:
    if fit is Fit.MAYBE:
        return "what a condition, a Deny or a filled-in name leaves of it is not in the files"
    return "the name of the resource is unknown" if nameless else ""


def _why(speaking: Sequence[Statement]) -> str:
    """Why an action is not granted on the resource: nowhere, or elsewhere only."""
    if not speaking:
        return "not granted"
    scopes = [one.name.replace(HOLE, "…") for said in speaking for one in said.resources]
    return f"granted on {', '.join(scopes[:2])} only" if scopes else "not granted"


def _arns(question: Question, resource: Resource, needed: Needed, name: str) -> tuple[str, ...]:
    if needed.resource == "*":
        return (PROBE,)
    region, path = region_and_path(question, resource)
    text = needed.resource.replace("{name}", name).replace("{any}", PROBE).replace("{path}", path)
    arn = f"arn:aws:{needed.service}:{region if needed.place else ''}::{text}"
    # A group of logs is also meant by its streams, as most policies write it.
    return (arn, f"{arn}:log-stream:") if needed.service == "logs" else (arn,)


def _granted(action: str, arn: str, statements: Sequence[Statement]) -> Fit:
    """Whether the statements together grant the action; a Deny wins, a condition leaves it open."""
    granted = denied = Fit.NO
    for said in statements:
        fit = min(said.speaks_of(action), said.covers(arn))
        if fit and not all(map(_fulfilled, said.conditions)):
            fit = Fit.MAYBE
        if said.allows:
            granted = max(granted, fit)
        else:
            denied = max(denied, fit)
    return min(granted, Fit(Fit.YES - denied))


def _fulfilled(condition: Condition) -> bool:
    return bool(_FULFILLED.fullmatch(condition.key)) and condition.positive


def _to_add(question: Question, resource: Resource, lacks: Sequence[_Lack]) -> Iterator[str]:
    """The statements that grant what is lacking, one for each ARN."""
    lacking = {one.action for one in lacks}
    actions: dict[str, list[str]] = {}
    for needed in NEEDED[resource.type]:
        found = [action for action in needed.actions if action in lacking]
        actions.setdefault(arn_of(question, resource, needed), []).extend(found)
    for arn, named in actions.items():
        if named:
            said = {"Effect": "Allow", "Action": named if len(named) > 1 else named[0], "Resource": arn}
            yield json.dumps(said, ensure_ascii=False)


def _scoped(question: Question, documents: Sequence[Document]) -> Iterator[Observation]:
    """Actions that take no resource and are granted, by their own name, on some resource only."""
    statements = [one for document in documents for one in document.statements]
    actions = (*WITHOUT_RESOURCE, *texts(question, "without-resource"))
    for statement in statements:
        for pattern in statement.actions if statement.allows and not statement.all_actions_but else ():
            for action in actions:
                if pattern.text.lower() == action.lower() and not _granted(action, PROBE, statements):
                    scope = _why([statement])
                    yield Observation(
                        Outcome.FAIL,
                        action,
                        pattern.at,
                        {"lacking": f"{scope}; it takes no resource and is granted on * alone"},
                        expected="granted on *",
                        actual=scope,
                    )
