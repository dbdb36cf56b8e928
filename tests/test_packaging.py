"""What travels in the wheel is what lies in the checkout."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    arguments = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    built = subprocess.run([sys.executable, *arguments], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr + built.stdout
    (path,) = out.glob("*.whl")
    return path


def tracked(folder: str) -> dict[str, bytes]:
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in (ROOT / folder).rglob("*") if path.is_file()}


def test_templates_and_rules_travel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        prefix = "bbws_readiness/_data/"
        packed = {
            name.removeprefix(prefix): archive.read(name) for name in archive.namelist() if name.startswith(prefix)
        }
    assert packed == {**tracked("templates"), **tracked("rules")}


def test_the_wheel_assesses_without_a_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    # An editable install has the checkout on its path, and what lies there is not assessed.
    example = shutil.copytree(ROOT / "examples" / "dynamodb_schemas", tmp_path / "project")
    arguments = ["assess", "sit", str(example), "--output-dir", str(tmp_path / "out"), "--as-of", "2026-01-07"]
    result = subprocess.run(
        [sys.executable, "-P", "-m", "bbws_readiness", *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1, result.stderr
    assert "BLOCKED" in result.stdout
    assert len(list((tmp_path / "out").iterdir())) == 6


def test_the_wheel_runs_the_cases_of_a_project_and_says_where_ours_are(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", "-m", "bbws_readiness", "rules", "test", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
        )

    project = shutil.copytree(ROOT / "examples" / "custom_rules", tmp_path / "project")
    assert run(str(project)).returncode == 0
    ours = run()
    assert ours.returncode == 3
    assert "they lie in tests/rules/cases of a checkout" in ours.stderr
