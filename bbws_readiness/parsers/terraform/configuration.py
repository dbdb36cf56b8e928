"""Describes everything of an evaluated configuration that is not a table: resources, variables, providers, backend."""

from __future__ import annotations

from collections.abc import Sequence

from bbws_readiness.fact import Fact, Unknown
from bbws_readiness.model.environments import UndeclaredSetting, Variable
from bbws_readiness.model.resources import Backend, Configuration, Resource
from bbws_readiness.parsers.terraform.facts import SENSITIVE, flattened, members, plain, stated, text, text_of
from bbws_readiness.source import Location
from bbws_readiness.terraform import Evaluation, ProviderConfiguration, ResourceInstance, VariableState

NAME_ARGUMENTS = (
    "name",
    "bucket",
    "function_name",
    "alarm_name",
    "dashboard_name",
    "domain_name",
    "cluster_identifier",
    "identifier",
    "family",
    "alias",
)
"""The arguments that give a resource its physical name, the likeliest first."""


def describe_configuration(
    evaluation: Evaluation, *, var_files: Sequence[str] = (), lock_file: str | None = None
) -> Configuration:
    """The configuration as a noun; `var_files` are the tfvars it was evaluated with, in order."""
    main = _main_provider(evaluation.providers)
    return Configuration(
        directory="" if evaluation.directory == "." else evaluation.directory,
        files=evaluation.files,
        complete=evaluation.complete,
        resources=tuple(_resource(found) for found in evaluation.resources if found.mode == "managed"),
        data_sources=tuple(_resource(found) for found in evaluation.resources if found.mode == "data"),
        variables=tuple(_variable(state) for state in evaluation.variables),
        undeclared=tuple(UndeclaredSetting(entry.name, entry.at, entry.near) for entry in evaluation.undeclared),
        outputs={name: plain(output.value, output.at, output.via) for name, output in evaluation.outputs.items()},
        backend=_backend(evaluation),
        required_version=text_of(evaluation.required_version) if evaluation.required_version else None,
        required_providers=_required_providers(evaluation),
        provider_region=text(main.body, "region") if main else None,
        allowed_accounts=_allowed_accounts(main),
        var_files=tuple(var_files),
        lock_file=Location(lock_file, 0) if lock_file else None,
        diagnostics=evaluation.diagnostics,
        remote_modules=tuple(Fact(module.source, module.at) for module in evaluation.remote_modules),
    )


def _resource(found: ResourceInstance) -> Resource:
    name = next((fact for argument in NAME_ARGUMENTS if (fact := text(found.body, argument))), None)
    return Resource(
        address=found.address,
        type=found.type,
        name=name or Fact(found.name, found.at),
        at=found.at,
        key_known=found.key_known,
        attributes=dict(flattened(found.body)),
    )


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
