"""Turns one assessment into documents, without looking at anything else."""

from __future__ import annotations

from bbws_readiness.render.documents import Document, render_documents

__all__ = ["Document", "render_documents"]
