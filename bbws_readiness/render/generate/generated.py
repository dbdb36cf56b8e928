"""What a generator hands out."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.render.generate.reach import Omission


class Generated(Struct, frozen=True):
    """A file that is ready to be written."""

    text: str
    """With a line end at its end."""
    omissions: tuple[Omission, ...]
    """What the file leaves out because the project does not tell it; the file names them, too."""
