"""What the commands about the configuration share: finding and evaluating the root, and showing values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bbws_readiness.cli.confinement import confine
from bbws_readiness.cli.output import progress
from bbws_readiness.cli.publishing import DEFAULT_OUTPUT
from bbws_readiness.errors import DiagnosticSeverity

if TYPE_CHECKING:
    from bbws_readiness.parsers.root import EvaluatedRoot
    from bbws_readiness.project import Project
    from bbws_readiness.settings import Settings
    from bbws_readiness.terraform import Value


def evaluated_root(
    path: Path,
    environment: str,
    config_path: Path | None,
    settings: Settings,
    *,
    may_be_empty: bool = False,
) -> tuple[Project, EvaluatedRoot]:
    """The project at `path` and its root for the environment; what is wrong with the root goes to standard error."""
    from bbws_readiness.config import load_config
    from bbws_readiness.pipeline import evaluate_project

    confine(path)
    config = load_config(path, path=config_path)
    project, evaluated = evaluate_project(
        path, environment, config=config, settings=settings, outputs=DEFAULT_OUTPUT, may_be_empty=may_be_empty
    )
    passed = [found for found in evaluated.diagnostics if found not in evaluated.evaluation.diagnostics]
    for found in (*evaluated.evaluation.diagnostics, *passed):
        if evaluated.root.files and (found.severity is DiagnosticSeverity.ERROR or found in passed):
            progress(str(found))
    return project, evaluated


def shown_path(address: str) -> str:
    """The part of an address whose names tell what a value is: without the type and name of a resource."""
    from bbws_readiness.terraform.paths import steps_of

    kinds = ("var", "local", "output")
    steps = steps_of(address.removeprefix("data."))
    while len(steps) > 2 and steps[0] == "module":
        keyed = isinstance(steps[2], int) or steps[2].startswith(('"', "["))
        steps = steps[3:] if keyed else steps[2:]
    rest = steps[1:] if not steps or steps[0] in kinds or len(steps) < 3 else steps[2:]
    words = [step for step in rest if isinstance(step, str)]
    return ".".join(f"_{''.join(c if c.isalnum() else '_' for c in word)}" for word in words)


def answer(value: Value) -> dict[str, Any]:
    """`value` for a JSON object: `value` when it is known as a whole and may be shown, else why it is not there."""
    from bbws_readiness.terraform.values import is_open

    if value.sensitive:
        return {"sensitive": True}
    if not value.wholly_known:
        return {"unknown": value.first_reason}
    if is_open(value):
        return {"unknown": "a resource has attributes that only its provider knows"}
    return {"value": value.to_python()}
