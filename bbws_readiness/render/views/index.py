"""Prepares the index document."""

from __future__ import annotations

from bbws_readiness.render.frame import Frame


def index(frame: Frame) -> object:
    """The view of the template."""
    return frame
