"""What the commands about the configuration share: finding and evaluating the root, and showing values."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bbws_readiness.cli.assess import DEFAULT_OUTPUT
from bbws_readiness.cli.output import progress
from bbws_readiness.errors import DiagnosticSeverity

if TYPE_CHECKING:
    from bbws_readiness.parsers.root import EvaluatedRoot
    from bbws_readiness.pipeline import Settings
    from bbws_readiness.project import Project
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

    config = load_config(path, path=config_path)
    project, evaluated = evaluate_project(
        path, environment, config=config, settings=settings, outputs=DEFAULT_OUTPUT, may_be_empty=may_be_empty
    )
    passed = [found for found in evaluated.diagnostics if found not in evaluated.evaluation.diagnostics]
    for found in (*evaluated.evaluation.diagnostics, *passed):
        if evaluated.root.files and (found.severity is DiagnosticSeverity.ERROR or found in passed):
            progress(str(found))
    return project, evaluated


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


def exact_json(data: Any, *, indent: bool = False, _margin: str = "\n") -> str:  # noqa: ANN401 - plain data
    """JSON in which a Decimal keeps all its digits."""
    inner = f"{_margin}  " if indent else ""
    separator = f",{inner}" if indent else ", "
    match data:
        case Decimal():
            return format(data, "f")
        case dict() if data:
            parts = [f"{json.dumps(str(k))}: {exact_json(v, indent=indent, _margin=inner)}" for k, v in data.items()]
            return f"{{{inner}{separator.join(parts)}{_margin if indent else ''}}}"
        case list() | tuple() if data:
            parts = [exact_json(item, indent=indent, _margin=inner) for item in data]
            return f"[{inner}{separator.join(parts)}{_margin if indent else ''}]"
    return json.dumps(data)
