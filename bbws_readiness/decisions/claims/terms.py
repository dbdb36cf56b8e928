"""Recognises days in a reason: how far recovery reaches back, and how long or how often backups are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bbws_readiness.decisions.claims.inquiry import Inquiry, best, refuted, unreal
from bbws_readiness.decisions.claims.said import Noun, Said
from bbws_readiness.decisions.claims.verdicts import Answer, window_is
from bbws_readiness.decisions.claims.words import Clause, vocabulary
from bbws_readiness.source import SourceKind

_BACKUP = frozenset({"backup", "backups", "retention", "retained", "vault"})
_RESTORE = frozenset({"restore", "restores", "restored"})
_BACK = frozenset({"last", "past", "back"})
_FREQUENCIES = frozenset({"hourly", "daily", "weekly", "monthly"})
_LEAST = (("at", "least"), ("more", "than"), ("up", "to"))
_OTHER_DAYS = vocabulary("working sprint review notice old ago left later before after log every in within no by")
_OTHER_SPANS = vocabulary(
    """maintenance deployment change release freeze takes take lasts time objective rto rpo tested test tests
    drill exercise due sprint"""
)
"""Words of clauses whose days are no window."""
_ABOUT_BACKUPS = frozenset({Noun.BACKUPS, Noun.RECOVERY})


def contradicted_terms(clause: Clause, inquiry: Inquiry) -> Iterator[Answer]:
    """The contradictions of windows, retentions and frequencies in one clause."""
    if inquiry.out_of_reach(clause):
        return
    words = clause.words
    for position, word in enumerate(words[:-1]):
        if not (word.isdecimal() and words[position + 1] in ("day", "days")) or len(word) > 6:
            continue
        before, after = words[max(0, position - 6) : position], words[position + 2 : position + 6]
        if unreal(before) or unreal(after[:2]) or _OTHER_DAYS & {*after[:2], *before[-1:]}:
            continue
        if _OTHER_SPANS & set(words) or (before[-1:] == ("than",) and tuple(before[-2:]) not in _LEAST):
            continue
        topic = _topic(words, position, inquiry)
        if topic is Noun.RECOVERY and (answer := _window(int(word), before, clause, inquiry)):
            yield answer
        if topic is Noun.BACKUPS and (answer := _terms("retention", word, clause, inquiry)):
            yield answer
    if _FREQUENCIES & set(words) and _BACKUP & set(words) and not unreal(words):
        for frequency in dict.fromkeys(word for word in words if word in _FREQUENCIES):
            if answer := _terms("frequency", frequency, clause, inquiry):
                yield answer


def _topic(words: Sequence[str], position: int, inquiry: Inquiry) -> Noun | None:
    """What the days are days of: the nearest of both terms; a window alone is that of recovery."""
    nearest: tuple[int, Noun] | None = None
    for other, word in enumerate(words):
        restored = word in _RESTORE and bool(_BACK & set(words[max(0, position - 2) : position]))
        noun = Noun.BACKUPS if word in _BACKUP else Noun.RECOVERY if word == "recovery" or restored else None
        if noun and (nearest is None or abs(other - position) < nearest[0]):
            nearest = (abs(other - position), noun)
    if nearest:
        return nearest[1]
    return Noun.RECOVERY if "window" in words and inquiry.noun in _ABOUT_BACKUPS else None


def _window(days: int, before: Sequence[str], clause: Clause, inquiry: Inquiry) -> Answer | None:
    at_least = tuple(before[-2:]) in _LEAST
    kinds = [kinds for kinds in clause.groups if set(kinds) & {SourceKind.TERRAFORM, SourceKind.SCHEMAS}]
    if clause.groups and not kinds:
        return None
    juries = kinds or inquiry.juries(clause, Noun.RECOVERY)[:1]
    others = list(inquiry.others(Noun.RECOVERY))

    def answer(kind: SourceKind) -> Answer:
        voices = inquiry.voices(kind, Noun.RECOVERY)
        return best([window_is(said, days, at_least=at_least, others=others) for said in voices])

    return refuted([[answer(kind) for kind in jury] for jury in juries])


def _terms(aspect: str, value: str, clause: Clause, inquiry: Inquiry) -> Answer | None:
    """Terms are only held against the sources that the clause names: several may be right, each in its place."""
    juries = [[_stated(said, aspect, value) for said in _named(kinds, inquiry)] for kinds in clause.groups]
    return refuted(juries)


def _named(kinds: Sequence[SourceKind], inquiry: Inquiry) -> Iterator[Said]:
    for kind in kinds:
        yield from inquiry.voices(kind, Noun.BACKUPS)


def _stated(said: Said, aspect: str, value: str) -> Answer:
    """Whether the source gives that value for some environment."""
    given = {one.aspects[aspect]: one.at for one in said.subjects.values() if aspect in one.aspects}
    if not given or any(one.unknown for one in said.subjects.values()):
        return Answer(None, "", ())
    unit = " days" if aspect == "retention" else ""
    listed = " and ".join(f"{found}{unit}" for found in given)
    return Answer(value in given, f"{said.source.says} {listed} for backups", tuple(given.values()))
