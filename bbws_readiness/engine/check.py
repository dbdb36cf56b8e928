"""The protocol between a rule and the function that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from msgspec import Struct

from bbws_readiness.config import Config
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.engine.rule import Rule
from bbws_readiness.model.model import Model
from bbws_readiness.source import Location


class Question(Struct, frozen=True):
    """A rule put to a model: all that a check may look at."""

    rule: Rule
    model: Model
    config: Config
    as_of: date

    @property
    def environment(self) -> str:
        """The assessed environment, lower case."""
        return self.model.environment

    @property
    def parameters(self) -> Mapping[str, object]:
        """The rule's parameters, configuration already applied."""
        return self.rule.parameters

    def parameter_at(self, name: str) -> Location:
        """Where the configuration sets a parameter of the rule, under its code or slug, else the rule itself."""
        keys = (f"rules.{rule}.parameters.{name}" for rule in (self.rule.code, self.rule.slug))
        return next((at for at in map(self.config.at, keys) if at), self.rule.at)

    def not_applicable(self, reason: str, at: Location | None = None) -> CheckResult:
        """The answer of a rule that has nothing to look at here."""
        place = at or Location(".", 0)
        return CheckResult((Observation(Outcome.NOT_APPLICABLE, "project", place, {"reason": reason}),))


Check: TypeAlias = Callable[[Question], CheckResult]
"""Answers one question. It may let `Undetermined` escape: the engine makes that one undetermined observation."""
