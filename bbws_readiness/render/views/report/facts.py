"""Words what a source says about a table: keys, switches, windows and tags, each with its place."""

from __future__ import annotations

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.tables import BackupTerms, Index, Key, Streams, Table
from bbws_readiness.render.encode.markdown import Markdown, code, codes, joined, say
from bbws_readiness.render.frame import Frame
from bbws_readiness.source import Location

SILENT = Markdown("not stated")
"""A source does not speak of it."""

WINDOW = "default of the service, 35 days"
"""Point-in-time recovery without a configured window."""

ENCRYPTION = {
    "aws-owned": "key owned by AWS",
    "aws-managed": "AWS-managed KMS key",
    "customer-managed": "customer-managed KMS key",
    "kms": "KMS",
}


def value(fact: Fact[str] | Fact[int] | None) -> Markdown:
    """A statement without its place, for tables that have a column for places."""
    if fact is None:
        return SILENT
    if isinstance(fact.value, Unknown):
        return say("not determinable from the files: {}", fact.value.reason)
    return code(fact.value)


def switch(fact: Fact[bool] | None) -> Markdown:
    """`on` or `off`."""
    if fact is None:
        return SILENT
    if isinstance(fact.value, Unknown):
        return say("not determinable from the files: {}", fact.value.reason)
    return Markdown("on" if fact.value else "off")


def key(one: Key | None) -> Markdown:
    """`PK (S)`, or that there is none."""
    if one is None:
        return Markdown("none")
    return say("{} ({})", value(one.name), value(one.type)) if one.type else value(one.name)


def primary_key(table: Table) -> Markdown:
    """Both keys with their types; silent when the source does not speak of keys."""
    if not table.speaks_of_keys and table.partition_key is None:
        return SILENT
    parts = [key(table.partition_key)] + ([key(table.sort_key)] if table.sort_key else [])
    return joined(parts)


def index_keys(index: Index) -> Markdown:
    """The names of both keys: `active, createdAt`; the types stand elsewhere."""
    if not index.speaks_of_keys and index.partition_key is None:
        return SILENT
    return joined(value(one.name) for one in (index.partition_key, index.sort_key) if one)


def recovery(table: Table) -> Markdown:
    """Point-in-time recovery with its window: what the source sets, else for Terraform the service's default."""
    if table.recovery is None or table.recovery.or_none() is not True:
        return switch(table.recovery)
    if table.recovery_days is not None:
        return say("on; window: {} days", value(table.recovery_days))
    return say("on; window: {}", Markdown(WINDOW)) if table.address else Markdown("on; no window stated")


def streams(one: Streams | None) -> Markdown:
    """Whether changes are streamed, and with which images."""
    if one is None:
        return SILENT
    if one.enabled.or_none() is True and one.view_type:
        return say("on, {}", value(one.view_type))
    return switch(one.enabled)


def encryption(fact: Fact[str] | None) -> Markdown:
    """Whose key encrypts, in words."""
    if fact is not None and isinstance(fact.value, str) and fact.value in ENCRYPTION:
        return Markdown(ENCRYPTION[fact.value])
    return value(fact)


def terms(one: BackupTerms | None) -> Markdown:
    """`daily, kept 14 days`."""
    if one is None:
        return SILENT
    parts = [value(one.frequency)] if one.frequency else []
    if one.retention_days:
        parts.append(say("kept {} days", value(one.retention_days)))
    return joined(parts) or SILENT


def tags(table: Table) -> Markdown:
    """Each key once, ordered; a value where the source gives one."""
    if table.tags is None:
        return SILENT
    shown = [
        say("{} = {}", code(name), code(fact.value)) if fact.known else code(name)
        for name, fact in sorted(table.tags.items())
    ]
    return joined(shown) or Markdown("none")


def places(frame: Frame, *facts: Fact[str] | Fact[bool] | Fact[int] | None, at: Location) -> Markdown:
    """The places of those facts that are stated, else `at`."""
    return frame.places([fact.at for fact in facts if fact is not None] or [at])


def named(names: frozenset[str] | None) -> Markdown:
    """The names as code, ordered; says so when they are not known."""
    return Markdown("not listed") if names is None else codes(sorted(names))


def difference(expected: frozenset[str] | None, actual: frozenset[str] | None) -> Markdown:
    """`only expected …; only actual …`, or that there is none; a dash when one side is not listed."""
    if expected is None or actual is None:
        return Markdown("-")
    parts = []
    if only := sorted(expected - actual):
        parts.append(say("only expected: {}", codes(only)))
    if only := sorted(actual - expected):
        parts.append(say("only actual: {}", codes(only)))
    return joined(parts, "; ") or Markdown("none")
