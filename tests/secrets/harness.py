"""A project with secrets in many places, and everything that the commands print of it."""

import io
import json
import os
import random
import string
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bbws_readiness.cli.evaluated import evaluated_root
from bbws_readiness.cli.main import readiness
from bbws_readiness.cli.output import complain
from bbws_readiness.render.formats.comment import comment
from tests.data import data
from tests.example import copy_example

TF = "terraform/dynamodb"
POSITIONS: dict[str, list[dict[str, Any]]] = data(Path(__file__).parent / "positions.yaml")

Shape = Callable[[random.Random], str]


def word(chance: random.Random) -> str:
    """Twenty small letters: nothing but the place says that it is secret."""
    return "".join(chance.choices(string.ascii_lowercase, k=20))


def access_key(chance: random.Random) -> str:
    """As AWS makes them."""
    return "AKIA" + "".join(chance.choices(string.ascii_uppercase + "234567", k=16))


def personal_token(chance: random.Random) -> str:
    """As GitHub makes them."""
    return "ghp_" + "".join(chance.choices(string.ascii_letters + string.digits, k=36))


@dataclass(frozen=True)
class Planted:
    """One position of a project with its secret."""

    name: str
    canary: str
    prose: bool
    asked: tuple[str, ...]


def plant(project: Path, positions: Sequence[dict[str, Any]], shape: Shape, chance: random.Random) -> list[Planted]:
    """Writes every position into the project, each with a secret of its own."""
    planted = []
    for position in positions:
        canary = shape(chance)
        file = project / position["file"].replace("{tf}", TF)
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text() if file.exists() else ""
        file.write_text(before + position["text"].replace("{canary}", canary))
        asked = tuple(position.get("asked", ()))
        planted.append(Planted(position["name"], canary, position.get("prose", False), asked))
    return planted


def example(target: Path) -> Path:
    """The example project without its secrets."""
    project = copy_example(target)
    (project / ".git").mkdir()
    return project


@dataclass(frozen=True)
class Printed:
    """What one command left behind."""

    command: str
    text: str


def run(*arguments: object, questions: str = "") -> Printed:
    """One command in this process: standard output, standard error and the traceback, if there is one."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    asked = io.TextIOWrapper(io.BytesIO(questions.encode()), "utf-8")
    line = [str(argument) for argument in arguments]
    with patch.object(sys, "stdin", asked), redirect_stdout(out), redirect_stderr(err):
        try:
            readiness.main(line, prog_name="readiness", standalone_mode=False)
        except Exception as error:  # noqa: BLE001 - all that --debug would show
            complain(str(error))
            err.write(traceback.format_exc())
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return Printed(" ".join(line), "\n".join(texts))


def everything(project: Path, target: Path, addresses: Iterable[str]) -> Iterator[Printed]:
    """Every output of every command about the project."""
    day = ("--as-of", "2026-01-07")
    yield run("assess", "sit", project, *day, "-v", "--output-dir", target)
    for path in sorted(target.rglob("*")):
        yield Printed(path.name, path.read_text())
    yield run("--debug", "assess", "sit", project, *day, "-q", "--output-dir", target)
    yield from _forms(project, target.parent / f"{target.name}-forms", day)
    asked = list(addresses)
    questions = "\n".join(asked) + "\n"
    with evaluated_once():
        yield run("inventory", "sit", project)
        yield run("inventory", "sit", project, "-f", "json")
        for address in asked:
            for form in ("text", "json"):
                yield run("trace", "sit", address, project, "-f", form)
        yield run("console", "sit", project, questions=questions)
        yield run("console", "sit", project, "--json", questions=questions)


FORMS = ("json", "sarif", "junit", "markdown")


def _forms(project: Path, target: Path, day: tuple[str, str]) -> Iterator[Printed]:
    """Every form of one run, with the summary and the outputs of a step."""
    target.mkdir()
    step = {"GITHUB_STEP_SUMMARY": target / "summary", "GITHUB_OUTPUT": target / "outputs"}
    for file in step.values():
        file.touch()
    files = [word for form in FORMS for word in ("-f", f"{form}={target / form}")]
    with patch.dict(os.environ, {name: str(file) for name, file in step.items()}):
        yield run("assess", "sit", project, *day, "--show-settled", *files, "-f", "github")
    for path in sorted(target.iterdir()):
        yield Printed(path.name, path.read_text())
    yield Printed("comment", comment(json.loads((target / "json").read_text()), None))


@contextmanager
def evaluated_once() -> Iterator[None]:
    """Lets the commands about values share one evaluation, which is what takes their time."""
    known: dict[Path, Any] = {}

    def remembered(path: Path, *rest: Any, **options: Any) -> Any:
        if path not in known:
            known[path] = evaluated_root(path, *rest, **options)
        return known[path]

    with ExitStack() as stack:
        for command in ("inventory", "trace", "console"):
            stack.enter_context(patch(f"bbws_readiness.cli.{command}.evaluated_root", remembered))
        yield


def leaks(planted: Sequence[Planted], outputs: Iterable[Printed], *, words: bool) -> list[str]:
    """Every secret that an output shows; `words` leaves out the positions where a word is a statement."""
    wanted = [one for one in planted if not (words and one.prose)]
    found = []
    for output in outputs:
        for one in wanted:
            if one.canary in output.text:
                at = output.text.index(one.canary)
                found.append(f"{one.name}: {output.command}: {output.text[max(0, at - 100) : at + 60]!r}")
    return found
