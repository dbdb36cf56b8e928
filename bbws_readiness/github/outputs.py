"""Sets outputs of a step, for the steps and jobs behind it."""

from __future__ import annotations

from collections.abc import Mapping

from bbws_readiness.github.runner import RunnerFile

VARIABLE = "GITHUB_OUTPUT"
REPLACED = "\ufffd"
"""What stands for a character that could end the line."""


def write_outputs(values: Mapping[str, str | int]) -> bool:
    """Sets each output to its value, in order; False outside of a workflow.

    A value stays on its line, so it can neither set another output nor begin a text of several lines: what is not
    printable in it is replaced. Raises `NotWritten`.
    """
    file = RunnerFile.named_by(VARIABLE)
    if file is None:
        return False
    with file:
        file.append("".join(f"{name}={_inert(str(value))}\n" for name, value in values.items()))
    return True


def _inert(value: str) -> str:
    return "".join(letter if letter.isprintable() else REPLACED for letter in value)
