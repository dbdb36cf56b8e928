"""The layout of the Terraform as data of the JSON: which root was assessed, why, with what."""

from __future__ import annotations

from typing import Any

from bbws_readiness.model.layouts import Layout
from bbws_readiness.render.machine_resources import fact_data


def roots(layout: Layout | None) -> dict[str, Any] | None:
    """Which Terraform root was assessed, why, with what; None for a project without Terraform."""
    if layout is None:
        return None
    return {
        "assessed": layout.root,
        "why": layout.why or (layout.problem.summary if layout.problem else None),
        "at": str(layout.at) if layout.at else None,
        "not_assessed": list(layout.others),
        "var_files": [
            {"path": file.path, "why": file.why, "at": str(file.at) if file.at else None} for file in layout.var_files
        ],
        "passed": [{"variable": name, "at": str(at)} for name, at in layout.passed],
        "workspace": fact_data(layout.workspace),
    }
