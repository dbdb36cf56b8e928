"""Whole projects with several hostile files each, through the command line in a watched fork."""

from __future__ import annotations

import base64
import functools
import json
import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import jsonschema

from tests.fuzz import words
from tests.fuzz.mutate import Mutator
from tests.fuzz.targets import FLAT_PLAN, REPOSITORY
from tests.hostile.catalogue import BASE, Case
from tests.hostile.check import EXITS, Result, Runner, faults, perform
from tests.hostile.guard import PACKAGE

KIND = "project"
BASES = {"shipments": BASE, "dynamodb_schemas": REPOSITORY / "examples" / "dynamodb_schemas"}
REQUIRED = (".tf", ".tf.json", "sit.tfvars", "deploy-sit.yml", "promotion.md")
"""Ends of the names of files without which nothing can be READY, if they hold what cannot be read."""
READINESS_YAML = b"authority:\n  default: [terraform]\n  indexes: [plan]\n"
MORE = {"readiness.yaml": READINESS_YAML, "plan.json": FLAT_PLAN.encode()}
"""Files that a mutation may add to a base that has none of that name."""
DICTIONARIES: Mapping[str, tuple[str, ...]] = {
    ".tf": words.TERRAFORM,
    ".tfvars": words.TERRAFORM,
    ".hcl": words.TERRAFORM,
    ".json": words.JSON,
    ".yml": words.YAML,
    ".yaml": words.YAML,
    ".md": words.MARKDOWN,
    ".py": words.PYTHON,
}


@dataclass(frozen=True)
class Mutated:
    """A base project with some of its files replaced."""

    base: str
    files: Mapping[str, bytes]

    def to_bytes(self) -> bytes:
        """As the corpus keeps it."""
        files = {path: base64.b64encode(data).decode() for path, data in sorted(self.files.items())}
        return (json.dumps({"base": self.base, "files": files}, indent=1) + "\n").encode()

    @staticmethod
    def of_bytes(data: bytes) -> Mutated:
        """The reverse."""
        read = json.loads(data)
        return Mutated(read["base"], {path: base64.b64decode(text) for path, text in read["files"].items()})


@functools.cache
def contents(base: str) -> Mapping[str, bytes]:
    """The files of a base project that are inputs."""
    folder = BASES[base]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in DICTIONARIES and "deployments" not in path.parts
    }


def mutated(chance: random.Random) -> Mutated:
    """A project with one to four files changed; now and then with a file more."""
    base = chance.choice(("shipments", "shipments", "dynamodb_schemas"))
    own = contents(base)
    paths = chance.sample(sorted({**MORE, **own}), chance.choice((1, 1, 2, 3, 4)))
    files = {}
    for path in paths:
        suffix = Path(path).suffix
        seeds = [data for name, data in own.items() if Path(name).suffix == suffix]
        start = [own.get(path, MORE.get(path, b""))] * 3
        files[path] = Mutator(chance, start + seeds, words.encoded(DICTIONARIES[suffix])).new(start)
    return Mutated(base, files)


def case_of(project: Mutated) -> Case:
    """The case of the catalogue that stands for the project; whether it may be READY is judged here."""
    replaced = {path: {"base64": base64.b64encode(data).decode()} for path, data in project.files.items()}
    arguments = ("assess", "sit", *(("--plan-json", "plan.json") if "plan.json" in project.files else ()))
    remove: tuple[str, ...] = ()
    if BASES[project.base] != BASE:
        remove = tuple(sorted(path.name for path in BASE.iterdir()))
        own = contents(project.base)
        replaced = {path: {"base64": base64.b64encode(data).decode()} for path, data in own.items()} | replaced
    return Case(
        name="fuzz",
        files=replaced,
        remove=remove,
        arguments=arguments,
        exit=tuple(EXITS),
        ready=True,
        unread=tuple(path.split("/")[0] for path in contents("shipments")),
    )


def check(project: Mutated, runner: Runner) -> Iterator[str]:
    """What is wrong with how the command took the project."""
    case = case_of(project)
    folder = Path(tempfile.mkdtemp(prefix="fuzz"))
    try:
        result = perform(case, folder / "case", runner)
        yield from faults(case, result)
        yield from judged(project, result)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def judged(project: Mutated, result: Result) -> Iterator[str]:
    """The assessment itself: in the form that is published, and READY only when what is required was read."""
    report = result.report
    if not report:
        return
    for fault in validator().iter_errors(report):
        yield f"the JSON breaks its schema at {'/'.join(map(str, fault.path))}"
        break
    errors = [one for one in report["diagnostics"] if one["severity"] == "error"]
    for one in errors:
        path = str(one["at"]).split(":")[0]
        if report["verdict"] == "READY" and path.endswith(REQUIRED) and path in project.files:
            yield f"READY, and yet {path} could not be read: {one['summary'][:80]}"
    ready = report["verdict"] == "READY"
    if ready != (result.outcome.exit == 0) and result.outcome.exit != 5:
        yield f"verdict {report['verdict']}, exit {result.outcome.exit}"


@functools.cache
def validator() -> jsonschema.Draft202012Validator:
    """Of the JSON that is written."""
    schema = json.loads((PACKAGE / "render" / "assessment.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


def smallest(project: Mutated, fault: str, runner: Runner, *, runs: int = 60) -> Mutated:
    """The project with as few and as short files as the fault needs, after at most so many runs."""
    left = [runs]

    def still(candidate: Mutated) -> bool:
        left[0] -= 1
        return left[0] > 0 and any(kind_of(one) == kind_of(fault) for one in check(candidate, runner))

    for path in sorted(project.files):
        fewer = Mutated(project.base, {name: data for name, data in project.files.items() if name != path})
        if fewer.files and still(fewer):
            project = fewer
    for path in sorted(project.files):
        size = len(project.files[path]) // 2
        start = 0
        while size and left[0] > 0:
            data = project.files[path]
            shorter = Mutated(project.base, {**project.files, path: data[:start] + data[start + size :]})
            if start < len(data) and still(shorter):
                project = shorter
            elif start < len(data):
                start += size
            else:
                start, size = 0, size // 2
    return project


def kind_of(fault: str) -> str:
    """A fault without what varies."""
    return "".join(letter for letter in fault[:60] if not letter.isdigit())
