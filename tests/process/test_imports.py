"""Nothing is imported from a hostile checkout, and a checkout on the import path is not assessed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

LIBRARIES = (
    "click",
    "yaml",
    "jinja2",
    "markupsafe",
    "markdown_it",
    "mdurl",
    "jsonschema",
    "referencing",
    "attr",
    "re2",
)
STANDARD = ("__future__", "re", "json", "signal", "typing", "dataclasses", "pathlib", "enum", "logging")
STANDARD += ("threading", "tempfile", "random", "datetime", "decimal", "hashlib", "subprocess", "ast")
STANDARD += ("urllib", "traceback", "resource", "gettext", "inspect", "sitecustomize", "usercustomize", "string")
LOADED_BEFORE_US = {"sitecustomize", "usercustomize"}
"""What the interpreter imports before the first line of the package. So it does with `contextlib`, `functools`, `types`
and `collections` for `python -m`; only `-P`, `-I` or the installed command can keep those out of its reach."""


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A checkout with a module for every name that the tool imports; each leaves a mark when it is loaded."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "main.tf").write_text("locals {\n  a = 1\n}\n")
    (checkout / "sit.tfvars").write_text("")
    for name in (*LIBRARIES, *STANDARD):
        (checkout / f"{name}.py").write_text(f"open({str(tmp_path / 'loaded')!r}, 'a').write({name + chr(10)!r})\n")
    return checkout


def loaded(hostile: Path) -> set[str]:
    mark = hostile.parent / "loaded"
    return set(mark.read_text().split()) if mark.exists() else set()


def start(folder: Path, *arguments: str, before: tuple[str, ...] = (), **environment: str) -> tuple[int, str]:
    result = subprocess.run(
        [sys.executable, *before, "-m", "bbws_readiness", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder.parent), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in result.stderr
    return result.returncode, result.stderr


REFUSAL = "readiness: error E710: refusing to start: the import path contains the assessed repository; "


@pytest.mark.parametrize(
    "command", [("assess", "sit"), ("inventory", "sit"), ("trace", "sit", "local.a"), ("console", "sit")]
)
def test_started_inside_of_the_project(hostile: Path, command: tuple[str, ...]) -> None:
    code, complaint = start(hostile, *command)
    assert code == 2
    assert complaint.startswith(REFUSAL)
    assert complaint.count("\n") == 1
    assert loaded(hostile) == set()
    assert not (hostile / "deployments").exists()


@pytest.mark.parametrize(
    "way",
    [
        {"before": ("-P",)},
        {"PYTHONSAFEPATH": "1"},
        {"before": ("-I",)},
    ],
    ids=str,
)
def test_ways_to_start_it_inside_of_the_project(hostile: Path, way: dict[str, object]) -> None:
    code, complaint = start(hostile, "trace", "sit", "local.a", **way)  # type: ignore[arg-type]
    assert (code, complaint) == (0, "")
    assert loaded(hostile) == set()


@pytest.mark.parametrize("path", [".", "", "..", "sub:.", "{here}", "{here}/sub"])
def test_python_path_leads_into_the_project(hostile: Path, path: str) -> None:
    (hostile / "sub").mkdir()
    for module in hostile.glob("*.py"):
        shutil.copy(module, hostile / "sub")
    code, complaint = start(hostile, "assess", "sit", before=("-P",), PYTHONPATH=path.format(here=hostile))
    assert loaded(hostile) <= LOADED_BEFORE_US
    if path:
        assert code == 2
        assert complaint.startswith(REFUSAL)


def test_other_commands_work_there_and_load_nothing(hostile: Path) -> None:
    assert start(hostile, "--version") == (0, "")
    assert start(hostile, "rules") == (0, "")
    assert loaded(hostile) == set()


def test_a_folder_beside_the_project_on_the_path_is_no_fault(hostile: Path) -> None:
    beside = hostile.parent / "beside"
    beside.mkdir()
    code, complaint = start(beside, "trace", "sit", "local.a", str(hostile), PYTHONPATH=str(beside))
    assert (code, complaint) == (0, "")


def test_the_package_itself_may_lie_in_the_project(tmp_path: Path) -> None:
    """Whoever works on the tool assesses its own example from its own checkout."""
    code, complaint = start(ROOT, "trace", "sit", "var.environment", "examples/dynamodb_schemas")
    assert (code, complaint) == (0, "")


def test_a_virtual_environment_may_lie_in_the_project(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("locals {\n  a = 1\n}\n")
    scripts = tmp_path / ".venv" / "bin"
    scripts.mkdir(parents=True)
    real = Path(sys.prefix)
    (tmp_path / ".venv" / "lib").symlink_to(real / "lib")
    shutil.copy(real / "pyvenv.cfg", tmp_path / ".venv")
    (scripts / "python").symlink_to(os.path.realpath(sys.executable))
    result = subprocess.run(
        [scripts / "python", "-P", "-m", "bbws_readiness", "trace", "sit", "local.a", str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout.split()[0]) == (0, "1"), result.stderr
