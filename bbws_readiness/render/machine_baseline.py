"""What an earlier assessment already has, for the JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bbws_readiness.render.machine_figures import number

if TYPE_CHECKING:
    from bbws_readiness.compare.baseline import Baseline


def baseline_data(baseline: Baseline | None) -> dict[str, Any]:
    """The member `baseline`; no key at all when nothing was named."""
    if baseline is None:
        return {}
    from bbws_readiness.compare.baseline import Since

    before = baseline.changes.before
    counts = {since.value: baseline.number(since) for since in Since} | {"resolved": len(baseline.resolved)}
    issues = [
        {"key": key, "since": told.since.value, "new_findings": list(told.findings)}
        for key, told in baseline.told.items()
    ]
    return {
        "baseline": {
            "file": baseline.file,
            "as_of": before.as_of,
            "commit": before.commit or None,
            "verdict": before.verdict,
            "score": number(before.score),
            "counts": counts,
            "issues": issues,
            "resolved": list(baseline.resolved),
        }
    }
