"""Finds the templates and rules that travel with the package, in a wheel or in a checkout."""

from __future__ import annotations

from pathlib import Path


def data_root() -> Path:
    """The folder that holds `templates/` and `rules/`: `_data` in a wheel, the repository in a checkout."""
    packaged = Path(__file__).parent / "_data"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent


def prepared_root() -> Path:
    """The folder of what was made of templates and rules beforehand, which need not be there.

    Whoever uses it must see that it was made of the very files of `data_root`.
    """
    package = Path(__file__).parent
    return package / "_prepared" if (package / "_data").is_dir() else package.parent / ".prepared"
