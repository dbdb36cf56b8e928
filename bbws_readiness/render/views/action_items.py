"""Prepares the action items document."""

from __future__ import annotations

from bbws_readiness.render.frame import Frame


def action_items(frame: Frame) -> object:
    """The view of the template."""
    return frame
