"""Prepares the summary document."""

from __future__ import annotations

from bbws_readiness.render.frame import Frame


def summary(frame: Frame) -> object:
    """The view of the template."""
    return frame
