"""What travels in the wheel is what lies in the checkout, and what is made of it."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bbws_readiness.prepare import prepare
from bbws_readiness.ready_patterns import FILE as PATTERNS
from bbws_readiness.ready_patterns import patterns_in

ROOT = Path(__file__).parent.parent


def build(out: Path, *options: str) -> Path:
    arguments = ["-m", "build", *options, "--no-isolation", "--outdir", str(out), str(ROOT)]
    built = subprocess.run([sys.executable, *arguments], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr + built.stdout
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built of the sdist."""
    return build(tmp_path_factory.mktemp("wheel"))


def test_the_sdist_makes_the_wheel_of_the_checkout(wheel: Path, tmp_path: Path) -> None:
    direct = build(tmp_path, "--wheel")
    with zipfile.ZipFile(direct) as first, zipfile.ZipFile(wheel) as second:
        assert first.namelist() == second.namelist()
        assert [name for name in first.namelist() if first.read(name) != second.read(name)] == []
    assert direct.read_bytes() == wheel.read_bytes()


def test_what_is_made_ready_travels(wheel: Path, tmp_path: Path) -> None:
    prepare(ROOT, tmp_path)
    with zipfile.ZipFile(wheel) as archive:
        prefix = "bbws_readiness/_prepared/"
        packed = {Path(name).name: archive.read(name) for name in archive.namelist() if name.startswith(prefix)}
        archive.extract(f"{prefix}{PATTERNS}", tmp_path / "wheel")
    # A wheel is built without the libraries that some modules want: their patterns are compiled by each run.
    built, here = patterns_in(tmp_path / "wheel" / prefix), patterns_in(tmp_path)
    assert len(built) > 0.9 * len(here)
    assert all(bytes(made) == bytes(here[text]) for text, made in built.items())
    del packed[PATTERNS]
    assert packed == {path.name: path.read_bytes() for path in tmp_path.glob("*.*") if path.name != PATTERNS}


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

    def run(out: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        arguments = ["assess", "sit", str(example), "--output-dir", str(out), "--as-of", "2026-01-07", "--no-cache"]
        return subprocess.run(
            [sys.executable, "-P", *options, "-m", "bbws_readiness", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONUTF8": "1", **environment},
            capture_output=True,
            text=True,
        )

    result = run(tmp_path / "out", "-X", "importtime", PYTHONPATH=str(tmp_path / "site"))
    assert result.returncode == 1, result.stderr
    assert "BLOCKED" in result.stdout
    assert "| jinja2" not in result.stderr, "templates are filled with the code that was made of them"
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert len(written) == 6
    shutil.rmtree(tmp_path / "out")
    assert run(tmp_path / "out").stdout == result.stdout
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == written


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
