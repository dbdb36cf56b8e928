"""Says whether code was made of the very template that lies there, and by what makes it today."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from bbws_readiness.render.templates.purposes import Purpose

MAKERS = ("keys.py", "making.py", "pages.py", "purposes.py", "runtime.py")
"""Files beside this one that code is made by, and for."""


def digest_of(purpose: Purpose, data: bytes) -> str:
    """Hex digits that differ when the template, or how those of its purpose are read, does."""
    return sha256(f"{purpose.name} {sorted(purpose.options.items())}\n".encode() + data).hexdigest()


@cache
def makers_digest() -> str:
    """Hex digits that differ when code would be made otherwise."""
    whole = sha256()
    for name in MAKERS:
        whole.update((Path(__file__).parent / name).read_bytes())
    return whole.hexdigest()


def sealed(module: str, *, makers: str) -> str:
    """The text of a module below a line that holds for this text and these makers alone."""
    return f"# {_seal(module.encode(), makers)}\n{module}"


def made_table(path: Path, *, makers: str) -> Mapping[str, Any]:
    """The table of a module that `bbws_readiness.render.templates.making` wrote; empty unless those makers wrote it.

    A module that was cut or changed since, or was written for another runtime, is not run.
    """
    try:
        head, _, text = path.read_bytes().partition(b"\n")
    except OSError:
        return {}
    if head != f"# {_seal(text, makers)}".encode():
        return {}
    module = ModuleType(f"bbws_readiness_prepared_{path.stem}")
    SourceFileLoader(module.__name__, str(path)).exec_module(module)
    table: Mapping[str, Any] = module.TEMPLATES
    return table if makers == module.MAKERS else {}  # byte code may be that of another one of the same size and second


def _seal(text: bytes, makers: str) -> str:
    return sha256(f"{makers}\n".encode() + text).hexdigest()
