"""The actions and workflows that are shipped, as data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
ACTIONS = (ROOT / "action.yml", ROOT / "action" / "comment" / "action.yml", ROOT / "action" / "setup" / "action.yml")
WORKFLOWS = tuple(sorted((ROOT / "examples" / "workflows").glob("*.yml")))
SCRIPTS = tuple(sorted((ROOT / "action").glob("*.sh")))
FILES = (*ACTIONS, *WORKFLOWS)


def name_of(path: Path) -> str:
    """The path below the repository."""
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> dict[Any, Any]:
    """The file as YAML 1.1, to which the key `on` is true."""
    data = yaml.safe_load(path.read_text())
    assert isinstance(data, dict)
    return data


def jobs_of(path: Path) -> dict[str, dict[str, Any]]:
    """The jobs of a workflow by their keys; none for an action."""
    found: dict[str, dict[str, Any]] = read(path).get("jobs", {})
    return found


def steps_of(path: Path) -> Iterator[dict[str, Any]]:
    """Every step of an action or a workflow, in order."""
    data = read(path)
    yield from data.get("runs", {}).get("steps", ())
    for job in data.get("jobs", {}).values():
        yield from job["steps"]
