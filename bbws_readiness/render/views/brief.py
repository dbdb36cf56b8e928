"""Prepares the brief document."""

from __future__ import annotations

from bbws_readiness.render.frame import Frame


def brief(frame: Frame) -> object:
    """The view of the template."""
    return frame
