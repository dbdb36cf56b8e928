"""Cancels an order that has not been dispatched."""

import os

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, context):
    path = event["pathParameters"]
    TABLE.update_item(
        Key={"PK": f"CUSTOMER#{path['customer']}", "SK": f"ORDER#{path['order']}"},
        UpdateExpression="SET #status = :cancelled",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":cancelled": "CANCELLED"},
    )
    return {"statusCode": 204}
