"""Any evaluated Terraform resource, and the settings of the configuration around it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct, field

from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact
from bbws_readiness.model.environments import FlagUse, UndeclaredSetting, Variable
from bbws_readiness.source import Location


class Resource(Struct, frozen=True):
    """One resource instance that Terraform would manage."""

    address: str
    type: str
    name: Fact[str]
    """Its physical name where the type has one, else its label."""
    at: Location
    key_known: bool = True
    """False when `count` or `for_each` is unknown, so that this one stands for any number."""
    attributes: Mapping[str, Fact[object]] = field(default_factory=dict)
    """Arguments that are not null, by dotted path: `versioning_configuration.0.status`. Sensitive ones are Unknown."""
    logical_name: str = ""
    """The name without one trailing `-<environment>`; empty when the name is unknown or only a label."""
    provider: str = ""
    """The local name, with its alias when one is chosen: `aws`, `aws.replica`."""
    references: Mapping[str, str] = field(default_factory=dict)
    """Arguments that are unknown because they come from a computed attribute, with the address of its resource."""
    tags: Mapping[str, Fact[str]] | None = None
    """Effective tags, provider defaults merged; None for a type that is not known to take any."""
    tags_unknown: str = ""
    """Why there may be more tags than those listed; empty when the list is whole."""
    variables: Mapping[str, Fact[str]] = field(default_factory=dict)
    """The environment variables of a function, each known or not, whatever the others are."""
    prevent_destroy: bool = False
    """Terraform refuses a plan that would destroy it."""
    ignored_changes: tuple[str, ...] = ()
    """The arguments that Terraform leaves as they are whatever is written; `*` stands for all of them."""

    def text(self, path: str) -> str | None:
        """An argument as text, `true` and `false` in Terraform's words, or None when it is not written.

        Raises `Undetermined` when it is written and not known.
        """
        fact = self.attributes.get(path)
        if fact is None:
            return None
        value = fact.get()
        return str(value).lower() if isinstance(value, bool) else str(value)

    def has(self, block: str) -> bool:
        """Whether a nested block stands in it."""
        return any(path.startswith(f"{block}.") for path in self.attributes)


class Handler(Struct, frozen=True):
    """A name in the project's code that AWS Lambda could be told to call."""

    path: str
    """The file, relative to the project."""
    name: Fact[str]
    """The name of the function, or of what else is bound to it, at the top of the file."""
    takes_event: bool = False
    """It is a function of an event and a context, which is written for AWS Lambda and for nothing else."""

    @property
    def reference(self) -> str:
        """The way Terraform names it, from the root of the project: `src/invoices.create`."""
        return f"{self.path.rpartition('.')[0]}.{self.name.or_none()}"


class Backend(Struct, frozen=True):
    """Where state lives, as the configuration and the workflow together resolve it."""

    type: str
    at: Location
    settings: Mapping[str, Fact[str]] = field(default_factory=dict)


class Configuration(Struct, frozen=True, dict=True):
    """The evaluated Terraform root for one environment."""

    directory: str
    files: tuple[str, ...]
    complete: bool
    """False when a file of it could not be read or parsed: what is absent may stand in that file."""
    resources: tuple[Resource, ...] = ()
    variables: tuple[Variable, ...] = ()
    undeclared: tuple[UndeclaredSetting, ...] = ()
    outputs: Mapping[str, Fact[object]] = field(default_factory=dict)
    backend: Backend | None = None
    """The backend block alone; what workflows pass stands in their `init` commands."""
    required_version: Fact[str] | None = None
    required_providers: Mapping[str, Fact[str]] = field(default_factory=dict)
    """Name of every provider that is required or used, to its version constraint; empty text when it has none."""
    provider_region: Fact[str] | None = None
    allowed_accounts: tuple[Fact[str], ...] = ()
    caller_conditions: tuple[Location, ...] = ()
    """Where a condition compares the AWS account or role that is signed in."""
    var_files: tuple[str, ...] = ()
    """Root-relative paths of the tfvars that were applied, in order."""
    lock_file: Location | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    data_sources: tuple[Resource, ...] = ()
    remote_modules: tuple[Fact[str], ...] = ()
    flag_uses: tuple[FlagUse, ...] = ()
    """Ordered by place."""

    @cached_property
    def by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        """The managed resources under their types, in their order; no type without one."""
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.type, []).append(resource)
        return {kind: tuple(of_kind) for kind, of_kind in found.items()}

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics without warnings, in their order."""
        return tuple(found for found in self.diagnostics if found.severity is DiagnosticSeverity.ERROR)
