"""An environment and its settings, as one source describes them."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.fact import Fact
from bbws_readiness.source import Location


class Environment(Struct, frozen=True):
    """Account and region of one environment in the words of one source."""

    name: str
    """Lower case: `dev`, `sit`, `prod`, `dr`."""
    at: Location
    account: Fact[str] | None = None
    """Twelve digits as text, leading zeros kept."""
    region: Fact[str] | None = None
    region_role: str = ""
    """`primary`, `failover`, … as a document calls it; empty when it does not."""
    domain: Fact[str] | None = None
    status: Fact[str] | None = None


class Setting(Struct, frozen=True):
    """A value that an environment's tfvars file sets."""

    name: str
    value: Fact[object]


class Variable(Struct, frozen=True):
    """An input variable of the Terraform root for the assessed environment."""

    name: str
    at: Location
    """Its declaration."""
    type: str
    value: Fact[object]
    """The effective value; `via` is the chain default → overridden settings."""
    has_default: bool
    set_at: Location | None
    """The setting that wins, or None when the default holds."""
    sensitive: bool = False
    missing: bool = False
    """No default and no setting."""
    problem: str = ""
    """Why the value breaks the declared type or a validation block; empty when it does not."""


class FlagUse(Struct, frozen=True):
    """A variable whose value counts only while another one, a flag, is true."""

    flag: str
    companion: str
    at: Location
    """The argument or block that the flag decides on."""
    chosen: bool
    """Whether the condition picks the companion or nothing; else the companion only stands where the flag counts."""
    given: Fact[bool]
    """Whether the companion has a value: neither null nor an empty text; placed where it gets it."""


class UndeclaredSetting(Struct, frozen=True):
    """A setting that no variable declaration takes up."""

    name: str
    at: Location
    near: str | None
    """The declared name spelt most like it."""
