"""Finds the templates and rules that travel with the package, in a wheel or in a checkout."""

from __future__ import annotations

from pathlib import Path


def data_root() -> Path:
    """The folder that holds `templates/` and `rules/`: `_data` in a wheel, the repository in a checkout."""
    packaged = Path(__file__).parent / "_data"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent
