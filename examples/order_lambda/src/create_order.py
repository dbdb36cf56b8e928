"""Takes an order and stores it."""

import json
import os
import uuid

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    order = json.loads(event["body"])
    item = {"PK": f"CUSTOMER#{order['customer']}", "SK": f"ORDER#{uuid.uuid4()}", "lines": order["lines"]}
    TABLE.put_item(Item=item)
    return {"statusCode": 201, "body": json.dumps({"order": item["SK"]})}
