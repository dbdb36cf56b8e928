"""Installing uses locked packages and an import path without the checkout; a Python that is too old is told."""

import subprocess
from pathlib import Path

import pytest

from tests.action.shipped import ROOT

SCRIPT = ROOT / "action" / "install.sh"

PYTHON = """#!/usr/bin/env bash
# Writes down how it is called; an environment that it makes holds it again.
printf '%s\\n' "$*" >>"{log}"
case "$*" in
  *version_info*) exit {code} ;;
  '-I -m venv '*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
esac
"""


def install(tmp_path: Path, *, code: int = 0) -> tuple[subprocess.CompletedProcess[str], list[str], str]:
    """What happened, how Python was called, and what was put out."""
    log, output, temp = tmp_path / "log", tmp_path / "output", tmp_path / "a temp"
    log.touch()
    temp.mkdir()
    python = tmp_path / "a python"
    python.write_text(PYTHON.format(log=log, code=code))
    python.chmod(0o755)
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHON": str(python),
        "RUNNER_TEMP": str(temp),
        "GITHUB_OUTPUT": str(output),
    }
    done = subprocess.run(["bash", SCRIPT], env=environment, cwd=temp, capture_output=True, text=True)
    return done, log.read_text().splitlines(), output.read_text() if output.exists() else ""


def test_packages_are_locked_and_nothing_of_the_checkout_is_imported(tmp_path: Path) -> None:
    done, calls, output = install(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [call for call in calls if not call.startswith("-I ")] == []
    pip = [call for call in calls if "-m pip" in call]
    assert len(pip) == 2
    assert [call for call in pip if "--no-deps" not in call] == []
    assert f"--require-hashes --only-binary :all: --requirement {ROOT}/action/requirements.txt" in pip[0]
    assert f"--no-index --no-build-isolation {ROOT}" in pip[1], "what builds it is locked as well"
    name, _, program = output.strip().partition("=")
    assert name == "program"
    subprocess.run([program, "assess", "a b"], check=True)
    assert (tmp_path / "log").read_text().splitlines()[-1] == "-I -m bbws_readiness assess a b"


def test_a_python_that_is_too_old_is_told_before_anything_is_made(tmp_path: Path) -> None:
    done, calls, output = install(tmp_path, code=1)
    assert done.returncode == 2
    assert done.stdout.startswith("::error title=readiness::Python 3.11 or newer is needed")
    assert (len(calls), output) == (1, "")


@pytest.mark.parametrize("missing", ["RUNNER_TEMP", "GITHUB_OUTPUT"])
def test_outside_of_a_runner_it_ends_at_once(missing: str, tmp_path: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": "/dev/null",
        "PYTHON": "true",
    }
    del environment[missing]
    done = subprocess.run(["bash", SCRIPT], env=environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert missing in done.stderr
