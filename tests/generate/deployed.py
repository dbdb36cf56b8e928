"""A fake AWS on the loopback interface, with the tables that the evaluated Terraform of a project asks for."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from bbws_readiness.cli.inventory import described
from bbws_readiness.pipeline import evaluate_project

Planned = dict[str, Any]
"""The values of a table as the plan of Terraform would show them."""


@dataclass(frozen=True)
class Place:
    """Where an environment is deployed."""

    account: str
    region: str


@contextmanager
def fake_aws() -> Iterator[str]:
    """The address of a fresh server."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def signed_in(address: str, place: Place) -> dict[str, str]:
    """The process environment of somebody who works in the account and region, and nothing of the machine's own."""
    strangers = {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": place.region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    client = boto3.Session("test", "test", region_name=place.region).client("sts", endpoint_url=address)
    role = f"arn:aws:iam::{place.account}:role/tests"
    given = client.assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
    return {
        **strangers,
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


def sign_in(monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> None:
    """Makes `variables` all that this process knows of AWS."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@cache
def _planned(project: Path, environment: str) -> tuple[Planned, ...]:
    _, evaluated = evaluate_project(project, environment)
    tables = [found for found in evaluated.evaluation.resources if found.type == "aws_dynamodb_table"]
    return tuple(described(found)["values"] for found in tables if found.provider == "aws")


def planned_tables(project: Path, environment: str) -> dict[str, Planned]:
    """The tables of the main provider by their names, free to be changed."""
    return {values["name"]: values for values in deepcopy(_planned(project, environment))}


class Deployment:
    """What lies in one account and region."""

    def __init__(self, address: str, place: Place) -> None:
        self.environment = signed_in(address, place)
        """The process environment of somebody who works there."""
        self.session = boto3.Session(
            self.environment["AWS_ACCESS_KEY_ID"],
            self.environment["AWS_SECRET_ACCESS_KEY"],
            self.environment["AWS_SESSION_TOKEN"],
            region_name=place.region,
        )
        self._tables = self.session.client("dynamodb", endpoint_url=address)
        self._keys = self.session.client("kms", endpoint_url=address)

    def create(self, values: Planned) -> None:
        """Makes a table as Terraform would."""
        name = values["name"]
        self._tables.create_table(**_creation(values, self._keys))
        for recovery in values.get("point_in_time_recovery", []):
            window = recovery.get("recovery_period_in_days")
            wanted = {"PointInTimeRecoveryEnabled": recovery["enabled"]}
            wanted |= {"RecoveryPeriodInDays": window} if window else {}
            self._tables.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=wanted)
        for expiry in values.get("ttl", []):
            wanted = {"Enabled": expiry["enabled"], "AttributeName": expiry["attribute_name"]}
            self._tables.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)

    def delete(self, name: str) -> None:
        """Removes a table, if it is there and however it is protected."""
        if name in self._tables.list_tables()["TableNames"]:
            self._tables.update_table(TableName=name, DeletionProtectionEnabled=False)
            self._tables.delete_table(TableName=name)


def _creation(values: Planned, kms: Any) -> dict[str, Any]:
    """The arguments of CreateTable, which takes the types of keys only; tags that AWS alone knows get some value."""
    used = {
        key["AttributeName"]
        for one in (values, *_indexes(values, "global"), *_indexes(values, "local"))
        for key in _keys(one)
    }
    types = [one for one in values["attribute"] if one["name"] in used]
    creation = {
        "TableName": values["name"],
        "AttributeDefinitions": [{"AttributeName": one["name"], "AttributeType": one["type"]} for one in types],
        "KeySchema": _keys(values),
        "BillingMode": values["billing_mode"],
        "DeletionProtectionEnabled": values.get("deletion_protection_enabled", False),
        "Tags": [
            {"Key": k, "Value": v} for k, v in values.get("tags_all", {"Environment": "sit", "KeyId": "x"}).items()
        ],
        "GlobalSecondaryIndexes": [{**_index(one, _keys(one)), **_units(one)} for one in _indexes(values, "global")],
        "LocalSecondaryIndexes": [
            _index(one, _keys({**one, "hash_key": values["hash_key"]})) for one in _indexes(values, "local")
        ],
        **_units(values),
        **_encryption(values, kms),
    }
    if values.get("stream_enabled"):
        creation["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": values["stream_view_type"]}
    return {name: value for name, value in creation.items() if value or isinstance(value, bool)}


def _keys(values: Planned) -> list[dict[str, str]]:
    roles = [("hash_key", "HASH"), ("range_key", "RANGE")]
    return [{"AttributeName": values[key], "KeyType": role} for key, role in roles if values.get(key)]


def _indexes(values: Planned, kind: str) -> list[Planned]:
    indexes: list[Planned] = values.get(f"{kind}_secondary_index", [])
    return indexes


def _index(values: Planned, keys: list[dict[str, str]]) -> dict[str, Any]:
    projection = {"ProjectionType": values["projection_type"]}
    others = {"NonKeyAttributes": values["non_key_attributes"]} if values["non_key_attributes"] else {}
    return {"IndexName": values["name"], "KeySchema": keys, "Projection": {**projection, **others}}


def _units(values: Planned) -> dict[str, Any]:
    if "read_capacity" not in values:
        return {}
    units = {"ReadCapacityUnits": values["read_capacity"], "WriteCapacityUnits": values["write_capacity"]}
    return {"ProvisionedThroughput": units}


def _encryption(values: Planned, kms: Any) -> dict[str, Any]:
    """A key of the customer where the plan leaves the key to another resource; `own_key` says so for a test."""
    for one in values.get("server_side_encryption", []):
        if not one["enabled"]:
            break
        own = {"KMSMasterKeyId": kms.create_key()["KeyMetadata"]["Arn"]} if values.get("own_key") else {}
        return {"SSESpecification": {"Enabled": True, **({"SSEType": "KMS"} if own else {}), **own}}
    return {}
