"""Makes ready what every run would otherwise work out anew: templates, rules, regular expressions."""

from __future__ import annotations

import gc
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Final

import bbws_readiness
from bbws_readiness import ready_patterns
from bbws_readiness.engine.prepared import FILE, packed
from bbws_readiness.engine.rule_files import rule_files
from bbws_readiness.patterns import given
from bbws_readiness.reader import Reader
from bbws_readiness.render.templates import PURPOSES
from bbws_readiness.render.templates.making import module_of
from bbws_readiness.render.templates.pages import FILE as PAGES
from bbws_readiness.render.templates.pages import module_of_pages

OURS: Final = "bbws_readiness"


def prepare(root: Path, folder: Path) -> None:
    """Writes into `folder` what is made of `templates/`, `rules/` and the package below `root`.

    The same files, and the same libraries to build with, give the same bytes.

    A run meanwhile finds each file whole, as it was or as it will be. Raises `RulebookError`, or Jinja's errors.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for purpose in PURPOSES:
        _write(folder / f"{purpose.name}.py", module_of(purpose, root / "templates").encode())
    _write(folder / PAGES, module_of_pages(root / "templates" / "site").encode())
    _write(folder / FILE, packed(rule_files(Reader(root)), root))
    _write(folder / ready_patterns.FILE, ready_patterns.packed(our_patterns()))


def our_patterns() -> set[tuple[str | bytes, int]]:
    """Text and flags of the patterns that the modules of this package hold, also in their classes and tables.

    A module that wants a library which is not there, as in the environment where a wheel is built, is passed over.
    """
    for module in pkgutil.walk_packages(bbws_readiness.__path__, f"{OURS}.", onerror=lambda _: None):
        if not module.name.endswith("__main__"):
            try:
                import_module(module.name)
            except ModuleNotFoundError as missing:
                if str(missing.name).startswith(OURS):
                    raise
    modules = [vars(module) for name, module in sys.modules.items() if name.startswith(OURS)]
    return {found for one in _held(modules) if (found := given(one))}


def _held(some: Sequence[object]) -> Iterator[object]:
    """The objects, and what those that are containers or ours hold, each once."""
    seen = set()
    waiting = list(some)
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            if isinstance(one, tuple | list | dict | set | frozenset | MappingProxyType) or _is_ours(one):
                waiting += gc.get_referents(one)


def _is_ours(one: object) -> bool:
    kind = one if isinstance(one, type) else type(one)
    return str(kind.__module__).startswith(OURS)


def _write(path: Path, data: bytes) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
