"""What Terraform declares for this environment, as tables and counts: what the code says, not what is deployed."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.tables import Table
from bbws_readiness.render import wording
from bbws_readiness.render.encode.markdown import Markdown, code, codes, joined, plain, say, table
from bbws_readiness.render.frame import Frame
from bbws_readiness.render.views import nouns

TABLE_TYPE = "aws_dynamodb_table"


class Declared(Struct, frozen=True):
    """The blocks about Terraform's own tables."""

    tables: Markdown
    """One row per table: full name, indexes, recovery, streams, source."""
    table_count: str
    index_count: str
    other_count: str
    """Numbers, or that they are not determinable."""
    indexes: tuple[Markdown, ...]
    """One line per table that has indexes."""
    recovery: Markdown
    streams: Markdown
    backup: Markdown
    others: Markdown
    """Number and types of all other resources."""
    to_create: Markdown
    has_tables: bool
    """Whether tables are spoken of at all; without, nothing about them needs to be printed."""


def declared(frame: Frame) -> Declared:
    """Everything that summary and index tell of Terraform; without a configuration the texts say so."""
    return frame.shared(_declared)


def _declared(frame: Frame) -> Declared:
    tables = frame.assessment.model.terraform_tables or ()
    others = _others(frame)
    return Declared(
        tables=table(("Table", "Indexes", "Recovery", "Streams", "Source"), [_row(frame, one) for one in tables]),
        table_count=at_least(frame, len(tables)),
        index_count=at_least(frame, sum(len(one.indexes or ()) for one in tables)),
        other_count=at_least(frame, sum(others.values())),
        indexes=tuple(_indexes(one) for one in tables),
        recovery=_share([(one, one.recovery) for one in tables]),
        streams=_share([(one, one.streams.enabled if one.streams else None) for one in tables]),
        backup=nouns.backup_declared(frame),
        others=_by_type(others),
        to_create=_to_create(frame),
        has_tables=frame.assessment.model.has_tables,
    )


def at_least(frame: Frame, number: int) -> str:
    """The number; with what could not be read beside it, because there it is only a lower bound."""
    reason = nouns.unread(frame)
    if not reason:
        return str(number)
    return f"at least {number} ({reason})" if number else reason


def full_name(one: Table) -> Markdown:
    """The name in this environment, or the address when it is not determinable."""
    name = one.full_name.or_none()
    return code(name) if name is not None else say("{} (name not determinable)", code(one.address or one.name))


def _row(frame: Frame, one: Table) -> tuple[object, ...]:
    names = [index.name.or_none() or "(name not determinable)" for index in one.indexes or ()]
    indexes = say("{}: {}", len(names), codes(names)) if names else Markdown("0")
    streams = one.streams
    view_type = streams.view_type.or_none() if streams and streams.view_type else None
    on = _switch(streams.enabled if streams else None)
    shown = say("{} ({})", on, code(view_type)) if view_type and on == "on" else on
    return (full_name(one), indexes, _recovery(one), shown, frame.place(one.at))


def _recovery(one: Table) -> Markdown:
    on = _switch(one.recovery)
    if on != "on":
        return on
    if one.recovery_days is None:
        return say("{}, window not set (default of the service, 35 days)", on)
    days = one.recovery_days.or_none()
    return say("{}, {} days", on, days if days is not None else "not determinable")


def _switch(fact: Fact[bool] | None) -> Markdown:
    if fact is None:
        return Markdown("not declared")
    if isinstance(fact.value, Unknown):
        return say("not determinable from the files: {}", fact.value.reason)
    return Markdown("on" if fact.value else "off")


def _indexes(one: Table) -> Markdown:
    names = [index.name.or_none() or "(name not determinable)" for index in one.indexes or ()]
    return say("{}: {}{}", full_name(one), len(names), say(" - {}", codes(names)) if names else "")


def _share(facts: list[tuple[Table, Fact[bool] | None]]) -> Markdown:
    if not facts:
        return Markdown("no table is known")
    on = [one for one, fact in facts if fact is not None and fact.or_none() is True]
    unknown = [one for one, fact in facts if fact is not None and not fact.known]
    shown = say("on for {} of {}", len(on), len(facts))
    if on and len(on) < len(facts):
        shown = say("{} ({})", shown, joined(map(full_name, on)))
    return say("{}; not determinable for {}", shown, joined(map(full_name, unknown))) if unknown else shown


def _others(frame: Frame) -> Counter[str]:
    configuration = frame.assessment.model.configuration
    resources = configuration.resources if configuration else ()
    return Counter(resource.type for resource in resources if resource.type != TABLE_TYPE)


def _by_type(others: Counter[str]) -> Markdown:
    return joined((say("{} {}", number, code(type_)) for type_, number in sorted(others.items())), ", ") or Markdown(
        "none"
    )


def _to_create(frame: Frame) -> Markdown:
    configuration = frame.assessment.model.configuration
    if configuration is None or not configuration.complete:
        return plain(nouns.unread(frame))
    number = len(configuration.resources)
    open_ended = [resource.address for resource in configuration.resources if not resource.key_known]
    note = say(", of which {} may stand for any number", codes(open_ended)) if open_ended else ""
    return say("**{}** {}{}", number, Markdown("resource instance" if number == 1 else "resource instances"), note)


def features(frame: Frame) -> str:
    """`7 indexes, 3 recovery settings and 2 streams`: parts of tables, not resources."""
    if reason := nouns.unread(frame):
        return reason
    tables = frame.assessment.model.terraform_tables or ()
    return wording.listed(
        (
            wording.counted(sum(len(one.indexes or ()) for one in tables), "index"),
            wording.counted(sum(1 for one in tables if one.recovery and one.recovery.or_none()), "recovery setting"),
            wording.counted(sum(1 for one in tables if one.streams and one.streams.enabled.or_none()), "stream"),
        )
    )
