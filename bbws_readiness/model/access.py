"""Policies and trusts of AWS roles: who may assume a role, and what it may do on what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import IntEnum
from functools import cached_property

from msgspec import Struct

from bbws_readiness.source import Location

HOLE = "\0"
"""Stands in a pattern for text that is filled in elsewhere: a placeholder of a template, a variable of IAM."""

TRUSTING = ("sts:assumerole", "sts:assumerolewithwebidentity", "sts:assumerolewithsaml")
"""The actions of a trust, in lower case."""


class Fit(IntEnum):
    """Whether a pattern takes a value; MAYBE where only the text of a hole could tell."""

    NO = 0
    MAYBE = 1
    YES = 2


class Pattern(Struct, frozen=True):
    """A text of a policy in which `*` stands for any characters and `?` for one."""

    text: str
    """For matching: with `HOLE` where something is filled in."""
    written: str
    at: Location
    literal: bool = False
    """`*` and `?` stand for themselves, as in `StringEquals`."""

    def fits(self, value: str, *, ignore_case: bool = False) -> Fit:
        """Whether it takes the whole of `value`."""
        pattern = self.text.lower() if ignore_case else self.text
        value = value.lower() if ignore_case else value
        if not _fits(pattern, value, literal=self.literal):
            return Fit.NO
        return Fit.MAYBE if HOLE in pattern else Fit.YES

    def fits_arn(self, arn: str) -> Fit:
        """Whether it takes the resource; partition, region and account count only where both sides know them."""
        wanted, given = self.text.split(":", 5), arn.split(":", 5)
        if len(wanted) < 6 or len(given) < 6:
            return self.fits(arn)
        for pattern, value in zip(wanted[:5], given[:5], strict=True):
            if value and pattern and HOLE not in pattern and not _fits(pattern, value):
                return Fit.NO
        return Pattern(wanted[5], wanted[5], self.at).fits(given[5])

    @property
    def takes_all(self) -> bool:
        """Whether it is nothing but stars."""
        return bool(self.text) and not self.literal and not self.text.strip("*")

    @property
    def open(self) -> bool:
        """Whether it takes more than one value."""
        return not self.literal and any(sign in self.text for sign in "*?")

    @property
    def name(self) -> str:
        """What follows the account of an ARN: `table/acme-*`; the whole text of what is no ARN."""
        parts = self.text.split(":", 5)
        return parts[5] if len(parts) == 6 and parts[0] == "arn" else self.text

    @property
    def service(self) -> str:
        """The service of an ARN; empty for what is no ARN or names none."""
        parts = self.text.split(":", 5)
        return parts[2] if len(parts) > 2 and parts[0] == "arn" and parts[2].strip("*") else ""


class Principal(Struct, frozen=True):
    """Who a statement speaks of: its kind (`AWS`, `Federated`, `Service`, `*`) and its name."""

    kind: str
    name: Pattern


class Condition(Struct, frozen=True):
    """One operator on one key; it holds when one of its values does."""

    operator: str
    """Lower case, without the words for sets and `IfExists`: `stringlike`."""
    key: str
    """Lower case."""
    values: tuple[Pattern, ...]
    at: Location
    if_exists: bool = False
    """It holds as well where the request has no such key, which is also so for `ForAllValues`."""

    @property
    def positive(self) -> bool:
        """Whether it names what is allowed, in place of what is not."""
        return "not" not in self.operator and self.operator != "null" and not self.operator.startswith("bool")


class Statement(Struct, frozen=True):
    """One statement of a policy. A list that is not written is empty."""

    at: Location
    allows: bool
    actions: tuple[Pattern, ...] = ()
    all_actions_but: bool = False
    """`actions` are those it does not speak of."""
    resources: tuple[Pattern, ...] = ()
    all_resources_but: bool = False
    principals: tuple[Principal, ...] = ()
    all_principals_but: bool = False
    conditions: tuple[Condition, ...] = ()
    doubt: str = ""
    """Why it is not wholly understood; empty when it is."""
    sid: str = ""

    def speaks_of(self, action: str) -> Fit:
        """Whether it covers an action, `dynamodb:DeleteTable`, in any case of letters."""
        found = max((one.fits(action, ignore_case=True) for one in self.actions), default=Fit.NO)
        return Fit(Fit.YES - found) if self.all_actions_but else found

    def covers(self, arn: str) -> Fit:
        """Whether it covers a resource."""
        found = max((one.fits_arn(arn) for one in self.resources), default=Fit.NO)
        return Fit(Fit.YES - found) if self.all_resources_but else found

    @property
    def covers_all(self) -> bool:
        """Whether there is no resource that it does not cover."""
        if self.all_resources_but:
            return not self.resources
        return any(one.takes_all for one in self.resources)

    def condition(self, key: str) -> tuple[Condition, ...]:
        """Its conditions on a key, which must all hold."""
        return tuple(one for one in self.conditions if one.key == key.lower())


class Attached(Struct, frozen=True):
    """A policy of its own name that a role has."""

    arn: str
    """Empty when it is unknown; without account for one of this configuration."""
    at: Location
    read: bool = False
    """What it grants is in the files; else AWS keeps it, or somebody else."""

    @property
    def of_aws(self) -> bool:
        """Whether AWS keeps it, so that its name tells what it grants."""
        return self.arn.split(":")[4:5] == ["aws"]

    @property
    def name(self) -> str:
        """Without its path: `AdministratorAccess`."""
        return self.arn.rpartition("/")[2].replace(HOLE, "…")


class Document(Struct, frozen=True, dict=True):
    """One policy: a file, or a part of one."""

    path: str
    at: Location
    statements: tuple[Statement, ...]
    environments: tuple[str, ...] = ()
    """The environments that its path names; empty when it names none and so is for all."""
    role: str = ""
    """The role it belongs to as an ARN names it behind `role/`; empty when nothing tells."""
    boundary: str = ""
    """The permissions boundary of that role, as written; empty when none is told."""
    declared: bool = False
    """Terraform gives it to a role of this configuration; else it is a file."""
    of_trust: bool = False
    """It stands where a trust stands, whatever can be read of it."""
    attached: tuple[Attached, ...] = ()
    """The policies that its holder has by their names, read or not."""

    @cached_property
    def trust(self) -> bool:
        """Whether it says who may assume a role."""
        return self.of_trust or any(
            any(statement.speaks_of(action) for action in TRUSTING) and not statement.resources
            for statement in self.statements
            if statement.principals
        )

    @cached_property
    def permissions(self) -> bool:
        """Whether it says what its holder may do; the policy of a bucket, which names holders, does not."""
        named = any(statement.principals for statement in self.statements)
        return bool(self.statements or self.attached) and not self.of_trust and not named

    def concerns(self, environment: str) -> bool:
        """Whether it is for that environment, or for all."""
        return not self.environments or environment in self.environments


class Access(Struct, frozen=True, dict=True):
    """The policies of a project, ordered by place."""

    documents: tuple[Document, ...] = ()
    unread: Location | None = None
    """The first file that seems to be a policy and could not be read."""

    @property
    def known(self) -> bool:
        """Whether there is any policy at all, read or not."""
        return bool(self.documents) or self.unread is not None

    @cached_property
    def at_path(self) -> Mapping[str, int]:
        """How many policies stand in each file."""
        return Counter(one.path for one in self.documents)

    @cached_property
    def trusts_in(self) -> Mapping[str, int]:
        """How many trusts lie in each folder, itself without a slash."""
        return Counter(one.path.rpartition("/")[0] for one in self.documents if one.trust)


def _fits(pattern: str, value: str, *, literal: bool = False) -> bool:
    """Wildcard matching in time proportional to both lengths' product; a hole is taken for a star."""
    stars, single = (HOLE, "") if literal else ("*" + HOLE, "?")
    token, character, star, resumed = 0, 0, -1, 0
    while character < len(value):
        if token < len(pattern) and pattern[token] in stars:
            star, resumed = token, character
            token += 1
        elif token < len(pattern) and (pattern[token] == value[character] or pattern[token] == single):
            token += 1
            character += 1
        elif star >= 0:
            resumed += 1
            token, character = star + 1, resumed
        else:
            return False
    return all(sign in stars for sign in pattern[token:])
