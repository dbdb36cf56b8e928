"""Whether a value that will be deployed is still the one somebody meant to replace."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from bbws_readiness.checks.parameters import texts
from bbws_readiness.checks.unknown import NO_TERRAFORM, undetermined
from bbws_readiness.checks.wording import amount
from bbws_readiness.engine.check import Question
from bbws_readiness.engine.finding import CheckResult, Observation, Outcome
from bbws_readiness.fact import Fact, Undetermined, Unknown
from bbws_readiness.model.environments import Variable
from bbws_readiness.model.resources import Configuration, Resource
from bbws_readiness.patterns import regex
from bbws_readiness.source import Location

MAX_TEXT = 10_000
"""Characters of a value that are looked at: a placeholder in a longer one is part of a document."""

_SAME_DIGIT = regex(r"(?<!\d)(\d)\1{11}(?!\d)")
_REPLACE = regex(
    r"(?<![A-Za-z0-9])REPLACE(?:_[A-Z0-9_]{1,60}|-?ME)(?![A-Za-z0-9])|(?<![a-z0-9])replace[-_]?me(?![a-z0-9])"
)
_CHANGE = regex(r"(?<![a-z0-9])change[-_ ]?me(?![a-z0-9])", re.IGNORECASE)
_YOUR = regex(r"(?<![a-z0-9])your[-_][a-z0-9]{2,20}(?:[-_][a-z0-9]{2,20}){0,4}[-_]here(?![a-z0-9])", re.IGNORECASE)
_ANGLES = regex(r"[\w:/@.-]{0,200}<[A-Za-z][\w .-]{0,60}>[\w:/@.-]{0,200}")
_CROSSES = regex(r"(?i)x{3}|.{0,200}(?<![a-z0-9])x{4,60}(?![a-z0-9]).{0,200}", re.DOTALL)
_NOTE = regex(r"(?:TODO|FIXME|TBD)(?:[:\s].{0,200})?", re.DOTALL)
_PARTS = (("replace", _REPLACE), ("change", _CHANGE), ("your", _YOUR))
"""What may stand in a value, each with what it cannot be without, in small letters."""


class _Value(Struct, frozen=True):
    """One text that will be deployed."""

    subject: str
    text: str
    at: Location
    via: tuple[Location, ...]


class _Patterns(Struct, frozen=True):
    """What the rule's parameters call a placeholder."""

    hosts: re.Pattern[str] | None
    accounts: frozenset[str]
    words: frozenset[str]
    more: re.Pattern[str] | None

    def found_in(self, text: str) -> bool:
        """Whether `text`, or a part of it that nobody would write on purpose, is a placeholder."""
        bare = text.strip()
        small = bare.casefold()
        if small in self.words or _is_whole(bare):
            return True
        if self.hosts and self.hosts.search(bare):
            return True
        if any(account in bare and re.search(rf"(?<!\d){account}(?!\d)", bare) for account in self.accounts):
            return True
        if any(mark in small and pattern.search(bare) for mark, pattern in _PARTS):
            return True
        return bool(_SAME_DIGIT.search(bare) or (self.more and self.more.search(bare)))


def _is_whole(text: str) -> bool:
    """Whether the text as a whole is what stands for something else."""
    return bool(
        ("<" in text and _ANGLES.fullmatch(text))
        or (text.startswith(("TODO", "FIXME", "TBD")) and _NOTE.fullmatch(text))
        or ("xxx" in text.casefold() and _CROSSES.fullmatch(text))
    )


def placeholder_value(question: Question) -> CheckResult:
    """ENV007: one answer per variable or argument with a placeholder or an unknown value, one for all others."""
    configuration = question.model.configuration
    if configuration is None:
        return question.not_applicable(NO_TERRAFORM)
    patterns = _patterns(question)
    observations: dict[str, Observation] = {}
    clean: list[_Value] = []
    for variable in configuration.variables:
        if unknown := _unknown(variable):
            observations.setdefault(variable.name, undetermined(variable.name, unknown))
    values = list(_values(configuration, frozenset(texts(question, "free-texts"))))
    placeholders = {text for text in {value.text for value in values} if patterns.found_in(text[:MAX_TEXT])}
    for value in values:
        if value.text in placeholders:
            observations.setdefault(value.subject, _placeholder(value))
        else:
            clean.append(value)
    if not configuration.complete:
        at = Location(configuration.directory or ".", 0)
        gap = Undetermined("a file of the Terraform configuration could not be read", at)
        observations.setdefault("other values", undetermined("other values", gap))
    elif clean:
        subject = "other values" if observations else "all values"
        count = {"count": amount(len(clean), "value")}
        observations[subject] = Observation(Outcome.PASS, subject, clean[0].at, count)
    if not observations:
        return question.not_applicable("Terraform sets no values")
    return CheckResult(tuple(observations.values()))


def _placeholder(value: _Value) -> Observation:
    chain = f", through {', '.join(map(str, value.via[:4]))}" if value.via else ""
    shown = value.text.strip().replace("\n", " ")
    shown = shown if len(shown) <= 80 else f"{shown[:80]}…"
    values = {"value": shown, "chain": chain}
    return Observation(Outcome.FAIL, value.subject, value.at, values, expected="a real value", actual=shown)


def _unknown(variable: Variable) -> Undetermined | None:
    """Why the value cannot be looked at; None for one that can, and for one that is missing (ENV002)."""
    if variable.missing or variable.problem or not isinstance(variable.value.value, Unknown):
        return None
    return Undetermined(variable.value.value.reason, variable.value.at)


def _values(configuration: Configuration, free_texts: frozenset[str]) -> Iterator[_Value]:
    """The values of variables, then those of arguments which no variable gives; each at one place only."""
    told: set[Location] = set()
    for variable in configuration.variables:
        if not variable.missing:
            told |= {variable.at, variable.value.at, *variable.value.via}
            yield from _texts(variable.name, variable.value)
    seen: set[tuple[Location, str]] = set()
    for resource in (*configuration.resources, *configuration.data_sources):
        for value in _arguments(resource, free_texts):
            if told.isdisjoint(value.via) and (value.at, value.text) not in seen:
                seen.add((value.at, value.text))
                yield value


def _arguments(resource: Resource, free_texts: frozenset[str]) -> Iterator[_Value]:
    for path, fact in resource.attributes.items():
        if path.rpartition(".")[2] not in free_texts:
            yield from _texts(f"{resource.address}.{path}", fact, free_texts)


def _texts(subject: str, fact: Fact[object], free_texts: frozenset[str] = frozenset()) -> Iterator[_Value]:
    pending = [fact.or_none()]
    while pending:
        value = pending.pop(0)
        if isinstance(value, str):
            yield _Value(subject, value, fact.at, fact.via)
        elif isinstance(value, int) and not isinstance(value, bool):
            yield _Value(subject, str(value), fact.at, fact.via)
        elif isinstance(value, Mapping):
            pending[:0] = [part for key, part in value.items() if key not in free_texts]
        elif isinstance(value, list | tuple):
            pending[:0] = list(value)


def _patterns(question: Question) -> _Patterns:
    hosts = "|".join(re.escape(host) for host in texts(question, "hosts"))
    more = "|".join(re.escape(word) for word in texts(question, "also"))
    # A host ends where its name ends: example.com-logs is somebody's bucket.
    host = rf"(?i)(?:^|[@/.\s,;])(?:{hosts})(?=$|[/:?#\s,;>\"'])" if hosts else ""
    return _Patterns(
        hosts=re.compile(host) if host else None,
        accounts=frozenset(re.escape(account) for account in texts(question, "accounts")),
        words=frozenset(word.casefold() for word in texts(question, "words")),
        more=re.compile(rf"(?i)(?<![a-z0-9])(?:{more})(?![a-z0-9])") if more else None,
    )
