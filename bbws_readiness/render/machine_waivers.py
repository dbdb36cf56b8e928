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


def _checklist(answered: AnsweredSection) -> dict[str, Any]:
    return {
        "section": answered.section.title,
        "at": str(answered.section.at),
        "items": [
            {
                "text": one.item.text,
                "at": str(one.item.at),
                "ticked": one.item.ticked,
                "critical": one.item.critical,
                "status": one.status.value,
                "needs": one.needs or None,
                "takes": one.takes or None,
                "findings": [finding.fingerprint for finding in one.findings],
            }
            for one in answered.items
        ],
    }
