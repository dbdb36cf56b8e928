"""A waiver as the JSON of the assessment lists it."""

from __future__ import annotations

from typing import Any

from bbws_readiness.waivers.waiver import Waiver


def waiver_data(waiver: Waiver) -> dict[str, Any]:
    """Plain data; what is not said is null."""
    return {
        "rule": waiver.rule or None,
        "subject": ", ".join(waiver.subjects) or None,
        "at": str(waiver.at),
        "by": waiver.by or None,
        "until": waiver.until or None,
        "reason": waiver.reason or None,
        "state": waiver.state.value,
        "note": waiver.note or None,
        "findings": [finding.fingerprint for finding in waiver.findings],
    }
