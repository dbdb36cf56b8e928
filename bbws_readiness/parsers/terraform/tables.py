"""Describes the DynamoDB tables of an evaluated configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bbws_readiness.disclosure import names_secret
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.tables import Attribute, Index, Key, Streams, Table
from bbws_readiness.parsers.terraform.facts import members, stated, text, truth, whole_number
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location
from bbws_readiness.terraform import Block, Body, Evaluation, ProviderConfiguration, ResourceInstance
from bbws_readiness.terraform.accessors import computed

TABLE = "aws_dynamodb_table"
REPLICA = "aws_dynamodb_table_replica"

AWS_OWNED = "aws-owned"
AWS_MANAGED = "aws-managed"
CUSTOMER_MANAGED = "customer-managed"

_CREATED_KEY = regex(r"(?!(?:\S*\.)?data\.)(?:\S*\.)?aws_kms_\w++\.")

_ManyTags = tuple[dict[str, Fact[str]], str]


def describe_tables(evaluation: Evaluation, environment: str) -> tuple[Table, ...]:
    """Every table the configuration asks for, ordered by address.

    What a block does not say and the provider then assumes (provisioned capacity, recovery off, an AWS-owned key) is
    a fact located at the line of the block header.
    """
    replicas = [found for found in evaluation.resources if found.type == REPLICA and found.mode == "managed"]
    return tuple(
        describe_table(found, evaluation.providers, replicas, environment)
        for found in evaluation.resources
        if found.type == TABLE and found.mode == "managed"
    )


def logical_name(full_name: str, environment: str) -> str:
    """The name without one trailing `-<environment>`."""
    return full_name.removesuffix(f"-{environment}") or full_name


def effective_tags(found: ResourceInstance, providers: Sequence[ProviderConfiguration]) -> _ManyTags:
    """The provider's default tags under the resource's own, each key once, and why there may be more (or nothing)."""
    tags: dict[str, Fact[str]] = {}
    reasons = []
    for body in _tag_bodies(found, providers):
        attribute = stated(body, "tags")
        if attribute is None:
            continue
        if not attribute.value.known:
            reasons.append(attribute.value.reason)
        tags.update((key, _withheld(fact) if names_secret(key) else fact) for key, fact in members(attribute))
    return tags, reasons[0] if reasons else ""


def _withheld(fact: Fact[str]) -> Fact[str]:
    return Fact(Unknown("withheld: the key says that the value is a secret"), fact.at, fact.via)


def _tag_bodies(found: ResourceInstance, providers: Sequence[ProviderConfiguration]) -> Iterable[Body]:
    name, _, alias = found.provider.partition(".")
    for provider in providers:
        if provider.name == name and (provider.alias or "") == alias:
            yield from (block.body for block in provider.body.blocks_of("default_tags"))
    yield found.body


def describe_table(
    found: ResourceInstance,
    providers: Sequence[ProviderConfiguration],
    replicas: Sequence[ResourceInstance],
    environment: str,
) -> Table:
    """One table; `providers` give its default tags, `replicas` are the resources that replicate tables."""
    body, at = found.body, found.at
    full_name = text(body, "name") or Fact(Unknown("the table has no name"), at)
    known_name = full_name.or_none()
    attributes = tuple(_attribute(block) for block in body.blocks_of("attribute"))
    types = {attribute.name.or_none(): attribute.type for attribute in attributes}
    recovery, recovery_days = _recovery(body, at)
    tags, tags_unknown = effective_tags(found, providers)
    return Table(
        name=logical_name(known_name, environment) if known_name and found.key_known else found.address,
        full_name=full_name,
        at=at,
        names_environment=True,
        address=found.address,
        partition_key=_key(body, "hash_key", types),
        sort_key=_key(body, "range_key", types),
        speaks_of_keys=True,
        attributes=attributes,
        indexes=tuple(_index(block, types) for block in body.blocks_of("global_secondary_index")),
        local_indexes=tuple(_index(block, types) for block in body.blocks_of("local_secondary_index")),
        billing_mode=text(body, "billing_mode") or Fact("PROVISIONED", at),
        recovery=recovery,
        recovery_days=recovery_days,
        streams=Streams(truth(body, "stream_enabled") or Fact(False, at), text(body, "stream_view_type")),
        encryption=_encryption(body, at),
        deletion_protection=_protection(found),
        replicas=_replicas(found, replicas, providers),
        tags=tags,
        tags_unknown=tags_unknown,
    )


def _attribute(block: Block) -> Attribute:
    name = text(block.body, "name") or _unnamed(block)
    return Attribute(name, text(block.body, "type"))


def _index(block: Block, types: Mapping[str | None, Fact[str] | None]) -> Index:
    return Index(
        name=_from_unknown_block(block) if block.unknown else text(block.body, "name") or _unnamed(block),
        at=block.at,
        partition_key=_key(block.body, "hash_key", types) or _schema_key(block, "HASH", types),
        sort_key=_key(block.body, "range_key", types) or _schema_key(block, "RANGE", types),
        projection=text(block.body, "projection_type"),
        speaks_of_keys=True,
        included=_included(block),
    )


def _included(block: Block) -> Fact[frozenset[str]] | None:
    """The attributes that the projection adds; unknown as soon as one of them is."""
    attribute = stated(block.body, "non_key_attributes")
    if attribute is None:
        return None
    if not attribute.value.known:
        return Fact(Unknown(attribute.value.reason), attribute.at, attribute.via)
    names = [fact for _, fact in members(attribute)]
    unknown = next((fact.value for fact in names if isinstance(fact.value, Unknown)), None)
    told = frozenset(name for fact in names if (name := fact.or_none()) is not None)
    return Fact(unknown or told, attribute.at, attribute.via)


def _key(body: Body, argument: str, types: Mapping[str | None, Fact[str] | None]) -> Key | None:
    name = text(body, argument)
    # An empty range key is how modules say that there is none.
    if name is None or name.value == "":
        return None
    return Key(name, types.get(name.or_none()) if name.known else None)


def _schema_key(block: Block, role: str, types: Mapping[str | None, Fact[str] | None]) -> Key | None:
    """The key of an index written with `key_schema` blocks (provider 6.29 and later); unknown when it has parts."""
    found: list[Block] = []
    for schema in block.blocks_of("key_schema"):
        kind = text(schema.body, "key_type")
        if schema.unknown or (kind and not kind.known):
            return Key(_from_unknown_block(schema))
        if kind and kind.or_none() == role:
            found.append(schema)
    if len(found) > 1:
        words = "partition" if role == "HASH" else "sort"
        return Key(Fact(Unknown(f"its {words} key has {len(found)} attributes, which are not compared"), found[1].at))
    return _key(found[0].body, "attribute_name", types) if found else None


def _recovery(body: Body, at: Location) -> tuple[Fact[bool], Fact[int] | None]:
    """Whether recovery is on, and the window when the code sets one."""
    for block in body.blocks_of("point_in_time_recovery"):
        if block.unknown:
            return _from_unknown_block(block), None
        enabled = truth(block.body, "enabled") or Fact(False, block.at)
        return enabled, whole_number(block.body, "recovery_period_in_days")
    return Fact(False, at), None


def _encryption(body: Body, at: Location) -> Fact[str]:
    """Whose key encrypts the table: without the block, or with it switched off, one that AWS owns."""
    for block in body.blocks_of("server_side_encryption"):
        if block.unknown:
            return _from_unknown_block(block)
        enabled = truth(block.body, "enabled") or Fact(False, block.at)
        key = stated(block.body, "kms_key_arn")
        if not enabled.or_none() or key is None:
            return enabled.map(lambda on: AWS_MANAGED if on else AWS_OWNED)
        if key.value.sensitive:
            return Fact(CUSTOMER_MANAGED, key.at, key.via)
        if key.value.known:
            managed = str(key.value.raw).endswith("alias/aws/dynamodb")
            return Fact(AWS_MANAGED if managed else CUSTOMER_MANAGED, key.at, key.via)
        # A key that this configuration creates is the customer's, whatever its ARN will be.
        created = _CREATED_KEY.match(key.value.reason)
        return Fact(CUSTOMER_MANAGED if created else Unknown(key.value.reason), key.at, key.via)
    return Fact(AWS_OWNED, at)


def _protection(found: ResourceInstance) -> Fact[bool]:
    stated_protection = truth(found.body, "deletion_protection_enabled")
    if found.prevent_destroy and not (stated_protection and stated_protection.or_none()):
        return Fact(True, found.at)
    return stated_protection or Fact(False, found.at)


def _replicas(
    found: ResourceInstance, separate: Sequence[ResourceInstance], providers: Sequence[ProviderConfiguration]
) -> tuple[Fact[str], ...]:
    """The regions the table is replicated to, by its own blocks and by resources that refer to its ARN."""
    regions = [
        _from_unknown_block(block) if block.unknown else text(block.body, "region_name") or _unnamed(block)
        for block in found.body.blocks_of("replica")
    ]
    wanted = computed(found.address, "arn")
    for replica in separate:
        source = stated(replica.body, "global_table_arn")
        if source and not source.value.known and source.value.reason == wanted:
            regions.append(text(replica.body, "region") or provider_region(replica.provider, providers, replica.at))
    return tuple(regions)


def provider_region(provider: str, providers: Sequence[ProviderConfiguration], at: Location) -> Fact[str]:
    """The region of a provider, given by its local name with alias; unknown at `at` when no block sets one."""
    name, _, alias = provider.partition(".")
    for block in providers:
        if block.name == name and (block.alias or "") == alias and (region := text(block.body, "region")):
            return region
    return Fact(Unknown(f"the provider {provider} sets no region"), at)


def _from_unknown_block(block: Block) -> Fact[Any]:
    return Fact(Unknown(f"the block {block.type} comes from a dynamic block over unknowns"), block.at)


def _unnamed(block: Block) -> Fact[str]:
    return Fact(Unknown(f"the block {block.type} has no name"), block.at)
