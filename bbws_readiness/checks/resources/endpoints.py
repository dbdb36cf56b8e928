"""Whether anybody could call an endpoint that the project deploys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bbws_readiness.checks.parameters import words_of
from bbws_readiness.checks.resources.deployed import gap_of, of_type, shown_name
from bbws_readiness.checks.unknown import NO_TERRAFORM, undetermined
from bbws_readiness.checks.wording import listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Resource
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_ROUTE = regex(r"(?:[A-Z]+ /\S*|\$default|URL of \S+)")
_MAX_DEPTH = 32
_UNKNOWN_PATH = "…"


def open_endpoints(question: Question) -> CheckResult:
    """RES004: every API method, route and function URL asks for an authorization or a key.

    Parameters: `open`, the endpoints that are meant for everybody, as findings name them: `GET /health`.
    """
    model = question.model
    if model.configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    allowed = _allowed(question)
    observations = []
    for endpoint in _endpoints(model):
        try:
            observations.append(_guarded(model, endpoint, allowed))
        except Undetermined as unknown:
            observations.append(undetermined(_subject(model, endpoint), unknown))
    observations += _described_elsewhere(model, allowed)
    if not observations:
        if gap := gap_of(model):
            return CheckResult((undetermined("project", gap),))
        return question.not_applicable("Terraform declares no API")
    failed = [seen.subject for seen in observations if seen.outcome is Outcome.FAIL]
    return CheckResult(tuple(observations), summary={"open": listed(failed)})


def _allowed(question: Question) -> Mapping[str, Location]:
    """The endpoints that may be open, with their place in the configuration."""
    words = words_of(question, "open")
    at = question.parameter_at("open")
    for word in words:
        if not _ROUTE.fullmatch(word):
            raise Undetermined(f'the parameter open lists "{word}"; a method and a path are needed', at)
    return dict.fromkeys(words, at)


def _endpoints(model: Model) -> tuple[Resource, ...]:
    return of_type(model, "aws_api_gateway_method", "aws_apigatewayv2_route", "aws_lambda_function_url")


def _guarded(model: Model, endpoint: Resource, allowed: Mapping[str, Location]) -> Observation:
    subject = _subject(model, endpoint)
    argument = "authorization" if endpoint.type == "aws_api_gateway_method" else "authorization_type"
    kind = endpoint.text(argument) or "NONE"
    fact = endpoint.attributes.get(argument)
    at = fact.at if fact else endpoint.at
    if kind != "NONE":
        return Observation(Outcome.PASS, subject, at, {"guard": kind})
    if endpoint.text("api_key_required") == "true":
        return Observation(Outcome.PASS, subject, at, {"guard": "an API key"})
    if subject in allowed:
        return Observation(Outcome.PASS, subject, at, {"guard": f"open on purpose ({allowed[subject]})"})
    api = _api(model, endpoint)
    if guard := _guard_without(model, subject, api):
        return Observation(Outcome.PASS, subject, at, {"guard": guard})
    if _UNKNOWN_PATH in subject and allowed:
        raise Undetermined("its path is not known, and the configuration lists open endpoints", endpoint.at)
    if policy := _resource_policy(model, api):
        raise Undetermined("a resource policy decides who may call it", policy)
    values = {"guard": "authorization NONE and no API key"}
    return Observation(
        Outcome.FAIL, subject, at, values, expected="an authorizer or an API key", actual="authorization NONE"
    )


def _guard_without(model: Model, subject: str, api: Resource | None) -> str:
    """Why an endpoint needs no authorization of its own, or empty."""
    if subject.startswith("OPTIONS "):
        return "none: browsers ask it without credentials"
    if api and api.text("protocol_type") == "WEBSOCKET" and subject != "$connect":
        routes = of_type(model, "aws_apigatewayv2_route")
        if any(one.name.or_none() == "$connect" and _api(model, one) == api for one in routes):
            return "none of its own: it is reached through $connect only"
    if api and api.type == "aws_api_gateway_rest_api" and "PRIVATE" in _endpoint_types(api):
        return "a private API"
    return ""


def _subject(model: Model, endpoint: Resource) -> str:
    """`POST /invoices`, `$default`, `URL of acme-invoices`."""
    match endpoint.type:
        case "aws_apigatewayv2_route":
            return endpoint.name.or_none() or endpoint.address
        case "aws_lambda_function_url":
            named = endpoint.attributes.get("function_name")
            name = named.or_none() if named else None
            owner = _by_address(model, endpoint.references.get("function_name", ""))
            return f"URL of {shown_name(owner) if owner else name or endpoint.address}"
        case _:
            method = endpoint.attributes.get("http_method")
            verb = method.or_none() if method else None
            return f"{verb or endpoint.address} {_path(model, endpoint)}"


def _path(model: Model, method: Resource) -> str:
    """The path of a method, from the chain of its resources."""
    parts: list[str] = []
    current = _by_address(model, method.references.get("resource_id", ""))
    while current and current.type == "aws_api_gateway_resource" and len(parts) < _MAX_DEPTH:
        part = current.attributes.get("path_part")
        parts.append(str(part.or_none() if part and part.known else _UNKNOWN_PATH))
        current = _by_address(model, current.references.get("parent_id", ""))
    if current is None:
        parts.append(_UNKNOWN_PATH)
    return "/" + "/".join(reversed(parts))


def _api(model: Model, endpoint: Resource) -> Resource | None:
    named = "api_id" if endpoint.type == "aws_apigatewayv2_route" else "rest_api_id"
    return _by_address(model, endpoint.references.get(named, ""))


def _endpoint_types(api: Resource) -> list[str]:
    fact = api.attributes.get("endpoint_configuration.0.types")
    types = fact.get() if fact else ()
    return [str(one) for one in types] if isinstance(types, list | tuple) else []


def _resource_policy(model: Model, api: Resource | None) -> Location | None:
    if api is None:
        return None
    if policy := api.attributes.get("policy"):
        return policy.at
    policies = of_type(model, "aws_api_gateway_rest_api_policy")
    return next((one.at for one in policies if one.references.get("rest_api_id") == api.address), None)


def _described_elsewhere(model: Model, allowed: Mapping[str, Location]) -> Iterator[Observation]:
    """APIs whose methods stand in an OpenAPI document, or that are made with one open route."""
    for api in of_type(model, "aws_api_gateway_rest_api", "aws_apigatewayv2_api"):
        if body := api.attributes.get("body"):
            reason = "its methods stand in an OpenAPI document"
            yield undetermined(f"API {shown_name(api)}", Undetermined(reason, body.at))
        elif (target := api.attributes.get("target")) and "$default" not in allowed:
            subject = f"$default of API {shown_name(api)}"
            values = {"guard": "authorization NONE and no API key"}
            expected = "an authorizer or an API key"
            yield Observation(Outcome.FAIL, subject, target.at, values, expected=expected, actual="authorization NONE")


def _by_address(model: Model, address: str) -> Resource | None:
    resources = model.configuration.resources if model.configuration else ()
    return next((one for one in resources if one.address == address), None)
