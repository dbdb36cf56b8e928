"""Any evaluated Terraform resource, and the settings of the configuration around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bbws_readiness.errors import Diagnostic, DiagnosticSeverity
from bbws_readiness.fact import Fact
from bbws_readiness.model.environments import UndeclaredSetting, Variable
from bbws_readiness.source import Location


@dataclass(frozen=True, slots=True)
class Resource:
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


@dataclass(frozen=True, slots=True)
class Backend:
    """Where state lives, as the configuration and the workflow together resolve it."""

    type: str
    at: Location
    settings: Mapping[str, Fact[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Configuration:
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
    var_files: tuple[str, ...] = ()
    """Root-relative paths of the tfvars that were applied, in order."""
    lock_file: Location | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    data_sources: tuple[Resource, ...] = ()
    remote_modules: tuple[Fact[str], ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics without warnings, in their order."""
        return tuple(found for found in self.diagnostics if found.severity is DiagnosticSeverity.ERROR)
