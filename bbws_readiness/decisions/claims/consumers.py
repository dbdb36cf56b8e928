"""Looks for what reads the changes of a table, as far as the Terraform configuration declares it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bbws_readiness.decisions.claims.said import digest_of_text
from bbws_readiness.decisions.claims.verdicts import Answer
from bbws_readiness.fact import Unknown
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Resource
from bbws_readiness.model.tables import Table
from bbws_readiness.source import Location

_READERS = {
    "aws_lambda_event_source_mapping": "event_source_arn",
    "aws_pipes_pipe": "source",
    "aws_dynamodb_kinesis_streaming_destination": "table_name",
}
"""Resource types that read the changes of a table, with the argument that says of which."""


class Consumers(Struct, frozen=True):
    """The answer to `nothing consumes changes of TABLE`, and a digest of what was found."""

    answer: Answer
    digest: str


def consumers_of(name: str, model: Model) -> Consumers:
    """What of the configuration reads the changes of the table with that logical name."""
    table = next((table for table in model.terraform_tables or () if table.name == name), None)
    if model.configuration is None or table is None:
        return _result(None, f"terraform declares no table {name}", ())
    if not model.configuration.complete:
        return _result(None, "the configuration could not be read whole", (table.at,))
    doubtful = None
    for reader, argument in _readers(model):
        reads = _reads(reader, argument, table)
        if reads:
            return _result(False, f"{reader.address} reads the changes of {name}", (reader.at,))
        doubtful = doubtful or (reader if reads is None else None)
    if doubtful:
        return _result(None, f"what {doubtful.address} reads cannot be told", (doubtful.at,))
    return _result(True, f"nothing in the configuration reads the changes of {name}", (table.at,))


def _readers(model: Model) -> Iterator[tuple[Resource, str]]:
    for resource in model.configuration.resources if model.configuration else ():
        if argument := _READERS.get(resource.type):
            yield resource, argument


def _reads(reader: Resource, argument: str, table: Table) -> bool | None:
    """None when the argument cannot be told."""
    if reference := reader.references.get(argument):
        return reference == table.address
    fact = reader.attributes.get(argument)
    if fact is None or isinstance(fact.value, Unknown):
        return None
    text = str(fact.value)
    full_name = table.full_name.or_none()
    return None if full_name is None else text == full_name or f"table/{full_name}/" in text


def _result(holds: bool | None, said: str, at: tuple[Location, ...]) -> Consumers:
    return Consumers(Answer(holds, said, at), digest_of_text(said))
