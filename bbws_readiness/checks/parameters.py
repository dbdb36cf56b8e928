"""The parameters of a rule as checks take them; one that makes no sense leaves the answer undetermined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
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


def words_of(question: Question, name: str, *, known: Iterable[str] = ()) -> list[str]:
    """The words of a list that hold in the assessed environment: `logging`, and `logging in prod` there.

    Raises `Undetermined` for what is no list of words, and for a word that is none of `known`, if there are any.
    """
    options = list(known)
    found = []
    for entry in texts(question, name):
        word, _, environment = entry.partition(" in ") if options else (entry, "", "")
        if options and word not in options:
            hint = f"known are {', '.join(options)}"
            raise Undetermined(f"the parameter {name} names {word}; {hint}", question.parameter_at(name))
        if environment in ("", question.environment):
            found.append(word)
    return found


def day(question: Question, name: str) -> date:
    """An ISO date; raises `Undetermined` for anything else."""
    try:
        return date.fromisoformat(str(question.parameters.get(name)))
    except ValueError:
        raise _senseless(question, name, "a date is needed") from None


def dates(question: Question, name: str) -> Mapping[str, date]:
    """Words with an ISO date behind each: `python3.8 2024-10-14`; raises `Undetermined` for anything else."""
    found = {}
    for entry in texts(question, name):
        word, _, day = entry.rpartition(" ")
        try:
            found[word] = date.fromisoformat(day)
        except ValueError:
            raise Undetermined(
                f'the parameter {name} holds "{entry}"; a word and a date are needed', question.parameter_at(name)
            ) from None
    return found
