"""Reads a fence as what a person types: without the prompts and answers, with the variables set on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct, field

from bbws_readiness.parsers.workflows import shell
from bbws_readiness.patterns import regex

_PROMPT = regex(r"(\s*)\$ (?=\S)")
_GOING_ON = regex(r"(\s*)> ?")
_SET = regex(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_PLAIN = regex(r"[\w./@:+-]{1,200}")
_SETTERS = frozenset({"source", ".", "eval"})
"""Commands that may set any variable."""
_NAMING = frozenset(
    {"unset", "read", "declare", "typeset", "local", "readonly", "mapfile", "readarray", "getopts", "for"}
)
"""Commands that change the variables that they name."""


def without_prompts(lines: Sequence[str]) -> list[str]:
    """The lines of a fence with blanks for `$ `; where one has such a prompt, all others but comments are answers.

    No line is added or left out. A fence that types a here-document keeps all of its lines.
    """
    prompted = [_PROMPT.match(line) for line in lines]
    if not any(prompted):
        return list(lines)
    typed, going_on = [], False
    answers = not any(prompt and "<<" in line for prompt, line in zip(prompted, lines, strict=True))
    for prompt, line in zip(prompted, lines, strict=True):
        text = line
        if prompt:
            text = f"{prompt[1]}  {line[prompt.end() :]}"
        elif going_on and (sign := _GOING_ON.match(line)):
            text = f"{sign[1]}{' ' * (sign.end() - len(sign[1]))}{line[sign.end() :]}"
        elif answers and not going_on and not line.lstrip().startswith("#"):
            text = ""
        going_on = text.rstrip().endswith("\\")
        typed.append(text)
    return typed


class Variables(Struct):
    """The variables that the lines of one fence have set to a plain word."""

    known: dict[str, str] = field(default_factory=dict)

    def follow(self, command: shell.Command) -> None:
        """Takes what the command sets for those after it; what may be set otherwise is known no more."""
        name = command.words[0].text if command.words else ""
        if name in _SETTERS:
            self.known.clear()
            return
        given = command.words[1:] if name == "export" else () if name else command.assignments
        for word in given:
            if found := _SET.fullmatch(word.raw):
                self.known.pop(found[1], None)
                if not command.blocks and _PLAIN.fullmatch(found[2]):
                    self.known[found[1]] = found[2]
        if name in _NAMING or name == "printf":
            for word in command.words[1:]:
                self.known.pop(word.text.partition("=")[0], None)
