"""Recognises numbers in a reason, alone (`seven indexes`) and in pairs (`8 came from five tables`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bbws_readiness.decisions.claims.inquiry import Inquiry, best, refuted, unreal
from bbws_readiness.decisions.claims.said import Noun, Said
from bbws_readiness.decisions.claims.verdicts import Answer, number_is
from bbws_readiness.decisions.claims.witnesses import ask, in_force
from bbws_readiness.decisions.claims.words import NOUNS, Clause, vocabulary
from bbws_readiness.source import Location, SourceKind

_STATING = vocabulary(
    """has have having with lists list listing declares declare declaring states state stating names name
    describes describe defines define contains contain holds hold counts count counting says say shows show gives give
    keeps keep knows know builds build expects expect only exactly just all there ="""
)
_TOTALS = frozenset({"only", "exactly", "just", "all", "there", "="})
_OURS = vocabulary("design we it there system platform solution database still now today only really actually in")
"""Words before a verb whose subject is this project; any other has its own tables."""
_DEFINITE = frozenset({"the", "these", "those", "our", "its", "their", "both"})
_VAGUE = vocabulary(
    """about roughly around nearly almost least most than over under to between or other more another extra further
    additional first last next top every no any some each per up -"""
)
_CLOSING = frozenset({"total", "altogether", "overall", "sit", "all"})
_ORIGIN = frozenset({"from", "over", "across", "assuming", "assumed", "assumes", "spread", "based"})
_BESIDE = frozenset({"on", "for", "in", "with"})
_STILL = frozenset({"not", "never", "neither", "nor", "rather", "instead", "cannot", "if", "unless", "no"})
_WINDOW = 8
"""Words that may stand between the two numbers of a pair."""


class _Quantity(Struct, frozen=True):
    """A number with its noun, and where both stand among the words of the clause."""

    number: int
    noun: Noun
    first: int
    behind: int


def contradicted_numbers(clause: Clause, inquiry: Inquiry) -> Iterator[Answer]:
    """The contradictions of the numbers in one clause."""
    pair = _pair(clause, inquiry)
    if pair:
        if not _STILL & set(clause.words) and (answer := _refuted_pair(pair, clause, inquiry)):
            yield answer
        return
    if inquiry.out_of_reach(clause):
        return
    if answer := _refuted_couple(clause, inquiry):
        yield answer
    for quantity in _quantities(clause.words):
        if answer := _refuted_quantity(quantity, clause, inquiry):
            yield answer


def _quantities(words: Sequence[str]) -> Iterator[_Quantity]:
    for position, word in enumerate(words[:-1]):
        noun = NOUNS.get(words[position + 1])
        if word.isdecimal() and len(word) <= 6 and noun:
            yield _Quantity(int(word), noun, position, position + 2)


def _refuted_quantity(quantity: _Quantity, clause: Clause, inquiry: Inquiry) -> Answer | None:
    words = clause.words
    before, after = words[max(0, quantity.first - 5) : quantity.first], words[quantity.behind : quantity.behind + 5]
    last = before[-1] if before else ""
    if last in _VAGUE or unreal(before) or unreal(after[:3]) or _of_others(before, clause, inquiry):
        return None
    table, rest = _scope(after, inquiry)
    owners = [inquiry.table_named(word) for word in before if inquiry.table_named(word)]
    if table == "" and owners and quantity.noun is Noun.INDEXES:
        table = owners[0] if len(owners) == 1 else None
    if table is None:
        return None
    if last == "of" and any(number_is(said, quantity.number).holds for said in inquiry.others(quantity.noun)):
        # `3 of 5 tables`: whoever has five is meant.
        return None
    exact = _is_total(before, rest, clause, quantity)
    juries = inquiry.juries(clause, quantity.noun)
    if last == "all" and not clause.groups:
        # `all three tables` counts what is declared, whoever else is declared right.
        juries = [*juries, (in_force(Noun.RECOVERY, inquiry.model, inquiry.config),)]
    return refuted([[_of_kind(kind, quantity, table, inquiry, exact=exact) for kind in jury] for jury in juries])


def _of_kind(kind: SourceKind, quantity: _Quantity, table: str, inquiry: Inquiry, *, exact: bool) -> Answer:
    voices = inquiry.voices(kind, quantity.noun, table)
    return best([_number(said, quantity.number, exact=exact) for said in voices])


def _scope(after: Sequence[str], inquiry: Inquiry) -> tuple[str | None, Sequence[str]]:
    """The table that the number is about, and the words behind; None for a scope that is not understood."""
    if after[:1] and after[0] in ("on", "of", "for", "in", "per"):
        position = 2 if after[1:2] == ("the",) else 1
        table = inquiry.table_named(after[position]) if len(after) > position else ""
        if table:
            return table, after[position + 1 :]
        if after[0] == "per" or after[position : position + 1] in (("each",), ("every",)):
            return None, after
    return "", after


def _of_others(before: Sequence[str], clause: Clause, inquiry: Inquiry) -> bool:
    """Whether somebody else is said to have the number: `the shop has four tables`."""
    verbs = [position for position, word in enumerate(before) if word in _STATING - _TOTALS]
    subject = before[verbs[0] - 1] if verbs and verbs[0] else ""
    return bool(subject) and not clause.groups and subject not in _OURS and not inquiry.table_named(subject)


def _is_total(before: Sequence[str], rest: Sequence[str], clause: Clause, quantity: _Quantity) -> bool:
    """Whether the number is meant to be all there are, or might be some of them."""
    last = before[-1] if before else ""
    stated = last in _STATING or tuple(before[-2:]) in (("there", "are"), ("there", "is"))
    stated = stated or (last == "of" and before[-2:-1] != () and before[-2].isdecimal())
    named_next = any(quantity.behind < first <= quantity.behind + 3 for _, (first, _) in clause.spans)
    within = bool(rest) and rest[0] in ("in", "of") and named_next
    if within:
        return stated or last in _DEFINITE or not last
    closed = not rest or rest[0] in ("and", "agree", "exist") or bool(set(rest[:3]) & _CLOSING)
    return stated if tuple(before[-1:]) == ("of",) else closed and (stated or not last)


def _number(said: Said, number: int, *, exact: bool) -> Answer:
    answer = number_is(said, number)
    if exact or answer.holds is not False:
        return answer
    most = max((one.number for one in said.counts), default=0)
    return answer if number > most else Answer(None, answer.said, answer.at)


def _refuted_couple(clause: Clause, inquiry: Inquiry) -> Answer | None:
    """`README and script describe a pair on products`: two of what the findings are about, on one table."""
    words = clause.words
    if "pair" not in words or inquiry.noun is not Noun.INDEXES or not clause.groups:
        return None
    position = words.index("pair")
    table, _ = _scope(words[position + 1 : position + 4], inquiry)
    if not table or _STILL & set(words):
        return None
    return refuted(
        [
            [best([number_is(said, 2) for said in inquiry.voices(kind, Noun.INDEXES, table)]) for kind in jury]
            for jury in clause.groups
        ]
    )


class _Pair(Struct, frozen=True):
    """A number of a noun said to stand on a number of tables."""

    number: int
    noun: Noun
    tables: int
    named: bool
    """The noun is written, not taken from the findings."""


def _pair(clause: Clause, inquiry: Inquiry) -> _Pair | None:
    words = clause.words
    for quantity in _quantities(words):
        if quantity.noun is not Noun.TABLES:
            continue
        for position in range(quantity.first - 1, max(-1, quantity.first - 1 - _WINDOW), -1):
            if not words[position].isdecimal():
                continue
            noun = NOUNS.get(words[position + 1])
            between = words[position + (2 if noun else 1) : quantity.first]
            counted = noun or (inquiry.noun if inquiry.noun in NOUNS.values() else None)
            near = bool(noun) and len(between) <= 2 and bool(between) and between[0] in _BESIDE
            if counted and counted is not Noun.TABLES and (near or _ORIGIN & set(between)):
                return _Pair(int(words[position][:6]), counted, quantity.number, named=noun is not None)
            break
    return None


def _refuted_pair(pair: _Pair, clause: Clause, inquiry: Inquiry) -> Answer | None:
    """Every source that gives the number has to have so many tables."""
    kinds = {kind for group in clause.groups for kind in group}
    said: list[str] = []
    places: list[Location] = []
    holders = 0
    for numbers in inquiry.others(pair.noun):
        if kinds and numbers.source not in kinds:
            continue
        if not any(one.number == pair.number for one in numbers.counts):
            continue
        holders += 1
        tables = ask(numbers.source, Noun.TABLES, inquiry.model)
        counts = dict.fromkeys(one.number for one in tables.counts)
        if counts and pair.tables not in counts and tables.certain:
            words = " and ".join(map(str, counts))
            said.append(f"{numbers.source.says} {pair.number} {pair.noun} over {words} tables")
            stated = [one.at for one in numbers.numbers if not one.table and one.number == pair.number]
            places += [*stated[:1], *tables.places[:4]]
    if said:
        return Answer(False, "; ".join(said), tuple(dict.fromkeys(places)))
    if holders or not pair.named or unreal(clause.words):
        return None
    juries = inquiry.juries(clause, pair.noun)
    return refuted([[number_is(ask(kind, pair.noun, inquiry.model), pair.number) for kind in jury] for jury in juries])
