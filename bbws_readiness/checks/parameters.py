"""The parameters of a rule as checks take them; one that makes no sense leaves the answer undetermined."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from bbws_readiness.engine.check import Question
from bbws_readiness.fact import Undetermined

T = TypeVar("T")


def texts(question: Question, name: str) -> list[str]:
    """A list of words; a single word stands for a list of one, and nothing for an empty list."""
    value = question.parameters.get(name)
    if value is None:
        return []
    return [str(word) for word in value] if isinstance(value, list | tuple) else [str(value)]


def chosen(question: Question, name: str, known: Mapping[str, T]) -> T:
    """What the parameter names among `known`; raises `Undetermined` for a name that is not there."""
    value = question.parameters.get(name)
    if value not in known:
        raise _senseless(question, name, f"known are {', '.join(known)}")
    return known[str(value)]


def number(question: Question, name: str) -> int:
    """A whole number; raises `Undetermined` for anything else."""
    value = question.parameters.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _senseless(question, name, "a whole number is needed")
    return value


def pattern(question: Question, name: str) -> re.Pattern[str]:
    """A regular expression; raises `Undetermined` for a text that is none."""
    try:
        return re.compile(str(question.parameters[name]))
    except (KeyError, re.error):
        raise _senseless(question, name, "a regular expression is needed") from None


def _senseless(question: Question, name: str, needed: str) -> Undetermined:
    given = question.parameters.get(name, "nothing")
    return Undetermined(f"the parameter {name} is {given}; {needed}", question.parameter_at(name))
