"""Reads the claims that a reason makes in free words, and says which of them a source contradicts.

Only what is certainly a claim counts: what is denied, wished, past or about something else contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bbws_readiness.config import Config
from bbws_readiness.decisions.claims.features import contradicted_features
from bbws_readiness.decisions.claims.inquiry import Inquiry
from bbws_readiness.decisions.claims.quantities import contradicted_numbers
from bbws_readiness.decisions.claims.said import Noun
from bbws_readiness.decisions.claims.terms import contradicted_terms
from bbws_readiness.decisions.claims.verdicts import Answer, agree
from bbws_readiness.decisions.claims.witnesses import ask, known_tables
from bbws_readiness.decisions.claims.words import NOUNS, Clause, clauses
from bbws_readiness.engine.finding import Finding
from bbws_readiness.errors import one_line
from bbws_readiness.model.model import Model
from bbws_readiness.source import Location

_NOUN_OF_FACET = {
    **{noun.facet: noun for noun in Noun},
    "validation": None,
}
_SAME_VERBS = frozenset({"say", "state", "give", "list", "have", "name", "declare"})
_DENIED = frozenset({"not", "never", "if", "when", "until", "once", "should", "must", "will", "dis", "would", "to"})


class Contradiction(Struct, frozen=True):
    """A claim of a reason that a source contradicts: what is claimed and what is said instead, and where."""

    text: str
    """One line; it quotes the words of the reason."""
    at: tuple[Location, ...]
    """The most telling place first."""


def contradictions(reason: str, *, about: Sequence[Finding], model: Model, config: Config) -> tuple[Contradiction, ...]:
    """Every claim of the reason that a source contradicts, each once, in the order of the words.

    `about` are the findings that the reason is given for: they tell what a bare number is a number of. A claim that
    names sources is put to these alone, any other to whoever is right about its facet.
    """
    inquiry = Inquiry(model, config, _default_noun(about), known_tables(model))
    found: dict[str, Contradiction] = {}
    for clause in clauses(reason):
        for answer in _against(clause, inquiry):
            text = one_line(f'"{_quoted(clause)}": {answer.said}')
            found.setdefault(answer.said, Contradiction(text, answer.at))
    return tuple(found.values())


def _against(clause: Clause, inquiry: Inquiry) -> Iterator[Answer]:
    yield from contradicted_numbers(clause, inquiry)
    yield from contradicted_terms(clause, inquiry)
    yield from contradicted_features(clause, inquiry)
    yield from _agreement(clause, inquiry)


def _agreement(clause: Clause, inquiry: Inquiry) -> Iterator[Answer]:
    """`terraform, schemas and README agree`, `… say the same`, `… are equal`."""
    for kinds, (_, end) in clause.spans:
        after = clause.words[end : end + 3]
        after = after[1:] if after[:1] in (("all",), ("both",)) else after
        same = len(after) >= 3 and after[0] in _SAME_VERBS and after[1:3] == ("the", "same")
        equal = after[:1] == ("are",) and after[1:2] in (("equal",), ("identical",))
        if len(kinds) < 2 or not (after[:1] in (("agree",), ("agrees",)) or same or equal):
            continue
        noun = _noun_near(clause, inquiry)
        if noun is None or any(word.isdecimal() for word in clause.words[end:]) or _DENIED & set(clause.words):
            continue
        table = next((inquiry.table_named(word) for word in clause.words[end:] if inquiry.table_named(word)), "")
        saids = [ask(kind, noun, inquiry.model) for kind in kinds]
        speaking = [said.of(table) if table else said for said in saids if not said.silent]
        if len(speaking) > 1 and (answer := agree(speaking)).holds is False:
            yield answer


def _noun_near(clause: Clause, inquiry: Inquiry) -> Noun | None:
    """What an agreement is on: the noun of its clause, else the only one of its sentence, else that of the findings."""
    for words in (clause.words, [word for other in clause.sentence for word in other.words]):
        named = {NOUNS[word] for word in words if word in NOUNS}
        named |= {Noun(word) for word in words if word in ("keys", "recovery", "streams", "encryption", "backups")}
        if len(named) == 1:
            return named.pop()
        if named:
            return None
    return inquiry.noun


def _default_noun(about: Sequence[Finding]) -> Noun | None:
    nouns = {_NOUN_OF_FACET.get(finding.facet) for finding in about}
    return nouns.pop() if len(nouns) == 1 else None


def _quoted(clause: Clause) -> str:
    text = clause.text
    return text if len(text) <= 70 else f"{text[:69]}…"
