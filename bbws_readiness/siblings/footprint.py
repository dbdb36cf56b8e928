"""Reduces a project that was read to what others share with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bbws_readiness.checks.terraform.state import inits_of_state
from bbws_readiness.checks.workflows.state_keys import repository_of, written_option
from bbws_readiness.config import Config
from bbws_readiness.engine.whereabouts import stated
from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.footprint import Claim, Footprint, Need, StatePlace
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Resource
from bbws_readiness.model.workflows import TerraformCommand
from bbws_readiness.patterns import regex
from bbws_readiness.project import Project
from bbws_readiness.source import Location, SourceKind

WORLD, ACCOUNT, REGION = "world", "account", "region"
SHARED: Mapping[str, str] = {
    "aws_s3_bucket": WORLD,
    "aws_iam_role": ACCOUNT,
    "aws_iam_policy": ACCOUNT,
    "aws_iam_user": ACCOUNT,
    "aws_iam_group": ACCOUNT,
    "aws_cloudwatch_dashboard": ACCOUNT,
    "aws_dynamodb_table": REGION,
    "aws_lambda_function": REGION,
    "aws_sqs_queue": REGION,
    "aws_sns_topic": REGION,
    "aws_cloudwatch_log_group": REGION,
    "aws_cloudwatch_metric_alarm": REGION,
    "aws_kms_alias": REGION,
    "aws_ssm_parameter": REGION,
    "aws_secretsmanager_secret": REGION,
    "aws_backup_vault": REGION,
    "aws_ecr_repository": REGION,
    "aws_kinesis_stream": REGION,
    "aws_sfn_state_machine": REGION,
}
"""The types in which a second resource of the same name is refused or taken over, and how far a name reaches."""

_KINDS = {"TABLE": "table", "BUCKET": "bucket", "INDEX": "index", "GSI": "index"}
_LAST = frozenset({"NAME", "ARN"})
_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ARN = regex(r"arn:[\w-]+:(?:dynamodb:[\w-]*:\d*:table/([\w.-]+)(?:/.*)?|s3:::([\w.-]+)(?:/.*)?)\Z")
_NAME = regex(r"[A-Za-z0-9_.-]{3,255}")
_NO_NAMES = frozenset({"true", "false", "none", "null", "all"})
_GENERATED = "the name is generated"


def footprint_of(project: Project, model: Model, config: Config) -> Footprint:
    """The footprint of a project that was read for the environment of `model`, placed in the project itself."""
    plan = model.plan
    named = plan.project.or_none() if plan and plan.project else None
    written = (named, plan.short_name if plan else "", project.folder, project.slug)
    row = next((one for one in plan.environments if one.name == model.environment), None) if plan else None
    return Footprint(
        name=(plan.short_name if plan else "") or project.slug,
        folder="",
        names=tuple(dict.fromkeys(name for name in written if name)),
        claims=tuple(_claims(model, config)),
        needs=tuple(_each_once(_needs(model, project.environments))),
        states=tuple(_each_place(_states(model, repository_of(config, model)))),
        dates=plan.dates.get(model.environment) if plan else None,
        status=row.status if row else None,
        dependencies=_dependencies(model),
        independent=plan.independent if plan else None,
        external_needs=plan.external_needs if plan else (),
        blocks=plan.blocks if plan else (),
        wave=plan.wave if plan else None,
        at=plan.at if plan else Location(".", 0),
        gap=_gap(model),
        states_gap=None if _backend_known(model) else _gap(model),
    )


def _backend_known(model: Model) -> bool:
    """Whether the block that says where the state lies was read, or there is none; a module has none in any case."""
    configuration = model.configuration
    return configuration is not None and (configuration.complete or configuration.backend is not None)


def _dependencies(model: Model) -> tuple[Fact[str], ...]:
    return (*model.plan.dependencies, *model.plan.critical_dependencies) if model.plan else ()


def _gap(model: Model) -> Fact[str] | None:
    configuration = model.configuration
    if configuration is None:
        unread = model.unread.get(SourceKind.TERRAFORM)
        return Fact(Unknown("its Terraform could not be read"), unread) if unread else None
    if not configuration.complete:
        at = next((fault.at for fault in configuration.errors), Location(configuration.directory or ".", 0))
        return Fact(Unknown("its Terraform could not be read as a whole"), at)
    if configuration.remote_modules:
        return Fact(Unknown("a module of it lies elsewhere"), configuration.remote_modules[0].at)
    return None


def _claims(model: Model, config: Config) -> Iterator[Claim]:
    account, region = stated(model, config, "account"), stated(model, config, "region")
    indexes = {table.address: table.index_names for table in model.terraform_tables or ()}
    for resource in model.configuration.resources if model.configuration else ():
        reach = SHARED.get(resource.type)
        if reach is None or not _is_named(resource):
            continue
        yield Claim(
            type=resource.type,
            name=resource.name,
            logical_name=resource.logical_name,
            address=resource.address,
            at=resource.name.at,
            account=account if reach != WORLD else None,
            region=_region(resource, region) if reach == REGION else None,
            indexes=indexes.get(resource.address),
            certain=resource.key_known,
        )


def _is_named(resource: Resource) -> bool:
    """Whether it has a name that somebody chose."""
    value = resource.name.value
    return not value.reason.startswith(_GENERATED) if isinstance(value, Unknown) else bool(resource.logical_name)


def _region(resource: Resource, region: Fact[str] | None) -> Fact[str] | None:
    own = resource.attributes.get("region")
    if own is not None:
        return own.map(str)
    if "." in resource.provider:
        return Fact(Unknown(f"it is made with the provider {resource.provider}"), resource.at)
    return region


def _states(model: Model, repository: str) -> Iterator[StatePlace]:
    configuration = model.configuration
    backend = configuration.backend if configuration else None
    if configuration is None or backend is None or backend.type != "s3":
        return
    workspace = model.layout.workspace if model.layout else None
    inits = inits_of_state(model, configuration.directory)
    for init in inits:
        passed = {name: _with_repository(repository, name, fact, init) for name, fact in init.backend.items()}
        yield _state({**backend.settings, **passed}, init.at, workspace)
    if not inits:
        yield _state(backend.settings, backend.at, workspace)


def _each_place(states: Iterable[StatePlace]) -> Iterator[StatePlace]:
    """Each place of the state once, by the first init that opens it."""
    seen: set[tuple[object, object]] = set()
    for one in states:
        identity = (one.bucket.value, one.key.value)
        if identity not in seen:
            seen.add(identity)
            yield one


def _with_repository(repository: str, name: str, fact: Fact[str], init: TerraformCommand) -> Fact[str]:
    """The option, known also where it is an expression over nothing but the name of the repository."""
    text = "" if fact.known else written_option(repository, name, init)
    return Fact(text, fact.at, fact.via) if text and "$" not in text else fact


def _state(settings: Mapping[str, Fact[str]], at: Location, workspace: Fact[str] | None) -> StatePlace:
    missing: Fact[str] = Fact(Unknown("it is set where it cannot be seen"), at)
    bucket, key = settings.get("bucket", missing), settings.get("key", missing)
    name = workspace.or_none() if workspace else "default"
    if workspace is not None and name is None:
        return StatePlace(bucket, Fact(Unknown("the workspace is not known"), workspace.at))
    if name == "default":
        return StatePlace(bucket, key)
    prefix = settings.get("workspace_key_prefix", Fact("env:", at)).or_none() or "env:"
    return StatePlace(bucket, key.map(lambda path: f"{prefix}/{name}/{path}"))


def _each_once(needs: Iterable[Need]) -> Iterator[Need]:
    seen: set[tuple[str, str]] = set()
    for need in needs:
        identity = (need.kind, need.name.or_none() or need.how)
        if identity not in seen:
            seen.add(identity)
            yield need


def _needs(model: Model, environments: Iterable[str]) -> Iterator[Need]:
    configuration = model.configuration
    for data in configuration.data_sources if configuration else ():
        kind = {"aws_dynamodb_table": "table", "aws_s3_bucket": "bucket"}.get(data.type)
        if kind:
            yield Need(kind, data.name, data.address)
    for resource in configuration.resources if configuration else ():
        yield from _of_variables(resource)
    yield from _of_plan(model, [name for name in environments if name != model.environment])


def _of_variables(resource: Resource) -> Iterator[Need]:
    """The names that a function is told in its environment; what comes from a resource of its own needs no look."""
    for variable, fact in resource.variables.items():
        words = [word.upper() for word in _WORD.findall(variable)]
        while words and words[-1] in _LAST:
            words.pop()
        kind = _KINDS.get(words[-1]) if words else None
        if kind is None or f"environment.0.variables.{variable}" in resource.references:
            continue
        how = f"{variable} of {resource.address}"
        if isinstance(fact.value, Unknown):
            yield Need(kind, fact, how)
        elif name := _name_in(fact.value):
            yield Need(kind, Fact(name, fact.at, fact.via), how)


def _name_in(value: str) -> str:
    """The name that a value is, or that its ARN holds; empty when it is something else."""
    if arn := _ARN.match(value):
        return arn[1] or arn[2]
    return value if _NAME.fullmatch(value) and value.lower() not in _NO_NAMES and not value.isdigit() else ""


def _of_plan(model: Model, elsewhere: list[str]) -> Iterator[Need]:
    """What the plan expects another project to have made, but for what it names for another environment."""
    plan = model.plan
    if plan is None:
        return
    for table in plan.consumed_tables:
        name = table.full_name.or_none() or ""
        if name.endswith(tuple(f"-{other}" for other in elsewhere)):
            continue
        yield Need("table", table.full_name, "the plan", planned=True)
        for index in table.indexes or ():
            yield Need("index", index.name, "the plan", planned=True, table=name)
    for resource in plan.resources:
        if resource.consumed and resource.kind == "bucket" and resource.environment in ("", model.environment):
            yield Need("bucket", resource.name, "the plan", planned=True)
