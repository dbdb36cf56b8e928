"""Shows what a deployment would create: every table in full detail, other resources by type, totals."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from bbws_readiness.model.resources import Resource
from bbws_readiness.model.tables import Table
from bbws_readiness.render.encode.markdown import Markdown, code, joined, say
from bbws_readiness.render.encode.markdown import table as markdown_table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import nouns
from bbws_readiness.render.views.declared import at_least
from bbws_readiness.render.views.report import facts
from bbws_readiness.render.wording import counted

TABLE_TYPE = "aws_dynamodb_table"
NO_TERRAFORM = Markdown("No Terraform configuration found: nothing can be said about what would be created.")


class TableDetail(Struct, frozen=True):
    """One table as it would be created."""

    title: Markdown
    properties: Markdown
    indexes: Markdown


class ResourcesView(Struct, frozen=True):
    """All resources of the evaluated configuration."""

    tables: tuple[TableDetail, ...]
    others: Markdown
    totals: Markdown


def resources_view(frame: Frame) -> ResourcesView:
    """Everything Terraform would create for the environment; one sentence when there is no configuration."""
    model = frame.assessment.model
    if model.configuration is None:
        return ResourcesView((), NO_TERRAFORM, NO_TERRAFORM)
    tables = model.terraform_tables or ()
    others = [resource for resource in model.configuration.resources if resource.type != TABLE_TYPE]
    return ResourcesView(
        tables=tuple(_detail(frame, table) for table in tables),
        others=_others(frame, others),
        totals=_totals(frame, tables, len(model.configuration.resources)),
    )


def _detail(frame: Frame, table: Table) -> TableDetail:
    streams = table.streams
    rows = (
        ("Full name", facts.value(table.full_name), facts.places(frame, table.full_name, at=table.at)),
        ("Address", code(table.address) if table.address else facts.SILENT, frame.place(table.at)),
        ("Billing mode", facts.value(table.billing_mode), facts.places(frame, table.billing_mode, at=table.at)),
        ("Primary key", facts.primary_key(table), _key_places(frame, table)),
        ("Attributes", _attributes(table), _attribute_places(frame, table)),
        (
            "Point-in-time recovery",
            facts.recovery(table),
            facts.places(frame, table.recovery, table.recovery_days, at=table.at),
        ),
        (
            "Streams",
            facts.streams(streams),
            facts.places(frame, *((streams.enabled, streams.view_type) if streams else ()), at=table.at),
        ),
        ("Encryption", facts.encryption(table.encryption), facts.places(frame, table.encryption, at=table.at)),
        (
            "Deletion protection",
            facts.switch(table.deletion_protection),
            facts.places(frame, table.deletion_protection, at=table.at),
        ),
        ("Replicas", _replicas(table), frame.places([one.at for one in table.replicas or ()] or [table.at])),
        (
            say("Tags ({})", Markdown(counted(len(table.tags or {}), "effective key"))),
            facts.tags(table),
            frame.places([fact.at for fact in (table.tags or {}).values()] or [table.at]),
        ),
    )
    return TableDetail(code(table.name), markdown_table(("Property", "Value", "Source"), rows), _indexes(frame, table))


def _key_places(frame: Frame, table: Table) -> Markdown:
    keys = [one for one in (table.partition_key, table.sort_key) if one]
    return frame.places([one.name.at for one in keys] or [table.at])


def _attributes(table: Table) -> Markdown:
    if table.attributes is None:
        return facts.SILENT
    shown = [say("{} ({})", facts.value(one.name), facts.value(one.type)) for one in table.attributes]
    return joined(shown) or Markdown("none")


def _attribute_places(frame: Frame, table: Table) -> Markdown:
    return frame.places([one.name.at for one in table.attributes or ()] or [table.at])


def _replicas(table: Table) -> Markdown:
    return joined(map(facts.value, table.replicas or ())) or Markdown("none")


def _indexes(frame: Frame, table: Table) -> Markdown:
    rows = [
        (
            facts.value(index.name),
            facts.key(index.partition_key),
            facts.key(index.sort_key),
            facts.value(index.projection),
            frame.place(index.at),
        )
        for index in table.indexes or ()
    ]
    return markdown_table(("Index", "Hash key", "Range key", "Projection", "Source"), rows)


def _others(frame: Frame, others: list[Resource]) -> Markdown:
    rows = []
    for resource in sorted(others, key=lambda one: (one.type, one.address)):
        number = Markdown("1" if resource.key_known else "any number: its count is not known from the files")
        place = frame.place(resource.at)
        rows.append((code(resource.type), code(resource.address), facts.value(resource.name), number, place))
    return markdown_table(("Type", "Address", "Name", "Instances", "Source"), rows)


def _totals(frame: Frame, tables: tuple[Table, ...], instances: int) -> Markdown:
    indexes = sum(len(table.indexes or ()) for table in tables)
    recovery = sum(1 for table in tables if table.recovery and table.recovery.or_none())
    streams = sum(1 for table in tables if table.streams and table.streams.enabled.or_none())
    windows = {table.recovery_days.or_none() for table in tables if table.recovery_days}
    window = "" if windows else f"; window: {facts.WINDOW}"
    created = ("Resources to create (instances)", nouns.unread(frame) or instances, "")
    if not frame.assessment.model.has_tables:
        return markdown_table(("What", "Number", "Remark"), [created, *_by_type(frame)], right=frozenset({1}))
    rows = (
        created,
        ("Tables", at_least(frame, len(tables)), _expected(frame, "tables")),
        ("Indexes (a feature of the tables)", at_least(frame, indexes), _expected(frame, "indexes")),
        (
            "Recovery settings (a feature of the tables)",
            at_least(frame, recovery),
            f"of {counted(len(tables), 'table')}{window}",
        ),
        ("Streams (a feature of the tables)", at_least(frame, streams), f"of {counted(len(tables), 'table')}"),
    )
    return markdown_table(("What", "Number", "Remark"), rows, right=frozenset({1}))


def _by_type(frame: Frame) -> list[tuple[object, ...]]:
    configuration = frame.assessment.model.configuration
    types = Counter(resource.type for resource in (configuration.resources if configuration else ()))
    return [(code(type_), number, "") for type_, number in sorted(types.items())]


def _expected(frame: Frame, noun: str) -> Markdown:
    """`expected 5 per plan (place)`, only where an authority other than Terraform is declared and says it."""
    model = frame.assessment.model
    for kind in frame.assessment.config.authority_of(noun):
        said = model.tables_of(kind)
        if kind == "terraform":
            return Markdown("")
        if said is None:
            continue
        number = len(said) if noun == "tables" else sum(len(table.indexes or ()) for table in said)
        at = [table.at for table in said]
        return say("expected {} per {} ({})", number, str(kind), frame.places(at))
    return Markdown("")
