"""Whether what the pipeline may delete is limited to the names of this project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from bbws_readiness.checks.access.needed_actions import NEEDED
from bbws_readiness.checks.access.policies import arn_of, kept_elsewhere, label, permissions_of
from bbws_readiness.checks.unknown import no_policies, undetermined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.access import HOLE, Document, Fit, Pattern, Statement
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_NOT_ABOUT_NAMES = regex(
    r"aws:(?:requestedregion|securetransport|multifactorauth(?:present|age)|sourceip|sourcevpce?|principal\w+(?:/.+)?"
    r"|currenttime|epochtime|tokenissuetime|useragent|userid|username|resourceaccount|resourceorgid|federatedprovider)"
)
"""Keys of conditions that say when, whence and by whom, never on what."""
_TAG = regex(r"[a-z0-9-]+:resourcetag/.+")
_MIGHTY = regex(r"FullAccess|PowerUser")
"""In the names of policies of AWS that delete."""
_WORD = regex(r"[a-z0-9]+")
UNLOCKING = "dynamodb:DeleteItem"
"""What Terraform does with the lock table, named in full, at the end of every run."""
_SHOWN = 3
_LISTED = 5
"""Names and actions that a remedy writes out."""


class _Grant(Struct, frozen=True):
    """A delete action on a pattern of resources."""

    action: str
    on: str
    at: Location
    doubt: str = ""
    """Why it may be limited; empty when it is not."""

    def __str__(self) -> str:
        return f"{self.action} on {self.on}"


class _Names(Struct, frozen=True):
    """What tells the names of this project from those of others."""

    every: tuple[str, ...]
    """Names of the declared resources."""
    empty: frozenset[str]
    """Words that tell nothing: environments, the organisation."""
    own: frozenset[str]
    """Words of the repository's own name."""
    shared: Mapping[str, tuple[str, str]]
    """Names that belong to all projects, with their service and what they are."""
    state: tuple[str, ...]
    """Where in the bucket of the state this project's lies."""

    def words(self, text: str) -> frozenset[str]:
        return frozenset(_WORD.findall(text.lower())) - self.empty

    @property
    def common(self) -> frozenset[str]:
        """The words that all declared names have."""
        sets = [self.words(name) for name in self.every]
        return frozenset.intersection(*sets) if sets else frozenset()

    @property
    def known(self) -> frozenset[str]:
        """Every word of a declared name."""
        return frozenset(word for name in self.every for word in self.words(name))


def destructive_wildcard(question: Question) -> CheckResult:
    """IAM005: one answer per policy, over all delete actions that it grants.

    Parameters: `actions`, each delete action with what stands before the name in an ARN of its resources.
    """
    if nothing := no_policies(question):
        return nothing
    names = _names(question)
    observations = []
    lines: list[str] = []
    actions: list[str] = []
    for document in permissions_of(question):
        grants = list(_grants(document, _actions(question), names))
        wide = [one for one in grants if not one.doubt]
        observations.append(_observation(label(question, document), document, grants, wide))
        lines += [f"{one.at} ({one})" for one in wide[:_SHOWN]]
        actions += [one.action for one in wide]
    if not observations:
        return question.not_applicable(f"no policy for {question.environment} says what its holder may do")
    return CheckResult(tuple(observations), summary=_summary(question, names, lines, actions))


def _summary(question: Question, names: _Names, lines: list[str], actions: list[str]) -> dict[str, str]:
    """What the remedy writes: where, and the parts of the statements that take the place of the wide one."""
    services = {one.partition(":")[0] for one in actions}
    resources = question.model.configuration.resources if question.model.configuration else ()
    own = [
        arn_of(question, resource, needed)
        for resource in resources
        for needed in NEEDED.get(resource.type, ())[:1]
        if needed.service in services and resource.logical_name
    ]
    objects = any(one.startswith("s3:DeleteObject") for one in actions)
    own += [f"{one}/*" for one in own if objects and one.startswith("arn:aws:s3:")]
    shared = [
        arn.replace("{name}", name)
        for name, (service, _) in sorted(names.shared.items())
        for arn in (_SHARED_ARNS[service] if service in services else ())
    ]
    denied = [one for one in actions if one not in _UNLOCKING]
    return {
        "lines": "; ".join(lines) or "none",
        "resources": _quoted(own) or f'"<the ARNs of {", ".join(sorted(names.every)[:_LISTED]) or "this project"}>"',
        "actions": _quoted(denied) or '"dynamodb:DeleteTable", "s3:DeleteBucket", "s3:DeleteObjectVersion"',
        "shared": _quoted(shared) or '"<the ARNs of both>"',
    }


def _quoted(texts: list[str]) -> str:
    return ", ".join(f'"{one}"' for one in list(dict.fromkeys(texts))[:_LISTED])


def _observation(subject: str, document: Document, grants: list[_Grant], wide: list[_Grant]) -> Observation:
    if wide:
        more = f" and {len(wide) - _SHOWN} more" if len(wide) > _SHOWN else ""
        grant = ", ".join(map(str, wide[:_SHOWN])) + more
        return Observation(
            Outcome.FAIL,
            subject,
            wide[0].at,
            {"grants": grant},
            expected="delete actions on this project's names only",
            actual=grant,
        )
    if grants:
        return undetermined(subject, Undetermined(f"{grants[0]}: {grants[0].doubt}", grants[0].at))
    if unclear := next((one for one in document.statements if one.allows and one.doubt), None):
        return undetermined(subject, Undetermined(unclear.doubt, unclear.at))
    if kept := kept_elsewhere(document) or next((one for one in document.attached if _MIGHTY.search(one.name)), None):
        reason = f"what {kept.name or 'an attached policy'} grants is not in the files"
        return undetermined(subject, Undetermined(reason, kept.at))
    return Observation(Outcome.PASS, subject, document.at)


def _actions(question: Question) -> Mapping[str, str]:
    found = question.parameters.get("actions")
    return {str(action): str(prefix) for action, prefix in found.items()} if isinstance(found, Mapping) else {}


def _names(question: Question) -> _Names:
    model = question.model
    resources = model.configuration.resources if model.configuration else ()
    every = {name for one in resources if one.logical_name and (name := one.name.or_none())}
    empty = {word for name in model.environments for word in _WORD.findall(name.lower())}
    empty |= set(_WORD.findall(question.config.organisation.lower()))
    remote = model.repository.remote.or_none() if model.repository else None
    own = f"{question.config.slug} {(remote or '').rstrip('/').removesuffix('.git').rpartition('/')[2]}".lower()
    shared: dict[str, tuple[str, str]] = {}
    backend = model.configuration.backend if model.configuration else None
    stated = [backend.settings] if backend else []
    stated += [
        command.backend
        for workflow in model.workflows or ()
        for job in workflow.jobs
        for step in job.steps
        for command in step.terraform
    ]
    for settings in stated:
        for argument, of in _SHARED.items():
            name = settings[argument].or_none() if argument in settings else None
            shared |= {name: of} if name else {}
    keys = tuple(key for settings in stated if "key" in settings and (key := settings["key"].or_none()))
    return _Names(tuple(every), frozenset(empty), frozenset(_WORD.findall(own)) - frozenset(empty), shared, keys)


_SHARED_ARNS = {
    "dynamodb": ("arn:aws:dynamodb:*:*:table/{name}",),
    "s3": ("arn:aws:s3:::{name}", "arn:aws:s3:::{name}/*"),
}
_UNLOCKING = ("dynamodb:DeleteItem", "s3:DeleteObject")
"""What Terraform itself needs on the lock and beside the state."""
_SHARED = {"dynamodb_table": ("dynamodb", "the lock table"), "bucket": ("s3", "the bucket of the state")}
"""Arguments of a backend that name what all projects share."""


def _grants(document: Document, actions: Mapping[str, str], names: _Names) -> Iterator[_Grant]:
    """The delete actions that are not limited to the project's names, or may not be."""
    for statement in document.statements:
        if not statement.allows:
            continue
        doubt = _conditional(statement)
        if doubt is None:
            continue
        for action, prefix in actions.items():
            if not statement.speaks_of(action):
                continue
            for on, why in _wide(statement, action, prefix, names):
                taken_back = _taken_back(document, action, prefix, names)
                if taken_back is not None:
                    unspoken = (
                        "" if statement.speaks_of(action) is Fit.YES else "which actions these are is not in the files"
                    )
                    why = doubt or why or taken_back or statement.doubt or unspoken
                    yield _Grant(action, on, statement.at, why)


def _conditional(statement: Statement) -> str | None:
    """Why the statement's conditions may limit the names, empty when they do not, None when they do."""
    for one in statement.conditions:
        if _TAG.fullmatch(one.key) and one.positive and not one.if_exists and not any(v.takes_all for v in one.values):
            return None
    keys = [one.key for one in statement.conditions if not _NOT_ABOUT_NAMES.fullmatch(one.key)]
    return f"what the condition on {keys[0]} leaves of it is not looked into" if keys else ""


def _taken_back(document: Document, action: str, prefix: str, names: _Names) -> str | None:
    """None when a Deny leaves nothing of the action, or only own names; else why it may, empty when it does not."""
    doubt = ""
    for denial in document.statements:
        if denial.allows or not denial.speaks_of(action):
            continue
        whole = denial.covers_all or (denial.all_resources_but and not list(_wide_of(denial, action, prefix, names)))
        if whole and not denial.conditions and denial.speaks_of(action) is Fit.YES:
            return None
        if whole:
            doubt = "a Deny of the same policy takes some of it back"
    return doubt


def _wide(statement: Statement, action: str, prefix: str, names: _Names) -> Iterator[tuple[str, str]]:
    """The patterns of resources that are wider than the project, each with why it may not be."""
    if statement.all_resources_but:
        excepted = ", ".join(one.name for one in statement.resources[:_SHOWN]).replace(HOLE, "…")
        yield f"everything but {excepted}", ""
        return
    yield from _wide_of(statement, action, prefix, names)


def _wide_of(statement: Statement, action: str, prefix: str, names: _Names) -> Iterator[tuple[str, str]]:
    for pattern in statement.resources:
        if pattern.service not in ("", action.partition(":")[0]):
            continue
        shown = pattern.name.replace(HOLE, "…")
        name = pattern.name
        if not name.strip("*"):
            yield shown, ""
        elif name.startswith(prefix) and not name.startswith(HOLE):
            yield from ((f"{shown}{note}", why) for note, why in _judged(pattern, name[len(prefix) :], action, names))
        elif name.startswith(HOLE):
            yield shown, "which resources these are is known when Terraform runs"
        elif prefix.startswith(name.partition("*")[0]) and "*" in name:
            yield from (
                (f"{shown}{note}", why) for note, why in _judged(pattern, name.partition("*")[2] + "*", action, names)
            )


def _judged(pattern: Pattern, name: str, action: str, names: _Names) -> Iterator[tuple[str, str]]:
    """Nothing for names of the project; else what is to be said of a wide pattern, and why it may be none."""
    first, _, path = name.partition("/")
    asked, below = Pattern(first, pattern.written, pattern.at), Pattern(path, pattern.written, pattern.at)
    for shared, (service, what) in names.shared.items():
        if service == action.partition(":")[0] and asked.fits(shared) is Fit.YES:
            if path.strip("*") and any(below.fits(key) or below.fits(f"{key}.tflock") for key in names.state):
                return
            if action == UNLOCKING and not asked.open:
                return
            yield f" ({what})", ""
            return
    words = names.words(name.replace(HOLE, " "))
    if words & names.own:
        return
    if HOLE in name:
        yield "", "what is filled in there is not in the files"
    elif not asked.open:
        return
    elif not words:
        yield "", ""
    elif not (words & names.known and words >= names.common):
        yield "", "whether these are names of this project alone cannot be told"
