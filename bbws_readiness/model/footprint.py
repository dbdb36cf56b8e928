"""What a project takes of an environment that it shares with others: names it makes and needs, its state, its dates."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from bbws_readiness.fact import Fact
from bbws_readiness.model.plans import BlockedProject, EnvironmentDates
from bbws_readiness.source import Location

T = TypeVar("T")


class Claim(Struct, frozen=True):
    """A physical name that the project's Terraform creates, of a type in which no other resource can have it too."""

    type: str
    """The resource type: `aws_dynamodb_table`."""
    name: Fact[str]
    logical_name: str
    """Without one trailing `-<environment>`; empty when the name is unknown."""
    address: str
    at: Location
    account: Fact[str] | None = None
    """None where no source tells, or where the whole world shares the name (a bucket)."""
    region: Fact[str] | None = None
    """None where no source tells, or where all regions of an account share the name (a role)."""
    indexes: frozenset[str] | None = None
    """Of a table: the names of its indexes; None when one of them is unknown."""
    certain: bool = True
    """False when it is not known whether it is created at all, or how often."""

    @property
    def kind(self) -> str:
        """`table`, `bucket`, or the type for everything that no rule looks up by its kind."""
        return {"aws_dynamodb_table": "table", "aws_s3_bucket": "bucket"}.get(self.type, self.type)


class Need(Struct, frozen=True):
    """A table, an index or a bucket that the project expects to be there."""

    kind: str
    """`table`, `index`, `bucket`."""
    name: Fact[str]
    how: str
    """`data.aws_dynamodb_table.orders`, `ORDERS_TABLE of aws_lambda_function.this`, `the plan`."""
    planned: bool = False
    """A document says so, no code."""
    table: str = ""
    """Of an index: the table it belongs to, where that is said."""


class StatePlace(Struct, frozen=True):
    """Where one `init` puts the state: an object in S3."""

    bucket: Fact[str]
    key: Fact[str]
    """With the folder of its workspace, unless that is the default one."""


class Footprint(Struct, frozen=True):
    """One project in one environment, as far as others can step on it. Names are those of that environment."""

    name: str
    """As its plan calls it, else its folder."""
    folder: str
    """Where it lies, relative to the assessed project; empty for that itself."""
    names: tuple[str, ...] = ()
    """What documents may call it, as written: project, short name, folder, slug."""
    claims: tuple[Claim, ...] = ()
    needs: tuple[Need, ...] = ()
    """Each kind and name once, code before documents."""
    states: tuple[StatePlace, ...] = ()
    """Each once; empty for a project whose state is not kept in S3."""
    dates: EnvironmentDates | None = None
    status: Fact[str] | None = None
    """What its plan's table of environments says: `Deployed`, `Target`."""
    dependencies: tuple[Fact[str], ...] = ()
    independent: Fact[str] | None = None
    """Where its plan says that it depends on nothing."""
    external_needs: tuple[Fact[str], ...] = ()
    blocks: tuple[BlockedProject, ...] = ()
    wave: Fact[str] | None = None
    at: Location = field(default_factory=lambda: Location(".", 0))
    """Its plan, else its folder."""
    gap: Fact[str] | None = None
    """Unknown, with the reason why it may make more than its claims; None when all of it was read."""

    states_gap: Fact[str] | None = None
    """Unknown, with the reason why it may keep its state in places beside `states`; None when all of them are known."""

    def seen_from(self, folder: str) -> Footprint:
        """The same for a project in which this one lies at `folder`, with all its places."""
        return replace(_moved(self, folder), folder=folder)


class Neighbours(Struct, frozen=True):
    """The assessed project among the others that are known."""

    own: Footprint
    others: tuple[Footprint, ...]
    """In the order in which they were named."""
    further: int = 0
    """How many there are besides, all of them read, with which it has nothing in common: no rule could tell of them."""

    @property
    def count(self) -> int:
        """All other projects."""
        return len(self.others) + self.further


def _moved(noun: T, folder: str) -> T:
    """The noun with every place in it moved below `folder`."""
    return _with_places(noun, folder)  # type: ignore[no-any-return]


def _with_places(noun: Any, folder: str) -> Any:  # noqa: ANN401 - any noun of the model
    match noun:
        case Location():
            return replace(noun, path=posixpath.normpath(posixpath.join(folder, noun.path)))
        case tuple():
            return tuple(_with_places(part, folder) for part in noun)
        case Mapping():
            return {key: _with_places(part, folder) for key, part in noun.items()}
    if isinstance(noun, Struct):
        return replace(noun, **{name: _with_places(getattr(noun, name), folder) for name in noun.__struct_fields__})
    return noun
