"""Reads one order with the address of its label."""

import json
import os

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    path = event["pathParameters"]
    found = TABLE.get_item(Key={"PK": f"CUSTOMER#{path['customer']}", "SK": f"ORDER#{path['order']}"}).get("Item")
    if found is None:
        return {"statusCode": 404, "body": "{}"}
    label = f"s3://{os.environ['LABELS_BUCKET']}/{path['order']}.pdf"
    return {"statusCode": 200, "body": json.dumps({"order": found["SK"], "label": label})}
