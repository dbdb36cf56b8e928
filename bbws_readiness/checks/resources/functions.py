"""Whether functions lead to code and their failures are seen."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from bbws_readiness.checks.parameters import dates, day, words_of
from bbws_readiness.checks.resources.deployed import belonging, flat, functions_in_question, of_type, shown_name
from bbws_readiness.checks.unknown import undetermined
from bbws_readiness.checks.wording import amount, joined, listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Handler, Resource

SUFFIXES: Mapping[str, tuple[str, ...]] = {"python": (".py",), "nodejs": (".js", ".mjs", ".cjs", ".ts")}
"""The files that a handler may stand in, by the language that the runtime's name starts with."""

WAITING = frozenset(
    {
        "alexa-appkit.amazon.com",
        "apigateway.amazonaws.com",
        "cognito-idp.amazonaws.com",
        "edgelambda.amazonaws.com",
        "elasticloadbalancing.amazonaws.com",
        "lexv2.amazonaws.com",
    }
)
"""Services that wait for a function's answer, and so see its failure themselves."""


def weak_functions(question: Question) -> CheckResult:
    """RES005: each function leads to code, all handlers are wired, and failures of a function leave a trace.

    Parameters: `asked`, keys of `ASPECTS`; `runtimes`, each with the last day of its support.
    """
    functions = functions_in_question(question)
    if isinstance(functions, CheckResult):
        return functions
    aspects = words_of(question, "asked", known=ASPECTS)
    observations = [_judged(question, function, aspects) for function in functions]
    if "handlers" in aspects and (wiring := _wiring(question.model, functions)):
        observations.append(wiring)
    weak = [seen for seen in observations if seen.outcome is Outcome.FAIL]
    lacking = "; ".join(f"{seen.subject}: {seen.values['lacking']}" for seen in weak)
    named = listed(seen.values.get("short", seen.subject) for seen in weak)
    return CheckResult(tuple(observations), summary={"weak": named, "lacking": lacking or "none"})


def _judged(question: Question, function: Resource, aspects: list[str]) -> Observation:
    lacking: list[str] = []
    doubts: list[Undetermined] = []
    for aspect in aspects:
        try:
            lacking += ASPECTS[aspect](question, function)
        except Undetermined as unknown:
            doubts.append(unknown.alone())
    subject = shown_name(function)
    if lacking:
        values = {"lacking": joined(lacking)}
        return Observation(
            Outcome.FAIL,
            subject,
            function.at,
            values,
            expected=f"asked of every function: {', '.join(aspects)}",
            actual=joined(lacking),
        )
    if doubts:
        return undetermined(subject, doubts[0])
    return Observation(Outcome.PASS, subject, function.at, {"aspects": joined(aspects)})


def _handler(question: Question, function: Resource) -> Iterator[str]:
    """The handler is a function of a file that lies in the project."""
    model = question.model
    handler = function.text("handler")
    suffixes = _suffixes(function)
    if handler is None or not suffixes:
        return
    places = _files_of(model, function, handler, suffixes)
    if not places:
        if elsewhere := _lies_elsewhere(model, function, handler, suffixes):
            raise Undetermined(elsewhere, function.attributes["handler"].at)
        yield f"handler {handler}: no such file"
    elif ".py" in suffixes and not any(_binds(model, path, handler) for path in places):
        for at in model.code_unread:
            if at.path in places:
                raise Undetermined(f"{at.path} could not be read whole", at)
        yield f"handler {handler}: no such function in {places[0]}"


def _lies_elsewhere(model: Model, function: Resource, handler: str, suffixes: tuple[str, ...]) -> str:
    """Why a handler that no file of the project holds may be there all the same, or empty."""
    if not any(path.endswith(suffixes) and not path.startswith("scripts/") for path in model.files):
        return "its code does not lie in the project"
    if _has_layers(function):
        return f"{handler} is not in the project and may be in a layer"
    folder = _folder(model, function)
    if folder and not any(path.startswith(f"{folder}/") for path in model.files):
        return f"{folder}, which is packed for it, is made by a build"
    above = posixpath.dirname(handler)
    if ".js" in suffixes and above and not any(f"/{above}/" in f"/{path}" for path in model.files):
        return f"the folder {above} of its handler is made by a build"
    return ""


def _has_layers(function: Resource) -> bool:
    layers = function.attributes.get("layers")
    return layers is not None and (not layers.known or bool(layers.or_none()))


def _suffixes(function: Resource) -> tuple[str, ...]:
    runtime = function.text("runtime") or ""
    return next((suffixes for language, suffixes in SUFFIXES.items() if runtime.startswith(language)), ())


def _files_of(model: Model, function: Resource, handler: str, suffixes: tuple[str, ...]) -> list[str]:
    """The files of the project that the handler may mean: in the packed folder where one is known, else anywhere."""
    module = handler.rpartition(".")[0].replace(".", "/")
    wanted = [module + suffix for suffix in suffixes]
    folder = _folder(model, function)
    if folder is not None:
        return [path for path in model.files if path in [posixpath.join(folder, name) for name in wanted]]
    return [path for path in model.files if any(path == name or path.endswith(f"/{name}") for name in wanted)]


def _folder(model: Model, function: Resource) -> str | None:
    """The folder that is packed for the function, relative to the project; None when that cannot be told."""
    configuration = model.configuration
    filename = function.attributes.get("filename")
    for archive in configuration.data_sources if configuration and filename else ():
        if archive.type != "archive_file" or not filename:
            continue
        output = archive.attributes.get("output_path")
        same = output is not None and output.known and output.or_none() == filename.or_none()
        if same or function.references.get("filename") == archive.address:
            packed = archive.attributes.get("source_dir")
            path = packed.or_none() if packed else None
            if isinstance(path, str) and configuration:
                folder = posixpath.normpath(posixpath.join(configuration.directory, path))
                return "" if folder == "." else folder
    return None


def _binds(model: Model, path: str, handler: str) -> bool:
    name = handler.rpartition(".")[2]
    return any(one.path == path and one.name.or_none() == name for one in model.handlers)


def _wiring(model: Model, functions: tuple[Resource, ...]) -> Observation | None:
    """Whether every handler in the folders of the functions' code belongs to a function."""
    wired, doubt = _wired(model, functions)
    folders = {posixpath.dirname(path) for path, _ in wired}
    written = [one for one in model.handlers if one.takes_event and posixpath.dirname(one.path) in folders]
    if not written:
        return None
    loose = [one for one in written if (one.path, one.name.or_none()) not in wired]
    figures = f"{amount(len(written), 'handler')} in code, {len(written) - len(loose)} wired"
    if not loose:
        return Observation(Outcome.PASS, "handlers", written[0].name.at, {"aspects": figures})
    if doubt:
        return undetermined("handlers", doubt)
    lacking = f"{figures}; not wired: {listed(one.reference for one in loose)}"
    return Observation(
        Outcome.FAIL,
        "handlers",
        loose[0].name.at,
        {"lacking": lacking, "short": f"{len(written) - len(loose)} of {amount(len(written), 'handler')} wired"},
        expected="every handler belongs to a function",
        actual=lacking,
        related=tuple(_related(one) for one in loose[1:]),
    )


def _wired(model: Model, functions: tuple[Resource, ...]) -> tuple[set[tuple[str, str]], Undetermined | None]:
    """The handlers that functions call, as file and name, and why there may be more of them."""
    wired: set[tuple[str, str]] = set()
    doubt = None
    for function in functions:
        try:
            handler = function.text("handler")
            called = ".py" in _suffixes(function) and handler is not None
            files = _files_of(model, function, handler, (".py",)) if handler and called else []
            wired |= {(path, (handler or "").rpartition(".")[2]) for path in files}
            if (called and not files and _has_layers(function)) or function.text("package_type") == "Image":
                doubt = Undetermined(f"which handler {shown_name(function)} calls is not in Terraform", function.at)
        except Undetermined as unknown:
            doubt = unknown.alone()
    return wired, doubt


def _related(handler: Handler) -> Related:
    return Related(handler.name.at, f"not wired: {handler.reference}")


def _logs(question: Question, function: Resource) -> Iterator[str]:
    """A log group of the function's name keeps its logs for a time."""
    groups = of_type(question.model, "aws_cloudwatch_log_group")
    configured = function.attributes.get("logging_config.0.log_group")
    name = configured.or_none() if configured else None
    wanted = name or (f"/aws/lambda/{function.name.or_none()}" if function.name.known else None)
    for group in groups:
        named = group.name.or_none()
        same = named is not None and named == wanted
        if same or group.references.get("name") == function.address or _refers(function, configured, group):
            if group.text("retention_in_days") in (None, "0"):
                yield "its log group keeps logs for ever"
            return
    unknown = next((group for group in groups if not group.name.known), None)
    if unknown or (groups and wanted is None):
        place = unknown or function
        raise Undetermined("the name of its log group is not known", place.name.at)
    yield "no log group with a retention"


def _refers(function: Resource, configured: object, group: Resource) -> bool:
    return configured is not None and function.references.get("logging_config.0.log_group") == group.address


def _dead_letters(question: Question, function: Resource) -> Iterator[str]:
    """What an asynchronous call could not do goes somewhere; whoever waits for an answer sees the failure itself."""
    model = question.model
    if function.has("dead_letter_config"):
        return
    invocations, doubt = belonging(function, of_type(model, "aws_lambda_function_event_invoke_config"), "function_name")
    if any(one.has("destination_config.0.on_failure") for one in invocations):
        return
    mappings, _ = belonging(function, of_type(model, "aws_lambda_event_source_mapping"), "function_name")
    permissions, unsure = belonging(function, of_type(model, "aws_lambda_permission"), "function_name")
    urls, _ = belonging(function, of_type(model, "aws_lambda_function_url"), "function_name")
    waiting = all(one.text("principal") in WAITING or one.has("function_url_auth_type") for one in permissions)
    if (mappings or permissions or urls) and waiting:
        return
    if doubt or (unsure and not permissions):
        raise doubt or unsure or Undetermined("its callers are not known", function.at)
    yield "no dead-letter queue"


def _alarms(question: Question, function: Resource) -> Iterator[str]:
    """An alarm looks at the function, or at all functions together."""
    alarms = of_type(question.model, "aws_cloudwatch_metric_alarm")
    doubt = None
    for alarm in alarms:
        # The first condition of each is the quick one: every function asks every alarm.
        measured = [path for path in alarm.attributes if "dimensions" in path and "dimensions" in path.split(".")]
        spaces = () if measured else (path for path in alarm.attributes if path.rpartition(".")[2] == "namespace")
        if not measured and any(alarm.text(path) == "AWS/Lambda" for path in spaces):
            return
        for path in measured:
            fact = alarm.attributes[path]
            if alarm.references.get(path) == function.address:
                return
            if not fact.known and path not in alarm.references:
                doubt = Undetermined(f"what {alarm.address} measures is not known", fact.at)
            elif (name := function.name.or_none()) and name in flat(fact.or_none()):
                return
    if doubt:
        raise doubt
    yield "no alarm"


def _runtime(question: Question, function: Resource) -> Iterator[str]:
    """The runtime is supported on the day of the assessment, as far as the rule's list tells.

    An end that was still to come when the list was written may have been moved since: it is told and not held against
    the function.
    """
    runtime = function.text("runtime")
    if runtime is None:
        return
    ends: Mapping[str, date] = dates(question, "runtimes")
    if runtime not in ends:
        raise Undetermined(f"the list of runtimes does not have {runtime}", function.attributes["runtime"].at)
    if question.as_of <= ends[runtime]:
        return
    written = day(question, "runtimes-written")
    if ends[runtime] > written:
        at = function.attributes["runtime"].at
        announced = f"announced for {ends[runtime].isoformat()} when the list was written, {written.isoformat()}"
        raise Undetermined(f"the end of {runtime} was {announced}", at)
    yield f"runtime {runtime} is not supported since {ends[runtime].isoformat()}"


ASPECTS: Mapping[str, Callable[[Question, Resource], Iterator[str]]] = {
    "handlers": _handler,
    "logs": _logs,
    "dead-letters": _dead_letters,
    "alarms": _alarms,
    "runtime": _runtime,
}
"""What is asked of a function, each giving what it lacks in words; the keys are those of the parameter `asked`."""
