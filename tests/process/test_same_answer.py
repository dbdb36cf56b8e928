"""The output is a function of the project and the options: eight environments, the same bytes."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.example import copy_example

SHUFFLED = """
import contextlib, os, random, sys
chance = random.Random(11)
scandir, listdir = os.scandir, os.listdir

@contextlib.contextmanager
def shuffled_scan(*arguments):
    with scandir(*arguments) as found:
        entries = list(found)
    chance.shuffle(entries)
    yield iter(entries)

def shuffled_list(*arguments):
    return chance.sample(names := listdir(*arguments), len(names))

os.scandir, os.listdir = shuffled_scan, shuffled_list
from bbws_readiness.cli.main import main
sys.argv[0] = "readiness"
main()
"""
MODULE = ("-m", "bbws_readiness")

ENVIRONMENTS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "as usual": (MODULE, {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}),
    "another hash seed, the east": (MODULE, {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"}),
    "any hash seed, no locale": (MODULE, {"PYTHONHASHSEED": "random", "LC_ALL": "C", "PYTHONUTF8": "0"}),
    "Turkish": (MODULE, {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Europe/Istanbul"}),
    "ASCII, another home": (MODULE, {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0", "HOME": "/"}),
    "a tight umask": (MODULE, {"UMASK": "077"}),
    "another folder": (MODULE, {"FOLDER": "above"}),
    "folders in any order": (("-c", SHUFFLED), {}),
}


FORMS = ("json", "sarif", "junit", "markdown", "github")


def answered(folder: Path, way: str) -> dict[str, str]:
    """A digest of every file that a run writes, documents and other forms, by its name."""
    command, settings = ENVIRONMENTS[way]
    place = folder / str(list(ENVIRONMENTS).index(way))
    place.mkdir()
    project = copy_example(place)
    inside = "FOLDER" not in settings
    forms = place / "forms"
    forms.mkdir()
    (forms / "summary").touch()
    wanted = [word for form in FORMS for word in ("-f", f"{form}={forms / form}")]
    arguments = ["assess", "sit", "." if inside else project.name, "--as-of", "2026-01-07", "--quiet", *wanted]
    result = subprocess.run(
        [sys.executable, "-P", *command, *arguments, "-f", "text"],
        cwd=project if inside else place,
        env={
            **{"PATH": "/usr/bin:/bin", "HOME": str(place), "XDG_CACHE_HOME": str(place / "kept")},
            **{"GITHUB_STEP_SUMMARY": str(forms / "summary"), **settings},
        },
        umask=int(settings.get("UMASK", "022"), 8),
        capture_output=True,
        timeout=60,
    )
    assert (result.returncode, result.stderr) == (1, b""), way
    files = sorted(path for outputs in (project / "deployments", forms) for path in outputs.iterdir())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.skipif(os.name != "posix", reason="umask and locales of POSIX")
def test_same_bytes_everywhere(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda way: answered(tmp_path, way), ENVIRONMENTS)
        answers = dict(zip(ENVIRONMENTS, found, strict=True))
    usual = answers["as usual"]
    assert len(usual) == 6 + len(FORMS) + 1
    assert {way: found for way, found in answers.items() if found != usual} == {}
