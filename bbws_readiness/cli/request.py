"""What one run of `readiness assess` is asked for, as its options say."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from bbws_readiness.cli.formats import TEXT, Wanted

if TYPE_CHECKING:
    from bbws_readiness.cli.gates import GateOptions
    from bbws_readiness.settings import Settings


class Request(Struct, frozen=True):
    """What is asked of every project alike, be it one or several."""

    environment: str
    moment: datetime
    wanted: tuple[Wanted, ...]
    """The forms and where each goes, in the order given."""
    output_dir: Path | None
    base: str | None
    settings: Settings
    gates: GateOptions
    force: bool
    colour: str
    quiet: bool
    verbose: bool
    show_settled: bool
    """Whether SARIF also has what decisions and waivers settle, as suppressed."""

    @property
    def writes(self) -> bool:
        """Whether documents are written."""
        return self.asks_for(TEXT) or self.output_dir is not None

    def asks_for(self, form: str) -> bool:
        """Whether `form` is among those wanted."""
        return any(one.form == form for one in self.wanted)


class OwnOptions(Struct, frozen=True):
    """What is asked of one project alone; None where the option is not given."""

    promotion_plan: Path | None
    plan_json: Path | None
    since: str | None
    config: Path | None
