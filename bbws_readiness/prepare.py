"""Makes ready what every run would otherwise work out anew: code of the templates, one file of all rules."""

from __future__ import annotations

import os
from pathlib import Path

from bbws_readiness.engine.prepared import FILE, packed
from bbws_readiness.engine.rule_files import rule_files
from bbws_readiness.reader import Reader
from bbws_readiness.render.templates import PURPOSES
from bbws_readiness.render.templates.making import module_of
from bbws_readiness.render.templates.pages import FILE as PAGES
from bbws_readiness.render.templates.pages import module_of_pages


def prepare(root: Path, folder: Path) -> None:
    """Writes into `folder` what is made of `templates/` and `rules/` below `root`; the same files, the same bytes.

    A run meanwhile finds each file whole, as it was or as it will be. Raises `RulebookError`, or Jinja's errors.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for purpose in PURPOSES:
        _write(folder / f"{purpose.name}.py", module_of(purpose, root / "templates").encode())
    _write(folder / PAGES, module_of_pages(root / "templates" / "site").encode())
    _write(folder / FILE, packed(rule_files(Reader(root)), root))


def _write(path: Path, data: bytes) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
