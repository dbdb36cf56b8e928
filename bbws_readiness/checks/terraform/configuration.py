"""Whether the Terraform configuration holds together: files, references, modules, key attributes."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.checks.unknown import NO_TERRAFORM, undetermined
from bbws_readiness.checks.wording import amount, listed
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Fact, Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.resources import Configuration
from bbws_readiness.model.tables import Index, Key, Table
from bbws_readiness.source import Location, SourceKind


def broken_configuration(question: Question) -> CheckResult:
    """TFC001: one answer for the files together, one per table about its attribute blocks, one per remote module."""
    model = question.model
    configuration = model.configuration
    if configuration is None:
        if unread := model.unread.get(SourceKind.TERRAFORM):
            unknown = Undetermined("the Terraform files could not be read", unread)
            return CheckResult((undetermined("terraform", unknown),))
        return question.not_applicable(NO_TERRAFORM)
    observations = list(_diagnosed(model, configuration))
    observations.extend(_remote(configuration))
    observations.extend(_attributes(table) for table in model.terraform_tables or ())
    return CheckResult(tuple(observations))


def _diagnosed(model: Model, configuration: Configuration) -> Iterator[Observation]:
    directory = configuration.directory or "."
    told: dict[str, Observation] = {}
    for error in configuration.errors:
        if _of_a_variable(error.summary, error.at, configuration):
            continue
        problem = error.summary + (f"; {error.detail}" if error.detail else "")
        folder = _is_missing_folder(error.at, model)
        if not folder and (not configuration.complete or error.at.path.endswith((".tfvars", ".tfvars.json"))):
            # Found while a file is unread, it may only be an echo of what stands there.
            told.setdefault(error.at.path, undetermined(error.at.path, Undetermined(problem, error.at)))
            continue
        # Several places with one fault are one subject; the first place stands for them.
        subject = error.at.path if folder else error.summary
        values = {"problem": f"{subject}: {problem}" if folder else problem}
        broken = Observation(Outcome.FAIL, subject, error.at, values, expected="no error", actual=error.summary)
        told.setdefault(subject, broken)
    yield from told.values()
    if told:
        return
    if not configuration.complete:
        yield undetermined(directory, Undetermined("a file could not be read", Location(directory, 0)))
        return
    at = Location(configuration.files[0], 1) if configuration.files else Location(directory, 0)
    yield Observation(Outcome.PASS, directory, at, {"count": amount(len(configuration.files), "file")})


def _is_missing_folder(at: Location, model: Model) -> bool:
    """Whether the place is the folder of a local module that the project does not have, rather than an unread file."""
    if at.line or at.path.endswith((".tf", ".tf.json", ".tfvars", ".tfvars.json")):
        return False
    return not any(file.startswith(f"{at.path}/") for file in model.files)


def _of_a_variable(summary: str, at: Location, configuration: Configuration) -> bool:
    """Whether the fault is one of a variable's value, which another rule (ENV002) is about."""
    return any(
        summary in variable.problem or (variable.missing and at == variable.at) for variable in configuration.variables
    )


def _remote(configuration: Configuration) -> Iterator[Observation]:
    for module in configuration.remote_modules:
        source = module.or_none() or "a module"
        reason = "the module lies elsewhere; what it creates cannot be told from the files"
        yield undetermined(f"module {source}", Undetermined(reason, module.at))


def _attributes(table: Table) -> Observation:
    subject = table.address or table.name
    keys = list(_keys(table))
    blocks = [attribute.name for attribute in table.attributes or ()]
    used, declared = _known(keys), _known(blocks)
    unknown_key, unknown_block = _first_unknown(keys), _first_unknown(blocks)
    lacking = {} if unknown_block else {name: at for name, at in used.items() if name not in declared}
    spare = {} if unknown_key else {name: at for name, at in declared.items() if name not in used}
    if lacking or spare:
        parts = [f"key without attribute block: {listed(lacking)}"] if lacking else []
        parts += [f"attribute block that no key uses: {listed(spare)}"] if spare else []
        at = min((*lacking.values(), *spare.values()))
        return Observation(
            Outcome.FAIL,
            subject,
            at,
            {"problem": "; ".join(parts)},
            expected=f"attribute blocks {listed(used)}" if not unknown_key else "an attribute block per key",
            actual=f"attribute blocks {listed(declared)}",
            wording="attributes",
        )
    if unknown := unknown_key or unknown_block:
        return undetermined(subject, unknown)
    return Observation(Outcome.PASS, subject, table.at, {"count": amount(len(used), "attribute")}, wording="table")


def _keys(table: Table) -> Iterator[Fact[str]]:
    yield from _names(table.partition_key, table.sort_key)
    for index in (*(table.indexes or ()), *table.local_indexes):
        yield from _names(index.partition_key, index.sort_key)
        if _of_unknown_block(index):
            yield index.name


def _names(*keys: Key | None) -> Iterator[Fact[str]]:
    for key in keys:
        if key is not None:
            yield key.name


def _of_unknown_block(index: Index) -> bool:
    """Whether it stands for index blocks of which not even the number is known, so that their keys are not either."""
    return not index.name.known and index.partition_key is None and index.sort_key is None


def _known(facts: list[Fact[str]]) -> dict[str, Location]:
    found: dict[str, Location] = {}
    for fact in facts:
        name = fact.or_none()
        if name is not None:
            found.setdefault(name, fact.at)
    return found


def _first_unknown(facts: list[Fact[str]]) -> Undetermined | None:
    for fact in facts:
        try:
            fact.get()
        except Undetermined as unknown:
            return unknown
    return None
