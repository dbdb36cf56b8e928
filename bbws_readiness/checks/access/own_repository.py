"""Whether the roles of an environment let this repository in, from where its jobs run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.checks.access.policies import label
from bbws_readiness.checks.access.trust import PROBES, Trust, github_trusts, never, place_of, trusts_of
from bbws_readiness.checks.unknown import no_policies, undetermined
from bbws_readiness.checks.wording import amount
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined, Unknown
from bbws_readiness.model.access import HOLE, Condition, Fit, Pattern
from bbws_readiness.model.workflows import Job
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_REMOTE = regex(
    r"(?:(?:https?|ssh|git)://(?:[^@/]+@)?[^/]+/|(?:[^@/:]+@)?[^/:]+:)(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?"
)
_REPOSITORY = regex(r"[\w.-]+/[\w.-]+")
_IDS = regex(r"@[0-9]+")
_SIGNING_IN = regex(r"aws-actions/configure-aws-credentials(?:@.*)?")
_BRANCH = "ref:refs/heads/"


class _Run(Struct, frozen=True):
    """A job that signs in, as the subject of its token tells it from others."""

    repository: str
    place: str = ""
    """`environment:sit`; `ref:refs/heads/` for a job without an environment, empty when it is unknown."""

    @property
    def probes(self) -> tuple[str, ...]:
        """Subjects that its token may have; any of them will do."""
        if self.place.startswith("environment:"):
            return (f"repo:{self.repository}:{self.place}",)
        probes = [one for one in PROBES if not (self.place and one.startswith("environment:"))]
        return tuple(f"repo:{self.repository}:{one}" for one in probes)

    @property
    def shown(self) -> str:
        """As a finding names it: with the environment or the branch only where it matters."""
        return self.subject.removeprefix("repo:") if self.place else self.repository

    @property
    def subject(self) -> str:
        """What has to stand in a trust."""
        return f"repo:{self.repository}:{self.place or 'environment:<environment>'}" + (
            "<branch>" if self.place == _BRANCH else ""
        )


def untrusted_repository(question: Question) -> CheckResult:
    """IAM003: one answer, whether a trust of the environment takes this repository from where its jobs sign in.

    Parameters: `repository`, `owner/name`; empty takes the one of readiness.yaml, else that of git's remote `origin`.
    """
    if nothing := no_policies(question):
        return nothing
    trusts = trusts_of(question)
    if not trusts:
        return _no_trust(question)
    run, wanted = _Run("this repository"), list[str]()
    try:
        repository = _repository(question)
        run, seen = _judged(question, trusts, repository)
        wanted = [run.subject] if seen.subject != repository else [one.subject for one in _runs(question, repository)]
    except Undetermined as unknown:
        seen = undetermined("repository", unknown)
    subjects = '", "'.join(dict.fromkeys(wanted or [run.subject]))
    values = {"repository": run.repository, "place": str(place_of(trusts[0])), "subject": subjects}
    return CheckResult((seen,), summary=values)


def _judged(question: Question, trusts: Sequence[Trust], repository: str) -> tuple[_Run, Observation]:
    """The run that is not taken, else the first, and what is to be said of it. Raises `Undetermined`."""
    anywhere = _Run(repository)
    seen = _trusted(question, trusts, anywhere)
    if seen.outcome is not Outcome.PASS:
        return _Run(repository, f"environment:{question.environment}"), seen
    for run in _runs(question, repository):
        found = _trusted(question, trusts, run)
        if found.outcome is not Outcome.PASS:
            return run, found
    return anywhere, seen


def _runs(question: Question, repository: str) -> Iterator[_Run]:
    """The jobs of the deploying workflow that sign in by GitHub's token, as far as their environment is known."""
    workflow = question.model.workflow
    for job in workflow.jobs if workflow else ():
        if not any(_signs_in(step.uses.or_none() or "") for step in job.steps if step.uses and step.with_):
            continue
        if job.environment is None:
            yield _Run(repository, _BRANCH)
        elif (name := _named(job)) is not None:
            yield _Run(repository, f"environment:{name}")


def _signs_in(uses: str) -> bool:
    return _SIGNING_IN.fullmatch(uses) is not None


def _named(job: Job) -> str | None:
    """The job's environment as its token names it; None when it is unknown or written with what GitHub encodes."""
    name = job.environment.or_none() if job.environment else None
    return name if name and re.fullmatch(r"[\w .-]+", name) else None


def _trusted(question: Question, trusts: Sequence[Trust], run: _Run) -> Observation:
    """Whether one of the trusts takes the run; raises `Undetermined` when one of them only may."""
    fits = [(one, _takes(one, run)) for one in trusts]
    for trust, fit in fits:
        if fit is Fit.YES and not trust.statement.doubt:
            values = {"trust": label(question, trust.document)}
            return Observation(Outcome.PASS, run.repository, place_of(trust), values)
    for trust, fit in fits:
        if fit or trust.statement.doubt:
            reason = f"whether {label(question, trust.document)} takes {run.shown} depends on what is filled in"
            raise Undetermined(reason, place_of(trust))
    small = replace(run, repository=run.repository.lower(), place=run.place.lower())
    if any(_takes(_unspelt(one), small) for one in trusts) and (
        not _told(question) or any(_takes(one, _Run(run.repository)) for one in trusts)
    ):
        reason = f"{run.shown} is trusted in other letters, and only GitHub knows how it is spelt"
        raise Undetermined(reason, place_of(trusts[0]))
    number = amount(sum(len(one.subjects) for one in trusts), "subject")
    return Observation(
        Outcome.FAIL,
        run.shown,
        place_of(trusts[0]),
        {"number": number, "trust": label(question, trusts[0].document)},
        expected=f"{run.shown} among the subjects",
        actual=number,
    )


def _no_trust(question: Question) -> CheckResult:
    """Without a trust for the environment: nothing to look at, unless other environments have one."""
    elsewhere = next((one for one in question.model.access.documents if one.trust and any(github_trusts(one))), None)
    if elsewhere is None:
        return question.not_applicable("no trust policy lets GitHub in")
    raise Undetermined(f"no trust policy for {question.environment}, while other environments have one", elsewhere.at)


def _told(question: Question) -> str:
    """The repository as the rule's parameter or readiness.yaml names it; empty when neither does."""
    return str(question.parameters.get("repository") or question.config.repository)


def _repository(question: Question) -> str:
    """`owner/name` of this repository; raises `Undetermined` when neither configuration nor git tells."""
    if told := _told(question):
        if not _REPOSITORY.fullmatch(told):
            raise Undetermined("the parameter repository is no owner/name", question.parameter_at("repository"))
        return told
    remote = question.model.repository.remote if question.model.repository else None
    if remote is None or isinstance(remote.value, Unknown):
        reason = remote.value.reason if remote and isinstance(remote.value, Unknown) else "there is no git checkout"
        raise Undetermined(
            f"which repository this is cannot be told: {reason}", remote.at if remote else Location(".", 0)
        )
    match = _REMOTE.fullmatch(remote.value)
    if match is None:
        raise Undetermined("the remote of git is no repository of GitHub by its form", remote.at)
    return f"{match['owner']}/{match['name']}"


def _takes(trust: Trust, run: _Run) -> Fit:
    """Whether a trust takes the run; every one of its conditions on it must."""
    fits = [
        max((_takes_subject(value, one, run) for value in one.values), default=Fit.NO) for one in trust.claim("sub")
    ]
    named = {"repository": run.repository, "repository_owner": run.repository.partition("/")[0]}
    fits += [
        max((_fit(value, one, text) for value in one.values), default=Fit.NO)
        for claim, text in named.items()
        for one in trust.claim(claim)
    ]
    if run.place:
        fits += [_takes_environment(one, run) for one in trust.claim("environment")]
    if trust.claim("repository_id") or trust.claim("repository_owner_id"):
        fits.append(Fit.MAYBE)
    return min(fits, default=Fit.YES)


def _takes_environment(condition: Condition, run: _Run) -> Fit:
    """The token of a job without an environment has no such claim."""
    kind, _, name = run.place.partition(":")
    if kind != "environment":
        return Fit.YES if condition.if_exists else Fit.NO
    return max((_fit(value, condition, name) for value in condition.values), default=Fit.NO)


def _fit(value: Pattern, condition: Condition, text: str) -> Fit:
    return value.fits(text, ignore_case="ignorecase" in condition.operator)


def _unspelt(trust: Trust) -> Trust:
    """The trust in lower case: the address of a remote is not told from one in other letters."""
    conditions = tuple(
        replace(one, values=tuple(replace(value, text=value.text.lower()) for value in one.values))
        for one in trust.statement.conditions
    )
    return replace(trust, statement=replace(trust.statement, conditions=conditions))


def _takes_subject(value: Pattern, condition: Condition, run: _Run) -> Fit:
    text = _IDS.sub("", value.text)
    if not text.startswith(("repo:", "*", "?", HOLE)):
        return Fit.MAYBE
    if never(value):
        return Fit.NO
    asked = replace(value, text=text)
    head, colon, place = text.removeprefix("repo:").partition(":")
    whole = max(_fit(asked, condition, probe) for probe in run.probes)
    if not text.startswith("repo:") or not colon:
        return whole
    fit = _fit(replace(value, text=head), condition, run.repository)
    return max(whole, min(fit, _takes_place(replace(value, text=place), condition, run)) if run.place else fit)


def _takes_place(value: Pattern, condition: Condition, run: _Run) -> Fit:
    """Whether what a subject says behind the repository takes the place; more than GitHub's usual is not known."""
    if value.text.count(":") > 1:
        return Fit.MAYBE
    if run.place != _BRANCH:
        return _fit(value, condition, run.place)
    # Which branch it will be is for whoever starts the run.
    return Fit.NO if value.text.startswith("environment:") else Fit.YES
