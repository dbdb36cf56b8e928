"""The example project as tests use it: copied, made a git checkout, assessed under each reading."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from bbws_readiness.assess.assessment import Assessment
from bbws_readiness.config import load_config
from bbws_readiness.pipeline import assess_project

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "dynamodb_schemas"
READINGS = {
    "a": EXAMPLE / "readings" / "no_authority.yaml",
    "b": EXAMPLE / "readiness.yaml",
    "c": EXAMPLE / "readings" / "terraform_is_authority.yaml",
}
AS_OF = datetime(2026, 1, 7)

OTHERS = {"s3_schemas": "2_2_acme_s3_schemas", "order_lambda": "2_3_acme_order_lambda"}
"""The examples without a table, with the folder that each is checked out in."""
OTHERS_AS_OF = datetime(2026, 3, 4)

MANY_FAULTS = ROOT / "examples" / "many_faults"
"""The example with a fault for every deep rule, which its FAULTS.md lists."""

GIT_ENVIRONMENT = {
    "GIT_AUTHOR_DATE": "2026-01-07T08:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-07T08:00:00Z",
    "GIT_AUTHOR_NAME": "tests",
    "GIT_AUTHOR_EMAIL": "tests@example.invalid",
    "GIT_COMMITTER_NAME": "tests",
    "GIT_COMMITTER_EMAIL": "tests@example.invalid",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


@cache
def assessed(reading: str) -> Assessment:
    """The example in place under one reading; made once, because an assessment never changes."""
    return assess_project(EXAMPLE, "sit", as_of=AS_OF, config=load_config(EXAMPLE, path=READINGS[reading]))


def copy_example(target: Path, edits: Mapping[str, tuple[str, str]] = {}, *, readings: bool = False) -> Path:
    """A copy of the example in `target`, with one replacement per file; each must be found.

    With its `readings` it can be assessed as in reading (c), whose decision log lies there.
    """
    project = target / "2_1_bbws_dynamodb_schemas"
    left_out = ["deployments"] if readings else ["deployments", "readings"]
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns(*left_out))
    for path, (old, new) in edits.items():
        file = project / path
        text = file.read_text()
        assert old in text, f"{path} does not hold {old!r}"
        file.write_text(text.replace(old, new))
    return project


def copy_other(name: str, target: Path) -> Path:
    """A copy of one of `OTHERS` in `target`."""
    project = target / OTHERS[name]
    shutil.copytree(ROOT / "examples" / name, project, ignore=shutil.ignore_patterns("deployments"))
    return project


def copy_many_faults(target: Path) -> Path:
    """A copy of the example with every fault in `target`."""
    project = target / "2_5_acme_shipment_schemas"
    shutil.copytree(MANY_FAULTS, project, ignore=shutil.ignore_patterns("deployments"))
    return project


def commit_all(project: Path) -> None:
    """Makes the project a git checkout with one commit on main."""
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "One"]):
        subprocess.run(["git", *arguments], cwd=project, check=True, env={**os.environ, **GIT_ENVIRONMENT})
