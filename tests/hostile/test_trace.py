"""What the kernel was asked for, by strace where there is one: no program but git, no socket, no file outside."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.hostile.catalogue import build, cases, environment
from tests.hostile.trace import COMMAND, trace

HANDFUL = (
    "a_base: the base project is ready",
    "filesystem: the environment of the process",
    "filesystem: a checkout whose settings start programs",
    "filesystem: a file through a link in the project",
    "evaluation: a module from the metadata service",
    "json_schemas_plan: references to everywhere",
)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("name", HANDFUL)
def test_kernel_is_asked_for_nothing_else(name: str, tmp_path: Path) -> None:
    case = next(case for case in cases() if case.name == name)
    traced = trace(case, tmp_path / "case")
    assert traced.opened > 0
    assert traced.faults == []


def without_network() -> bool:
    """Whether a process without network can be started here."""
    try:
        done = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


@pytest.mark.skipif(not without_network(), reason="a network of its own is not permitted")
def test_assessment_needs_no_network(tmp_path: Path) -> None:
    case = cases()[0]
    project = build(case, tmp_path)
    command = ["unshare", "-n", os.fspath(COMMAND), *case.arguments]
    done = subprocess.run(command, cwd=project, env=environment(case, tmp_path), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
