"""What an organisation may say in readiness.yaml, as values: authority, roles, calendar, prices, rules, texts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from bbws_readiness.config.policy import Policy
from bbws_readiness.source import Location, Source, SourceKind

FACETS = (
    "tables",
    "indexes",
    "keys",
    "capacity",
    "naming",
    "tags",
    "encryption",
    "recovery",
    "streams",
    "backup",
    "protection",
    "environment",
    "configuration",
    "state",
    "workflow",
    "validation",
    "access",
    "release",
    "documents",
    "plan",
    "schedule",
    "resources",
)
"""Everything about which sources can disagree, in the order in which documents list it."""

AUTHORITIES = (
    SourceKind.PLAN,
    SourceKind.TERRAFORM,
    SourceKind.TFVARS,
    SourceKind.SCHEMAS,
    SourceKind.WORKFLOWS,
    SourceKind.SCRIPT,
    SourceKind.README,
)
"""The sources that can be declared right."""

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The words for days; their positions are what `date.weekday()` gives."""

PRODUCTION = ("prod", "production")
"""The environments that are production as long as configuration does not say otherwise."""


class Sources(Struct, frozen=True):
    """Where inputs lie, when discovery would look elsewhere. Paths and globs are relative to the project folder."""

    terraform: str = ""
    """The root directory, which may hold `{environment}`; empty lets discovery choose."""
    tfvars: str = ""
    """A path with `{environment}` in it, relative to the project folder."""
    schemas: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    readme: str = ""
    plan: str = ""
    """May start with one `../`, as long as it stays in the checkout: plans often live beside the project."""
    portfolio: tuple[str, ...] = ()
    """Documents about several projects; paths like that of the plan."""


class PortfolioSettings(Struct, frozen=True):
    """The projects that a project is deployed together with."""

    projects: tuple[str, ...] = ()
    """Folders inside the project, without a slash at the end; its own inputs lie outside of them."""


class EnvironmentSettings(Struct, frozen=True):
    """One environment as the organisation knows it; a value it does not give is empty."""

    name: str
    account: str = ""
    """Twelve digits."""
    region: str = ""
    production: bool | None = None
    """None leaves the decision to the name."""
    terraform: str = ""
    """Its Terraform root, which wins over `Sources.terraform`."""
    tfvars: str = ""
    """Its settings file, which wins over `Sources.tfvars`."""
    workspace: str = ""
    """The Terraform workspace that holds its state; empty leaves it to the workflow."""


class RuleSettings(Struct, frozen=True):
    """What replaces a rule's own data."""

    severity: str = ""
    """`critical`, `high`, `medium`, `low`; empty keeps the rule's."""
    severity_unasked: str = ""
    """The second word of a demand; empty takes the first."""
    enabled: bool = True
    owners: tuple[str, ...] = ()
    """Empty keeps the rule's; they win over `Config.owners`."""
    minutes: int = 0
    """0 keeps the rule's; they win over `Config.estimates`."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Laid over the rule's own parameters key by key."""


class ContactSettings(Struct, frozen=True):
    """How a role is reached; a value that is not given is empty."""

    contact: str = ""
    responsibility: str = ""


class Window(Struct, frozen=True):
    """When deployments to one environment are allowed."""

    days: tuple[int, ...]
    """Weekdays, Monday is 0."""
    start: time
    end: time


class Calendar(Struct, frozen=True):
    """When people work, in local time without a zone."""

    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    """Weekdays, Monday is 0."""
    start: time = time(9)
    end: time = time(17)
    holidays: tuple[date, ...] = ()
    """Ordered."""
    windows: Mapping[str, Window] = field(default_factory=dict)
    """Per environment; an environment without one may be deployed to in any working hour."""
    configured: bool = False
    """False prints as `default calendar`."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on `day`."""
        return day.weekday() in self.working_days and day not in self.holidays

    @property
    def minutes_per_day(self) -> int:
        """Working minutes of one day."""
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute


class PriceLine(Struct, frozen=True):
    """What one item costs a month in one environment, from the low to the high estimate, for its whole quantity."""

    item: str
    quantity_of: str
    """`tables`, `indexes`, `recovery`, `streams` or `backups`: the evaluated number shown beside the price."""
    low: Decimal
    high: Decimal
    when: str = "always"
    """`backups`: counted when backups are declared, or demanded by the authority."""


class Prices(Struct, frozen=True):
    """Monthly prices per environment."""

    currency: str = "USD"
    as_of: date | None = None
    lines: Mapping[str, tuple[PriceLine, ...]] = field(default_factory=dict)


class Review(Struct, frozen=True):
    """An action that the organisation always wants, whatever is found."""

    key: str
    title: str
    owners: tuple[str, ...]
    minutes: int
    priority: str = "medium"
    after: tuple[str, ...] = ()
    """Keys of remedies that come first, as far as they are open."""


class Weights(Struct, frozen=True):
    """What one open issue of a priority takes from the score."""

    critical: Decimal = Decimal("20")
    high: Decimal = Decimal("10")
    medium: Decimal = Decimal("5")
    low: Decimal = Decimal("2.5")
    decision: Decimal = Decimal("5")

    def of(self, priority: str) -> Decimal:
        """The deduction for `critical`, `high`, `medium`, `low` or `decision`."""
        weights = {
            "critical": self.critical,
            "high": self.high,
            "medium": self.medium,
            "low": self.low,
            "decision": self.decision,
        }
        return weights[priority]


class RiskRating(Struct, frozen=True):
    """How likely and how bad a risk is, as `LOW`, `MEDIUM` or `HIGH`; empty prints as `Not rated`."""

    likelihood: str = ""
    impact: str = ""


class ReaderGroup(Struct, frozen=True):
    """Who reads which document first, and to what end."""

    group: str
    start_with: str
    """`brief`, `summary`, `actions`, `report` or `notice`."""
    use: str = ""


class GateSettings(Struct, frozen=True):
    """What makes a pipeline stop, as far as the file says it; flags and variables win over it."""

    fail_on: str = ""
    """`blocker` to `never`; empty leaves it to the usual threshold."""
    fail_on_new: bool | None = None
    min_score: Decimal | None = None
    """0 to 100."""
    min_coverage: Decimal | None = None
    """Percent."""
    baseline: str = ""
    """Path of an earlier assessment's JSON, relative to the project folder; may hold `{environment}`."""


class Config(Struct, frozen=True):
    """Everything readiness.yaml says, with defaults for what it does not. `Config()` is a project without the file."""

    title: str = ""
    slug: str = ""
    organisation: str = ""
    """The prefix of project folders, without separator: `bbws`."""
    component: str = ""
    repository: str = ""
    """`owner/name`, where git does not tell."""
    sources: Sources = Sources()
    portfolio: PortfolioSettings = PortfolioSettings()
    environments: Mapping[str, EnvironmentSettings] = field(default_factory=dict)
    """In the order of promotion."""
    authority: Mapping[str, tuple[SourceKind, ...]] = field(default_factory=dict)
    """Facet or `default` to sources; ask `authority_of`."""
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Rule code, rule slug or remedy key to roles."""
    estimates: Mapping[str, int] = field(default_factory=dict)
    """Rule code, rule slug or remedy key to minutes."""
    rules: Mapping[str, RuleSettings] = field(default_factory=dict)
    """By rule code or slug."""
    contacts: Mapping[str, ContactSettings] = field(default_factory=dict)
    """By role, in the order written."""
    approvals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Environment to roles; replaces the approvers of the plan."""
    approves: Mapping[str, str] = field(default_factory=dict)
    """Role to what it approves."""
    calendar: Calendar = Calendar()
    prices: Prices = Prices()
    reviews: tuple[Review, ...] = ()
    deployment_minutes: tuple[int, int] | None = None
    """The shortest and the longest time a deployment takes."""
    weights: Weights = Weights()
    business_impact: Mapping[str, str] = field(default_factory=dict)
    """Environment to `LOW`, `MEDIUM` or `HIGH`."""
    risk_ratings: Mapping[str, RiskRating] = field(default_factory=dict)
    """By rule code or slug."""
    recommendations: Mapping[str, str] = field(default_factory=dict)
    """Rule code, rule slug or remedy key to the organisation's advice on that decision."""
    readers: tuple[ReaderGroup, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)
    """Topic to the role that answers."""
    prepared_for: str = ""
    prepared_by: str = ""
    corrected_by: str = ""
    distribution: str = ""
    confidentiality: str = ""
    contingency: str = ""
    lessons: str = ""
    decisions: str = ""
    """Path of the decision log, relative to the project folder; empty means the usual name."""
    since: str = ""
    """Path of an earlier assessment's JSON, relative to the project folder."""
    gate: GateSettings = GateSettings()
    inputs: tuple[Source, ...] = ()
    """The files read: the one that was found or named, then those it extends."""
    places: Mapping[str, Location] = field(default_factory=dict)
    """Where each key is written; ask `at`."""
    written: Mapping[str, Any] = field(default_factory=dict)
    """What stands at each key that is no mapping, by the paths of `places`: texts, numbers, booleans, lists."""
    policy: Policy | None = None
    """The base that all of this comes from; None when it comes from the checkout."""

    def at(self, path: str) -> Location | None:
        """Where a value is written: `contacts.DBA`, `prices.environments.sit.0`. None for what holds by default."""
        return self.places.get(path)

    @property
    def switched_off(self) -> tuple[tuple[str, Location], ...]:
        """The rules that are left out, as they are named here, each with the place of that setting."""
        found = []
        for name, settings in self.rules.items():
            if not settings.enabled:
                found.append((name, self.at(f"rules.{name}.enabled") or Location("readiness.yaml", 0)))
        return tuple(found)

    def authority_of(self, facet: str) -> tuple[SourceKind, ...]:
        """The sources that are right about `facet`, most trusted first; empty when nobody has said so.

        A facet that is listed with no source has no authority, whatever the default.
        """
        return self.authority.get(facet, self.authority.get("default", ()))

    def is_production(self, environment: str) -> bool:
        """Whether rules of production apply: as configured, else by the name."""
        settings = self.environments.get(environment)
        if settings is not None and settings.production is not None:
            return settings.production
        return environment in PRODUCTION
