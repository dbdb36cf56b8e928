"""The printed script completes in a real shell what the program knows."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from bbws_readiness.cli.main import COMMANDS, readiness
from bbws_readiness.cli.version import COMPLETION
from tests.cli.test_assess import run

PROGRAM = Path(sys.executable).with_name("readiness")
EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "dynamodb_schemas"


def asked(words: str, shell: str = "bash") -> list[str]:
    """What the program answers to the script for a line of which the last word is to be completed."""
    parts = words.split(" ")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "bbws_readiness"],
        env={
            **os.environ,
            "_READINESS_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(parts) - 1),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_takes_the_script(shell: str) -> None:
    script = run("completion", shell).stdout
    assert "_READINESS_COMPLETE" in script
    if (program := shutil.which(shell)) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run([program, "-n"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_commands_are_completed() -> None:
    assert asked("readiness ") == list(COMMANDS)
    assert asked("readiness dec") == ["decide", "decisions"]


def test_options_and_their_values_are_completed() -> None:
    assert "--fail-on" in asked("readiness assess sit --fail")
    assert asked("readiness assess sit --fail-on n") == ["never"]


def offered(*words: str) -> list[str]:
    """What is offered for the last word, in this process."""
    completion = BashComplete(readiness, {}, "readiness", COMPLETION)
    return [one.value for one in completion.get_completions(list(words[:-1]), words[-1])]


def test_environments_of_the_project_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = shutil.copytree(EXAMPLE, tmp_path / "project")
    (project / "terraform/dynamodb/environments" / "s\x1b[2J;touch x.tfvars").write_text("")
    monkeypatch.chdir(project)
    assert offered("assess", "") == ["dev", "sit", "prod", "dr"]
    for command in ("assess", "render", "comment", "site", "trace", "console", "inventory", "decisions"):
        assert offered(command, "s") == ["sit"], command
    assert offered("generate", "backup", "s") == ["sit"]
    (project / "readiness.yaml").write_text("nonsense: [")
    assert offered("assess", "") == []
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert offered("assess", "") == []


def test_rules_and_faults_are_completed() -> None:
    assert offered("explain", "idx00") == [f"IDX00{number}" for number in range(1, 8)]
    assert offered("rules", "show", "missing-t") == ["missing-table"]
    assert offered("explain", "E10")[:2] == ["E101", "E102"]
    assert offered("explain", "nonsense") == []


@pytest.mark.skipif(shutil.which("bash") is None or not PROGRAM.exists(), reason="needs bash and an installed command")
def test_bash_completes() -> None:
    typed = (
        'source /dev/stdin <<< "$(readiness completion bash)"; '
        'COMP_WORDS=(readiness expl); COMP_CWORD=1; _readiness_completion readiness; echo "${COMPREPLY[@]}"'
    )
    environment = {**os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", typed], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "explain", done.stderr
