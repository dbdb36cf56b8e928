#!/usr/bin/env python3
"""Checks the deployed tables of one environment: `validate_tables.py --environment sit`. Needs boto3 and a session."""

import argparse
import sys

import boto3

REGIONS = {"dev": "eu-west-1", "sit": "eu-west-1", "prod": "af-south-1"}

EXPECTED_TABLES = [
    {"name": "carriers", "indexes": ["CarriersByCountry"]},
    {"name": "parcels", "indexes": ["ParcelsByDepot", "FragileParcels"]},
    {"name": "routes", "indexes": ["RoutesByCarrier", "CarrierDays"]},
]


def check_table(client, expected, environment):
    try:
        table = client.describe_table(TableName=f"{expected['name']}-{environment}")["Table"]
    except client.exceptions.ResourceNotFoundException:
        return ["the table does not exist"]
    actual = {index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])}
    return [f"index {name} is missing" for name in expected["indexes"] if name not in actual]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--environment", required=True, choices=sorted(REGIONS))
    environment = parser.parse_args().environment
    client = boto3.client("dynamodb", region_name=REGIONS[environment])
    faults = 0
    for expected in EXPECTED_TABLES:
        for fault in check_table(client, expected, environment):
            print(f"FAIL {expected['name']}: {fault}")
            faults += 1
    print(f"{faults} faults in {environment}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
