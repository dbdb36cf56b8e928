"""The plan's checklist with its answers."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.engine.finding import Finding, Status
from bbws_readiness.model.plans import ChecklistItem, ChecklistSection


class AnsweredItem(Struct, frozen=True):
    """One item of the plan with its answer."""

    item: ChecklistItem
    status: Status
    findings: tuple[Finding, ...] = ()
    """Those of the worst status, the ones about the item's own subject first; empty where no rule answers."""
    needs: str = ""
    """`AWS`, `GitHub` or `people`, where none of the files can answer."""
    takes: str = ""
    """What that answer would take."""
    only_in: str = ""
    """The one environment that the item is meant for, where that is another than the assessed one."""

    @property
    def covered(self) -> bool:
        """Whether a check answers, or it is known who could."""
        return bool(self.findings or self.needs)


class AnsweredSection(Struct, frozen=True):
    """One section of the plan's checklist."""

    section: ChecklistSection
    items: tuple[AnsweredItem, ...]
