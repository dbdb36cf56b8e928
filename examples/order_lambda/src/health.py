"""Answers load balancers and monitors."""


def handler(event, context):
    return {"statusCode": 200, "body": "ok"}
