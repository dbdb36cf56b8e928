"""Describes everything of an evaluated configuration that is not a table: resources, variables, providers, backend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.environments import FlagUse, UndeclaredSetting, Variable
from bbws_readiness.model.resources import Backend, Configuration, Resource
from bbws_readiness.parsers.terraform.facts import SENSITIVE, flattened, members, plain, stated, text, text_of
from bbws_readiness.parsers.terraform.tables import effective_tags, logical_name
from bbws_readiness.source import Location
from bbws_readiness.terraform import Evaluation, ProviderConfiguration, ResourceInstance, VariableState
from bbws_readiness.terraform.accessors import computed
from bbws_readiness.terraform.types import ObjectType

NAME_ARGUMENTS = ("name", "cluster_identifier", "identifier", "family", "alias")
"""The arguments that give a resource of any other type its physical name, the likeliest first."""

NAMED_BY: Mapping[str, str] = {
    "aws_s3_bucket": "bucket",
    "aws_s3_directory_bucket": "bucket",
    "aws_s3_object": "key",
    "aws_lambda_function": "function_name",
    "aws_lambda_layer_version": "layer_name",
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_cloudwatch_composite_alarm": "alarm_name",
    "aws_cloudwatch_dashboard": "dashboard_name",
    "aws_acm_certificate": "domain_name",
    "aws_api_gateway_domain_name": "domain_name",
    "aws_apigatewayv2_domain_name": "domain_name",
    "aws_opensearch_domain": "domain_name",
    "aws_apigatewayv2_route": "route_key",
    "aws_cloudfront_distribution": "comment",
}
"""The argument that AWS shows as the name, for types that do not call it `name`."""


_GENERATED = frozenset({"aws_s3_bucket", "aws_sqs_queue", "aws_sns_topic"})
"""Types whose name the provider makes up when none is given."""

_COMPUTED = (computed("", "").removeprefix("."), computed("data.", "").removeprefix("data.."))
"""How the reason of an unknown ends that comes from a resource or a data source."""


def describe_configuration(
    evaluation: Evaluation, *, environment: str = "", var_files: Sequence[str] = (), lock_file: str | None = None
) -> Configuration:
    """The configuration as a noun; `var_files` are the tfvars it was evaluated with for `environment`, in order."""
    main = _main_provider(evaluation.providers)
    described = _resources(evaluation, environment)
    return Configuration(
        directory="" if evaluation.directory == "." else evaluation.directory,
        files=evaluation.files,
        complete=evaluation.complete,
        resources=described["managed"],
        data_sources=described["data"],
        variables=tuple(_variable(state) for state in evaluation.variables),
        undeclared=tuple(UndeclaredSetting(entry.name, entry.at, entry.near) for entry in evaluation.undeclared),
        outputs={name: plain(output.value, output.at, output.via) for name, output in evaluation.outputs.items()},
        backend=_backend(evaluation),
        required_version=text_of(evaluation.required_version) if evaluation.required_version else None,
        required_providers=_required_providers(evaluation),
        provider_region=text(main.body, "region") if main else None,
        allowed_accounts=_allowed_accounts(main),
        caller_conditions=evaluation.caller_conditions,
        var_files=tuple(var_files),
        lock_file=Location(lock_file, 0) if lock_file else None,
        diagnostics=evaluation.diagnostics,
        remote_modules=tuple(Fact(module.source, module.at) for module in evaluation.remote_modules),
        flag_uses=tuple(_flag_uses(evaluation)),
    )


def _resources(evaluation: Evaluation, environment: str) -> dict[str, tuple[Resource, ...]]:
    """Every instance by mode, ordered by address."""
    addresses = frozenset(found.address for found in evaluation.resources)
    described: dict[str, list[Resource]] = {"managed": [], "data": []}
    for found in evaluation.resources:
        described.setdefault(found.mode, []).append(_resource(found, evaluation.providers, addresses, environment))
    return {mode: tuple(resources) for mode, resources in described.items()}


def _resource(
    found: ResourceInstance, providers: Sequence[ProviderConfiguration], addresses: frozenset[str], environment: str
) -> Resource:
    name = _name(found)
    # A label is no name that AWS or a document would know.
    known_name = name.or_none() if name.at != found.at else None
    attributes = dict(flattened(found.body))
    variables = _variables_of(found)
    values: dict[str, object] = {path: fact.value for path, fact in attributes.items()}
    values |= {f"environment.0.variables.{name}": fact.value for name, fact in variables.items()}
    tags, tags_unknown = effective_tags(found, providers) if _takes_tags(found) else (None, "")
    return Resource(
        address=found.address,
        type=found.type,
        name=name,
        at=found.at,
        key_known=found.key_known,
        attributes=attributes,
        logical_name=logical_name(known_name, environment) if known_name and environment else known_name or "",
        provider=found.provider,
        references={
            path: address for path, value in values.items() if (address := _origin(value, addresses)) is not None
        },
        tags=tags,
        tags_unknown=tags_unknown,
        variables=variables,
        prevent_destroy=found.prevent_destroy,
        ignored_changes=found.ignored,
    )


def _variables_of(found: ResourceInstance) -> dict[str, Fact[str]]:
    """What a function is told in its environment."""
    if found.type != "aws_lambda_function":
        return {}
    blocks = [block for block in found.body.blocks if block.type == "environment" and not block.unknown]
    stated_ones = [attribute for block in blocks if (attribute := stated(block.body, "variables"))]
    return {name: fact for attribute in stated_ones for name, fact in members(attribute)}


def _name(found: ResourceInstance) -> Fact[str]:
    """The name as AWS shows it, or the label for a type without one of its own."""
    own = NAMED_BY.get(found.type)
    arguments = (own,) if own else NAME_ARGUMENTS
    for argument in arguments:
        if fact := text(found.body, argument):
            return fact
        if prefix := stated(found.body, f"{argument}_prefix"):
            return Fact(Unknown(f"the name is generated behind {argument}_prefix when applied"), prefix.at)
    if found.type in _GENERATED:
        return Fact(Unknown("the name is generated when applied"), found.at)
    return Fact(found.name, found.at)


def _origin(value: object, addresses: frozenset[str]) -> str | None:
    """The address of the resource or data source whose computed attribute keeps the value from being known."""
    if not isinstance(value, Unknown):
        return None
    for end in _COMPUTED:
        if value.reason.endswith(end):
            address = value.reason.removesuffix(end).rpartition(".")[0]
            return address if address in addresses else None
    return None


def _takes_tags(found: ResourceInstance) -> bool:
    if stated(found.body, "tags"):
        return True
    kind = found.planned.type if found.planned else None
    return isinstance(kind, ObjectType) and "tags_all" in kind.by_name


def _variable(state: VariableState) -> Variable:
    at = state.set_at or state.default_at or state.declared_at
    default = (state.default_at,) if state.default_at and state.set_at else ()
    via = (*default, *state.overridden)
    missing = Unknown(f"variable {state.name} has no default and nothing sets it")
    value: Fact[object]
    if state.sensitive:
        value = Fact(SENSITIVE, at, via)
    else:
        value = Fact(missing, at) if state.missing else plain(state.value, at, via)
    return Variable(
        name=state.name,
        at=state.declared_at,
        type=state.type_text,
        value=value,
        has_default=not state.required,
        set_at=state.set_at,
        sensitive=state.sensitive,
        missing=state.missing,
        problem="; ".join(error.summary for error in state.errors),
    )


def _flag_uses(evaluation: Evaluation) -> Iterator[FlagUse]:
    states = {state.name: state for state in evaluation.variables}
    for switch in evaluation.switches:
        if state := states.get(switch.companion):
            at = state.set_at or state.default_at or state.declared_at
            raw = state.value.raw
            given = Unknown(state.value.reason) if not state.value.known else raw is not None and raw != ""
            yield FlagUse(switch.flag, switch.companion, switch.at, switch.chosen, Fact(given, at))


def _backend(evaluation: Evaluation) -> Backend | None:
    backend = evaluation.backend
    if backend is None:
        return None
    settings = {
        name: text_of(attribute) for name, attribute in backend.attributes.items() if not attribute.value.is_null
    }
    return Backend(backend.type, backend.at, settings)


def _required_providers(evaluation: Evaluation) -> dict[str, Fact[str]]:
    constraints = {name: Fact(wanted.version, wanted.at) for name, wanted in evaluation.required_providers.items()}
    used = [(provider.name, provider.at) for provider in evaluation.providers]
    used += [(found.provider.partition(".")[0], found.at) for found in evaluation.resources]
    for name, at in used:
        # `terraform_data` belongs to a provider that is built in.
        if name != "terraform":
            constraints.setdefault(name, Fact("", at))
    return constraints


def _main_provider(providers: Sequence[ProviderConfiguration]) -> ProviderConfiguration | None:
    return next((provider for provider in providers if provider.name == "aws" and not provider.alias), None)


def _allowed_accounts(main: ProviderConfiguration | None) -> tuple[Fact[str], ...]:
    attribute = stated(main.body, "allowed_account_ids") if main else None
    if attribute is None:
        return ()
    if not attribute.value.known:
        return (Fact(Unknown(attribute.value.reason), attribute.at, attribute.via),)
    return tuple(fact for _, fact in members(attribute))
