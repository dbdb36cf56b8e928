"""Whether buckets are closed to the public and protected as plan or configuration ask."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bbws_readiness.checks.parameters import words_of
from bbws_readiness.checks.resources.deployed import belonging, buckets_in_question, flat, of_type, shown_name
from bbws_readiness.checks.unknown import nothing_said, undetermined
from bbws_readiness.checks.wording import joined, listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Side
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Resource
from bbws_readiness.patterns import regex
from bbws_readiness.source import SourceKind

BLOCKS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")

FEATURES: Mapping[str, str] = {
    "versioning": "versioning",
    "encryption": "an encryption configuration",
    "kms": "encryption with a KMS key",
    "tls": "a policy that refuses access without TLS",
    "lifecycle": "a lifecycle configuration",
    "logging": "access logging",
    "replication": "replication",
}
"""What can be asked of a bucket, in words; the keys are those of the parameter `asked`."""

_ASKED_BY_PLAN: Mapping[str, str] = {
    "versioning": "versioning",
    "encryption-kms": "kms",
    "tls": "tls",
    "replication": "replication",
}
"""Requirement flags of a plan to features."""


def public_buckets(question: Question) -> CheckResult:
    """RES002: each bucket has all four public-access blocks, its own or those that Terraform gives the account."""
    buckets = buckets_in_question(question)
    if isinstance(buckets, CheckResult):
        return buckets
    observations = []
    for bucket in buckets:
        try:
            observations.append(_closed(question.model, bucket))
        except Undetermined as unknown:
            observations.append(undetermined(shown_name(bucket), unknown))
    open_ones = [seen.subject for seen in observations if seen.outcome is Outcome.FAIL]
    return CheckResult(tuple(observations), summary={"open": listed(open_ones)})


def weak_buckets(question: Question) -> CheckResult:
    """RES003: each bucket has what plan or configuration ask of buckets.

    Versioning is asked wherever a bucket is replicated, and production keeps buckets that hold objects. Parameters:
    `asked`, a list of keys of `FEATURES`, each for every environment or as `logging in prod`.
    """
    buckets = buckets_in_question(question)
    if isinstance(buckets, CheckResult):
        return buckets
    general = tuple(_asked(question))
    observations = []
    for bucket in buckets:
        demands = [*general, *_always_asked(question, bucket)]
        if not demands:
            continue
        try:
            observations.append(_protected(question.model, bucket, demands))
        except Undetermined as unknown:
            observations.append(undetermined(shown_name(bucket), unknown))
    if not observations:
        return nothing_said(question, [SourceKind.PLAN], "nobody asks anything of buckets")
    weak = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    lacking = "; ".join(f"{seen.subject}: {seen.values['lacking']}" for seen in weak)
    return CheckResult(
        tuple(observations), summary={"weak": listed(s.subject for s in weak), "lacking": lacking or "none"}
    )


class _Demand(Struct, frozen=True):
    """A feature that somebody asks of a bucket; `kept` stands for a bucket that a destroy does not empty."""

    feature: str
    side: Side
    because: str = ""
    """Who asks, where that is no source."""

    @property
    def asker(self) -> str:
        return f"{self.because or self.side.source} ({self.side.at[0]})"


def _closed(model: Model, bucket: Resource) -> Observation:
    own, doubt = belonging(bucket, of_type(model, "aws_s3_bucket_public_access_block"), "bucket")
    shared = of_type(model, "aws_s3_account_public_access_block")
    set_, unknown = _set_blocks((*own, *shared))
    missing = [flag for flag in BLOCKS if flag not in set_ and flag not in unknown]
    at = own[0].at if own else bucket.at
    values = {"set": f"{len(set_)} of {len(BLOCKS)}", "missing": joined(missing) or "none"}
    if len(set_) == len(BLOCKS):
        return Observation(Outcome.PASS, shown_name(bucket), at, values)
    if doubt or not missing:
        raise doubt or next(iter(unknown.values()))
    return Observation(
        Outcome.FAIL,
        shown_name(bucket),
        at,
        values,
        expected=f"{len(BLOCKS)} of {len(BLOCKS)} public-access blocks",
        actual=f"{len(set_)} of {len(BLOCKS)}; not set: {joined(missing)}",
    )


def _set_blocks(resources: Sequence[Resource]) -> tuple[set[str], Mapping[str, Undetermined]]:
    """The flags that one of the resources sets, and those that one may set."""
    set_: set[str] = set()
    unknown: dict[str, Undetermined] = {}
    for resource in resources:
        for flag in BLOCKS:
            try:
                set_ |= {flag} if _is_true(resource, flag) else set()
            except Undetermined as doubt:
                unknown[flag] = doubt
    return set_, unknown


def _is_true(resource: Resource, argument: str) -> bool:
    return resource.text(argument) == "true"


def _asked(question: Question) -> Iterator[_Demand]:
    """What configuration and plan ask of every bucket; raises `Undetermined` for a feature that does not exist."""
    for feature in words_of(question, "asked", known=FEATURES):
        at = question.parameter_at("asked")
        yield _Demand(feature, Side(SourceKind.CONFIGURATION, says=feature, text=FEATURES[feature], at=(at,)))
    plan = question.model.plan
    speaks = plan is not None and any(
        one.kind in ("bucket", "component") and not one.consumed for one in plan.resources
    )
    for requirement in question.model.requirements if speaks else ():
        feature = _ASKED_BY_PLAN.get(requirement.flag, "")
        if feature and requirement.demanded:
            side = Side(SourceKind.PLAN, says=feature, text=FEATURES[feature], at=(requirement.at,))
            yield _Demand(feature, side)


def _always_asked(question: Question, bucket: Resource) -> Iterator[_Demand]:
    """What the service or production itself asks: it is in force whoever is declared right."""
    replicated, _ = belonging(bucket, of_type(question.model, "aws_s3_bucket_replication_configuration"), "bucket")
    for replication in replicated:
        text = "replication works on versioned buckets only"
        side = Side(SourceKind.CONFIGURATION, "versioning", text, (replication.at,))
        yield _Demand("versioning", side, because="its replication")
    if question.config.is_production(question.environment):
        fact = bucket.attributes.get("force_destroy")
        text = "production keeps buckets that hold objects"
        side = Side(SourceKind.CONFIGURATION, "kept", text, (fact.at if fact else bucket.at,))
        yield _Demand("kept", side, because="production")


def _protected(model: Model, bucket: Resource, demands: Sequence[_Demand]) -> Observation:
    lacking: dict[str, list[_Demand]] = {}
    doubts: list[Undetermined] = []
    for demand in demands:
        try:
            if not _has(model, bucket, demand.feature):
                lacking.setdefault(demand.feature, []).append(demand)
        except Undetermined as unknown:
            doubts.append(unknown.alone())
    if not lacking and doubts:
        raise doubts[0]
    named = [_in_words(feature) for feature in lacking]
    asking = [one for ones in lacking.values() for one in ones] or list(demands)
    values = {
        "lacking": joined(named) or "nothing",
        "features": joined(list(dict.fromkeys(FEATURES.get(one.feature, "kept on destroy") for one in demands))),
        "asked": ", ".join(dict.fromkeys(one.asker for one in asking)),
    }
    if not lacking:
        return Observation(Outcome.PASS, shown_name(bucket), bucket.at, values)
    return Observation(
        Outcome.FAIL,
        shown_name(bucket),
        bucket.at,
        values,
        expected=f"{joined(named)} ({', '.join(dict.fromkeys(one.because or str(one.side.source) for one in asking))})",
        actual="not declared (terraform)",
        sides=tuple(one.side for one in asking),
    )


def _in_words(feature: str) -> str:
    return FEATURES.get(feature, "force_destroy switched off")


def _has(model: Model, bucket: Resource, feature: str) -> bool:
    """Whether the bucket has a feature; raises `Undetermined` when it cannot be told."""
    if feature == "kept":
        return not _is_true(bucket, "force_destroy")
    if feature == "tls":
        return _refuses_plain_text(model, bucket)
    type_, path, wanted = _DECLARED[feature]
    found, doubt = belonging(bucket, of_type(model, type_), "bucket")
    if any(_gives(resource, path, wanted) for resource in found) or _gives_itself(bucket, feature):
        return True
    if doubt:
        raise doubt
    return False


def _gives(resource: Resource, path: str, wanted: Sequence[str]) -> bool:
    """Whether an argument has one of the wanted values; without a path the resource itself is enough."""
    return not path or any(resource.text(one) in wanted for one in resource.attributes if _fits(one, path))


def _gives_itself(bucket: Resource, feature: str) -> bool:
    """Whether a block within the bucket gives the feature, as it was written before the provider's version 4."""
    if feature == "encryption":
        return bucket.has("server_side_encryption_configuration")
    if feature == "logging":
        return bucket.has("logging")
    return feature in _WITHIN and _gives(bucket, *_WITHIN[feature])


_KMS = ("aws:kms", "aws:kms:dsse")
_ENABLED, _TRUE = ("Enabled",), ("true",)

_WITHIN: Mapping[str, tuple[str, Sequence[str]]] = {
    "versioning": ("versioning.enabled", _TRUE),
    "kms": ("server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm", _KMS),
    "lifecycle": ("lifecycle_rule.enabled", _TRUE),
    "replication": ("replication_configuration.rules.status", _ENABLED),
}
"""The argument within a bucket that gives it a feature, and its values."""

_DECLARED: Mapping[str, tuple[str, str, Sequence[str]]] = {
    "versioning": ("aws_s3_bucket_versioning", "versioning_configuration.status", _ENABLED),
    "encryption": ("aws_s3_bucket_server_side_encryption_configuration", "", ()),
    "kms": (
        "aws_s3_bucket_server_side_encryption_configuration",
        "rule.apply_server_side_encryption_by_default.sse_algorithm",
        _KMS,
    ),
    "lifecycle": ("aws_s3_bucket_lifecycle_configuration", "rule.status", _ENABLED),
    "logging": ("aws_s3_bucket_logging", "", ()),
    "replication": ("aws_s3_bucket_replication_configuration", "rule.status", _ENABLED),
}
"""The resource that gives a bucket a feature, the argument that tells, and its values; it alone tells without one."""


def _fits(path: str, wanted: str) -> bool:
    """Whether a dotted path is `wanted` but for the numbers of its blocks."""
    return ".".join(part for part in path.split(".") if not part.isdigit()) == wanted


_PLAIN_TEXT = regex(r'(?i)"aws:SecureTransport": \[?"?false\b')
"""The condition of a policy that is about access without TLS."""


def _refuses_plain_text(model: Model, bucket: Resource) -> bool:
    """Whether a policy of the bucket denies what does not come over TLS."""
    policies, doubt = belonging(bucket, of_type(model, "aws_s3_bucket_policy"), "bucket")
    for policy in policies:
        documents = model.configuration.data_sources if model.configuration else ()
        source = next((one for one in documents if one.address == policy.references.get("policy")), None)
        if source and source.type == "aws_iam_policy_document":
            if _denies_in_blocks(source):
                return True
        elif _denies_in_text(policy.text("policy") or ""):
            return True
    if doubt:
        raise doubt
    return False


def _denies_in_blocks(document: Resource) -> bool:
    for path in document.attributes:
        block, _, argument = path.rpartition(".")
        if argument == "variable" and document.text(path) == "aws:SecureTransport":
            statement = ".".join(path.split(".")[:2])
            values = document.attributes.get(f"{block}.values")
            if document.text(f"{statement}.effect") == "Deny" and "false" in flat(values.get() if values else ()):
                return True
    return False


def _denies_in_text(policy: str) -> bool:
    try:
        statements = json.loads(policy).get("Statement", [])
    except (ValueError, AttributeError, RecursionError):
        return False
    listed_ = statements if isinstance(statements, list) else [statements]
    return any(
        isinstance(one, dict)
        and one.get("Effect") == "Deny"
        and _PLAIN_TEXT.search(json.dumps(one.get("Condition"))) is not None
        for one in listed_
    )
