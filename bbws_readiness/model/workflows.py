"""A GitHub workflow as its YAML states it."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from functools import cached_property

from msgspec import Struct, field

from bbws_readiness.fact import Fact, known_text
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
"""In the order in which make looks for them."""
_APPLY = regex(r"\b(?:terraform|tofu|terragrunt)\b[^\n]{0,300}?\bapply\b")
_RUNNERS = frozenset({"bash", "sh", "dash", "zsh", "eval", "exec", "xargs", "tofu", "terragrunt", "pwsh", "docker"})
"""Commands that may run what their arguments say."""


class Input(Struct, frozen=True):
    """An input of a manually started workflow."""

    name: str
    at: Location
    type: str = "string"
    required: bool = False
    default: str | None = None
    options: tuple[str, ...] = ()
    used_at: tuple[Location, ...] = ()
    """Lines with an expression, or a script of an action, that names it; letter case does not count."""
    value_at: Location | None = None
    """Its only option, else its default."""


class Fate(StrEnum):
    """What becomes of a command's exit status."""

    KEPT = "kept"
    """A failure ends the step with an error, or the script answers it with an error of its own."""
    SWALLOWED = "swallowed"
    """After a failure the step goes on as if nothing had happened."""
    UNCLEAR = "unclear"
    """The script does something with it that is not followed."""


class Status(Struct, frozen=True):
    """The exit status of one command of a script."""

    words: tuple[str, ...]
    """The command as a shell grammar sees it; expressions and variables as written."""
    at: Location
    fate: Fate
    reason: str = ""
    """How it is swallowed, or what is not followed: `its pipe into tee has no pipefail`. Empty when it is kept."""


class FixedComparison(Struct, frozen=True):
    """A comparison in an expression that comes out the same whatever is chosen when a person starts the workflow."""

    text: str
    """`github.event.inputs.quick == false`."""
    outcome: bool
    input: str
    at: Location
    owner: str = ""
    """The job, or the step of a job, that it is the condition of: `job quick`. Empty elsewhere."""
    never_runs: bool = False
    """The whole condition can never hold because of it."""
    because: str = ""
    """What GitHub's contexts are, where it is one of them and no input that is compared."""


class ShellCommand(Struct, frozen=True):
    """A simple command of a `run` block, in the order written."""

    words: tuple[str, ...]
    """Without quotes, redirections and leading assignments; expressions and variables as written."""
    at: Location
    """Its first word."""
    operator: str = ""
    """What follows it: `&&`, `||`, `|`, `;`, `&`, or nothing at the end of a line."""
    conditional: bool = False
    """It stands in an `if`, a loop, a `case` or a function."""

    @property
    def text(self) -> str:
        """Its words on one line."""
        return " ".join(self.words)


class TerraformCommand(Struct, frozen=True):
    """A terraform command that a step runs."""

    verb: str
    """`init`, `validate`, `plan`, `apply`, `destroy`, `workspace`, …"""
    at: Location
    directory: Fact[str]
    """Relative to the repository root (empty for the root), inputs and constants substituted; unknown when an
    expression remains."""
    backend: Mapping[str, Fact[str]] = field(default_factory=dict)
    """What `-backend-config` passes, one setting each."""
    backend_files: tuple[Fact[str], ...] = ()
    """The files that `-backend-config` names, relative to `directory`."""
    var_files: tuple[Fact[str], ...] = ()
    """As written, relative to `directory`."""
    variables: Mapping[str, Fact[str]] = field(default_factory=dict)
    plan_file: Fact[str] | None = None
    """`-out=` of a plan, the file argument of an apply."""
    auto_approve: bool = False
    text: str = ""
    operands: tuple[Fact[str], ...] = ()
    """Its words without a dash: `select`, `sit` of `workspace select sit`."""
    environment: Mapping[str, Fact[str]] = field(default_factory=dict)
    """The variables `TF_…` it is run with, resolved."""
    conditional: bool = False
    """It stands in an `if`, a loop, a `case` or a function."""


class Step(Struct, frozen=True, dict=True):
    """A step of a job. `uses`, `run`, `with_`, `environment_variables` and `condition` are as written."""

    name: str
    at: Location
    uses: Fact[str] | None = None
    run: Fact[str] | None = None
    working_directory: Fact[str] | None = None
    with_: Mapping[str, Fact[str]] = field(default_factory=dict)
    environment_variables: Mapping[str, Fact[str]] = field(default_factory=dict)
    condition: Fact[str] | None = None
    continue_on_error: bool = False
    terraform: tuple[TerraformCommand, ...] = ()
    commands: tuple[ShellCommand, ...] = ()
    """Every command of `run` when a POSIX shell reads it, those of `terraform` included."""
    shell: str = ""
    """Its own, else the default of job or workflow; empty when none is set (`bash -e`, without `pipefail`)."""
    id: str = ""
    statuses: tuple[Status, ...] = ()
    """The exit status of every command of `run` when a POSIX shell reads it."""
    unread: str = ""
    """Why a script in a POSIX shell has no `statuses`; empty when it has."""
    tolerated: Fact[bool] | None = None
    """Its `continue-on-error`; unknown for an expression."""
    follows: tuple[str, ...] = ()
    """The actions and scripts of the project that it runs and whose steps stand behind it in the job."""
    applies_in: str = ""
    """The project's own action, script or makefile that it runs and that seems to apply; empty when there is none."""

    @cached_property
    def action(self) -> str:
        """The action it uses, without version and in lower case: `actions/checkout`. Empty for a script."""
        return known_text(self.uses).partition("@")[0].lower()

    @property
    def script(self) -> str:
        """What it runs, as written; empty for an action."""
        return known_text(self.run)

    @cached_property
    def may_apply(self) -> bool:
        """Whether it seems to apply in a way that `terraform` does not tell: in another shell, by another program."""
        if self.applies_in:
            return True
        if not _APPLY.search(self.script) or any(command.verb == "apply" for command in self.terraform):
            return False
        run = (command for command in self.commands if posixpath.basename(command.words[0]) in _RUNNERS)
        return not self.commands or bool(self.unread) or any(_APPLY.search(command.text) for command in run)


class Job(Struct, frozen=True):
    """A job; `needs` in the order written."""

    id: str
    at: Location
    name: str = ""
    needs: tuple[Fact[str], ...] = ()
    bound_to: frozenset[str] = frozenset()
    """Of `needs`: the jobs without whose success it stays undone."""
    stopped_by: frozenset[str] = frozenset()
    """Of `needs`: the jobs whose failure keeps it undone, though it may run when they are skipped."""
    environment: Fact[str] | None = None
    condition: Fact[str] | None = None
    permissions: Mapping[str, str] = field(default_factory=dict)
    """Effective: the job's own, else the workflow's; `read-all` and `write-all` stand under the key `*`."""
    steps: tuple[Step, ...] = ()
    uses: Fact[str] | None = None
    """A reusable workflow called by this job."""
    with_: Mapping[str, Fact[str]] = field(default_factory=dict)
    """What it hands to the reusable workflow, as written."""
    environment_variables: Mapping[str, Fact[str]] = field(default_factory=dict)
    continue_on_error: bool = False
    timeout_minutes: Fact[int] | None = None
    concurrency: Fact[str] | None = None
    """Its concurrency group."""
    matrix: Mapping[str, tuple[Fact[str], ...]] = field(default_factory=dict)
    """The values of each name of its matrix, as written."""
    handed: Mapping[str, Fact[str]] = field(default_factory=dict)
    """`with_` of a job that calls a workflow, resolved."""
    tolerated: Fact[bool] | None = None
    """Its `continue-on-error`; unknown for an expression."""
    states_permissions: bool = False
    """Whether it, or its workflow, says which permissions the token gets."""
    concurrency_written: str = ""
    """Its concurrency group with the expressions."""

    def using(self, action: str, *, before: int | None = None) -> Iterator[Step]:
        """Its steps that use the action, in any version; `before` leaves out that position and what follows."""
        return (step for step in self.steps[:before] if step.action == action)


class Artifact(Struct, frozen=True):
    """An artifact uploaded by a job."""

    name: Fact[str]
    job: str
    retention_days: Fact[int] | None
    at: Location


class Workflow(Struct, frozen=True):
    """One workflow file."""

    path: str
    at: Location
    name: str
    triggers: tuple[Fact[str], ...] = ()
    inputs: tuple[Input, ...] = ()
    constants: Mapping[str, Fact[str]] = field(default_factory=dict)
    """Workflow-level `env`."""
    jobs: tuple[Job, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    environment: Fact[str] | None = None
    """Where it deploys, from its constants, backend, var files or job environments; None when it deploys nowhere."""
    account: Fact[str] | None = None
    region: Fact[str] | None = None
    branches: tuple[Fact[str], ...] = ()
    """Branches a guard or trigger restricts it to; empty when nothing does. Tags start with `refs/tags/`."""
    branch_guard: str = ""
    """The job whose condition, or a step of which, restricts it to `branches`; empty when the triggers do."""
    dead_guards: tuple[tuple[str, str, Location], ...] = ()
    """Conditions and comparisons on the branch that no branch can meet: the job, the text, the place."""
    role_secret: Fact[str] | None = None
    """The name of the secret (or repository variable), or the ARN, handed to the credentials action."""
    static_keys_at: Location | None = None
    """Where long-lived access keys are used."""
    account_assertion: Location | None = None
    """Where a step compares the account and fails on a difference."""
    account_assertions: tuple[tuple[str, Location], ...] = ()
    """Every such place with the id of its job, in the order written."""
    terraform_version: Fact[str] | None = None
    offered_environments: tuple[Fact[str], ...] = ()
    """The environments an input lets the operator choose from."""
    confirmation: Fact[str] | None = None
    """The input whose typed text is compared with a word before anything is applied."""
    concurrency: Fact[str] | None = None
    """The workflow's concurrency group."""
    sha256: str = ""
    """Of the file, so that equal files can be told."""
    concurrency_written: str = ""
    """Its concurrency group with the expressions."""
    inputs_handed_on: Location | None = None
    """Where all inputs are handed on at once, or one by a name that is computed: each may be used there."""
    fixed_comparisons: tuple[FixedComparison, ...] = ()
    """In the order of the file."""
    unread_conditions: tuple[tuple[str, Location], ...] = ()
    """Conditions that name an input and are not understood: whose they are (`job quick`), and where."""

    def deploys_to(self, environment: str) -> bool:
        """Whether it deploys the environment, or lets somebody choose it."""
        stated = (self.environment, *self.offered_environments)
        return any(fact is not None and fact.or_none() == environment for fact in stated)

    def job(self, identifier: str) -> Job | None:
        """The job of that id, or None."""
        return next((job for job in self.jobs if job.id == identifier), None)

    def ancestors(self, identifier: str) -> tuple[str, ...]:
        """Ids of all jobs that finish before `identifier` starts, nearest first; unknown ids and cycles end it."""
        jobs = {job.id: job for job in reversed(self.jobs)}
        found: dict[str, None] = {}
        pending = [identifier]
        for waiting in pending:
            for need in jobs[waiting].needs if waiting in jobs else ():
                name = need.or_none()
                if name and name not in found and name != identifier:
                    found[name] = None
                    pending.append(name)
        return tuple(found)


def serves_only_others(workflow: Workflow, job: Job, environment: str, environments: Collection[str]) -> bool:
    """Whether the job calls a workflow for other environments only, and its own workflow is not of one environment.

    It does when all names of environments among the values that it hands over are those of others.
    """
    if job.uses is None or (workflow.environment and workflow.environment.known):
        return False
    named = {(fact.or_none() or "").lower() for fact in job.handed.values()} & set(environments)
    return bool(named) and environment not in named


def called_path(uses: Fact[str] | None) -> str | None:
    """The project path of a local workflow or action (`./.github/…`), or None for one of elsewhere."""
    text = known_text(uses)
    return posixpath.normpath(text) if text.startswith("./") else None
