"""Holds the reason and the evidence of entries against the sources of the project."""

from __future__ import annotations

from collections.abc import Sequence

from bbws_readiness.config import Config
from bbws_readiness.decisions.decided import Claim, Ruling
from bbws_readiness.decisions.entry import Entry, Evidence, State
from bbws_readiness.engine.finding import Finding
from bbws_readiness.model.model import Model
from bbws_readiness.source import Location

MAX_TEXTS = 2_000
"""Reasons and claims that are examined in one assessment; an entry beyond is refused."""
MAX_PLACES = 4
"""Places of a contradiction that are told."""


class Examination:
    """Examines entries of one assessment; no text is examined twice for the same findings."""

    def __init__(self, model: Model, config: Config) -> None:
        self._model = model
        self._config = config
        self._left = MAX_TEXTS

    def of(self, entry: Entry, findings: Sequence[Finding]) -> tuple[Ruling | None, tuple[Claim, ...]]:
        """What the sources say against an entry in force, or None, and where its evidence stands today."""
        from bbws_readiness.decisions.claims import contradictions

        recorded = tuple(Claim(one.claim, one.places) for one in entry.evidence)
        self._left -= 1 + len(entry.evidence)
        if self._left < 0:
            note = f"more than {MAX_TEXTS} reasons and claims would have to be checked"
            return Ruling(State.REFUSED, note, "begin a new log with those in force"), recorded
        found = contradictions(entry.reason, about=findings, model=self._model, config=self._config)
        if found:
            note = f"its reason is contradicted: {found[0].text}{_shown(found[0].at)}"
            return Ruling(State.REFUSED, note, "correct the reason by these lines, or mend what was found"), recorded
        claims = []
        for one in entry.evidence:
            ruling, claim = self._claim(one)
            if ruling:
                return ruling, recorded
            claims.append(claim)
        return None, tuple(claims)

    def _claim(self, evidence: Evidence) -> tuple[Ruling | None, Claim]:
        from bbws_readiness.decisions.claims import NotAClaim, examine

        recorded = Claim(evidence.claim, evidence.places)
        again = "look at what has changed, then decide anew with `readiness decide`"
        try:
            examined = examine(evidence.claim, model=self._model, config=self._config)
        except NotAClaim as fault:
            if evidence.digest:
                return Ruling(State.VOID, f"its evidence cannot be checked any more: {fault.summary}", again), recorded
            return Ruling(State.MALFORMED, f"its evidence cannot be checked: {fault.summary}", fault.hint), recorded
        claim = Claim(evidence.claim, tuple(str(at) for at in examined.at), examined.at)
        what = f'"{evidence.claim}": {examined.said}{_shown(examined.at)}'
        if evidence.digest and evidence.digest != examined.digest:
            return Ruling(State.VOID, f"what its evidence rests on has changed: {what}", again), claim
        if examined.holds is None:
            return Ruling(State.VOID, f"its evidence cannot be told from the files: {what}", again), claim
        if not examined.holds:
            return Ruling(State.REFUSED, f"its evidence is contradicted: {what}", "correct the evidence"), claim
        return None, claim


def _shown(places: Sequence[Location]) -> str:
    """` (README.md:12, scripts/validate.py:30)`."""
    shown = ", ".join(str(at) for at in dict.fromkeys(places[:MAX_PLACES]))
    return f" ({shown})" if shown else ""
