"""What is fuzzed within one process: each kind of input with its seeds, its words and the code that reads it."""

from __future__ import annotations

import functools
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bbws_readiness.checks import CHECKS
from bbws_readiness.config import load_config
from bbws_readiness.engine.rulebook import load_rulebook
from bbws_readiness.errors import Diagnostic, DiagnosticSeverity, ReadinessError
from bbws_readiness.git.revision import Revision
from bbws_readiness.git.tree import TreeReader
from bbws_readiness.parsers import PARSERS, Known
from bbws_readiness.parsers import git as git_facts
from bbws_readiness.parsers.plan_json import parse_plan_json
from bbws_readiness.parsers.terraform import describe_settings, describe_terraform
from bbws_readiness.reader import Reader, decode
from bbws_readiness.source import Location, Refused, Source, SourceKind
from bbws_readiness.terraform import Session, Value, evaluate_configuration
from bbws_readiness.terraform.console_text import console_text
from tests.fuzz import words
from tests.terraform.memory import MemoryFiles

REPOSITORY = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
LARGEST_SEED = 24 * 1024
"""Bytes."""
KNOWN = Known(("dev", "sit", "prod"), "sit")
PARSE = {parser.kind: parser.parse for parser in PARSERS}
TEXTS = {"t.tftpl": "%{ for a in names ~}\n${a}\n%{ endfor }", "d.yaml": "a: [1, {b: c}]\n", "d.csv": "a,b\n1,2\n"}
"""Beside main.tf, so that functions that read files have something to read."""


@dataclass(frozen=True)
class Answer:
    """What a reader made of an input."""

    told: Sequence[Diagnostic] = ()
    nouns: tuple[object, ...] = ()


Read = Callable[[bytes], Answer]


@dataclass(frozen=True)
class Target:
    """One kind of input."""

    kind: str
    seeds: tuple[str, ...]
    """Patterns of files, from the repository's top; each is followed by `= ` and text for a seed that is no file."""
    words: tuple[str, ...]
    read: Read

    def files(self) -> Iterator[bytes]:
        """Every seed that is small enough, in the order of the patterns."""
        for pattern in self.seeds:
            if pattern.startswith("= "):
                yield pattern[2:].encode()
                continue
            for path in sorted(REPOSITORY.glob(pattern)):
                data = path.read_bytes()
                if len(data) <= LARGEST_SEED:
                    yield data


def source_of(path: str, data: bytes) -> Source | Answer:
    """The text, or the refusal as the only diagnostic."""
    read = decode(path, data)
    return Answer((Diagnostic.of_refusal(read),)) if isinstance(read, Refused) else read


def parsed(kind: SourceKind, path: str) -> Read:
    """The parser of a kind, for a file of that name."""

    def read(data: bytes) -> Answer:
        source = source_of(path, data)
        if not isinstance(source, Source):
            return source
        noun, told = PARSE[kind](source, KNOWN)
        return Answer(told, (noun,))

    return read


def configuration(path: str) -> Read:
    """Evaluation and description of a project whose one Terraform file has this name."""

    def read(data: bytes) -> Answer:
        source = source_of(path, data)
        if not isinstance(source, Source):
            return source
        evaluation = evaluate_configuration(MemoryFiles({path: source.text, **TEXTS}), ".")
        described = describe_terraform(evaluation, environment="sit")
        return Answer(described.configuration.diagnostics, (described,))

    return read


def settings(path: str) -> Read:
    """A tfvars file, as it stands and as it sets a variable."""

    def read(data: bytes) -> Answer:
        noun, told = describe_settings("sit", decode(path, data))
        source = source_of(path, data)
        if isinstance(source, Source):
            declared = 'variable "tags" {\n  type = map(string)\n}\nvariable "environment" {}\n'
            evaluate_configuration(MemoryFiles({"main.tf": declared, path: source.text}), ".", var_files=[path])
        return Answer(told, (noun,))

    return read


def plan_json(data: bytes) -> Answer:
    """What `terraform show -json` prints."""
    return told_by(lambda: parse_plan_json(decode("plan.json", data), "sit"))


@functools.cache
def folder() -> Path:
    """A folder for what is read from disk; it ends with the process that uses it."""
    made = tempfile.TemporaryDirectory()
    FOLDERS.append(made)
    return Path(made.name)


FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


def readiness_yaml(data: bytes) -> Answer:
    """The configuration."""
    project = folder() / "project"
    project.mkdir(exist_ok=True)
    (project / "readiness.yaml").write_bytes(data)
    return told_by(lambda: load_config(project, home=folder()))


def rule_yaml(data: bytes) -> Answer:
    """One rule among the remedies that are shipped."""
    rules = folder() / "rules"
    if not rules.exists():
        rules.mkdir()
        for name in ("rule.schema.json", "remedy.schema.json"):
            shutil.copy(REPOSITORY / "rules" / name, rules)
        (rules / "outside.yaml").write_text("[]\n")
        (rules / "remedies").mkdir()
        shutil.copy(REPOSITORY / "rules" / "remedies" / "gate.yaml", rules / "remedies")
    (rules / "a.yaml").write_bytes(data)
    return told_by(lambda: load_rulebook(folder(), CHECKS))


class Answers:
    """Stands where git would: whatever is asked, it says the same."""

    def __init__(self, answer: bytes, listing: bytes) -> None:
        self._answer, self._listing = answer, listing

    def ask(self, *_: str) -> str:
        """As text."""
        return self._answer.decode("utf-8", "replace")

    def ask_bytes(self, *arguments: str) -> bytes:
        """As bytes; a listing is well-formed but for the names, which a commit may choose."""
        if arguments[0] == "ls-tree":
            return self._listing
        return b"9" if arguments[:2] == ("cat-file", "-s") else self._answer


def git_answers(data: bytes) -> Answer:
    """What git may say of a checkout, and names that a commit may hold."""
    names = [name for name in data.split(b"\0") if name]
    listing = b"".join(b"100644 blob %040d\t%s\0" % (number, name) for number, name in enumerate(names))
    git = Answers(data, listing)
    facts = git_facts._Facts(git, "deployments")
    asked = (facts.commit, facts.branch, facts.changed_files, facts.tags, facts.tracked, facts.remote)
    nouns = tuple(ask() for ask in asked)
    tree = TreeReader(git, Revision("main", "0" * 40))

    def read() -> None:
        for name in (*(name.decode("utf-8", "replace") for name in names[:20]), *tree.listdir(".")):
            tree.read(name)

    answer = told_by(read)
    return Answer(answer.told, (*nouns, len(tree.sources)))


def changelog(data: bytes) -> Answer:
    """The changelog beside the git facts."""
    project = folder() / "changelog"
    project.mkdir(exist_ok=True)
    (project / "CHANGELOG.md").write_bytes(data)
    return Answer(nouns=(git_facts.read_repository(project, Reader(project)),))


@functools.cache
def session() -> Session:
    """The setting in which expressions stand."""
    text = (REPOSITORY / "tests/language/setting.tf").read_text(encoding="utf-8")
    return Session(MemoryFiles({"setting.tf": text, **TEXTS}), ".")


def expression(data: bytes) -> Answer:
    """One expression, and its value as a person sees it."""
    source = source_of("expression", data)
    if not isinstance(source, Source):
        return source
    value = session().ask(source.text, Location("expression", 1))
    if isinstance(value, Value):
        return Answer(nouns=(value.type, len(console_text(value)) > 40))
    return Answer((value,))


def told_by(action: Callable[[], object]) -> Answer:
    """The faults that an action raises, as diagnostics; anything but our own errors goes on."""
    try:
        return Answer(nouns=(action(),))
    except ReadinessError as error:
        problems: Sequence[ReadinessError] = getattr(error, "problems", (error,))
        if bad := next((one.line for one in problems if not LINE.fullmatch(one.line)), None):
            raise ValueError(f"no line: {bad!r}") from error
        nowhere = Location("", 0)
        told = (Diagnostic(DiagnosticSeverity.ERROR, one.line, one.at or nowhere, code=one.code) for one in problems)
        return Answer(tuple(told))


LINE = re.compile(r"E\d{3}: .+")
"""What a command prints behind the word `error`."""

FLAT_PLAN = json.dumps(
    {
        "format_version": "1.2",
        "planned_values": {},
        "resource_changes": [
            {
                "address": f"aws_dynamodb_table.{name}",
                "type": "aws_dynamodb_table",
                "mode": "managed",
                "change": {
                    "actions": actions,
                    "before": {"name": name, "hash_key": "PK", "tags": {"a": "b"}},
                    "after": {"name": f"{name}-sit", "hash_key": "PK", "global_secondary_index": [{"name": "GSI"}]},
                    "after_unknown": {"arn": True},
                    "before_sensitive": False,
                    "after_sensitive": {"tags": {}},
                    "replace_paths": [["name"], ["global_secondary_index", 0, "name"]],
                },
            }
            for name, actions in (("a", ["create"]), ("b", ["delete", "create"]), ("c", ["update"]))
        ],
    },
    indent=1,
)

TERRAFORM_FILES = (
    "tests/rules/projects/shipments/terraform/*.tf",
    "examples/*/terraform/**/*.tf",
    "tests/scenarios/*/*.tf",
)
PROJECTS = ("tests/rules/projects/shipments", "examples/*")

TARGETS: Mapping[str, Target] = {
    target.kind: target
    for target in (
        Target("terraform", TERRAFORM_FILES, words.TERRAFORM, configuration("main.tf")),
        Target(
            "tfvars", ("**/environments/*.tfvars", "tests/scenarios/*/*.tfvars"), words.TERRAFORM, settings("a.tfvars")
        ),
        Target(
            "tf-json", ("tests/scenarios/*/*.tf.json",), words.JSON + words.TERRAFORM, configuration("main.tf.json")
        ),
        Target("tfvars-json", ("tests/scenarios/*/*.tfvars.json",), words.JSON, settings("a.auto.tfvars.json")),
        Target(
            "schema",
            tuple(f"{project}/schemas/*.json" for project in PROJECTS),
            words.JSON,
            parsed(SourceKind.SCHEMAS, "schemas/a.schema.json"),
        ),
        Target(
            "workflow",
            (*(f"{project}/.github/workflows/*.yml" for project in PROJECTS), "tests/parsers/cases/**/*.yml"),
            words.YAML,
            parsed(SourceKind.WORKFLOWS, ".github/workflows/a.yml"),
        ),
        Target(
            "script",
            (*(f"{project}/scripts/*.py" for project in PROJECTS), "tests/parsers/cases/**/*.py"),
            words.PYTHON,
            parsed(SourceKind.SCRIPT, "scripts/validate_sit.py"),
        ),
        Target(
            "plan",
            (*(f"{project}/promotions/*.md" for project in PROJECTS), "tests/parsers/cases/promotion_plan/*.md"),
            words.MARKDOWN,
            parsed(SourceKind.PLAN, "promotions/a_promotion.md"),
        ),
        Target(
            "readme",
            (*(f"{project}/README.md" for project in PROJECTS), "tests/parsers/cases/**/*.md"),
            words.MARKDOWN,
            parsed(SourceKind.README, "README.md"),
        ),
        Target("changelog", ("CHANGELOG.md", "tests/rules/projects/shipments/CHANGELOG.md"), words.MARKDOWN, changelog),
        Target("configuration", ("examples/*/*.yaml", "examples/*/readings/*.yaml"), words.YAML, readiness_yaml),
        Target("rule", ("rules/WFL00*.yaml", "rules/remedies/gate.yaml"), words.YAML, rule_yaml),
        Target("plan-json", ("tests/scenarios/*/planned.json", f"= {FLAT_PLAN}"), words.JSON, plan_json),
        Target(
            "git",
            (
                "= ?? a b\0 M c\0",
                "= main\n",
                "= https://user:word@example.org/a.git\n",
                "= a/b\0c\0é\0",
                "= v1.0.0\nv2\n",
            ),
            words.GIT,
            git_answers,
        ),
        Target("expression", ('= "${local.a}"', "= [for k, v in local.map : v]"), words.EXPRESSION, expression),
    )
}
"""By their kinds, which are also the names of the folders of the corpus."""
