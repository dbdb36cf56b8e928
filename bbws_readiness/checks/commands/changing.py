"""Whether commands of plan and README change beside Terraform what Terraform owns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from bbws_readiness.checks.commands.said import Said, answered, aws_words, said_commands
from bbws_readiness.checks.unknown import NO_TERRAFORM, terraform_gap, undetermined
from bbws_readiness.checks.wording import amount
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.plans import Command
from bbws_readiness.model.resources import Resource
from bbws_readiness.patterns import regex
from bbws_readiness.source import SourceKind

_PLAIN = regex(r"[\w.-]{1,255}")
_NO_CHANGE = frozenset({"help", "--dry-run", "--generate-cli-skeleton"})
ANY = "any"
"""In the parameter: what the command names is an id, so that the type alone tells."""


def change_outside_terraform(question: Question) -> CheckResult:
    """CMD006: one answer per document, operation and target, or one for the document where nothing is changed."""
    if question.model.configuration is None and SourceKind.TERRAFORM not in question.model.unread:
        return question.not_applicable(NO_TERRAFORM)
    return answered(question, _answers(question), "no command of plan or README asks anything of AWS")


def _answers(question: Question) -> Iterator[Observation]:
    table = _owned(question)
    asking = [said for said in said_commands(question.model) if said.command.words[:1] == ("aws",)]
    open_ones: set[SourceKind] = set()
    for said in asking:
        words = aws_words(said.command.words)
        if len(words) < 3 or _NO_CHANGE & set(words):
            continue
        if answers := list(_of_operation(question.model, said, table.get((words[1], words[2]), ""))):
            open_ones.add(said.kind)
            yield from answers
    for kind in dict.fromkeys(said.kind for said in asking):
        if kind not in open_ones:
            spoken = [said for said in asking if said.kind is kind]
            values = {"document": str(kind), "count": amount(len(spoken), "command")}
            yield Observation(Outcome.PASS, f"{kind}: commands", spoken[0].command.at, values)


def _owned(question: Question) -> dict[tuple[str, str], str]:
    """Per service and operation the type of resource that it changes, and the option that names which."""
    given = question.parameters.get("owned")
    found: dict[tuple[str, str], str] = {}
    for key, operations in given.items() if isinstance(given, Mapping) else ():
        service, _, owned = str(key).partition(" ")
        found |= {(service, operation): owned for operation in str(operations).split()}
    return found


def _of_operation(model: Model, said: Said, owned: str) -> Iterator[Observation]:
    """The targets of the command that Terraform owns, or may own."""
    kind, _, option = owned.partition(" ")
    if not kind:
        return
    resources = [one for one in (model.configuration.resources if model.configuration else ()) if one.type == kind]
    if option == ANY:
        yield from _by_type(model, said, kind, resources)
        return
    for target in _targets(said.command, option):
        operation = _operation(said.command)
        subject = f"{said.kind}: {operation} on {target or 'an unknown target'}"
        if not target:
            if resources:
                reason = "what it changes is known only to the shell"
                yield undetermined(subject, Undetermined(reason, said.command.at))
        elif owner := _owner(model, resources, target):
            yield _failed(said, subject, target, owner)
        elif unknown := _may_be(model, resources):
            yield undetermined(subject, unknown)


def _by_type(model: Model, said: Said, kind: str, resources: Sequence[Resource]) -> Iterator[Observation]:
    """A selection, a rule: what it belongs to has an id, and what it is about may stand among its words."""
    subject = f"{said.kind}: {_operation(said.command)}"
    spoken = " ".join(said.command.words)
    declared = model.configuration.resources if model.configuration else ()
    family = kind.rpartition("_")[0]
    same = resources or [one for one in declared if one.type.startswith(f"{family}_")]
    if same:
        yield _failed(said, subject, kind, same[0])
    elif about := next((one for one in declared if _speaks_of(spoken, one)), None):
        yield _failed(said, subject, about.name.or_none() or about.address, about)
    elif "file://" in spoken or "$" in spoken or "<" in spoken:
        reason = "whether it is about a declared resource is not told by the command"
        yield undetermined(subject, Undetermined(reason, said.command.at))


def _speaks_of(spoken: str, resource: Resource) -> bool:
    name = resource.name.or_none()
    return (
        bool(name)
        and bool(resource.logical_name)
        and re.search(rf"[/:]{re.escape(name or '')}(?![\w-])", spoken) is not None
    )


def _operation(command: Command) -> str:
    return command.changes or aws_words(command.words)[2]


def _targets(command: Command, option: str) -> Iterator[str]:
    """The names behind the option, without the front of an ARN; empty for one that only the shell knows."""
    if option == "--table-name" and command.table and command.table.tables:
        yield from (name.or_none() or "" for name in command.table.tables)
        return
    given = [after for before, after in pairwise(command.words) if before == option]
    given += [word.partition("=")[2] for word in command.words if word.startswith(f"{option}=")]
    for value in given:
        name = re.split(r"[/:]", value)[-1]
        yield name if _PLAIN.fullmatch(name) else ""


def _owner(model: Model, resources: Sequence[Resource], target: str) -> Resource | None:
    """The declared resource of that name, here or under the name of another environment."""
    stem, dash, last = target.rpartition("-")
    logical = stem if dash and last in model.environments else target
    exact = next((one for one in resources if one.name.or_none() == target), None)
    return exact or next((one for one in resources if one.logical_name and one.logical_name == logical), None)


def _may_be(model: Model, resources: Sequence[Resource]) -> Undetermined | None:
    """Why Terraform may own the target although no declared name is the target's."""
    for one in resources:
        try:
            one.name.get()
        except Undetermined as unknown:
            return unknown
    return terraform_gap(model)


def _failed(said: Said, subject: str, target: str, owner: Resource) -> Observation:
    operation = _operation(said.command)
    values = {"where": said.where, "operation": operation, "target": target, "owner": f"{owner.address} ({owner.at})"}
    related = (Related(owner.at, f"terraform: {owner.address}"),)
    return Observation(
        Outcome.FAIL,
        subject,
        said.command.at,
        values,
        f"declared in {owner.at.path}",
        f"{operation} by hand",
        (),
        related,
    )
