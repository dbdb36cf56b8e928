"""Each invariant is shown to bite: one edit of one document, and it tells."""

from __future__ import annotations

import re

import pytest

from tests.cases import each
from tests.invariants.invariants import INVARIANTS
from tests.invariants.projects import Run, made

SEEDS = range(1, 40)
EDITS = {
    "1 one assessment": ("exec_brief.md", r"\d+(?= critical, )", "77"),
    "2 quoted where it stands": ("_summary.md", r"(?<=\| )\d+(?= stated)", "77"),
    "3 brief begins with the answer": ("exec_brief.md", r"(?<=First issues:\n)", "\n" * 30),
    "4 hours add up": ("action_items.md", r"(?<=Estimated Time\*\*: )\d+", "77"),
    "5 dates are working days": ("_summary.md", r"(?<=Date\*\*: )\w{3} ", ""),
    "6 approvers are the same": ("README_", r"(?<=\n)- \[ \] \*\*.*\n(?=- \[ \] \*\*)", ""),
    "7 score has its ledger": ("exec_brief.md", r"(?<=/100) \(coverage[^)]*\)", ""),
    "8 nothing of the machine": ("readiness_report.md", r"\Z", "Written in /home/someone.\n"),
    "9 same order every time": ("readiness_report.md", r"(?<=## BLOCKERS AND WARNINGS\n\n)(?s:.*?)(?=### 🟢)", ""),
    "12 alone it is honest": ("action_items.md", r"(?<=\n)- \*\*Commit\*\*.*\n", ""),
}
"""By invariant: the document, what is changed in it, and what is put there."""


@each("name", INVARIANTS)
def test_an_edit_is_told(name: str) -> None:
    ending, pattern, new = EDITS[name]
    for seed in SEEDS:
        run = made(seed)
        path = next(path for path in run.documents if ending in path)
        text = re.sub(pattern, new, run.documents[path], count=1)
        if text == run.documents[path] or (name.startswith("9") and not _has_urgent(run)):
            continue
        assert not list(INVARIANTS[name](run))
        assert list(INVARIANTS[name](run.with_text(path, text)))
        return
    pytest.fail("no project has what the edit changes")


def _has_urgent(run: Run) -> bool:
    return any(issue.severity in ("critical", "high") for issue in run.assessment.issues)
