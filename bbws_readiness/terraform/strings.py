"""What every string of the language has in common."""

from __future__ import annotations

import unicodedata


def normalize(text: str) -> str:
    """Terraform keeps every string in Unicode normal form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
