"""A DynamoDB table as one source describes it, the same class for Terraform, schema, plan, README and script.

A field that is `None` is one the source does not speak of. A source that is known to declare things completely
(Terraform, a schema file) states a default as a Fact located at the block whose silence means it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from bbws_readiness.fact import Fact
from bbws_readiness.source import Location


class Key(Struct, frozen=True, gc=False):
    """One key attribute: its name and, where the source tells, its type (`S`, `N`, `B`, or the source's own word).

    What schemas call `string`, `number`, `boolean` and so on is given in DynamoDB's letters.
    """

    name: Fact[str]
    type: Fact[str] | None = None
    pattern: Fact[str] | None = None


class Index(Struct, frozen=True, gc=False):
    """A secondary index, global or local; the partition key of a local one is that of its table and not repeated."""

    name: Fact[str]
    at: Location
    partition_key: Key | None = None
    sort_key: Key | None = None
    """None with `speaks_of_keys` means that the index has no sort key."""
    projection: Fact[str] | None = None
    """`ALL`, `KEYS_ONLY` or `INCLUDE`."""
    speaks_of_keys: bool = False
    included: Fact[frozenset[str]] | None = None
    """The attributes besides keys that an `INCLUDE` projection names; None when the source names none."""


class Streams(Struct, frozen=True, gc=False):
    """Whether changes are streamed, and with which images."""

    enabled: Fact[bool]
    view_type: Fact[str] | None = None


class Attribute(Struct, frozen=True, gc=False):
    """An attribute of the items, as a schema or an `attribute` block lists it."""

    name: Fact[str]
    type: Fact[str] | None = None
    required: Fact[bool] | None = None
    pattern: Fact[str] | None = None
    """How its values are made, as the source writes it: `EVENT#{eventId}`."""


class Table(Struct, frozen=True, gc=False):
    """One table in the words of one source."""

    name: str
    """Logical name, without one trailing `-<environment>`; a resource address when the real name is unknown."""
    full_name: Fact[str]
    """The name as this source writes it: `products-sit` where Terraform evaluates to that, `tenants` in a schema."""
    at: Location
    names_environment: bool = False
    """Whether `full_name` is meant for the assessed environment (so that it votes on the full name)."""
    address: str | None = None
    """Resource address; only Terraform has one."""
    partition_key: Key | None = None
    sort_key: Key | None = None
    speaks_of_keys: bool = False
    attributes: tuple[Attribute, ...] | None = None
    indexes: tuple[Index, ...] | None = None
    """In the order of the source; `()` says that there are none, None says nothing."""
    local_indexes: tuple[Index, ...] = ()
    """Local secondary indexes; only Terraform and schemas have them."""
    index_count: Fact[int] | None = None
    """A number of indexes stated without a list (a README table)."""
    billing_mode: Fact[str] | None = None
    """`PAY_PER_REQUEST` or `PROVISIONED`; other spellings are normalised by the parser."""
    recovery: Fact[bool] | None = None
    """Point-in-time recovery."""
    recovery_days: Fact[int] | None = None
    """The recovery window; None when no source sets one (the service default is 35 days)."""
    streams: Streams | None = None
    encryption: Fact[str] | None = None
    """`aws-owned`, `aws-managed` or `customer-managed` (Terraform); `kms` where a document merely asks for KMS."""
    deletion_protection: Fact[bool] | None = None
    replicas: tuple[Fact[str], ...] | None = None
    tags: Mapping[str, Fact[str]] | None = None
    """Effective tags, provider defaults merged. A source that lists only keys gives them with Unknown values."""
    tags_unknown: str = ""
    """Why there may be more tags than those listed; empty when the list is whole."""
    backups: Mapping[str, BackupTerms] = field(default_factory=dict)
    """Backup terms a schema states per environment."""

    @property
    def index_names(self) -> frozenset[str] | None:
        """The names of the indexes, or None when the source lists none or one name is unknown."""
        if self.indexes is None:
            return None
        names = [index.name.or_none() for index in self.indexes]
        return None if None in names else frozenset(name for name in names if name is not None)

    @property
    def all_indexes(self) -> tuple[Index, ...]:
        """Global and local indexes, in the order of the source."""
        return (*(self.indexes or ()), *self.local_indexes)


class BackupTerms(Struct, frozen=True, gc=False):
    """What a source asks of backups: frequency (`hourly`, `daily`, `weekly`, or the expression), retention days."""

    at: Location
    frequency: Fact[str] | None = None
    retention_days: Fact[int] | None = None
    cross_region: Fact[bool] | None = None


class Count(Struct, frozen=True, gc=False):
    """A number that a document states for a noun: `8 Global Secondary Indexes across 3 tables`."""

    noun: str
    """`tables`, `indexes`, `buckets`, `templates`, `handlers`, `functions`, `files`, `workflows`."""
    number: Fact[int]
    scope: str = ""
    """The table or environment the number is about; empty for the whole project."""
    text: str = ""
    """The words around it, as written."""


def logical_name(name: str, environments: Iterable[str]) -> str:
    """The name without one trailing `-<environment>`; a name that is nothing else stays as it is."""
    for environment in environments:
        if name.endswith(f"-{environment}") and len(name) > len(environment) + 1:
            return name.removesuffix(f"-{environment}")
    return name
