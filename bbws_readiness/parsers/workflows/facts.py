"""Tells where a workflow deploys and as whom, from statements that must agree."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct, field

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.workflows import Artifact, Input, Job, Step, TerraformCommand
from bbws_readiness.parsers.workflows.events import Starts
from bbws_readiness.parsers.workflows.numbers import as_number
from bbws_readiness.parsers.workflows.scope import Scope
from bbws_readiness.parsers.workflows.structure import ReadStep
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location, Source

CREDENTIALS = "aws-actions/configure-aws-credentials"
SETUP = "hashicorp/setup-terraform"
UPLOAD = "actions/upload-artifact"

ENVIRONMENT_NAMES = frozenset(
    {"ENVIRONMENT", "ENV", "ENV_NAME", "ENVIRONMENT_NAME", "DEPLOY_ENV", "TARGET_ENV", "TARGET_ENVIRONMENT", "STAGE"}
    | {"TF_VAR_environment", "TF_VAR_env"}
)
ACCOUNT_NAMES = frozenset(
    {"AWS_ACCOUNT_ID", "AWS_ACCOUNT", "ACCOUNT_ID", "ACCOUNT", "EXPECTED_ACCOUNT", "EXPECTED_ACCOUNT_ID"}
    | {"EXPECTED_AWS_ACCOUNT_ID", "TF_VAR_aws_account_id", "TF_VAR_account_id"}
)
REGION_NAMES = frozenset({"AWS_REGION", "AWS_DEFAULT_REGION", "REGION", "TF_VAR_aws_region", "TF_VAR_region"})
STATIC_KEY_SETTINGS = ("aws-access-key-id", "aws-secret-access-key")
_SECRET_KEY = regex(r"\bAWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY)=[\"']?\$\{\{\s*secrets\.", re.IGNORECASE)
"""A secret that a script exports, or writes for the steps behind it."""
STATIC_KEY_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


class Evidence(Struct, frozen=True, dict=True):
    """Everything a workflow says, gathered once for the questions below."""

    source: Source
    jobs: tuple[Job, ...]
    steps: tuple[ReadStep, ...]
    inputs: tuple[Input, ...]
    scope: Scope
    """Workflow-level variables and inputs."""
    environments: tuple[str, ...]
    starts: Starts = field(default_factory=Starts)
    """The ways in which it may be started."""

    def terraform(self, *verbs: str) -> Iterator[TerraformCommand]:
        """The terraform commands with one of these verbs, in order."""
        return (command for command in self._terraform if command.verb in verbs)

    @cached_property
    def _terraform(self) -> list[TerraformCommand]:
        return [command for read in self.steps for command in read.step.terraform]

    def variables(self, names: frozenset[str]) -> Iterator[Fact[str]]:
        """The values of all variables so called: of the workflow, of jobs and what they hand on, of steps."""
        for name, fact, scope in self._variables:
            if name in names:
                yield fact if isinstance(fact.value, Unknown) else scope.resolve(fact.value, fact.at)

    @cached_property
    def _variables(self) -> list[tuple[str, Fact[str], Scope]]:
        """All variables as written, each with the scope in which it is."""
        found = [(name, fact, self.scope) for name, fact in self.scope.variables.items()]
        for job in self.jobs:
            inner = self.scope.with_variables(job.environment_variables)
            found += [(name, fact, inner) for name, fact in job.environment_variables.items()]
            handed = {name.upper().replace("-", "_"): fact for name, fact in job.with_.items()}
            found += [(name, fact, inner) for name, fact in handed.items()]
        for read in self.steps:
            found += [(name, fact, read.scope) for name, fact in read.step.environment_variables.items()]
        return found

    def passed(self, names: frozenset[str]) -> Iterator[Fact[str]]:
        """The values that `-var` gives to Terraform variables whose `TF_VAR_` form is among `names`."""
        for command in self.terraform("plan", "apply", "destroy"):
            yield from (fact for name, fact in command.variables.items() if f"TF_VAR_{name}" in names)

    @cached_property
    def deploys(self) -> bool:
        """Whether it changes anything: it applies or may, calls another workflow, or names an environment."""
        if any(self.terraform("apply", "destroy")) or any(read.step.may_apply for read in self.steps):
            return True
        return any(job.uses or job.environment for job in self.jobs)


def environment(evidence: Evidence) -> Fact[str] | None:
    """The one environment it deploys to; None when it deploys none, unknown when its statements disagree."""
    if not evidence.deploys:
        return None
    stated = [fact for fact in _environment_votes(evidence) if fact is not None]
    if stated:
        return agreed(stated, "environment")
    open_ones = [fact for fact in evidence.variables(ENVIRONMENT_NAMES) if not fact.known]
    open_ones += [job.environment for job in evidence.jobs if job.environment and not job.environment.known]
    if open_ones:
        return open_ones[0]
    name = posixpath.basename(evidence.source.path)
    named = _environment_in(name.rpartition(".")[0], evidence.environments)
    return Fact(named, evidence.source.at(0)) if named else None


def _environment_votes(evidence: Evidence) -> Iterator[Fact[str] | None]:
    known = evidence.environments
    for fact in evidence.variables(ENVIRONMENT_NAMES):
        yield _vote(fact, known, whole=True)
    for command in evidence.terraform("init"):
        for name in ("bucket", "key"):
            yield _vote(command.backend.get(name), known)
        for file in command.backend_files:
            yield _vote(file, known)
    for fact in evidence.passed(ENVIRONMENT_NAMES):
        yield _vote(fact, known, whole=True)
    for command in evidence.terraform("plan", "apply", "destroy"):
        for file in command.var_files:
            yield _vote(file, known)
    for job in evidence.jobs:
        yield _vote(job.environment, known)


def _vote(fact: Fact[str] | None, known: Sequence[str], *, whole: bool = False) -> Fact[str] | None:
    """The environment that `fact` names, as its whole value or as one part of it; None when it names none."""
    if fact is None or isinstance(fact.value, Unknown):
        return None
    lower = fact.value.strip().lower()
    found = (lower if lower in known else None) if whole else _environment_in(lower, known)
    return Fact(found, fact.at, fact.via) if found else None


def _environment_in(text: str, known: Sequence[str]) -> str | None:
    """The one environment named among the parts of `text`; None for none and for several."""
    parts = "".join(sign if sign.isalnum() else " " for sign in text.lower()).split()
    found = {name for name in known if name in parts}
    return found.pop() if len(found) == 1 else None


def offered_environments(evidence: Evidence) -> tuple[Fact[str], ...]:
    """The environments among the options of an input, or among the rows of a matrix, when it has several."""
    for given in evidence.inputs:
        offered = [option for option in given.options if option.lower() in evidence.environments]
        if len(offered) > 1:
            return tuple(Fact(option.lower(), _option_line(evidence.source, given, option)) for option in offered)
    for job in evidence.jobs if evidence.deploys else ():
        for values in job.matrix.values():
            rows = [Fact(text, fact.at) for fact in values if (text := (fact.or_none() or "").lower())]
            rows = [fact for fact in rows if fact.value in evidence.environments]
            if len(rows) > 1:
                return tuple(rows)
    return _called_for(evidence)


def _called_for(evidence: Evidence) -> tuple[Fact[str], ...]:
    """The environments that its jobs call workflows for, one each; empty when a job does otherwise, or applies."""
    found: dict[str, Fact[str]] = {}
    for job in evidence.jobs if any(one.uses for one in evidence.jobs) else ():
        handed = (_vote(fact, evidence.environments, whole=True) for fact in job.handed.values())
        votes = {fact.get(): fact for fact in handed if fact}
        if job.uses is None and not any(map(_applies, job.steps)):
            continue
        if job.uses is None or len(votes) != 1:
            return ()
        found |= votes
    return tuple(found.values()) if len(found) > 1 else ()


def _applies(step: Step) -> bool:
    return step.may_apply or any(command.verb in ("apply", "destroy") for command in step.terraform)


def _option_line(source: Source, given: Input, option: str) -> Location:
    listed = False
    for number in range(given.at.line, len(source.lines) + 1):
        listed = listed or "options" in source.lines[number - 1]
        words = source.lines[number - 1].replace(",", " ").replace("[", " ").replace("]", " ").split()
        if listed and any(word.strip("\"'") == option for word in words):
            return source.at(number)
    return given.at


def account(evidence: Evidence) -> Fact[str] | None:
    """The account it deploys into: constants, the role's ARN, the accounts the credentials action allows."""
    stated = [*evidence.variables(ACCOUNT_NAMES), *evidence.passed(ACCOUNT_NAMES)]
    for read in evidence.steps:
        if read.uses(CREDENTIALS):
            stated += [fact for fact in (_account_of_role(read), read.setting("allowed-account-ids")) if fact]
    return agreed([fact for fact in stated if not fact.known or _is_account(fact.get())], "account")


def _account_of_role(read: ReadStep) -> Fact[str] | None:
    role = read.setting("role-to-assume")
    if role is None or isinstance(role.value, Unknown):
        return None
    parts = role.value.split(":")
    return Fact(parts[4], role.at, role.via) if len(parts) > 5 and parts[0] == "arn" else None


def _is_account(text: str) -> bool:
    return len(text) == 12 and text.isascii() and text.isdigit()


def region(evidence: Evidence) -> Fact[str] | None:
    """The region it deploys into: constants, the credentials action, the backend."""
    stated = [*evidence.variables(REGION_NAMES), *evidence.passed(REGION_NAMES)]
    stated += [fact for read in evidence.steps if read.uses(CREDENTIALS) and (fact := read.setting("aws-region"))]
    stated += [fact for command in evidence.terraform("init") if (fact := command.backend.get("region"))]
    return agreed(stated, "region")


def terraform_version(evidence: Evidence) -> Fact[str] | None:
    """The version its jobs set up, when they agree."""
    stated = [fact for read in evidence.steps if read.uses(SETUP) and (fact := read.setting("terraform_version"))]
    return agreed(stated, "terraform version")


def agreed(stated: Iterable[Fact[str]], what: str) -> Fact[str] | None:
    """What all known statements say, placed where the first one is written out; unknown when two differ.

    None when nothing is stated. Statements that are unknown count only when there is no known one.
    """
    facts = list(stated)
    known = [fact for fact in facts if fact.known]
    if not known:
        return facts[0] if facts else None
    first = known[0]
    places = list(dict.fromkeys(_origin(fact) for fact in known))
    for other in known[1:]:
        if other.get() != first.get():
            here, there = _origin(first).line, _origin(other).line
            reason = f"the {what} is {first.get()} at line {here}, {other.get()} at line {there}"
            return Fact(Unknown(reason), places[0], tuple(places[1:]))
    return Fact(first.value, places[0], tuple(places[1:]))


def _origin(fact: Fact[str]) -> Location:
    """Where the value itself is written."""
    return fact.via[-1] if fact.via else fact.at


def role_secret(evidence: Evidence) -> Fact[str] | None:
    """What the credentials action assumes, of the job that applies where that says so."""
    applying = {read.job for read in evidence.steps if any(found.verb == "apply" for found in read.step.terraform)}
    found = [read for read in evidence.steps if read.uses(CREDENTIALS) and "role-to-assume" in read.step.with_]
    chosen = next((read for read in found if read.job in applying), found[0] if found else None)
    if chosen is None:
        return None
    written = chosen.step.with_["role-to-assume"]
    if isinstance(written.value, Unknown):
        return written
    for path in chosen.scope.mentioned(written.value):
        context, _, name = path.partition(".")
        if context in ("secrets", "vars") and name:
            return Fact(name, written.at)
    return chosen.setting("role-to-assume")


def static_keys_at(evidence: Evidence) -> Location | None:
    """The first line that hands long-lived keys to anything; outputs of a step are temporary ones."""
    handed = list(evidence.variables(frozenset(STATIC_KEY_VARIABLES)))
    for read in evidence.steps:
        handed += [fact for name in STATIC_KEY_SETTINGS if (fact := read.setting(name))]
    places = [
        fact.at for fact in handed if not (isinstance(fact.value, Unknown) and fact.value.reason.startswith("steps."))
    ]
    for read in evidence.steps:
        for command in read.step.commands:
            text = command.text
            configured = command.words[:3] == ("aws", "configure", "set") and "access_key" in text
            if configured or ("${{" in text and _SECRET_KEY.search(text)):
                places.append(command.at)
    return min(places) if places else None


def artifacts(evidence: Evidence) -> tuple[Artifact, ...]:
    """What its jobs upload, with the days it is kept."""
    found = []
    for read in evidence.steps:
        if read.uses(UPLOAD):
            name = read.setting("name") or Fact("artifact", read.step.at)
            days = read.setting("retention-days")
            found.append(Artifact(name, read.job, as_number(days) if days else None, read.step.at))
    return tuple(found)


def decisive_jobs(evidence: Evidence) -> frozenset[str]:
    """Ids of the jobs that apply and of those they wait for; of all jobs when none applies."""
    applying = [read.job for read in evidence.steps if any(found.verb == "apply" for found in read.step.terraform)]
    applying += [job.id for job in evidence.jobs if job.uses]
    if not applying:
        return frozenset(job.id for job in evidence.jobs)
    by_id = {job.id: job for job in evidence.jobs}
    found: set[str] = set()
    pending = applying
    while pending:
        identifier = pending.pop()
        if identifier in by_id and identifier not in found:
            found.add(identifier)
            pending += [need for fact in by_id[identifier].needs if (need := fact.or_none())]
    return frozenset(found)
