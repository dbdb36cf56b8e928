"""Makes the project of a case in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

from bbws_readiness.codes import Code
from bbws_readiness.errors import RulebookError
from bbws_readiness.rule_cases.case import Case
from bbws_readiness.rule_cases.checkout import commit

FOLDER = "3_1_acme_shipments_schemas"
"""What the folder of every case is called."""
PLAN_JSON = "plan.json"
"""Where a plan lies in it that does not come from the project itself."""

MAX_TEXT = 4_000_000
"""Characters of a file that edits may make."""

Texts: TypeAlias = Mapping[str, str]
"""Files by their paths."""
Provider: TypeAlias = Callable[[Case], Texts]


def prepare(case: Case, folder: Path, start: Texts, plan: str | None = None) -> Path:
    """The project of the case below the empty `folder`, from the files `start`, edited as the case says.

    `plan` is the text of the plan JSON, when it is no file of the project. Raises `RulebookError` when a text that is
    to be replaced, or a file that is to be removed, is not there, and for a path that leads out of the project.
    """
    project = folder / FOLDER
    project.mkdir()
    for path, text in start.items():
        _write(case, project, path, text)
    for edit in case.data.get("edit", ()):
        target = _inside(case, project, edit["path"])
        before = target.read_bytes().decode() if target.is_file() else ""
        _write(case, project, edit["path"], _replaced(case, edit["path"], before, edit))
    for path, text in case.files.items():
        _write(case, project, path, text)
    for name in case.data.get("remove", ()):
        _remove(case, _inside(case, project, name), name)
    if plan is not None:
        for edit in case.data["plan-json"].get("edit", ()):
            plan = _replaced(case, "the plan", plan, edit)
        _write(case, project, PLAN_JSON, plan)
    if config := case.data.get("config"):
        _write(case, project, "readiness.yaml", config)
    if git := case.data.get("git"):
        _commit(case, project, git if isinstance(git, dict) else {})
    return project


def _commit(case: Case, project: Path, settings: Mapping[str, Any]) -> None:
    try:
        commit(project, settings)
    except (subprocess.SubprocessError, OSError):
        raise broken(case, "git cannot make its branch and tags") from None
    for path, text in settings.get("changed", {}).items():
        _write(case, project, path, text)


def _write(case: Case, project: Path, path: str, text: str) -> None:
    target = _inside(case, project, path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    except OSError:
        raise broken(case, f"{path} cannot be a file beside the others") from None


def _inside(case: Case, project: Path, path: str) -> Path:
    """The place of a file of the case, which nobody has reviewed; raises for one outside, or in what git reads."""
    pure = PurePosixPath(path)
    leads_out = pure.is_absolute() or not pure.parts or ".." in pure.parts
    if leads_out or not path.isprintable() or any(part.casefold() == ".git" for part in pure.parts):
        raise broken(case, f'"{path}" is not a path inside the project')
    return project / pure


def _replaced(case: Case, where: str, text: str, edit: Mapping[str, Any]) -> str:
    if edit["replace"] not in text:
        quoted = " ".join(edit["replace"].split())[:60]
        raise broken(case, f"{where} does not hold the text that is to be replaced: {quoted}")
    grown = text.count(edit["replace"]) * (len(edit["with"]) - len(edit["replace"]))
    if len(text) + grown > MAX_TEXT:
        raise broken(case, f"{where} would have more than {MAX_TEXT} characters")
    return text.replace(edit["replace"], edit["with"])


def _remove(case: Case, path: Path, name: str) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    elif path.is_file():
        path.unlink()
    else:
        raise broken(case, f"there is no {name} to remove")


def broken(case: Case, text: str) -> RulebookError:
    """The fault of a case that cannot be prepared."""
    return RulebookError(f'case "{case.name}": {text}', at=case.at, hint="correct the case", code=Code.RULE_CASE)
