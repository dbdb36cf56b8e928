"""Adds to the summary of a step, which GitHub shows on the page of the run."""

from __future__ import annotations

from bbws_readiness.errors import NotWritten
from bbws_readiness.github.runner import RunnerFile, encoded
from bbws_readiness.patterns import regex

VARIABLE = "GITHUB_STEP_SUMMARY"
MAX_BYTES = 1_000_000
"""Of a summary with what is there already: GitHub drops the whole of one that is longer than 1 MiB."""
LEFT_OUT = "\n\nThe rest is left out here for its length.\n"

_FOLD = regex(r"<(/?)details\b")
_FENCE = regex(r"\s{0,3}(```|~~~)")


def append_summary(text: str) -> bool:
    """Adds Markdown to the summary, cut after whole sections where it does not fit; False outside of a workflow.

    Raises `NotWritten` when the file cannot be written, or has no room for the first section.
    """
    file = RunnerFile.named_by(VARIABLE)
    if file is None:
        return False
    with file:
        shown = fitting(text, MAX_BYTES - file.size - 1)
        if not shown:
            raise NotWritten(f"{VARIABLE}: no room is left in it", hint="the verdict and the other outputs stand")
        file.append(shown)
    return True


def fitting(text: str, room: int) -> str:
    """As many of the sections of `text` as take `room` bytes, with a word about the rest; empty when not even one does.

    A section ends at a blank line that lies in no fold and in no fence, so that every table and fold stays whole.
    """
    text = text if text.endswith("\n") else f"{text}\n"
    if len(encoded(text)) <= room:
        return text
    room -= len(LEFT_OUT)
    kept: list[str] = []
    for section in _sections(text):
        room -= len(encoded(section)) + 2
        if room < 0:
            break
        kept.append(section)
    return "\n\n".join(kept) + LEFT_OUT if kept else ""


def _sections(text: str) -> list[str]:
    found: list[str] = []
    open_folds, fenced = 0, False
    for block in text.rstrip("\n").split("\n\n"):
        if open_folds or fenced:
            found[-1] += f"\n\n{block}"
        else:
            found.append(block)
        for line in block.splitlines():
            fenced ^= bool(_FENCE.match(line))
            for closing in _FOLD.findall(line) if not fenced else ():
                open_folds += -1 if closing else 1
    return found
