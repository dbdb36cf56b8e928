"""Recognises in a reason that a feature is on or off, and that nothing consumes the changes of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bbws_readiness.decisions.claims.consumers import consumers_of
from bbws_readiness.decisions.claims.inquiry import Inquiry, refuted, unreal
from bbws_readiness.decisions.claims.said import Noun, Said
from bbws_readiness.decisions.claims.verdicts import Answer, state_is
from bbws_readiness.decisions.claims.words import Clause
from bbws_readiness.patterns import regex

_FEATURES = {
    **{"recovery": Noun.RECOVERY, "stream": Noun.STREAMS, "streams": Noun.STREAMS, "encryption": Noun.ENCRYPTION},
    **{"backup": Noun.BACKUPS, "backups": Noun.BACKUPS},
}
_F = r"\b(?P<feature>recovery|streams?|encryption|backups?)\b"
_OFF = frozenset({"off", "disabled", "inactive"})
_ON = frozenset({"on", "enabled", "active"})
_PREDICATE = regex(
    _F + r"(?: (?:is|are|stays?|remains?|keeps?))(?: (?P<neg>not))?(?: (?:switched|turned|also|already|still))?"
    r" (?P<state>on|off|enabled|disabled|active|inactive)\b(?: (?:for|on|in|with) (?P<scope>[^,]*))?"
)
_BARE = regex(_F + r" (?P<state>on|off|enabled|disabled) (?:for|on) (?P<scope>[^,]*)")
_NOTHING = regex(
    r"\b(?:nothing|nobody|no 1|none|no (?:consumer|function|lambda|reader|service))(?: [a-z]+)?"
    r" (?:consumes?|reads?|uses?|processes|listens to|subscribes to) (?:the |any )?"
    r"(?:changes|change events|streams?|events)(?: (?:of|on|from|in) (?:the )?(?P<table>[a-z0-9_.-]+))"
)
_ALL = frozenset({"all", "every", "each"})


def contradicted_features(clause: Clause, inquiry: Inquiry) -> Iterator[Answer]:
    """The contradictions of what one clause says to be on, off, or read by nobody."""
    text = clause.text
    if found := _NOTHING.search(text):
        if table := inquiry.table_named(found["table"]):
            answer = consumers_of(table, inquiry.model).answer
            if answer.holds is False:
                yield answer
        return
    if inquiry.out_of_reach(clause) or "default" in clause.words:
        return
    if unreal([word for word in clause.words if word != "not"]):
        return
    feature = next(_said_of(clause), None)
    if feature and (contradicted := _contradicted(feature, clause, inquiry)):
        yield contradicted


class _Feature(Struct, frozen=True):
    """What is said to be on or off, and of what: words, which are empty when nothing is said of that."""

    noun: Noun
    on: bool
    scope: tuple[str, ...]


def _said_of(clause: Clause) -> Iterator[_Feature]:
    for pattern in (_PREDICATE, _BARE):
        if found := pattern.search(clause.text):
            groups = found.groupdict()
            on = (groups["state"] not in _OFF) != bool(groups.get("neg"))
            yield _Feature(_FEATURES[groups["feature"]], on, tuple((groups["scope"] or "").split()))
    yield from _having(clause.words)


def _having(words: Sequence[str]) -> Iterator[_Feature]:
    """`every table has streams`, `products has no stream`: the feature ends the clause, or its state does."""
    verb = next((position for position, word in enumerate(words) if word in ("has", "have")), 0)
    owner = [word for word in words[:verb] if word not in ("table", "tables", "the") and not word.isdecimal()]
    said = list(words[verb + 1 :])
    on = said[:1] != ["no"]
    said = said if on else said[1:]
    if not owner or not said or said[0] not in _FEATURES or len(said) > 2:
        return
    if said[1:] and said[1] not in _OFF | _ON:
        return
    on = on != (said[1:] != [] and said[1] in _OFF)
    yield _Feature(_FEATURES[said[0]], on, (owner[-1],))


def _contradicted(feature: _Feature, clause: Clause, inquiry: Inquiry) -> Answer | None:
    noun, on, scope = feature.noun, feature.on, feature.scope
    scope = tuple(word for word in scope if word not in clause.naming)
    if scope[:1] == ("no",):
        on, scope = not on, ("all",)
    if set(scope) & {"but", "except", "besides"}:
        return None
    tables = [table for word in scope if (table := inquiry.table_named(word))]
    if scope and not tables and not _ALL & set(scope[:1]):
        return None
    if noun is Noun.BACKUPS and not scope and not clause.groups:
        # Backups may be made where no file of the project tells of it.
        return None
    juries = []
    for jury in inquiry.juries(clause, noun):
        chosen = [inquiry.voices(kind, noun)[0] for kind in jury]
        juries.append([_state(said, tables, on=on, everywhere=bool(scope)) for said in chosen])
    return refuted(juries)


def _state(said: Said, tables: list[str], *, on: bool, everywhere: bool) -> Answer:
    """Without a scope one table of which it is true is enough."""
    if tables:
        answers = [state_is(said, on=on, table=table) for table in tables]
        return next((answer for answer in answers if answer.holds is False), answers[0])
    answer = state_is(said, on=on)
    if answer.holds is False and not everywhere:
        some = any(state_is(said, on=on, table=one.table).holds for one in said.subjects.values())
        return Answer(None, answer.said, answer.at) if some else answer
    return answer
