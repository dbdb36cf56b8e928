"""Checks that are loaded when they are first asked, and not for a rule that has nothing to look at."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib import import_module

from bbws_readiness.engine.check import Check, Question
from bbws_readiness.engine.finding import CheckResult


class Later:
    """A check, known by the place of its function below `checks`: `tables.tags.required_tags`.

    `about` gives what the check is about, or the answer where there is no such thing: then the check is not loaded.
    """

    def __init__(self, place: str, about: Callable[[Question], object] | None = None) -> None:
        self._place = place
        self._about = about

    def __call__(self, question: Question) -> CheckResult:
        """The answer; `Undetermined` may escape."""
        if self._about and isinstance(answer := self._about(question), CheckResult):
            return answer
        return self.loaded(question)

    @cached_property
    def loaded(self) -> Check:
        """The function itself."""
        module, _, name = self._place.rpartition(".")
        found: Check = getattr(import_module(f"bbws_readiness.checks.{module}"), name)
        return found
