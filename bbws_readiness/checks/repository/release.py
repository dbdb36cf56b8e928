"""What git and the changelog say about the release."""

from __future__ import annotations

from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.unknown import nothing_said, undetermined
from bbws_readiness.checks.wording import amount, joined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related, Side
from bbws_readiness.fact import Undetermined, Unknown
from bbws_readiness.model.plans import ReleaseDemand
from bbws_readiness.model.repository import Repository
from bbws_readiness.source import Location, SourceKind

NO_GIT = "the project folder is not a git checkout"


def release_mark(question: Question) -> CheckResult:
    """REL001: the tag that the plan asks for stands on the assessed commit, and the changelog has its entry.

    A changelog without the entry, or that cannot be read, fails whatever git says; with the entry, a tag that cannot
    be looked up leaves the answer open.
    """
    model = question.model
    demand = model.plan.release if model.plan else ReleaseDemand()
    if demand.tag is None and demand.changelog_at is None:
        return nothing_said(question, [SourceKind.PLAN], "no plan asks for a release tag or a changelog entry")
    tag = demand.tag.get() if demand.tag else ""
    other = next((name for name in model.environments if tag.endswith(f"-{name}") and name != model.environment), None)
    if other:
        return question.not_applicable(f"the plan asks for the tag of {other} only")
    place = demand.tag.at if demand.tag else demand.changelog_at or Location(".", 0)
    lacking, related, unknown = [], [], None
    repository = model.repository
    if demand.tag:
        try:
            lacking += _tag_faults(repository, tag, place)
        except Undetermined as error:
            unknown = error.alone()
    if demand.changelog_at:
        fault = _changelog_fault(repository, tag)
        lacking += [fault] if fault else []
        related.append(Related(demand.changelog_at, "plan: asks for the changelog entry"))
    subject = tag or "changelog"
    summary = {"tag": tag or "the release", "lacking": joined(lacking) or "nothing"}
    if lacking:
        asking = Side(SourceKind.PLAN, says=subject, text=subject, at=(place,))
        seen = Observation(
            Outcome.FAIL,
            subject,
            place,
            {"lacking": joined(lacking)},
            expected=f"{subject} marked as released (plan)",
            actual=joined(lacking),
            sides=(asking,),
            related=tuple(related),
        )
        return CheckResult((seen,), summary=summary)
    if unknown:
        return CheckResult((undetermined(subject, unknown),), summary=summary)
    values = {"commit": _commit(repository)}
    return CheckResult((Observation(Outcome.PASS, subject, place, values, related=tuple(related)),), summary=summary)


def clean_checkout(question: Question) -> CheckResult:
    """REL002: nothing differs from the commit, and it is checked out on a release branch.

    Parameters: `branches`, the names a release branch may have.
    """
    repository = question.model.repository
    if repository is None:
        return CheckResult((Observation(Outcome.UNDETERMINED, "checkout", Location(".", 0), {"reason": NO_GIT}),))
    allowed = texts(question, "branches")
    observations = []
    summary = {"branches": joined(allowed, last="or")}
    try:
        changed = repository.changed_files.get()
        shown = ", ".join(changed[:5]) + (", …" if len(changed) > 5 else "")
        values = {"number": amount(len(changed), "file"), "files": shown or "none", "commit": _commit(repository)}
        outcome = Outcome.FAIL if changed else Outcome.PASS
        at = Location(changed[0], 0) if changed else repository.changed_files.at
        actual = f"{len(changed)} differ: {shown}" if changed else "no file differs"
        observations.append(Observation(outcome, "working tree", at, values, "no file differs from the commit", actual))
    except Undetermined as error:
        observations.append(undetermined("working tree", error))
    try:
        branch = repository.branch.get()
        outcome = Outcome.PASS if branch in allowed else Outcome.FAIL
        wording = "branch" if outcome is Outcome.PASS else "other-branch"
        values = {"branch": branch, "branches": joined(allowed, last="or")}
        at = repository.branch.at
        observations.append(Observation(outcome, "branch", at, values, values["branches"], branch, wording=wording))
    except Undetermined as error:
        observations.append(undetermined("branch", error))
    return CheckResult(tuple(observations), summary=summary)


def _tag_faults(repository: Repository | None, tag: str, asked_at: Location) -> list[str]:
    if repository is None:
        raise Undetermined(NO_GIT, asked_at)
    if tag in repository.tags.get():
        return []
    if tag in (repository.all_tags.or_none() or ()):
        return [f"the tag {tag} stands on another commit"]
    return [f"no tag {tag}"]


def _changelog_fault(repository: Repository | None, tag: str) -> str:
    if repository is None or repository.changelog is None:
        return "no changelog"
    if isinstance(repository.changelog.value, Unknown):
        return "no readable changelog"
    versions = [fact.or_none() or "" for fact in repository.changelog_versions]
    if not tag:
        return "" if versions else "no version in the changelog"
    wanted = {tag, tag.removeprefix("v")}
    if any(word.strip("[]():,") in wanted for heading in versions for word in heading.split()):
        return ""
    return f"no entry {tag} in the changelog"


def _commit(repository: Repository | None) -> str:
    commit = repository.commit.or_none() if repository else None
    return commit[:12] if commit else "an unknown commit"
