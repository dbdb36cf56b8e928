"""Whether all sources place the environment in the same account and region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bbws_readiness.checks.statements import Opinion, votes
from bbws_readiness.checks.terraform.settings import own_file
from bbws_readiness.checks.unknown import only_github_tells, terraform_gap, undetermined
from bbws_readiness.checks.wording import amount, related
from bbws_readiness.checks.workflows.runs import deployments, visits
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Side
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.environments import Environment
from bbws_readiness.model.model import Model
from bbws_readiness.model.workflows import Workflow
from bbws_readiness.patterns import regex
from bbws_readiness.source import CODE, Location, SourceKind

ASPECTS = ("account", "region")

_ROLE_ARN = regex(r"arn:aws[a-z-]*:iam::([0-9]{12}):role/")


class Placement(Struct, frozen=True):
    """One source's word on one aspect."""

    source: SourceKind
    value: Fact[str]


def account_or_region(question: Question) -> CheckResult:
    """ENV005: one answer for the account, one for the region."""
    observations = []
    opinions: list[Opinion] = []
    for aspect in ASPECTS:
        stated = tuple(placements(question, aspect))
        observation = _compared(question, aspect, stated)
        if observation is None:
            continue
        observations.append(observation)
        if observation.outcome is Outcome.FAIL:
            opinions += [
                Opinion(side.source, (aspect, side.says), f"{aspect} {side.text}", side.at[0])
                for side in observation.sides
            ]
    if not observations:
        return question.not_applicable(f"no source states account or region of {question.environment}")
    return CheckResult(tuple(observations), votes=votes(opinions), summary={"environment": question.environment})


def effective(question: Question, aspect: str) -> str:
    """The value that will hold, for texts: what code says before what documents say; empty when nobody says."""
    stated = sorted(placements(question, aspect), key=lambda placement: placement.source not in CODE)
    return next((value for placement in stated if (value := placement.value.or_none())), "")


def placements(question: Question, aspect: str) -> Iterator[Placement]:
    """Every statement about the environment's `account` or `region`, in the order of the sources."""
    model = question.model
    if model.plan:
        yield from _documented(question, aspect, SourceKind.PLAN, model.plan.environments)
    yield from (Placement(SourceKind.TERRAFORM, fact) for fact in _guarded(question, aspect))
    yield from (Placement(SourceKind.TFVARS, fact) for fact in _set(question, aspect))
    names = _words(question, f"{aspect}-settings")
    for workflow in deployments(model):
        yield from (Placement(SourceKind.WORKFLOWS, fact) for fact in _used(model, workflow, aspect, names))
    script = model.script
    if script and not script.takes_environment:
        fact = script.account if aspect == "account" else script.region
        yield from [Placement(SourceKind.SCRIPT, fact)] if fact else []
    if model.readme:
        yield from _documented(question, aspect, SourceKind.README, model.readme.environments)
    yield from _configured(question, aspect)


def _documented(
    question: Question, aspect: str, source: SourceKind, rows: Sequence[Environment]
) -> Iterator[Placement]:
    """The rows for this environment; one that stands for a second region is another place on purpose."""
    elsewhere = _words(question, "other-regions")
    for row in rows:
        if row.name != question.environment or row.region_role.lower() in elsewhere:
            continue
        fact = row.account if aspect == "account" else row.region
        if fact is not None and fact.known:
            yield Placement(source, fact)


def _guarded(question: Question, aspect: str) -> list[Fact[str]]:
    """What the provider block says. Of several allowed accounts the one that the settings name is taken."""
    configuration = question.model.configuration
    if configuration is None:
        return []
    if aspect == "region":
        return [configuration.provider_region] if configuration.provider_region else []
    allowed = configuration.allowed_accounts
    wanted = {fact.or_none() for fact in _set(question, aspect)}
    return [fact for fact in allowed if fact.or_none() in wanted] or list(allowed[:1])


def _set(question: Question, aspect: str) -> list[Fact[str]]:
    file = own_file(question.model)
    names = _words(question, f"{aspect}-settings")
    return [setting.value.map(str) for setting in (file.settings if file else ()) if setting.name in names]


def _used(model: Model, workflow: Workflow, aspect: str, names: frozenset[str]) -> Iterator[Fact[str]]:
    # The constants one by one: a workflow at odds with itself has no account or region as a whole.
    constants = [fact for name, fact in workflow.constants.items() if name.lower() in names and _literal(fact)]
    yield from constants
    stated = workflow.account if aspect == "account" else workflow.region
    if stated is not None and (stated.known or not constants):
        yield stated
    role = workflow.role_secret
    if aspect == "account" and role and (match := _ROLE_ARN.search(role.or_none() or "")):
        account = match[1]
        yield role.map(lambda _: account)
    if aspect == "region":
        for visit in visits(model, workflow):
            for _, command in visit.commands("init"):
                region = command.backend.get("region")
                # What hides in a secret here is the place of the state, which another rule looks at.
                if region is not None and region.known:
                    yield region


def _literal(fact: Fact[str]) -> bool:
    return "${{" not in (fact.or_none() or "${{")


def _configured(question: Question, aspect: str) -> Iterator[Placement]:
    settings = question.config.environments.get(question.environment)
    value = (settings.account if aspect == "account" else settings.region) if settings else ""
    if value:
        path = f"environments.{question.environment}"
        at = question.config.at(f"{path}.{aspect}") or question.config.at(path) or Location("readiness.yaml", 0)
        yield Placement(SourceKind.CONFIGURATION, Fact(value, at))


def _compared(question: Question, aspect: str, stated: Sequence[Placement]) -> Observation | None:
    if not stated:
        return None
    sides = _sides(stated)
    if len({side.says for side in sides}) > 1:
        return _disagreement(question, aspect, sides)
    for placement in stated:
        try:
            placement.value.get()
        except Undetermined as unknown:
            # A secret hides nothing as long as the code around it says the same thing openly.
            if only_github_tells(unknown) and any(side.source in CODE for side in sides):
                continue
            return undetermined(aspect, unknown)
    if gap := terraform_gap(question.model):
        return undetermined(aspect, gap)
    kinds = tuple(dict.fromkeys(side.source for side in sides))
    values = {"values": sides[0].text, "count": amount(len(kinds), "source"), "sources": ", ".join(map(str, kinds))}
    at = sides[0].at[0]
    return Observation(Outcome.PASS, aspect, at, values, sides=sides, related=related(sides, besides=at))


def _sides(stated: Sequence[Placement]) -> tuple[Side, ...]:
    """One side per source and value, with every place that says it; a source at odds with itself has two."""
    said: dict[tuple[SourceKind, str], list[Location]] = {}
    for placement in stated:
        value = placement.value.or_none()
        if value is not None:
            places = said.setdefault((placement.source, value), [])
            if placement.value.at not in places:
                places.append(placement.value.at)
    return tuple(Side(source, value, value, tuple(places)) for (source, value), places in said.items())


def _disagreement(question: Question, aspect: str, sides: tuple[Side, ...]) -> Observation:
    counts = Counter(str(side.says) for side in sides)
    usual = max(counts, key=lambda value: (counts[value], value))
    odd = [side for side in sides if side.says != usual]
    outlier = next((side for side in odd if side.source in CODE), odd[0])
    told = "; ".join(
        f"{value} in {', '.join(f'{side.source} ({side.at[0]})' for side in sides if side.says == value)}"
        for value in sorted(counts, key=lambda value: (-counts[value], value))
    )
    at = outlier.at[0]
    return Observation(
        Outcome.FAIL,
        aspect,
        at,
        {"opinions": told, "chain": _chain(question, aspect)},
        expected=f"{usual} ({', '.join(side.source for side in sides if side.says == usual)})",
        actual=f"{outlier.text} ({outlier.source})",
        sides=sides,
        related=related(sides, besides=at),
    )


def _chain(question: Question, aspect: str) -> str:
    """Where Terraform's value comes from, when a setting overrides another place that somebody might edit in vain."""
    names = _words(question, f"{aspect}-settings")
    configuration = question.model.configuration
    for variable in configuration.variables if configuration else ():
        value = variable.value.or_none()
        if variable.name in names and variable.set_at and variable.value.via and value is not None:
            before = ", ".join(str(at) for at in variable.value.via)
            return f'; "{value}": {before}, overridden by {variable.set_at}'
    return ""


def _words(question: Question, name: str) -> frozenset[str]:
    listed = question.parameters.get(name)
    return frozenset(str(word) for word in listed) if isinstance(listed, list | tuple) else frozenset()
