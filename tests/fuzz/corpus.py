"""The inputs that are kept: one folder per kind, one file per input, named by its hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


def kept(kind: str) -> list[Path]:
    """The kept inputs of a kind, ordered by name."""
    return sorted((CORPUS / kind).glob("*"))


def keep(kind: str, data: bytes) -> Path:
    """Write an input to its place in the corpus."""
    path = CORPUS / kind / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
