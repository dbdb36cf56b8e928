"""Who may deploy: the repositories, branches and environments of GitHub that the roles of AWS trust."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bbws_readiness.checks.access.policies import label
from bbws_readiness.checks.unknown import no_policies, undetermined
from bbws_readiness.checks.wording import amount, joined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.engine.run import DEVELOPER_ENVIRONMENTS
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.access import HOLE, Condition, Document, Fit, Pattern, Statement
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

ASSUMING = "sts:AssumeRoleWithWebIdentity"
GITHUB = regex(r"token\.actions\.githubusercontent\.com(?:/[\w-]+)?|.*/_services/token")
"""The identity provider of GitHub, also of an enterprise and of an own server."""

_NAMED_OTHERWISE = frozenset({"job_workflow_ref", "workflow_ref", "job_workflow_sha", "actor", "actor_id", "sha"})
"""Claims that narrow a trust in a way that is not looked into."""
_POSITIVE = frozenset({"stringequals", "stringlike", "stringequalsignorecase"})
_SHOWN = 100


class _Answer(Struct, frozen=True):
    """What is wide about a trust, and what of it cannot be told."""

    wide: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class Trust(Struct, frozen=True):
    """A statement that lets runs of GitHub assume a role, narrowed by what the policy denies."""

    document: Document
    statement: Statement
    doubt: str = ""
    """Why it may be narrower than it says; empty when it is not."""

    def claim(self, name: str) -> tuple[Condition, ...]:
        """The conditions that name values of a claim of the token."""
        return tuple(
            one
            for one in self.statement.conditions
            if one.key.rpartition(":")[2] == name and GITHUB.fullmatch(one.key.rpartition(":")[0])
            if one.operator in _POSITIVE
        )

    @property
    def subjects(self) -> tuple[Pattern, ...]:
        """Every subject it names."""
        return tuple(value for one in self.claim("sub") for value in one.values)


def trusts_of(question: Question) -> tuple[Trust, ...]:
    """The trusts in GitHub that concern the assessed environment, ordered by place."""
    documents = question.model.access.documents
    return tuple(
        trust for one in documents if one.concerns(question.environment) and one.trust for trust in github_trusts(one)
    )


def wide_trust(question: Question) -> CheckResult:
    """IAM002: one answer per trust file, over all its statements that let GitHub in."""
    if nothing := no_policies(question):
        return nothing
    trusts = trusts_of(question)
    open_ = [seen for one in _trusting_anybody(question) for seen in [_anybody(one)]]
    unclear = list(_unclear(question))
    if not trusts and not open_ and not unclear:
        return question.not_applicable(f"no trust policy for {question.environment} lets GitHub in")
    observations = [*open_, *unclear]
    by_path: dict[str, list[Trust]] = {}
    for one in trusts:
        by_path.setdefault(label(question, one.document), []).append(one)
    observations += [_judged(question, path, of_path) for path, of_path in by_path.items()]
    wide = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    lines = "; ".join(f"{seen.at}: {seen.values['problem']}" for seen in wide)
    return CheckResult(tuple(observations), summary={"lines": lines or "none"})


def _unclear(question: Question) -> Iterator[Observation]:
    """Trusts that are known only when Terraform runs, or that cannot be read."""
    for one in question.model.access.documents:
        doubt = next((said.doubt for said in one.statements if said.doubt and not said.principals), "")
        if not doubt and any(map(_of_somebody, one.statements)):
            doubt = "whom it trusts is filled in later"
        if one.trust and one.concerns(question.environment) and doubt:
            yield undetermined(label(question, one), Undetermined(doubt, one.at))


def _of_somebody(statement: Statement) -> bool:
    """Whether it lets a provider in of which nothing is known, and no condition tells which it is."""
    filled = any(one.kind == "Federated" and not one.name.text.strip(HOLE) for one in statement.principals)
    return statement.allows and filled and not statement.conditions and bool(statement.speaks_of(ASSUMING))


def _trusting_anybody(question: Question) -> Iterator[tuple[str, Statement]]:
    """Statements of trusts that name no holder at all."""
    for document in question.model.access.documents:
        if not document.trust or not document.concerns(question.environment):
            continue
        for one in document.statements:
            named = any(holder.name.takes_all and holder.kind in ("AWS", "*") for holder in one.principals)
            if one.allows and named and not one.all_principals_but:
                yield label(question, document), one


def _anybody(found: tuple[str, Statement]) -> Observation:
    subject, statement = found
    if statement.conditions:
        reason = "it trusts every AWS account, within conditions that are not looked into"
        return undetermined(subject, Undetermined(reason, statement.at))
    values = {"problem": "every AWS account may assume the role"}
    return Observation(Outcome.FAIL, subject, statement.at, values, expected="named holders", actual=values["problem"])


def _judged(question: Question, subject: str, trusts: Sequence[Trust]) -> Observation:
    strict = question.environment not in DEVELOPER_ENVIRONMENTS
    answers = [(one, _answer(one, strict=strict)) for one in trusts]
    for trust, answer in answers:
        if answer.wide and not trust.doubt and not trust.statement.doubt:
            problem = joined(answer.wide)
            return Observation(
                Outcome.FAIL,
                subject,
                place_of(trust),
                {"problem": problem},
                expected="named repositories, a branch or environment, an audience",
                actual=problem,
            )
    for trust, answer in answers:
        reason = trust.doubt or trust.statement.doubt if answer.wide else next(iter(answer.doubts), "")
        if reason:
            return undetermined(subject, Undetermined(reason, place_of(trust)))
    named = [one for trust in trusts for one in trust.subjects]
    return Observation(Outcome.PASS, subject, place_of(trusts[0]), {"count": amount(len(named), "subject")})


def place_of(trust: Trust) -> Location:
    """Where it names its subjects."""
    return next((one.at for one in trust.subjects), trust.statement.at)


def github_trusts(document: Document) -> Iterator[Trust]:
    """The statements that let GitHub in, those left out that the policy takes back wholly."""
    denials = [one for one in document.statements if not one.allows and one.speaks_of(ASSUMING)]
    for statement in document.statements:
        if not statement.allows or not statement.speaks_of(ASSUMING) or not _of_github(statement):
            continue
        conditions, doubt, taken_back = list(statement.conditions), "", False
        for denial in denials:
            if not denial.conditions:
                taken_back = True
            elif len(denial.conditions) == 1 and (turned := _turned(denial.conditions[0])):
                conditions.append(turned)
            else:
                doubt = "what a Deny of the same policy takes back is not looked into"
        if not taken_back:
            yield Trust(document, replace(statement, conditions=tuple(conditions)), doubt)


def _turned(condition: Condition) -> Condition | None:
    """The condition that a Deny of all else amounts to; None for a Deny that names what it takes back."""
    operator = condition.operator.replace("not", "", 1)
    if "not" not in condition.operator or operator not in _POSITIVE:
        return None
    return replace(condition, operator=operator)


def _of_github(statement: Statement) -> bool:
    for holder in statement.principals:
        provider = holder.name.name.removeprefix("oidc-provider/")
        if holder.kind == "Federated" and GITHUB.fullmatch(provider):
            return True
        if holder.kind == "Federated" and HOLE in holder.name.text:
            return any(GITHUB.fullmatch(one.key.rpartition(":")[0]) for one in statement.conditions)
    return False


def _answer(trust: Trust, *, strict: bool) -> _Answer:
    """What is wide about a trust: its repositories, its branches where they matter, its audience."""
    parts = [_repositories(trust), *([_places(trust)] if strict else []), _audience(trust)]
    answer = _Answer(tuple(w for p in parts for w in p.wide), tuple(d for p in parts for d in p.doubts))
    other = sorted(name for name in _NAMED_OTHERWISE if trust.claim(name))
    if answer.wide and other:
        reason = f"it is narrowed by {joined(other)}, which is not looked into"
        return _Answer(doubts=(reason,))
    return answer


def _best(answers: Iterable[_Answer], nothing: str) -> _Answer:
    """The narrowest of several conditions, which must all hold; `nothing` is what is wide without any."""
    found = sorted(answers, key=lambda one: (bool(one.wide), bool(one.doubts)))
    return found[0] if found else _Answer(wide=(nothing,))


def _all_of(condition: Condition, wide: str, judge: Callable[[Pattern], Fit]) -> _Answer:
    """What the values of one condition, any of which may hold, say together."""
    fits = [(value, judge(value)) for value in condition.values]
    return _Answer(
        tuple(f"{wide} ({_shown(value)})" for value, fit in fits if fit is Fit.YES)[:3],
        tuple(f"what fills {_shown(value)} is not in the files" for value, fit in fits if fit is Fit.MAYBE)[:1],
    )


def _shown(value: Pattern) -> str:
    return value.written if len(value.written) <= _SHOWN else value.written[:_SHOWN] + "…"


def _repositories(trust: Trust) -> _Answer:
    wide = "any repository"
    answers = [_all_of(one, wide, _any_repository) for one in trust.claim("sub")]
    answers += [_all_of(one, wide, _open) for one in (*trust.claim("repository"), *trust.claim("repository_id"))]
    return _best(answers, "any repository of GitHub (no condition on the subject)")


def _places(trust: Trust) -> _Answer:
    wide = "any branch"
    answers = [_all_of(one, wide, _any_place) for one in trust.claim("sub")]
    answers += [_all_of(one, wide, _any_branch) for one in trust.claim("ref")]
    answers += [_all_of(one, wide, _open) for one in trust.claim("environment") if not one.if_exists]
    answers += [_all_of(one, wide, _unprotected) for one in trust.claim("ref_protected")]
    named = answers or trust.claim("repository") or trust.claim("repository_id")
    return _best(answers, wide) if named else _Answer()


def _audience(trust: Trust) -> _Answer:
    answers = [_all_of(one, "any audience", _open) for one in trust.claim("aud")]
    return _best(answers, "any audience (no condition on it)")


def _open(value: Pattern) -> Fit:
    if value.open:
        return Fit.YES
    return Fit.MAYBE if HOLE in value.text else Fit.NO


def _unprotected(value: Pattern) -> Fit:
    return Fit.NO if value.text == "true" else Fit.YES


def _any_repository(value: Pattern) -> Fit:
    """Whether a subject leaves the repository open. One of another form than GitHub's usual is not known."""
    if never(value):
        return Fit.NO
    if value.literal and not value.text.startswith("repo:"):
        return Fit.MAYBE
    if not value.text.startswith("repo:"):
        return Fit.YES if value.text[:1] in ("*", "?") or "repo:".startswith(value.text.rstrip("*")) else Fit.MAYBE
    repository = value.text.removeprefix("repo:").partition(":")[0]
    return _open(replace(value, text=repository))


def never(value: Pattern) -> bool:
    """Whether it takes no subject at all: stars that stand for themselves."""
    return value.literal and any(sign in value.text for sign in "*?")


def _any_place(value: Pattern) -> Fit:
    """Whether a subject takes runs of any branch, of any pull request, or of any environment."""
    if not value.text.startswith(("repo:", "*")):
        return _any_repository(value)
    place = value.text.removeprefix("repo:").partition(":")[2]
    if never(value):
        return Fit.NO
    if not place:
        return Fit.YES if value.open and value.text.endswith("*") else _open(value)
    asked = replace(value, text=place)
    answer = max(asked.fits(probe) for probe in PROBES)
    if answer is Fit.NO and asked.fits("ref:refs/tags/x0"):
        return Fit.MAYBE
    return answer


PROBES = ("ref:refs/heads/x0", "pull_request", "environment:x0")
"""Runs that nobody names: of a branch, of a pull request, of an environment that a workflow makes up."""


def _any_branch(value: Pattern) -> Fit:
    return value.fits("refs/heads/x0")
