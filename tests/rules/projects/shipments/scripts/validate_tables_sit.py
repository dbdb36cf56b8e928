"""Checks the tables of the sit environment after a deployment; exit code 1 when a check fails."""

import sys

import boto3

REGION = "eu-west-1"
ENVIRONMENT = "sit"
ACCOUNT_ID = "111122223333"

EXPECTED_TABLES = [
    {
        "name": "carriers-sit",
        "partition_key": "PK",
        "sort_key": "SK",
        "indexes": ["ByCountry"],
    },
    {
        "name": "parcels-sit",
        "partition_key": "PK",
        "sort_key": "SK",
        "indexes": ["ByStatus", "ByDepot"],
    },
]

REQUIRED_TAGS = ["Environment", "Project", "Owner", "ManagedBy"]

KEY_SCHEMAS = {
    "ByCountry": ["country", "SK"],
    "ByStatus": ["status", "SK"],
    "ByDepot": ["depot"],
}


def check_table(table, expected):
    keys = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
    indexes = {index["IndexName"]: index["KeySchema"] for index in table.get("GlobalSecondaryIndexes", [])}
    return (
        table["TableStatus"] == "ACTIVE"
        and keys.get("HASH") == expected["partition_key"]
        and keys.get("RANGE") == expected["sort_key"]
        and set(indexes) == set(expected["indexes"])
        and all(check_index(name, schema) for name, schema in indexes.items())
    )


def check_index(name, schema):
    return [key["AttributeName"] for key in schema] == KEY_SCHEMAS[name]


def check_tags(client, table):
    found = client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    return set(REQUIRED_TAGS) <= {tag["Key"] for tag in found}


def main():
    session = boto3.Session(region_name=REGION)
    if session.client("sts").get_caller_identity()["Account"] != ACCOUNT_ID:
        return 1
    client = session.client("dynamodb")
    faults = 0
    for expected in EXPECTED_TABLES:
        table = client.describe_table(TableName=expected["name"])["Table"]
        if not check_table(table, expected) or not check_tags(client, table):
            faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
