"""What is wrong with a configuration file, told all at once."""

from __future__ import annotations

from collections.abc import Sequence

from bbws_readiness.errors import ConfigurationError
from bbws_readiness.source import Location

MAX_PROBLEMS = 100
"""Problems told; the rest are counted."""


class InvalidConfiguration(ConfigurationError):
    """A configuration file breaks its schema. The first problem is the headline; `str()` gives one line for each."""

    def __init__(self, problems: Sequence[ConfigurationError]) -> None:
        """`problems` must not be empty; they are told in the order of their places."""
        self.problems = tuple(sorted(problems, key=lambda problem: problem.at or Location("", 0)))
        first = self.problems[0]
        super().__init__(first.message, at=first.at, hint=first.hint, code=first.code)

    def __str__(self) -> str:
        # A key or value of the file may hold line ends of its own.
        told = [" ".join(str(problem).split()) for problem in self.problems[:MAX_PROBLEMS]]
        more = len(self.problems) - len(told)
        return "\n".join([*told, f"and {more} more"] if more else told)
