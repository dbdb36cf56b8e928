"""The output is a function of the project and the options: eight environments, the same bytes."""

import hashlib
import os
import subprocess
import sys
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


def started(folder: Path, way: str) -> tuple[subprocess.Popen[bytes], Path]:
    command, settings = ENVIRONMENTS[way]
    place = folder / str(list(ENVIRONMENTS).index(way))
    place.mkdir()
    project = copy_example(place)
    inside = "FOLDER" not in settings
    arguments = ["assess", "sit", "." if inside else project.name, "--as-of", "2026-01-07", "--quiet"]
    process = subprocess.Popen(
        [sys.executable, "-P", *command, *arguments],
        cwd=project if inside else place,
        env={"PATH": "/usr/bin:/bin", "HOME": str(place), **settings},
        umask=int(settings.get("UMASK", "022"), 8),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    return process, project / "deployments"


@pytest.mark.skipif(os.name != "posix", reason="umask and locales of POSIX")
def test_same_bytes_everywhere(tmp_path: Path) -> None:
    answers = {}
    running = {way: started(tmp_path, way) for way in ENVIRONMENTS}
    for way, (process, outputs) in running.items():
        _, complaints = process.communicate(timeout=60)
        assert (process.returncode, complaints) == (1, b""), way
        answers[way] = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(outputs.iterdir())}
    usual = answers["as usual"]
    assert len(usual) == 6
    assert {way: found for way, found in answers.items() if found != usual} == {}
