"""Resources, variables, outputs, settings and state of the Terraform configuration as nouns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bbws_readiness.checks.nouns.noun import Field, Noun, Subject, facts
from bbws_readiness.checks.nouns.tables import declared_gap
from bbws_readiness.fact import Fact, Undetermined, Unknown
from bbws_readiness.model.environments import Variable
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Configuration, Resource
from bbws_readiness.source import Location


def _argument(resource: Resource) -> Callable[[str], object]:
    """Finds an argument by its path: `retention_in_days`, `environment.0.variables.STAGE`; a block gives how many."""

    def argument(path: str) -> object:
        if path in resource.attributes:
            return resource.attributes[path]
        steps = path.split(".")
        for count in range(len(steps) - 1, 0, -1):
            whole = resource.attributes.get(".".join(steps[:count]))
            if whole is not None:
                return _part(whole, steps[count:])
        blocks = {name[len(path) + 1 :].split(".")[0] for name in resource.attributes if name.startswith(f"{path}.")}
        return len(blocks) or None

    return argument


def _part(whole: Fact[object], steps: Sequence[str]) -> Fact[object] | None:
    if isinstance(whole.value, Unknown):
        return whole
    value = whole.value
    for step in steps:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, Sequence) and not isinstance(value, str) and step.isascii() and step.isdigit():
            value = value[int(step)] if len(step) < 6 and int(step) < len(value) else None
        else:
            return None
    return None if value is None else Fact(value, whole.at, whole.via)


def _tags(resource: Resource) -> Callable[[str], Fact[str] | None]:
    def tag(name: str) -> Fact[str] | None:
        if resource.tags is None:
            raise Undetermined(f"it is not known whether {resource.type} takes tags", resource.at)
        found = resource.tags.get(name)
        if found is None and resource.tags_unknown:
            raise Undetermined(resource.tags_unknown, resource.at)
        return found

    return tag


RESOURCE_FIELDS: Mapping[str, Field] = {
    "address": Field("text", "`aws_sqs_queue.orders[0]`.", lambda resource: resource.address),
    "type": Field("text", "`aws_sqs_queue`.", lambda resource: resource.type),
    "name": Field("text", "Its physical name where it has one, else its label.", lambda resource: resource.name),
    "provider": Field("text", "The local name of its provider.", lambda resource: resource.provider or None),
    "taggable": Field("boolean", "Whether its type takes tags.", lambda resource: resource.tags is not None),
    "arguments": Field(
        "map", "An argument by its path: `arguments.versioning_configuration.0.status`.", _argument, free=True
    ),
    "tags": Field("map", "The value of one tag, provider defaults included.", _tags, free=True),
}


def _resources(model: Model) -> Iterator[Subject]:
    return (Subject(one.address, one.at, one) for one in (_of(model).resources))


def _data_sources(model: Model) -> Iterator[Subject]:
    return (Subject(f"data.{one.address.removeprefix('data.')}", one.at, one) for one in _of(model).data_sources)


_NOTHING = Configuration("", (), complete=True)


def _of(model: Model) -> Configuration:
    return model.configuration or _NOTHING


def _tag_subjects(model: Model) -> Iterator[Subject]:
    for resource in _of(model).resources:
        for key, value in (resource.tags or {}).items():
            yield Subject(f"{resource.address}/{key}", value.at, (resource, key, value))


def _variables(model: Model) -> Iterator[Subject]:
    return (Subject(one.name, one.at, one) for one in _of(model).variables)


def _value(variable: Variable) -> object:
    return Fact(Unknown("the variable is sensitive"), variable.at) if variable.sensitive else variable.value


def _settings(model: Model) -> Iterator[Subject]:
    sensitive = {variable.name for variable in _of(model).variables if variable.sensitive}
    for file in model.environment_files:
        for setting in file.settings:
            at = setting.value.at
            value = Fact(Unknown("the variable is sensitive"), at) if setting.name in sensitive else setting.value
            yield Subject(f"{file.environment}/{setting.name}", at, (file, setting.name, value))


def _outputs(model: Model) -> Iterator[Subject]:
    return (Subject(name, fact.at, (name, fact)) for name, fact in _of(model).outputs.items())


def _backend(model: Model) -> Iterator[Subject]:
    if backend := _of(model).backend:
        yield Subject(f"backend {backend.type}", backend.at, backend)


def _root(model: Model) -> Iterator[Subject]:
    if model.configuration:
        yield Subject("terraform", Location(model.configuration.directory or ".", 0), model.configuration)


def _providers(model: Model) -> Iterator[Subject]:
    return (Subject(name, fact.at, (name, fact)) for name, fact in _of(model).required_providers.items())


def _modules(model: Model) -> Iterator[Subject]:
    return (Subject(fact.or_none() or "module", fact.at, fact) for fact in _of(model).remote_modules)


NOUNS = (
    Noun("resource", "A resource that Terraform would manage.", RESOURCE_FIELDS, _resources, declared_gap),
    Noun("data-source", "A data source that Terraform would read.", RESOURCE_FIELDS, _data_sources, declared_gap),
    Noun(
        "tag",
        "One tag of one resource, provider defaults included.",
        {
            "key": Field("text", "Its key.", lambda tag: tag[1]),
            "value": Field("text", "Its value.", lambda tag: tag[2], free=True),
            "resource": Field("text", "The address of the resource.", lambda tag: tag[0].address),
            "type": Field("text", "The type of the resource.", lambda tag: tag[0].type),
        },
        _tag_subjects,
        declared_gap,
    ),
    Noun(
        "variable",
        "An input variable of the Terraform root.",
        {
            "name": Field("text", "Its name.", lambda variable: variable.name),
            "type": Field("text", "Its type as written; empty when none is.", lambda variable: variable.type or None),
            "value": Field("text", "Its effective value in this environment.", _value, free=True),
            "has_default": Field("boolean", "Whether it has a default.", lambda variable: variable.has_default),
            "is_set": Field("boolean", "Whether a setting wins over it.", lambda variable: variable.set_at is not None),
            "sensitive": Field("boolean", "Whether it is marked so.", lambda variable: variable.sensitive),
        },
        _variables,
        declared_gap,
    ),
    Noun(
        "setting",
        "A value that the tfvars file of any environment sets.",
        {
            "name": Field("text", "Its name.", lambda setting: setting[1]),
            "environment": Field("text", "The environment of its file.", lambda setting: setting[0].environment),
            "value": Field("text", "What is set.", lambda setting: setting[2], free=True),
        },
        _settings,
    ),
    Noun(
        "output",
        "An output of the Terraform root.",
        {
            "name": Field("text", "Its name.", lambda pair: pair[0]),
            "value": Field("text", "Its value, where it is known before an apply.", lambda pair: pair[1], free=True),
        },
        _outputs,
        declared_gap,
    ),
    Noun(
        "backend",
        "Where state lives, as the backend block says.",
        {
            "type": Field("text", "`s3`, for example.", lambda backend: backend.type),
            "settings": Field("map", "One of its settings: `settings.encrypt`.", lambda backend: backend.settings),
        },
        _backend,
        declared_gap,
    ),
    Noun(
        "terraform",
        "The Terraform root as a whole.",
        {
            "directory": Field("text", "Its folder.", lambda root: root.directory or "."),
            "required_version": Field(
                "text", "The versions of Terraform it takes.", lambda root: root.required_version
            ),
            "region": Field("text", "The region of its provider.", lambda root: root.provider_region),
            "allowed_accounts": Field("list", "The accounts it may run in.", lambda root: facts(root.allowed_accounts)),
            "lock_file": Field("boolean", "Whether it has one.", lambda root: root.lock_file is not None),
        },
        _root,
    ),
    Noun(
        "provider",
        "A provider that is required or used.",
        {
            "name": Field("text", "Its local name.", lambda pair: pair[0]),
            "version": Field("text", "Its version constraint; empty when it has none.", lambda pair: pair[1]),
        },
        _providers,
        declared_gap,
    ),
    Noun(
        "remote-module",
        "A call of a module from outside the project.",
        {"source": Field("text", "Where it comes from.", lambda fact: fact)},
        _modules,
        declared_gap,
    ),
)
