"""The commands that plan and README tell a person to run, each with what runs before it."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from bbws_readiness.checks.unknown import nothing_said, undetermined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.errors import near_name
from bbws_readiness.fact import Undetermined
from bbws_readiness.model.model import Model
from bbws_readiness.model.once import once
from bbws_readiness.model.plan_commands import TerraformUse
from bbws_readiness.model.plans import Command
from bbws_readiness.patterns import regex
from bbws_readiness.source import SourceKind

DOCUMENTS = (SourceKind.PLAN, SourceKind.README)
MAKES_FOLDERS = frozenset({"mkdir", "unzip", "tar", "cp", "mv", "git", "npm", "make", "terragrunt"})
MAX_NEAR = 20
"""How many wrong names are compared with all others."""

_RUNNERS = frozenset({"make", "task", "just", "bash", "sh", "source", ".", "npm", "terragrunt", "tofu"})
_MAY_INIT = regex(r"init|terraform|terragrunt|tofu|setup|bootstrap|prepare|\btf\b")
"""What a script or target is called that may run an init unseen."""
_NOWHERE = "the directory that it runs in is known only to the shell"
_CLONE = "it runs in a clone that may be of another repository"
_AWS_VALUES = frozenset(
    {"--region", "--profile", "--output", "--endpoint-url", "--query", "--color", "--ca-bundle", "--cli-read-timeout"}
    | {"--cli-connect-timeout", "--cli-binary-format"}
)
"""Options of the AWS command line that may stand before the service and have a value behind them."""
_COPIES = frozenset({"cp", "mv", "ln"})
_TAKEN_UP = (".auto.tfvars", ".auto.tfvars.json")
_ANYWHERE = frozenset({"fmt", "version", "login", "logout"})
"""Verbs of terraform that need neither a configuration nor an init."""


class Doings(Struct, frozen=True):
    """What the commands of one document do first, so that none has to look through all those before it."""

    first: Mapping[tuple[str, str], int]
    """Position by what is done: `exports NAME`, `runs PROGRAM`, `makes PATH`, `inits` (perhaps)."""
    workspaces: tuple[tuple[int, str], ...]
    """Position and value of each TF_WORKSPACE that is exported."""
    settings: int | None = None
    """Position of the first that makes a file of values which Terraform takes up by itself; None without one."""


class Said(Struct, frozen=True):
    """A command of a document, with those around it."""

    kind: SourceKind
    commands: tuple[Command, ...]
    position: int
    doings: Doings

    @property
    def command(self) -> Command:
        """The command itself."""
        return self.commands[self.position]

    def before(self, deed: str, what: str = "") -> Command | None:
        """The first command of the document that does this, when it stands before this one."""
        position = self.doings.first.get((deed, what), self.position)
        return self.commands[position] if position < self.position else None

    @property
    def where(self) -> str:
        """The document and line, as sentences begin: `plan:71`."""
        return f"{self.kind}:{self.command.at.line}"


class TerraformSaid(Struct, frozen=True):
    """A terraform command of a document."""

    said: Said
    use: TerraformUse
    environment: str
    """Empty when nothing tells it."""
    directories: tuple[str, ...]
    """Where it runs: from the root, or further in the shell of the fences before. Empty when only the shell knows."""
    directory: str
    """The one of them that holds Terraform, else the first."""

    @property
    def subject(self) -> str:
        """The same for every such command of the document: `plan: terraform plan for sit in terraform`."""
        aimed = f" for {self.environment}" if self.environment else ""
        place = f" in {self.directory or '.'}" if self.directories else ""
        return f"{self.said.kind}: terraform {self.use.verb}{aimed}{place}"

    @property
    def unplaced(self) -> Undetermined | None:
        """Why it cannot be told where it runs, or None."""
        return None if self.directories else Undetermined(_NOWHERE, self.said.command.at)


@once
def said_commands(model: Model) -> tuple[Said, ...]:
    """Every command of plan and README, in order."""
    spoken = (model.plan.commands if model.plan else (), model.readme.commands if model.readme else ())
    documents = ((kind, commands, _doings(commands)) for kind, commands in zip(DOCUMENTS, spoken, strict=True))
    return tuple(
        Said(kind, commands, position, doings)
        for kind, commands, doings in documents
        for position in range(len(commands))
    )


def _doings(commands: Sequence[Command]) -> Doings:
    first: dict[tuple[str, str], int] = {}
    workspaces: list[tuple[int, str]] = []
    settings: int | None = None
    for position, command in enumerate(commands):
        words = command.words
        name = words[0] if words else ""
        for word in (*words, *command.assignments) if name in ("export", "") else ():
            variable, equals, value = word.partition("=")
            if equals:
                first.setdefault(("exports", variable), position)
            if equals and variable == "TF_WORKSPACE":
                workspaces.append((position, value))
        copied = [word for word in words[1:] if not word.startswith("-")][1:] if name in _COPIES else []
        for path in (*command.makes, *copied[-1:]):
            first.setdefault(("makes", path), position)
            if settings is None and _is_taken_up(path.rpartition("/")[2]):
                settings = position
        if name and (name != "git" or words[1:2] in (("clone",), ("submodule",))):
            first.setdefault(("runs", name), position)
        if (name in _RUNNERS or name.startswith("./")) and _MAY_INIT.search(" ".join(words)):
            first.setdefault(("inits", ""), position)
    return Doings(first, tuple(workspaces), settings)


def _is_taken_up(name: str) -> bool:
    return name.endswith(_TAKEN_UP) or name in ("terraform.tfvars", "terraform.tfvars.json")


@once
def terraform_said(model: Model) -> tuple[TerraformSaid, ...]:
    """The terraform commands of plan and README that need a configuration, in order."""
    folders = terraform_folders(model)
    files = {file.at.path: file.environment for file in model.environment_files}
    found = []
    for said in said_commands(model):
        use = said.command.terraform
        if use is None or use.verb in _ANYWHERE or "-help" in said.command.words:
            continue
        directories = directories_of(said.command)
        directory = next((one for one in directories if one in folders), directories[0] if directories else "")
        named = (files.get(within(directory, file.or_none() or "")) for file in use.var_files)
        environment = said.command.environment or next((name for name in named if name), "")
        found.append(TerraformSaid(said, use, environment, directories, directory))
    return tuple(found)


@once
def terraform_folders(model: Model) -> frozenset[str]:
    """The folders that hold Terraform files."""
    return frozenset(file.rpartition("/")[0] for file in model.files if file.endswith((".tf", ".tf.json")))


def directories_of(command: Command) -> tuple[str, ...]:
    """Where the command may run, likeliest first; empty when only the shell knows."""
    known = [command.directory] if command.directory_known else []
    known += [command.carried] if command.carried is not None else []
    folder = command.terraform.folder if command.terraform else None
    if folder is None:
        return tuple(dict.fromkeys(known))
    path = folder.or_none() or "$"
    if path.startswith(("/", "~")) or any(sign in path for sign in "$<`"):
        return ()
    return tuple(dict.fromkeys(within(one, path) for one in known))


def within(directory: str, path: str) -> str:
    """The path from the root of the project; empty for the root itself."""
    joined = posixpath.normpath(posixpath.join(directory, path))
    return "" if joined == "." else joined


def aws_words(words: Sequence[str]) -> tuple[str, ...]:
    """The words of an `aws` command without the options before its service: `aws`, service, operation, the rest."""
    position = 1
    while position < len(words) and words[position].startswith("-"):
        position += 2 if words[position] in _AWS_VALUES else 1
    return (*words[:1], *words[position:])


def may_have_made(said: Said, programs: Collection[str] = MAKES_FOLDERS) -> Undetermined | None:
    """Why a missing folder or file may be there all the same: a clone, or one of the programs before it."""
    if said.command.directory_assumed:
        return Undetermined(_CLONE, said.command.at)
    for name in sorted(programs):
        if command := said.before("runs", name):
            return Undetermined(f"{name} at line {command.at.line} may make it", command.at)
    return None


class Paths:
    """The files of the project as commands name them.

    What a wrong name may have been meant for is found for the first few: a long list is one mistake anyway.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self.files = model.paths
        self.folders = model.folders
        self._found: dict[str, str] = {}

    def near(self, wrong: str) -> str:
        """A file of the project with the same ending, in parentheses with a blank before; empty for none."""
        if wrong not in self._found and len(self._found) < MAX_NEAR:
            near = self._model.near_path(wrong)
            ending = wrong.rpartition(".")[2] if "." in wrong else "/"
            self._found[wrong] = f" (near: {near})" if near and near.endswith(f".{ending}") else ""
        return self._found.get(wrong, "")

    def near_variable(self, wrong: str, declared: Sequence[str]) -> str:
        """A declared variable, in parentheses with a blank before; empty for none."""
        key = f"var {wrong}"
        if key not in self._found and len(self._found) < MAX_NEAR:
            near = near_name(wrong, declared)
            self._found[key] = f" (near: {near})" if near else ""
        return self._found.get(key, "")


def worst(answers: Iterable[Observation]) -> tuple[Observation, ...]:
    """One answer per subject: the first failure, else the first that is open, else the first."""
    order = (Outcome.FAIL, Outcome.UNDETERMINED, Outcome.PASS)
    chosen: dict[str, Observation] = {}
    for seen in answers:
        before = chosen.get(seen.subject)
        if before is None or order.index(seen.outcome) < order.index(before.outcome):
            chosen[seen.subject] = seen
    return tuple(chosen.values())


def answered(question: Question, answers: Iterable[Observation], nothing: str) -> CheckResult:
    """The answers, one per subject; `nothing` tells why there are none."""
    observations = worst(answers)
    if unread := next((question.model.unread[kind] for kind in DOCUMENTS if kind in question.model.unread), None):
        gap = undetermined("other commands", Undetermined(f"{unread.path} could not be read as a whole", unread))
        return CheckResult((*observations, gap))
    return CheckResult(observations) if observations else nothing_said(question, DOCUMENTS, nothing)
