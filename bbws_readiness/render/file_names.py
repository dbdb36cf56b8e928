"""What the files of a set are called; with the name of a folder they are told apart before anything is rendered."""

from __future__ import annotations

from collections.abc import Mapping

JSON_PATTERN = "{environment}_{slug}_assessment.json"
"""The JSON beside the documents."""

PATTERNS: Mapping[str, str] = {
    "brief": "{environment}_{slug}_exec_brief.md",
    "summary": "{environment}_{slug}_summary.md",
    "action_items": "{environment}_{slug}_action_items.md",
    "report": "{environment}_{slug}_readiness_report.md",
    "index": "README_{ENVIRONMENT}_{COMPONENT}.md",
    "notice": "{environment}_{slug}_CORRECTED_STATUS.md",
}
"""The documents by key, the notice last. Fields: `{environment}`, `{ENVIRONMENT}`, `{slug}`, `{COMPONENT}`."""
