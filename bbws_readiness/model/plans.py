"""A promotion plan as its Markdown states it: a witness, with the line of every statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from msgspec import Struct, field

from bbws_readiness.fact import Fact
from bbws_readiness.model.environments import Environment
from bbws_readiness.model.plan_commands import TableUse, TerraformUse, WorkflowStart
from bbws_readiness.model.tables import BackupTerms, Count, Table
from bbws_readiness.source import Location


class OverviewEntry(Struct, frozen=True):
    """A row of the overview table: its text, and what the text yields."""

    key: str
    text: Fact[str]
    count: int | None = None
    names: tuple[str, ...] = ()
    open_list: bool = False
    """The names are examples (`etc.`), not the whole."""
    percent: int | None = None
    remark: str = ""
    """The words in a parenthesis that is no list, or behind a percentage; never a name."""


class Moment(Struct, frozen=True):
    """A planned day, or the first and last day of a range, with times where the plan gives them."""

    start: date
    end: date
    start_time: time | None
    end_time: time | None
    at: Location
    text: str
    """As written: `Jan 13, 9:00 AM`."""

    def begins(self) -> datetime:
        """Start as a naive local datetime, midnight when no time is stated."""
        return datetime.combine(self.start, self.start_time or time())


class EnvironmentDates(Struct, frozen=True):
    """The planned moments of one environment's promotion."""

    preparation: Moment | None = None
    deployment: Moment | None = None
    validation: Moment | None = None
    sign_off: Moment | None = None
    disaster_recovery: Moment | None = None
    period: Moment | None = None
    """The days or weeks of testing after the promotion: SIT's second phase."""
    final_sign_off: Moment | None = None
    """The sign-off that ends `period`."""


class ChecklistItem(Struct, frozen=True):
    """One `- [ ]` line with its sub-points."""

    text: str
    at: Location
    ticked: bool
    critical: bool
    codes: tuple[str, ...] = ()
    """Its inline-code tokens, in order."""
    points: tuple[str, ...] = ()
    """The lines nested below it, without their markers."""
    numbers: tuple[str, ...] = ()
    """Numbers in parentheses, as text: `SIT account (011122223333)`."""


class ChecklistSection(Struct, frozen=True):
    """The items under one heading."""

    title: str
    parent: str
    """The H3 above it."""
    environment: str
    """`sit`, `prod`, or empty where the heading tells none."""
    at: Location
    items: tuple[ChecklistItem, ...]


class Command(Struct, frozen=True):
    """One shell command in a fence."""

    text: str
    at: Location
    environment: str
    directory: str = ""
    """Working directory relative to the project; empty for its root."""
    directory_known: bool = True
    """False after a `cd` to a place that only the shell can tell."""
    directory_assumed: bool = False
    """It lies in a clone that is taken to be one of this project."""
    carried: str | None = None
    """The directory when the shell of the section's earlier fences goes on; None without one, or when it is unknown."""
    words: tuple[str, ...] = ()
    """Its words without their quotes, leading assignments not included."""
    assignments: tuple[str, ...] = ()
    """The leading `NAME=value` words."""
    profile: str = ""
    """Of this command, or exported before it in the same fence."""
    workspace: str = ""
    """The Terraform workspace selected before it in the same fence."""
    region: Fact[str] | None = None
    account: Fact[str] | None = None
    """In an ARN among its words."""
    terraform: TerraformUse | None = None
    table: TableUse | None = None
    starts: WorkflowStart | None = None
    buckets: tuple[Fact[str], ...] = ()
    files: tuple[Fact[str], ...] = ()
    """What `file://` refers to."""
    scripts: tuple[Fact[str], ...] = ()
    changes: str = ""
    """`update-table --replica-updates` and its like: AWS is changed without Terraform."""
    platform: str = ""
    """`date -d` and its like: the form of one platform."""
    forms: tuple[str, ...] = ()
    """Every form that works on one platform or desk only: `date -d`, `sed -i ''`, `home path`."""
    makes: tuple[str, ...] = ()
    """Files that the line writes, as it names them."""


class Step(Struct, frozen=True):
    """A numbered deployment step."""

    number: str
    title: str
    environment: str
    at: Location
    approvers: tuple[Fact[str], ...] = ()
    """Those after `approval from`."""
    commands: tuple[Command, ...] = ()
    points: tuple[str, ...] = ()
    reviewers: tuple[Fact[str], ...] = ()
    """Those who look (`review … with`); no approvers."""
    prose: tuple[str, ...] = ()
    """Its paragraphs, line by line."""
    comments: tuple[Fact[str], ...] = ()
    """The comments in its fences, without their marks."""


class Period(Struct, frozen=True):
    """A named span: `Week 1: Integration Testing (Jan 14-16)`, a phase, a row of the timeline, a dated heading."""

    title: str
    moment: Moment | None
    """None when the plan gives no date, or one that is none."""
    at: Location
    environment: str = ""
    part: str = ""
    """A field of `EnvironmentDates` that it is a witness of, or empty."""
    unresolved: str = ""
    """The date as written where it is none: no such day, an end before its start, or a year that cannot be told."""


class Requirement(Struct, frozen=True):
    """Something the plan asks for in words: streams, encryption with KMS, on-demand capacity."""

    flag: str
    """One of `on-demand`, `recovery`, `encryption-kms`, `streams`, `public-access-block`, `versioning`,
    `replication`, `tls`."""
    demanded: bool
    """False for `(if needed)` and its like: optional."""
    at: Location
    text: str
    environment: str = ""
    """The one environment that its words name, else that of its section; empty for all."""


class Threshold(Struct, frozen=True):
    """A limit in a criterion or an alarm: `p95 > 2s`, `< 50% healthy`, `> 900 (max 1000)`."""

    measure: str
    """What stands before the comparator: `p95`, `Response time p95`; often empty."""
    comparator: str
    value: str
    """Digits as written."""
    unit: str
    """What follows: `s`, `errors/min`, `% healthy`."""


class Alarm(Struct, frozen=True):
    """A row of the alarm table."""

    name: Fact[str]
    threshold: Threshold | None = None
    """None when the cell states none that is understood."""
    receiver: Fact[str] | None = None
    """Whom the notification goes to."""
    critical: bool = False
    more: tuple[str, ...] = ()
    """Further actions: `auto-scale`."""


class LabelledValue(Struct, frozen=True):
    """An entry `label: value` below a checklist item: `VPCs: 5 per region`, `**Level 1**: Shared VPC (basic)`."""

    topic: str
    """The item it stands below."""
    label: str
    value: Fact[str]
    remark: str = ""


class Component(Struct, frozen=True):
    """An entry of the list of components: its kind in the plan's words, its name, and what is nested below it."""

    label: str
    """`S3 bucket`, `Lambda@Edge functions`."""
    at: Location
    name: Fact[str] | None = None
    remark: str = ""
    parts: tuple[Fact[str], ...] = ()
    """The lines below it, in words; descriptions, not names."""


class Contact(Struct, frozen=True):
    """A row of the contact table; `contact` is None when it is `TBD` or empty."""

    role: str
    contact: Fact[str] | None
    responsibility: str
    at: Location


class Criterion(Struct, frozen=True):
    """A success criterion in the plan's words."""

    text: str
    environment: str
    at: Location
    threshold: Threshold | None = None


class BlockedProject(Struct, frozen=True):
    """A project that waits for this one."""

    name: str
    at: Location
    remark: str = ""
    """`Wave 1` and its like, as written in parentheses."""


class ReleaseDemand(Struct, frozen=True):
    """The release tag and changelog that the plan asks for."""

    tag: Fact[str] | None = None
    changelog_at: Location | None = None


class PlannedResource(Struct, frozen=True):
    """Something other than a table that the plan names: a bucket, a component, a template."""

    kind: str
    """`bucket`, `function`, `handler`, `template`, `distribution`, `queue`, `component`."""
    name: Fact[str]
    environment: str = ""
    remark: str = ""
    """The parenthesis behind it, as written."""
    consumed: bool = False
    """Another project is expected to have made it."""
    open_list: bool = False
    """The list that it stands in gives examples only (`etc.`)."""


class FileGroup(Struct, frozen=True):
    """A titled group of a file list: `Network (3 files):` and the names below it."""

    title: str
    stated: Fact[int]
    names: tuple[Fact[str], ...] = ()


class Plan(Struct, frozen=True):
    """One promotion plan. What a plan does not say is None or empty."""

    path: str
    at: Location
    title: str = ""
    short_name: str = ""
    project: Fact[str] | None = None
    plan_id: Fact[str] | None = None
    created: Fact[date] | None = None
    owner: Fact[str] | None = None
    status: Fact[str] | None = None
    footer_status: Fact[str] | None = None
    overview: Mapping[str, OverviewEntry] = field(default_factory=dict)
    """Keyed by the lower-case row name: `tables`, `gsis`, `current status`."""
    environments: tuple[Environment, ...] = ()
    dates: Mapping[str, EnvironmentDates] = field(default_factory=dict)
    phases: tuple[Period, ...] = ()
    timeline: tuple[Period, ...] = ()
    """The rows below the phases, in order."""
    weeks: tuple[Period, ...] = ()
    dated_headings: tuple[Period, ...] = ()
    """Every heading whose parenthesis is a date, those of the weeks included."""
    checklists: tuple[ChecklistSection, ...] = ()
    tables: tuple[Table, ...] = ()
    """From the planning list (full names and index names) and the overview (logical names), merged by logical name."""
    named_tables: tuple[Fact[str], ...] = ()
    """Full table names in commands and loops, every occurrence."""
    consumed_tables: tuple[Table, ...] = ()
    """Tables that must exist already because another project makes them."""
    resources: tuple[PlannedResource, ...] = ()
    file_groups: tuple[FileGroup, ...] = ()
    workflows: tuple[Fact[str], ...] = ()
    """From the overview, without `.yml`."""
    counts: tuple[Count, ...] = ()
    """Every number stated for a noun, in the order of the lines."""
    backup: Mapping[str, BackupTerms] = field(default_factory=dict)
    """Per environment."""
    backup_vault: Fact[str] | None = None
    backup_asked_at: tuple[Location, ...] = ()
    """Every line that asks for a vault, plan, role or schedule."""
    backup_asks: Mapping[str, Location] = field(default_factory=dict)
    """Where the plan first asks for a `vault`, a `role`, a `restore` procedure."""
    requirements: tuple[Requirement, ...] = ()
    dependencies: tuple[Fact[str], ...] = ()
    independent: Fact[str] | None = None
    """Where it says that it depends on nothing, in its words."""
    critical_dependencies: tuple[Fact[str], ...] = ()
    """Those that a checklist calls critical, as it writes them."""
    external_needs: tuple[Fact[str], ...] = ()
    """What a checklist of dependencies wants besides projects: hosted zone, certificate, user pool."""
    blocks: tuple[BlockedProject, ...] = ()
    wave: Fact[str] | None = None
    steps: tuple[Step, ...] = ()
    commands: tuple[Command, ...] = ()
    contacts: tuple[Contact, ...] = ()
    approvers: tuple[Fact[str], ...] = ()
    """From the footer; the approval steps keep their own."""
    release: ReleaseDemand = ReleaseDemand()
    validations: Mapping[str, tuple[Location, ...]] = field(default_factory=dict)
    """Per environment, the headings that demand a validation after deployment."""
    success: tuple[Criterion, ...] = ()
    sign_off_roles: tuple[Fact[str], ...] = ()
    """Roles whose sign-off the criteria of PROD ask for."""
    rollback: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per environment, the lines of its rollback section (commands and points); under "" the steps for all."""
    rollback_at: Mapping[str, Location] = field(default_factory=dict)
    """The heading of that section."""
    alarms: tuple[Fact[str], ...] = ()
    """Their names; `alarm_rows` has the rest of each row."""
    alarm_rows: tuple[Alarm, ...] = ()
    dashboards: tuple[Fact[str], ...] = ()
    widgets: tuple[Fact[str], ...] = ()
    criticals: tuple[Fact[str], ...] = ()
    change_log: tuple[tuple[Fact[date], str, str], ...] = ()
    """Date, phase and status of each row."""
    change_notes: tuple[str, ...] = ()
    """The note of each of these rows, in their order."""
    notes: tuple[Fact[str], ...] = ()
    """The `**Note**:` lines, in order."""
    next_steps: tuple[Fact[str], ...] = ()
    components: tuple[Component, ...] = ()
    labelled: tuple[LabelledValue, ...] = ()
    """Quotas, isolation levels and other `label: value` entries of checklists."""
    named_workflows: tuple[Fact[str], ...] = ()
    """Workflow files that checklists and success criteria name in code marks: `deploy-sit.yml`."""
    ticked: int = 0
    open_boxes: int = 0
    missing: tuple[tuple[str, Location], ...] = ()
    """What every plan has and this one lacks, with the place where it was expected."""
