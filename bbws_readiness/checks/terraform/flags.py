"""Whether a feature that is switched on has the values it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.unknown import NO_TERRAFORM, undetermined
from bbws_readiness.checks.wording import joined
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome, Related
from bbws_readiness.fact import Fact, Undetermined, Unknown
from bbws_readiness.model.environments import Variable
from bbws_readiness.model.resources import Configuration
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

_WORD = regex(r"[a-z0-9]+")
_ANY_FLAG = frozenset(
    {"enable", "enabled", "disable", "disabled", "use", "create", "deploy", "is", "has", "with", "feature"}
)
_SHORTEST, _STEM = 3, 5


class _Companion(Struct, frozen=True):
    """A variable that a flag may need."""

    name: str
    given: Fact[bool]
    needed: bool
    """Whether nothing else can be meant than that it has a value."""
    at: Location
    """Where flag and companion meet."""


def incomplete_flag(question: Question) -> CheckResult:
    """ENV006: one answer per flag that is on, or may be, and has companions."""
    configuration = question.model.configuration
    if configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    variables = {variable.name: variable for variable in configuration.variables}
    grouped: dict[str, dict[str, _Companion]] = {}
    for name, companion in (*_written(question, configuration, variables), *_paired(question, variables)):
        known = grouped.setdefault(name, {}).get(companion.name)
        if known is None or (companion.needed and not known.needed):
            grouped[name][companion.name] = companion
    observations: list[Observation] = []
    for name, companions in sorted(grouped.items()):
        if flag := variables.get(name):
            observations.extend(_answer(question, flag, tuple(companions.values()), variables))
    if not observations:
        return question.not_applicable("no variable that is true makes another one necessary")
    return CheckResult(tuple(observations))


def _written(
    question: Question, configuration: Configuration, variables: Mapping[str, Variable]
) -> Iterator[tuple[str, _Companion]]:
    """The pairs that conditions of the configuration make; a companion that nothing sets is another issue (ENV002)."""
    nouns = frozenset(texts(question, "needed"))
    for use in configuration.flag_uses:
        variable = variables.get(use.companion)
        if variable is None or variable.missing:
            continue
        unknown = isinstance(variable.value.value, Unknown) and not variable.sensitive
        given = variable.value.map(bool) if unknown else use.given
        needed = use.chosen or (_alike(use.flag, use.companion) and _words(use.companion)[-1] in nouns)
        yield use.flag, _Companion(use.companion, given, needed, use.at)


def _paired(question: Question, variables: Mapping[str, Variable]) -> Iterator[tuple[str, _Companion]]:
    """The pairs `flag: variable` that the rule's parameters name."""
    at = question.parameter_at("pairs")
    for text in texts(question, "pairs"):
        flag, _, name = (part.strip() for part in text.partition(":"))
        variable = variables.get(name)
        if variable is None:
            yield flag, _Companion(name, Fact(False, at), True, at)
        elif not variable.missing:
            yield flag, _Companion(name, variable.value.map(lambda value: value not in (None, "", [], {})), True, at)


def _answer(
    question: Question, flag: Variable, companions: tuple[_Companion, ...], variables: Mapping[str, Variable]
) -> Iterator[Observation]:
    value = flag.value.or_none()
    lacking = [one for one in companions if one.needed and one.given.or_none() is False]
    if value is None and isinstance(flag.value.value, Unknown) and not flag.missing:
        if lacking:
            yield undetermined(flag.name, Undetermined(flag.value.value.reason, flag.value.at))
        return
    if value is not True:
        return
    if lacking:
        yield _incomplete(flag, lacking)
    elif same := _same_region(question, companions, variables):
        yield _in_one_region(flag, *same)
    elif unknown := next((one for one in companions if one.needed and not one.given.known), None):
        reason = f"whether {unknown.name} has a value: {_reason(unknown.given)}"
        yield undetermined(flag.name, Undetermined(reason, unknown.given.at))
    elif given := [one for one in companions if one.needed and one.given.or_none()]:
        values = {"companions": joined([one.name for one in given])}
        yield Observation(Outcome.PASS, flag.name, flag.set_at or flag.value.at, values)


def _reason(fact: Fact[bool]) -> str:
    return fact.value.reason if isinstance(fact.value, Unknown) else ""


def _incomplete(flag: Variable, lacking: list[_Companion]) -> Observation:
    names = joined([one.name for one in lacking])
    values = {"companions": names, "verb": "is" if len(lacking) == 1 else "are"}
    at = flag.set_at or flag.value.at
    places = [Related(one.given.at, f"{one.name} is empty") for one in lacking]
    places += [Related(one.at, f"takes {one.name} when {flag.name} is true") for one in lacking]
    related = tuple(place for place in places if place.at != at)
    return Observation(Outcome.FAIL, flag.name, at, values, "a value", "empty", related=related)


def _same_region(
    question: Question, companions: tuple[_Companion, ...], variables: Mapping[str, Variable]
) -> tuple[Variable, Variable] | None:
    """The companion that names another region, and the main one, when both are the same region."""
    main = next((variables[name] for name in texts(question, "region-settings") if name in variables), None)
    region = main.value.or_none() if main else None
    for one in companions:
        variable = variables.get(one.name)
        if main is None or variable is None or one.name in texts(question, "region-settings"):
            continue
        if "region" in _words(one.name) and isinstance(region, str) and variable.value.or_none() == region:
            return variable, main
    return None


def _in_one_region(flag: Variable, companion: Variable, main: Variable) -> Observation:
    values = {"companions": companion.name, "main": main.name, "region": str(main.value.or_none())}
    at = companion.set_at or companion.value.at
    related = (Related(main.set_at or main.value.at, f"{main.name} is the same region"),)
    return Observation(
        Outcome.FAIL, flag.name, at, values, "another region", values["region"], related=related, wording="same-region"
    )


def _words(name: str) -> list[str]:
    return _WORD.findall(name.casefold()) or [""]


def _alike(flag: str, companion: str) -> bool:
    """Whether both names speak of one thing: `enable_logging` and `log_bucket`."""
    spoken = [word for word in _words(flag) if word not in _ANY_FLAG]
    return any(_one_stem(first, second) for first in spoken for second in _words(companion))


def _one_stem(first: str, second: str) -> bool:
    length = min(len(first), len(second), _STEM)
    return length >= _SHORTEST and first[:length] == second[:length]
