"""The entries of the decision log as the JSON of the assessment lists them."""

from __future__ import annotations

from typing import Any

from bbws_readiness.decisions.decided import Decided, Decisions


def decided_data(decisions: Decisions) -> list[dict[str, Any]]:
    """Plain data in the order of the log; what is not there is null."""
    return [entry_data(one) for one in decisions.listed]


def entry_data(decided: Decided) -> dict[str, Any]:
    """One entry with its state."""
    entry = decided.entry
    return {
        "id": entry.id or None,
        "kind": decided.kind or None,
        "state": decided.state.value,
        "environments": list(entry.environments),
        "by": list(entry.by),
        "on": entry.on.isoformat() if entry.on else None,
        "until": entry.until or None,
        "reason": entry.reason or None,
        "note": decided.note or None,
        "evidence": [{"claim": one.claim, "at": list(one.places)} for one in decided.evidence],
        "rules": list(decided.rules),
        "findings": list(decided.fingerprints),
        "at": str(entry.at),
    }
