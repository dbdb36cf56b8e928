"""Keeps what the files of rules say in a form that is quick to load, as long as it is what these very files say."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bbws_readiness.engine.shipped import RuleFiles

if TYPE_CHECKING:
    import hashlib

FILE = "rules.msgpack"
MAKERS = ("checklist.py", "prepared.py", "reading.py", "rule.py", "rule_files.py", "shipped.py", "../positioned.py")
"""Files beside this one that decide what is made of the rules."""
_FOLDERS = ("rules", "rules/remedies")
_HEAD = 64
"""Bytes of two digests: of what it was made of, and of what was made."""


def packed(files: RuleFiles, root: Path) -> bytes:
    """The content of `FILE` for what `rule_files` gave of those below `root`; the same files, the same bytes."""
    data = msgspec.msgpack.encode(files)
    return _digest(root) + sha256(data).digest() + data


def rule_files_in(folder: Path, root: Path) -> RuleFiles | None:
    """What `FILE` in `folder` holds, or None unless it is what would be read below `root` today."""
    try:
        data = (folder / FILE).read_bytes()
    except OSError:
        return None
    head, kept = data[:_HEAD], memoryview(data)[_HEAD:]
    if head != _digest(root) + sha256(kept).digest():
        return None
    try:
        return msgspec.msgpack.decode(kept, type=RuleFiles)
    except msgspec.MsgspecError:
        return None


def _digest(root: Path) -> bytes:
    """Of the names and the content of all files that are read, and of the code that reads them."""
    whole = sha256()
    for folder in _FOLDERS:
        for name in sorted(os.listdir(root / folder)):  # noqa: PTH208 - names are enough
            if name.endswith(".yaml"):
                _add(whole, f"{root}/{folder}/{name}", f"{folder}/{name}")
    for name in MAKERS:
        _add(whole, f"{Path(__file__).parent}/{name}", name)
    return whole.digest()


def _add(whole: hashlib._Hash, path: str, name: str) -> None:
    """Without the layers of Python's files: there are 160 of them, and 10 ms in all."""
    opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        data = b""
        while piece := os.read(opened, 1 << 20):
            data += piece
    finally:
        os.close(opened)
    whole.update(f"{name} {len(data)}\n".encode())
    whole.update(data)
