#!/usr/bin/env python3
"""Checks the DynamoDB tables of the dev environment after a deployment.

Needs boto3 and credentials of the dev account. Exit code 0 when every check passes, 1 otherwise.
"""

import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

REGION = "eu-west-1"
ENVIRONMENT = "dev"
ACCOUNT_ID = "536580886816"

EXPECTED_TABLES = [
    {
        "name": "tenants",
        "partition_key": "PK",
        "sort_key": "SK",
        "indexes": ["EmailIndex", "TenantStatusIndex", "ActiveIndex"],
    },
    {
        "name": "products-dev",
        "partition_key": "PK",
        "sort_key": "SK",
        "indexes": ["ProductActiveIndex", "ActiveIndex"],
    },
    {
        "name": "campaigns",
        "partition_key": "PK",
        "sort_key": "SK",
        "indexes": ["CampaignActiveIndex", "CampaignProductIndex", "ActiveIndex"],
    },
]

REQUIRED_TAGS = [
    "Environment",
    "Project",
    "Owner",
    "CostCenter",
    "ManagedBy",
    "Component",
    "Application",
]


def check_account(session):
    account = session.client("sts").get_caller_identity()["Account"]
    if account != ACCOUNT_ID:
        return [f"signed in to account {account}, expected {ACCOUNT_ID}"]
    return []


def check_status(table):
    if table["TableStatus"] != "ACTIVE":
        return [f"status is {table['TableStatus']}, expected ACTIVE"]
    return []


def check_primary_key(table, expected):
    keys = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
    faults = []
    if keys.get("HASH") != expected["partition_key"]:
        faults.append(f"partition key is {keys.get('HASH')}, expected {expected['partition_key']}")
    if keys.get("RANGE") != expected["sort_key"]:
        faults.append(f"sort key is {keys.get('RANGE')}, expected {expected['sort_key']}")
    return faults


def check_indexes(table, expected):
    actual = {index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])}
    wanted = set(expected["indexes"])
    faults = [f"index {name} is missing" for name in sorted(wanted - actual)]
    faults += [f"index {name} is not expected" for name in sorted(actual - wanted)]
    return faults


def check_streams(table):
    if not table.get("StreamSpecification", {}).get("StreamEnabled", False):
        return ["stream is off, expected on"]
    return []


def check_billing_mode(table):
    mode = table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    if mode != "PAY_PER_REQUEST":
        return [f"billing mode is {mode}, expected PAY_PER_REQUEST"]
    return []


def check_recovery(client, name):
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    status = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    if status != "ENABLED":
        return [f"point-in-time recovery is {status}, expected ENABLED"]
    return []


def check_tags(client, table):
    pages = client.get_paginator("list_tags_of_resource").paginate(ResourceArn=table["TableArn"])
    actual = {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}
    faults = [f"tag {key} is missing" for key in REQUIRED_TAGS if key not in actual]
    if actual.get("Environment", ENVIRONMENT) != ENVIRONMENT:
        faults.append(f"tag Environment is {actual['Environment']}, expected {ENVIRONMENT}")
    return faults


def check_table(client, expected):
    name = expected["name"]
    try:
        table = client.describe_table(TableName=name)["Table"]
    except client.exceptions.ResourceNotFoundException:
        return ["the table does not exist"]
    return [
        *check_status(table),
        *check_primary_key(table, expected),
        *check_indexes(table, expected),
        *check_recovery(client, name),
        *check_streams(table),
        *check_billing_mode(table),
        *check_tags(client, table),
    ]


def main():
    session = boto3.Session(region_name=REGION)
    faults = 0
    try:
        wrong_account = check_account(session)
        if wrong_account:
            print(f"FAIL {wrong_account[0]}")
            return 1
        client = session.client("dynamodb")
        for expected in EXPECTED_TABLES:
            found = check_table(client, expected)
            print(f"{'FAIL' if found else 'PASS'} {expected['name']}")
            for fault in found:
                print(f"     {fault}")
            faults += len(found)
    except (BotoCoreError, ClientError) as error:
        print(f"FAIL {error}")
        return 1
    print(f"{faults} faults in {ENVIRONMENT}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
