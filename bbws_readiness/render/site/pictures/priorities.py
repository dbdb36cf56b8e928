"""What tells priorities apart without colour: a letter, a word and a class."""

from __future__ import annotations

LETTERS = {"critical": "C", "high": "H", "medium": "M", "low": "L", "decision": "D"}
"""In the order of every list, the worst first; a decision has no priority of its own."""


def class_of(priority: str) -> str:
    """The class that gives an element the colour of that priority."""
    return f"pic-{priority}" if priority in LETTERS else "pic-low"


def letter_of(priority: str) -> str:
    """One letter for it, `?` for a word that is none of ours."""
    return LETTERS.get(priority, "?")


def word_of(priority: str) -> str:
    """The word as documents write it: `CRITICAL`."""
    return priority.upper()
