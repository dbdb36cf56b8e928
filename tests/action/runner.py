"""Runs a composite action as a runner of GitHub does: real bash, real files, expressions worked out before.

Installing is left out: it takes the network. What it would have installed is the package that is tested.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bbws_readiness.parsers.workflows.evaluation import Anything, Value, text_of, value_of
from bbws_readiness.parsers.workflows.expressions import parse
from tests.action.shipped import read

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
TOKEN = "ghs_" + "b" * 36
PROGRAM = f'#!/usr/bin/env bash\nexec {sys.executable} -I -m bbws_readiness "$@"\n'


@dataclass
class Ran:
    """What became of a run."""

    code: int = 0
    """Of the first step that failed, else 0."""
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    """Of the action."""
    steps: dict[str, dict[str, str]] = field(default_factory=dict)
    """The outputs of each step that ran, by its name."""
    given: dict[str, dict[str, str]] = field(default_factory=dict)
    """The whole environment of each of them."""


@dataclass
class Runner:
    """A machine with a workspace, for one job."""

    workspace: Path
    temp: Path
    github: dict[str, Value] = field(default_factory=dict)
    """The context `github`, by dotted names; what is not in it is empty."""
    variables: dict[str, str] = field(default_factory=dict)
    program: str = PROGRAM
    """The script that is installed."""

    @property
    def summary(self) -> str:
        """What all steps have added to their summaries."""
        return "".join(path.read_text() for path in sorted(self.temp.glob("summary-*")))

    def run(self, action: Path, inputs: dict[str, str]) -> Ran:
        """Every step until one fails; `install` counts as done."""
        data = read(action)
        given = {name: self._text(one.get("default", ""), {}) for name, one in data["inputs"].items()} | inputs
        context: dict[str, Value] = {f"inputs.{name}": value for name, value in given.items()}
        context |= {f"github.{name}": value for name, value in self.github.items()} | {"runner.temp": str(self.temp)}
        ran = Ran()
        for step in data["runs"]["steps"]:
            if "if" in step and not self._truth(step["if"], context):
                continue
            made = {"program": str(self._program())} if step.get("id") == "install" else {}
            if step.get("id") != "install":
                ran.code, log, made = self._step(step, action.parent, context, ran)
                ran.log += log
            ran.steps[step["name"]] = made
            context |= {f"steps.{step.get('id')}.outputs.{name}": value for name, value in made.items()}
            if ran.code:
                break
        ran.outputs = {name: self._text(one["value"], context) for name, one in data["outputs"].items()}
        return ran

    def _step(
        self, step: dict[str, Any], action: Path, context: dict[str, Value], ran: Ran
    ) -> tuple[int, str, dict[str, str]]:
        files = {name: self.temp / f"{name}-{len(ran.steps)}" for name in ("output", "summary")}
        for path in files.values():
            path.touch()
        script = self.temp / "script.sh"
        script.write_text(step["run"])
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.temp),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_ACTION_PATH": str(action),
            "GITHUB_OUTPUT": str(files["output"]),
            "GITHUB_STEP_SUMMARY": str(files["summary"]),
            "RUNNER_TEMP": str(self.temp),
            **self.variables,
            **{name: self._text(value, context) for name, value in step.get("env", {}).items()},
        }
        ran.given[step["name"]] = environment
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
            cwd=self._text(step.get("working-directory", str(self.workspace)), context),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines = (line.partition("=") for line in files["output"].read_text().splitlines())
        return done.returncode, done.stdout, {name: value for name, _, value in lines}

    def _program(self) -> Path:
        program = self.temp / "readiness"
        program.write_text(self.program)
        program.chmod(0o755)
        return program

    def _text(self, value: str, context: dict[str, Value]) -> str:
        return EXPRESSION.sub(lambda found: text_of(self._value(found[1], context)), str(value))

    def _truth(self, condition: str, context: dict[str, Value]) -> bool:
        found = EXPRESSION.fullmatch(condition.strip())
        assert found
        return bool(self._value(found[1], context))

    def _value(self, text: str, context: dict[str, Value]) -> Value:
        expression = parse(text)
        assert expression is not None, text
        known = context | {f"github.{name}": value for name, value in self.github.items()}
        value = value_of(expression, lambda name: known.get(name))
        assert not isinstance(value, Anything), text
        return value
