"""Installs what is measured: the wheel of the working tree and checkov, each into an environment of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
BENCH = ROOT / "build" / "bench"
"""Everything that the benchmarks make, but for the page; git ignores it."""
PEERS = Path(__file__).parent / "requirements-peers.txt"
IN_WHEEL = ("bbws_readiness", "templates", "rules", "pyproject.toml", "README.md")
"""What the wheel is made of, besides the Python files beside them."""


class NotInstalled(Exception):
    """Something could not be installed; the message says what."""


def clean_environment() -> dict[str, str]:
    """That of this process, without what would slow an interpreter or lead it elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}


def installed_tree() -> tuple[Path, str]:
    """The `bin` of an environment with the wheel of the working tree, byte code and all, and a digest of that tree.

    It is made anew when the tree has changed. Raises `NotInstalled`.
    """
    home = BENCH / "venv"
    stamp, needs = home / ".tree", home / ".needs"
    digest, needed = _digest_of_tree(), (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    if _holds(stamp, digest):
        return home / "bin", digest
    wheel = _wheel()
    stamp.unlink(missing_ok=True)
    if _holds(needs, needed):
        _pip(home, "install", "--no-deps", "--force-reinstall", str(wheel))
    else:
        _environment(home)
        _pip(home, "install", str(wheel))
        needs.write_text(needed, encoding="utf-8")
    stamp.write_text(digest, encoding="utf-8")
    return home / "bin", digest


def _holds(stamp: Path, text: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="utf-8") == text


def installed_checkov() -> Path | None:
    """The command of the pinned checkov; None where it cannot be installed."""
    home = BENCH / "checkov"
    stamp, pinned = home / ".pinned", PEERS.read_text(encoding="utf-8")
    if not _holds(stamp, pinned):
        try:
            _environment(home)
            _pip(home, "install", "--requirement", str(PEERS))
        except NotInstalled:
            return None
        stamp.write_text(pinned, encoding="utf-8")
    return home / "bin" / "checkov"


def _digest_of_tree() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(_files_of_wheel()):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files_of_wheel() -> Iterator[Path]:
    yield from ROOT.glob("*.py")
    for name in IN_WHEEL:
        top = ROOT / name
        if top.is_file():
            yield top
        for path in top.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _wheel() -> Path:
    folder = BENCH / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    command = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    _quiet(command, clean_environment(), "the wheel cannot be built; `make wheel` tells why")
    return next(folder.glob("*.whl"))


def _environment(home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    command = (sys.executable, "-m", "venv", str(home))
    _quiet(command, clean_environment(), f"no virtual environment can be made at {home}")


def _pip(home: Path, *arguments: str) -> None:
    command = (str(home / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)
    _quiet(command, clean_environment(), f"pip cannot install into {home}")


def _quiet(command: tuple[str, ...], environment: Mapping[str, str], otherwise: str) -> None:
    done = subprocess.run(command, env=environment, cwd=BENCH.parent.parent, capture_output=True, check=False)
    if done.returncode:
        raise NotInstalled(otherwise)
