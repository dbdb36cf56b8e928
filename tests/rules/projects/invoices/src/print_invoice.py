"""Prints an invoice when it is asked to, without anybody waiting."""


def render(event):
    return event["invoice"]


def handler(event, context):
    return render(event)
