"""The assessment for a person at a terminal in one line, and what its longer form shares with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from bbws_readiness.assess.assessment import Assessment, Verdict
from bbws_readiness.render import wording
from bbws_readiness.render.encode.terminal import safe

Paint: TypeAlias = Callable[[str, str], str]
"""Colours a text for a role such as `critical` or `heading`, or leaves it as it is."""

ROLES = {
    Verdict.BLOCKED: "critical",
    Verdict.UNDETERMINED: "decision",
    Verdict.CONDITIONAL: "high",
    Verdict.READY: "ready",
}


def quiet_text(assessment: Assessment, paint: Paint) -> str:
    """One line: verdict and score."""
    verdict = paint(wording.VERDICTS[assessment.verdict], ROLES[assessment.verdict])
    touched = wording.policy_touched(assessment.config.policy) if assessment.config.policy else ""
    waived = wording.waived(assessment.waivers)
    decided = wording.decided(assessment.decided)
    since = safe(wording.since_baseline(assessment.baseline)) if assessment.baseline else ""
    told = "".join(f"; {text}" for text in (touched, decided, waived, since) if text)
    return f"{verdict}: score {score(assessment)}{told}\n"


def score(assessment: Assessment) -> str:
    """`40/100 (coverage 66 of 81; 12 need AWS or GitHub)`."""
    coverage = assessment.coverage
    beyond = f"; {coverage.outside} need AWS or GitHub" if coverage.outside else ""
    return f"{wording.number(assessment.score.value)}/100 (coverage {coverage.determined} of {coverage.total}{beyond})"
