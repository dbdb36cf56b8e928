"""Runs of edited copies of the example, as the cases of a comparison describe them, and read back as snapshots."""

import json
import shutil
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bbws_readiness.compare.inputs import LOG
from bbws_readiness.compare.read import snapshot_of
from bbws_readiness.compare.snapshot import Snapshot
from bbws_readiness.decisions.statement import statement
from bbws_readiness.pipeline import assess_project
from bbws_readiness.render.machine import to_json
from tests.example import EXAMPLE, commit_all, copy_example

AS_OF = "2026-01-07"
AUTHORITY = "authority:\n  default: [plan, terraform]\n"
"""How the example's readiness.yaml declares it."""

READING_C = EXAMPLE / "readings" / LOG
"""The decision log of the example's third reading."""


def run(described: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of one run, fresh for whoever changes it.

    Keys: `authority` (sources, or an empty list), `edit` (path to old and new text), `copy` (path to path),
    `decide` (entries that name rules and perhaps subjects, or `reading-c`), `as-of`, `checkout`,
    `uncommitted` (a path).
    """
    data: dict[str, Any] = json.loads(_json(json.dumps(described, sort_keys=True, default=str)))
    return data


def snapshot(described: Mapping[str, Any]) -> Snapshot:
    """The same, read back."""
    return snapshot_of(run(described))


@cache
def _json(description: str) -> str:
    described = json.loads(description)
    with TemporaryDirectory() as folder:
        project = copy_example(Path(folder))
        if "authority" in described:
            _replace(project / "readiness.yaml", AUTHORITY, _authority(described["authority"]))
        if decide := described.get("decide"):
            (project / LOG).write_text(READING_C.read_text() if decide == "reading-c" else _log(project, decide))
        for source, target in described.get("copy", {}).items():
            shutil.copy(project / source, project / target)
        # What was decided was decided about the files as they were before the edits.
        for path, (old, new) in described.get("edit", {}).items():
            _replace(project / path, old, new)
        if described.get("checkout"):
            commit_all(project)
        if "uncommitted" in described:
            (project / described["uncommitted"]).write_text("Not yet part of any commit.\n")
        as_of = datetime.fromisoformat(described.get("as-of", AS_OF))
        return to_json(assess_project(project, "sit", as_of=as_of))


def _authority(sources: list[str]) -> str:
    return f"authority:\n  default: [{', '.join(sources)}]\n" if sources else ""


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def _log(project: Path, entries: list[dict[str, Any]]) -> str:
    """A log whose entries are about what their rules find in the project as it is."""
    assessment = assess_project(project, "sit", as_of=datetime.fromisoformat(AS_OF))
    log = []
    for entry in entries:
        findings = [
            {"fingerprint": one.fingerprint, "rule": one.rule.code, "subject": one.subject, "statement": statement(one)}
            for one in assessment.findings
            if one.rule.code in entry["rules"] and one.open and one.subject in entry.get("subjects", [one.subject])
        ]
        written = {key: value for key, value in entry.items() if key not in ("rules", "subjects")}
        always = {"on": AS_OF, "reason": "because it is so", "environments": ["sit"]}
        log.append({**always, **written, "findings": findings})
    return yaml.safe_dump({"decisions": log}, sort_keys=False)
