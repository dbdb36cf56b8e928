"""What a generator hands out."""

from __future__ import annotations

from dataclasses import dataclass

from bbws_readiness.render.generate.reach import Omission


@dataclass(frozen=True, slots=True)
class Generated:
    """A file that is ready to be written."""

    text: str
    """With a line end at its end."""
    omissions: tuple[Omission, ...]
    """What the file leaves out because the project does not tell it; the file names them, too."""
