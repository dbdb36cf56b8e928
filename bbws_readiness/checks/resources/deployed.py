"""The declared resources as rules ask for them: by type, and by what belongs to what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bbws_readiness.checks.tables.declared import declared_tables
from bbws_readiness.checks.unknown import NO_TERRAFORM
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Resource


def of_type(model: Model, *types: str) -> tuple[Resource, ...]:
    """The managed resources of one of the types, ordered by address."""
    if model.configuration is None:
        return ()
    if len(types) == 1:
        return model.configuration.by_type.get(types[0], ())
    return tuple(resource for resource in model.configuration.resources if resource.type in types)


def in_question(question: Question, *types: str, noun: str) -> tuple[Resource, ...] | CheckResult:
    """The resources of one of the types, at least one, or the answer of a rule about them where there is none."""
    model = question.model
    if model.configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    if found := of_type(model, *types):
        return found
    if gap := gap_of(model):
        return CheckResult((Observation(Outcome.UNDETERMINED, "project", gap.at, {"reason": gap.reason}),))
    return question.not_applicable(f"Terraform declares no {noun}")


def buckets_in_question(question: Question) -> tuple[Resource, ...] | CheckResult:
    """As `in_question`."""
    return in_question(question, "aws_s3_bucket", noun="bucket")


def functions_in_question(question: Question) -> tuple[Resource, ...] | CheckResult:
    """As `in_question`."""
    return in_question(question, "aws_lambda_function", noun="function")


def gap_of(model: Model) -> Undetermined | None:
    """Why Terraform may declare more than was read: a file, or a module that lies elsewhere. None when it does not."""
    declared = declared_tables(model)
    if declared and declared.gap:
        return declared.gap
    for module in model.configuration.remote_modules if model.configuration else ():
        return Undetermined("a module that is not in the project may declare it", module.at)
    return None


def shown_name(resource: Resource) -> str:
    """The logical name, or the address where the name is unknown or stands for any number of instances."""
    return resource.logical_name if resource.logical_name and resource.key_known else resource.address


def belonging(
    resource: Resource, others: Sequence[Resource], argument: str
) -> tuple[tuple[Resource, ...], Undetermined | None]:
    """Those of `others` whose `argument` means `resource`, and why there may be more of them.

    It means it by reference to a computed attribute, or by its name.
    """
    found = []
    doubt = None
    for other in others:
        fact = other.attributes.get(argument)
        if other.references.get(argument) == resource.address:
            found.append(other)
        elif fact is None or f".{resource.type}." in f".{other.references.get(argument, '')}":
            continue
        elif fact.or_none() is not None:
            if fact.or_none() == resource.name.or_none():
                found.append(other)
            elif not resource.name.known:
                doubt = Undetermined(f"whether {other.address} belongs to it is not known", other.at)
        else:
            doubt = Undetermined(f"what {other.address} belongs to is not known", fact.at)
    return tuple(found), None if found else doubt


def flat(value: object) -> Iterator[str]:
    """Every text in a plain value, however deep it stands."""
    match value:
        case dict():
            for part in value.values():
                yield from flat(part)
        case list() | tuple():
            for part in value:
                yield from flat(part)
        case _:
            yield str(value)
