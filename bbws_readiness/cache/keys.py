"""The names of what is kept: digests of everything that it was made from, the code that made it included."""

from __future__ import annotations

import os
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

import bbws_readiness

FORM = "1"
"""Of what is kept; another one makes all entries of before unknown."""


def key_of(*parts: str | bytes) -> str:
    """A digest that differs when any part, their order, their number, or the code differs."""
    digest = sha256(_made_by())
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


@cache
def _made_by() -> bytes:
    """Stands for the interpreter, the libraries by name and version, and our own files.

    An installation is known by the list of digests that came with it, which nobody changes without a new version, but
    for templates, which people try things with. A checkout changes without one: its files are known by size and time.
    """
    digest = sha256(f"{FORM}\n{bbws_readiness.__version__}\n{sys.implementation.cache_tag}\n{sys.version}\n".encode())
    for folder in sorted(set(sys.path)):
        digest.update("\n".join(_distributions(folder)).encode("utf-8", "surrogateescape"))
    package = Path(bbws_readiness.__file__).parent
    digest.update(os.fsencode(package))
    if (package / "_data").is_dir():
        digest.update(_list_of_digests(package.parent))
        parts = [package / "_data" / "templates"]
    else:
        parts = [package, package.parent / "templates", package.parent / "rules"]
    for part in parts:
        for line in sorted(_files(str(part))):
            digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.digest()


def _list_of_digests(site: Path) -> bytes:
    """Of an installation; of one without a list the time stands for all."""
    try:
        return (site / f"bbws_readiness-{bbws_readiness.__version__}.dist-info" / "RECORD").read_bytes()
    except OSError:
        return str((site / "bbws_readiness").stat().st_mtime_ns).encode()


def _distributions(folder: str) -> list[str]:
    """The names of what is installed there, which hold the versions."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.name.endswith("-info"))
    except OSError:
        return []


def _files(folder: str) -> list[str]:
    """Path, size and time of every file below, byte code left out."""
    found: list[str] = []
    pending = [folder]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if "." not in entry.name:
                        pending.append(entry.path)
                    elif entry.name.endswith((".py", ".yaml", ".json", ".j2", ".svg", ".css", ".js", ".md", ".sh")):
                        about = entry.stat()
                        found.append(f"{entry.path}\0{about.st_size}\0{about.st_mtime_ns}\n")
        except OSError:
            continue
    return found
