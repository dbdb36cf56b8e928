"""The assessment: everything that documents, JSON, terminal and exit code say, and nothing is computed after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from bbws_readiness.assess.answered import AnsweredSection
from bbws_readiness.config import Config
from bbws_readiness.decisions.decided import Decisions
from bbws_readiness.engine.finding import Finding, Standing, Vote
from bbws_readiness.engine.rule import Option, Rule, Severity, Task
from bbws_readiness.errors import Diagnostic
from bbws_readiness.fact import Fact
from bbws_readiness.model.model import Model
from bbws_readiness.model.plans import Moment
from bbws_readiness.source import Location, SourceKind
from bbws_readiness.waivers.waiver import Waivers

if TYPE_CHECKING:
    from bbws_readiness.compare.baseline import Baseline


class Verdict(StrEnum):
    """The answer, worst first."""

    BLOCKED = "BLOCKED"
    UNDETERMINED = "UNDETERMINED"
    CONDITIONAL = "CONDITIONAL"
    READY = "READY"


class Issue(Struct, frozen=True):
    """All open defects and drifts of one rule, told once."""

    rule: Rule
    title: str
    severity: Severity
    standing: Standing
    """DEFECT when one of its findings is a defect, else DRIFT."""
    findings: tuple[Finding, ...]
    """Open ones, worst first."""
    evidence: tuple[Finding, ...]
    """Findings of other rules that this issue explains."""
    votes: tuple[Vote, ...]
    action: str
    """Key of the action that closes it."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """What it is about, each once, in the order of the findings."""
        return tuple(dict.fromkeys(finding.subject for finding in self.findings))

    @property
    def at(self) -> Location:
        """The place to look at first."""
        return self.findings[0].at


class Decision(Struct, frozen=True):
    """Open disagreements of which nobody has said who is right, grouped by the remedy that settles them."""

    key: str
    """Key of its action."""
    question: str
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]
    votes: tuple[Vote, ...]
    options: tuple[Option, ...]
    """With all placeholders filled."""
    owners: tuple[str, ...]
    minutes: int


class Deduction(Struct, frozen=True):
    """One line of the score's ledger."""

    key: str
    """Code of the rule, or `decision:` and the key of the open decision: the same in every run."""
    label: str
    severity: Severity | None
    """None for an open decision."""
    points: Decimal


class Score(Struct, frozen=True):
    """100 less all deductions, at least 0."""

    value: Decimal
    ledger: tuple[Deduction, ...]


class AreaCoverage(Struct, frozen=True):
    """How the rules of one area came out, one count per rule (its worst outcome)."""

    area: str
    passed: int
    failed: int
    decisions: int
    not_verified: int
    not_applicable: int


class Coverage(Struct, frozen=True):
    """How much could be determined: `determined` of `total` checks; `outside` of them need AWS or GitHub."""

    determined: int
    total: int
    outside: int
    areas: tuple[AreaCoverage, ...]


class NotVerified(Struct, frozen=True):
    """Something the files cannot tell."""

    key: str
    needs: str
    """`AWS`, `GitHub`, or empty when the files should tell and do not."""
    text: str
    reason: str
    """Why, for the latter; empty otherwise."""
    at: Location | None
    gating: bool

    @property
    def needed(self) -> bool:
        """Whether nothing can be READY without it: the files should tell, and do not."""
        return self.gating and not self.needs


class Verified(Struct, frozen=True):
    """Something the files cannot tell, answered by an output that was handed in."""

    key: str
    needs: str
    """`AWS` or `GitHub`, whose answer it is."""
    text: str
    at: Location


class Prerequisite(Struct, frozen=True):
    """What an action waits for: another action, or something outside the project."""

    action: str
    """Key of the action, or empty."""
    external: str = ""


class Action(Struct, frozen=True):
    """One thing to do, by whom, after what."""

    number: int
    key: str
    title: str
    priority: Severity
    owners: tuple[str, ...]
    minutes: int
    phase: str
    after: tuple[Prerequisite, ...]
    issues: tuple[Issue, ...]
    decision: Decision | None
    findings: tuple[Finding, ...]
    """All findings it closes, of issues, decision, evidence and unknowns."""
    options: tuple[Option, ...]
    tasks: tuple[Task, ...]
    """Texts with all placeholders filled; keys are stable."""
    edits: tuple[Finding, ...]
    """Documents to correct: drifts and self-contradictions (only the documentation action has them)."""
    not_verified: tuple[NotVerified, ...]
    """What a verification confirms."""
    group: str
    deliverable: str
    summary: Mapping[str, str]
    question: str = ""
    """What its options answer, in the words of the remedy; empty when it has no question."""

    @property
    def closes(self) -> tuple[str, ...]:
        """Codes of the rules it closes, in the order of the catalogue, each once."""
        return tuple(dict.fromkeys(finding.rule.code for finding in self.findings))


class Slot(Struct, frozen=True):
    """When an action can be done at the earliest."""

    action: str
    start: datetime
    end: datetime
    slack_minutes: int
    """How much later it may end without moving the end of all actions."""


class Phase(Struct, frozen=True):
    """All actions of one phase, with the span they take."""

    name: str
    title: str
    actions: tuple[str, ...]
    start: datetime | None
    end: datetime | None


class Milestone(Struct, frozen=True):
    """A day that the plan states for this environment from the deployment on, and where a delay moves it."""

    name: str
    """`Deployment`, `Validation`, `Sign-off`."""
    moment: Moment
    moved_to: date | None
    """The first working day of its new span; None while the plan is kept."""


class PlannedDeployment(Struct, frozen=True):
    """The date the plan states, held against the date of readiness and of what is deployed before."""

    moment: Moment | None
    kept: bool | None
    """None when no date is stated."""
    slack_days: int | None
    """Whole working days between possible and planned; None when not kept or not stated."""
    delay_days: int | None
    """Working days the plan has to move; 0 when kept, None when no date is stated."""
    earliest: datetime
    """First working moment at or after all of them."""
    milestones: tuple[Milestone, ...] = ()
    """In the order of the plan's dates; each moves by `delay_days` working days."""


class Schedule(Struct, frozen=True):
    """The actions laid on the working calendar from the first working day after the as-of date."""

    start: datetime
    slots: Mapping[str, Slot]
    ready_minutes: int
    ready_chain: tuple[str, ...]
    """Action keys of the longest chain that stands between now and READY; empty when ready."""
    ready_at: datetime | None
    """None when nothing stands in between."""
    all_minutes: int
    all_chain: tuple[str, ...]
    all_done_at: datetime | None
    effort_minutes: int
    phases: tuple[Phase, ...]
    planned: PlannedDeployment
    default_calendar: bool


class CostLine(Struct, frozen=True):
    """A configured price line that counts in this assessment, or only with an option (`counted` False)."""

    item: str
    quantity: int
    low: Decimal
    high: Decimal
    counted: bool
    at: Location


class Cost(Struct, frozen=True):
    """The monthly estimate; `lines` empty when no prices are configured."""

    lines: tuple[CostLine, ...]
    low: Decimal
    high: Decimal
    currency: str
    as_of: str


class ContactEntry(Struct, frozen=True):
    """A role that owns an action, approves, or stands in the plan's contact table."""

    role: str
    contact: Fact[str] | None
    responsibility: str
    open_actions: tuple[int, ...]


class Approver(Struct, frozen=True):
    """Who has to say yes for this environment."""

    role: str
    at: Location
    approves: str
    """Configured words, or empty."""


class Downstream(Struct, frozen=True):
    """A project that waits for this one."""

    name: str
    remark: str
    at: Location
    needs: str
    """The resource it needs, as far as its name tells, or empty."""
    defined_here: bool | None
    """None when `needs` is empty, or may stand in configuration that could not be read."""


class Input(Struct, frozen=True):
    """A file that was read, with what was read from it."""

    path: str
    kind: SourceKind
    size: int
    lines: int
    sha256: str


class Assessment(Struct, frozen=True):
    """One judgement of one project for one environment at one moment."""

    project: str
    """Folder name or the plan's project name."""
    slug: str
    component: str
    title: str
    environment: str
    account: Fact[str] | None
    region: Fact[str] | None
    as_of: datetime
    tool_version: str
    verdict: Verdict
    reason: str
    """The verdict in one sentence."""
    score: Score
    coverage: Coverage
    findings: tuple[Finding, ...]
    """Every finding of every rule, in the order of all lists."""
    issues: tuple[Issue, ...]
    decisions: tuple[Decision, ...]
    not_verified: tuple[NotVerified, ...]
    actions: tuple[Action, ...]
    """In the order of their numbers."""
    schedule: Schedule
    cost: Cost
    approvers: tuple[Approver, ...]
    contacts: tuple[ContactEntry, ...]
    downstream: tuple[Downstream, ...]
    inputs: tuple[Input, ...]
    unread: tuple[Diagnostic, ...]
    """Files that could not be read or parsed."""
    diagnostics: tuple[Diagnostic, ...]
    config: Config
    model: Model
    rules: tuple[Rule, ...]
    rulebook: str = ""
    """Digest of the rules that travel with the tool."""
    verified: tuple[Verified, ...] = ()
    """What would be among `not_verified` without an output that was handed in."""
    decided: Decisions = field(default_factory=Decisions)
    """What people have decided about findings, and what came of it."""
    waivers: Waivers = field(default_factory=Waivers)
    """What comments of the files ask not to be told any more, and what came of it."""
    checklist: tuple[AnsweredSection, ...] = ()
    """What the plan asks to check before the deployment, with the answers, in its order."""
    baseline: Baseline | None = None
    """The earlier assessment that was named to tell what is new; documents and their JSON on disk know of none."""

    def issues_of(self, severity: Severity) -> tuple[Issue, ...]:
        """The open issues of one severity."""
        return tuple(issue for issue in self.issues if issue.severity is severity)

    def action(self, key: str) -> Action:
        """The action of that key; raises KeyError when there is none."""
        for action in self.actions:
            if action.key == key:
                return action
        raise KeyError(key)
