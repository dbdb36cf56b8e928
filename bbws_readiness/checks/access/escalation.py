"""Whether a role may widen what it may do itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.checks.access.policies import (
    account_of,
    kept_elsewhere,
    label,
    permissions_of,
    role_of,
)
from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.unknown import no_policies, undetermined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.access import HOLE, Condition, Document, Fit, Pattern, Statement
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

HANDING_ON = "iam:PassRole"
ATTACH = "iam:AttachRolePolicy"
ON_ROLES = (ATTACH, "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", HANDING_ON)
"""What lets the holder of a role widen it, or hand it to a program of its own."""
ON_BOUNDARIES = ("iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary")
ON_POLICIES = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")
ON_USERS = ("iam:AttachUserPolicy", "iam:PutUserPolicy")
AS_USERS = ("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile")
"""What lets its holder sign in as a user."""

_BOUNDARY = "iam:permissionsboundary"
_BESIDE = regex(
    r"aws:(?:requestedregion|securetransport|currenttime|epochtime|useragent|sourceip|principalaccount|principalorgid"
    r"|resourceaccount|resourceorgid)"
)
"""Keys of conditions that a pipeline fulfils on every call."""


class _Grant(Struct, frozen=True):
    """Something that widens the role, or may."""

    action: str
    on: str
    includes: str
    at: Location
    doubt: str = ""


class _Holder(Struct, frozen=True):
    """The role that a policy belongs to, as far as the files tell."""

    document: Document
    role: str
    """Behind `role/`; empty when unknown."""
    boundaries: tuple[Pattern, ...]
    """The boundary of the role, and those that its policy asks of others."""
    administrating: tuple[str, ...]
    account: str = ""
    """Of the environment; empty when unknown."""

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account}:role/{self.role}"

    def reaches(self, pattern: Pattern) -> bool:
        """Whether a pattern of resources speaks of IAM in the role's own account."""
        parts = pattern.text.split(":", 5)
        if len(parts) < 6 or not self.account or HOLE in parts[4]:
            return pattern.service in ("", "iam")
        return pattern.service in ("", "iam") and replace(pattern, text=parts[4]).fits(self.account) is not Fit.NO


def self_escalation(question: Question) -> CheckResult:
    """IAM001: one answer per policy, over all its statements about roles and policies.

    Parameters: `role`, the name of the role that deploys (with `{environment}`), where no workflow names it;
    `administrating`, managed policies that make an administrator.
    """
    if nothing := no_policies(question):
        return nothing
    observations, lines, role = [], [], ""
    for document in permissions_of(question):
        holder = _holder(question, document)
        grants = list(_grants(holder))
        sure = [one for one in grants if not one.doubt]
        observations.append(_observation(label(question, document), holder, grants, sure))
        lines += [f"{one.at}: {one.action} on {one.on}" for one in sure[:3]]
        role = role or (holder.role if sure else "")
    if not observations:
        return question.not_applicable(f"no policy for {question.environment} says what its holder may do")
    told = {"role": role or "<role>", "account": account_of(question) or "<account>"}
    return CheckResult(tuple(observations), summary={"lines": "; ".join(lines) or "none", **told})


def _holder(question: Question, document: Document) -> _Holder:
    asked = [
        value
        for one in document.statements
        if one.allows
        for found in one.condition(_BOUNDARY)
        for value in found.values
    ]
    own = [Pattern(document.boundary, document.boundary, document.at)] if document.boundary else []
    role = role_of(question, document)
    return _Holder(document, role, (*own, *asked), tuple(texts(question, "administrating")), account_of(question))


def _observation(subject: str, holder: _Holder, grants: Sequence[_Grant], sure: Sequence[_Grant]) -> Observation:
    if sure:
        first = sure[0]
        alike = [one for one in sure if (one.on, one.at, one.includes) == (first.on, first.at, first.includes)]
        actions = ", ".join(dict.fromkeys(one.action for one in alike))
        grant = f"{actions} on {first.on} includes {first.includes}"
        return Observation(
            Outcome.FAIL,
            subject,
            first.at,
            {"grant": grant},
            expected="a boundary, or a pattern without the role itself",
            actual=grant,
        )
    if grants:
        first = grants[0]
        return undetermined(subject, Undetermined(f"{first.action} on {first.on}: {first.doubt}", first.at))
    if unclear := next((one for one in holder.document.statements if one.allows and one.doubt), None):
        return undetermined(subject, Undetermined(unclear.doubt, unclear.at))
    if (kept := kept_elsewhere(holder.document)) and not holder.document.boundary:
        return undetermined(
            subject, Undetermined(f"what {kept.name or 'an attached policy'} grants is not in the files", kept.at)
        )
    return Observation(Outcome.PASS, subject, holder.document.at, {"role": holder.role or "its role"})


def _grants(holder: _Holder) -> Iterator[_Grant]:
    for statement in holder.document.statements:
        if statement.allows:
            if not holder.document.boundary:
                yield from _on_roles(holder, statement, ON_ROLES)
                yield from _on_users(holder, statement)
            if holder.boundaries:
                yield from _on_roles(holder, statement, ON_BOUNDARIES)
            yield from _on_policies(holder, statement)


def _on_roles(holder: _Holder, statement: Statement, actions: Sequence[str]) -> Iterator[_Grant]:
    for action in actions:
        if not statement.speaks_of(action):
            continue
        limited = _limited(holder, statement, action)
        if limited is None:
            continue
        for on, doubt in _includes(holder, statement, action):
            denied = _denied(holder, action)
            if denied is not None:
                includes = holder.role or "every role"
                why = limited or doubt or denied or statement.doubt or _unspoken(statement, action)
                yield _Grant(action, on, includes, statement.at, why)


def _unspoken(statement: Statement, action: str) -> str:
    """Why the statement may not speak of the action; empty when it does."""
    return "" if statement.speaks_of(action) is Fit.YES else "which actions these are is not in the files"


def _on_users(holder: _Holder, statement: Statement) -> Iterator[_Grant]:
    """Giving any policy to a user and signing in as that user, which no boundary of the role reaches."""
    for action in ON_USERS:
        if not statement.speaks_of(action):
            continue
        limited = _limited(holder, statement, action)
        for pattern in statement.resources if limited is not None and not statement.all_resources_but else ():
            named = pattern.name.startswith(("user/", "*", HOLE)) and holder.reaches(pattern)
            if not named or _denied_on(holder, action, pattern.text):
                continue
            for key, doubt in _signing_in(holder, pattern):
                why = limited or doubt or statement.doubt or _unspoken(statement, action)
                shown = pattern.name.replace(HOLE, "…")
                yield _Grant(f"{action} with {key}", shown, "users that it may sign in as", statement.at, why)
                return


def _signing_in(holder: _Holder, pattern: Pattern) -> Iterator[tuple[str, str]]:
    """The actions that let the holder be a user of the pattern, each with why they may not."""
    for other in holder.document.statements:
        for key in AS_USERS if other.allows else ():
            if (
                other.speaks_of(key)
                and (fit := other.covers(pattern.text))
                and not _denied_on(holder, key, pattern.text)
            ):
                limits = [one for one in other.conditions if not _BESIDE.fullmatch(one.key)]
                doubt = f"what the condition on {limits[0].key} leaves of it is not looked into" if limits else ""
                filled = "" if fit is Fit.YES else "what is filled in there is not in the files"
                yield key, doubt or filled or other.doubt or _unspoken(other, key)


def _denied_on(holder: _Holder, action: str, arn: str) -> bool:
    """Whether the policy denies the action on all of an ARN, which may be a pattern."""
    return any(
        denial.speaks_of(action) is Fit.YES and denial.covers(arn) is Fit.YES
        for denial in holder.document.statements
        if not denial.allows and not denial.conditions
    )


def _includes(holder: _Holder, statement: Statement, action: str) -> Iterator[tuple[str, str]]:
    """The first pattern that takes the role itself, and why it may not be so."""
    if statement.all_resources_but:
        fit = statement.covers(holder.arn) if holder.role else Fit.MAYBE
        if fit:
            yield "everything but some", "" if fit is Fit.YES else "whether the role is one of these cannot be told"
        return
    for pattern in statement.resources:
        shown = pattern.name.replace(HOLE, "…")
        if not pattern.name.startswith(("role/", "*", HOLE)) or not holder.reaches(pattern):
            continue
        if pattern.name in ("*", "role/*"):
            yield shown, ""
            return
        if holder.role:
            if fit := pattern.fits_arn(holder.arn):
                yield shown, "" if fit is Fit.YES else "what is filled in there is not in the files"
                return
        elif pattern.open or action != HANDING_ON:
            yield shown, "the name of the role that this policy belongs to is unknown"
            return


def _limited(holder: _Holder, statement: Statement, action: str) -> str | None:
    """None when conditions keep the role from widening itself; else why they may, empty when they do not."""
    doubt = ""
    for one in statement.conditions:
        if _BESIDE.fullmatch(one.key):
            continue
        if one.key == _BOUNDARY:
            if _names(one) and action not in ON_BOUNDARIES[:1]:
                return None
        elif one.key == "iam:passedtoservice" and action == HANDING_ON:
            if _names(one):
                return None
        elif one.key == "iam:policyarn" and action in (ATTACH, ON_USERS[0]):
            if _names(one) and not _administrating(holder, one):
                return None
        else:
            doubt = f"what the condition on {one.key} leaves of it is not looked into"
    return doubt


def _names(condition: Condition) -> bool:
    """Whether a condition lets through only what it names."""
    return condition.positive and not condition.if_exists and not any(one.takes_all for one in condition.values)


def _administrating(holder: _Holder, condition: Condition) -> bool:
    arns = [f"arn:aws:iam::aws:policy/{name}" for name in holder.administrating]
    return any(value.fits(arn) for value in condition.values for arn in arns)


def _denied(holder: _Holder, action: str) -> str | None:
    """None when the policy denies the action on the role itself; else why it may, empty when it does not."""
    doubt = ""
    for denial in holder.document.statements:
        if denial.allows or not denial.speaks_of(action):
            continue
        covers = denial.covers(holder.arn) if holder.role else Fit.YES if denial.covers_all else Fit.MAYBE
        if covers is Fit.YES and denial.speaks_of(action) is Fit.YES and not denial.conditions:
            return None
        if covers:
            doubt = "a Deny of the same policy takes some of it back"
    return doubt


def _on_policies(holder: _Holder, statement: Statement) -> Iterator[_Grant]:
    """Rewriting the boundary itself; and, where no boundary holds the role, any policy that it has or may have."""
    for action in ON_POLICIES:
        if not statement.speaks_of(action):
            continue
        limits = [one for one in statement.conditions if not _BESIDE.fullmatch(one.key)]
        doubt = f"what the condition on {limits[0].key} leaves of it is not looked into" if limits else ""
        doubt = doubt or statement.doubt or _unspoken(statement, action)
        for arn, what in _own_policies(holder):
            fit = statement.covers(arn)
            if fit and not _denied_on(holder, action, arn):
                filled = "" if fit is Fit.YES else "what is filled in there is not in the files"
                yield _Grant(action, _shown(statement), what, statement.at, doubt or filled)
        for pattern in () if holder.boundaries else statement.resources:
            any_ = pattern.name in ("*", "policy/*") and holder.reaches(pattern)
            if any_ and not _denied_on(holder, action, pattern.text):
                reason = doubt or "whether the role has a policy that it may so rewrite is not in the files"
                yield _Grant(action, _shown(statement), "its own policies", statement.at, reason)


def _own_policies(holder: _Holder) -> Iterator[tuple[str, str]]:
    """The ARNs of the policies whose text decides what the role may do, each with what it is."""
    yield from ((boundary.text, "its own boundary") for boundary in holder.boundaries)
    for one in () if holder.document.boundary else holder.document.attached:
        if one.arn and not one.of_aws:
            yield one.arn, f"its own policy {one.name}"


def _shown(statement: Statement) -> str:
    if statement.all_resources_but or not statement.resources:
        return "everything but some"
    return statement.resources[0].name.replace(HOLE, "…")
