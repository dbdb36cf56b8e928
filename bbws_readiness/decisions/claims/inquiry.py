"""Who is asked about a claim of a reason, and what is known while it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bbws_readiness.config import Config
from bbws_readiness.decisions.claims.said import SOURCES, Noun, Said
from bbws_readiness.decisions.claims.verdicts import Answer
from bbws_readiness.decisions.claims.witnesses import ask_all, in_force, logical_name
from bbws_readiness.decisions.claims.words import Clause, vocabulary
from bbws_readiness.model.model import Model
from bbws_readiness.source import SourceKind

_ELSEWHERE = vocabulary(
    """document documents docs wiki ticket tickets jira confluence console account accounts production staging test
    aws backlog roadmap api service services project projects repository module modules team
    organisation organization central centrally outside landing"""
)
"""Words for witnesses that cannot be asked: what they say is no claim about the files."""

_UNREAL = vocabulary(
    """not never no-longer nor neither cannot without if unless until once when later soon future would could should
    might may will must shall planned wanted intended intend expected expect was were had used been became before after
    earlier formerly previously originally initially old former historical next tomorrow instead rather wrong wrongly
    incorrect mistaken mistake outdated stale typo error guess estimate assume assumes assumed assuming suppose
    supposing meant need needs needed require required want wants ask asks asked enough suffice suffices target goal
    maximum limit minimum quota becomes become add adds added adding create creating migrate moved moves"""
)
"""Words that make a number or a state something else than a claim about what the files say now."""


class Inquiry(Struct, frozen=True):
    """What the claims of one reason are put to."""

    model: Model
    config: Config
    noun: Noun | None
    """What a bare number is a number of."""
    tables: frozenset[str]

    def table_named(self, word: str) -> str:
        """The logical name of the table that a word of a reason names; empty when it names none."""
        word = word.removesuffix("'s").removesuffix("'")
        name = next((name for name in self.tables if name.lower() == word), None)
        return (logical_name(name, self.model) or "") if name else ""

    def out_of_reach(self, clause: Clause) -> bool:
        """Whether the clause is about a witness or an environment that this assessment does not see."""
        others = set(self.model.environments) - {self.model.environment}
        return bool((others | _ELSEWHERE) & set(clause.words)) and not clause.groups

    def juries(self, clause: Clause, noun: Noun) -> list[tuple[SourceKind, ...]]:
        """Those who may make a claim of the clause true, one jury being enough.

        The sources named in the clause; else those named beside it in the sentence, or whoever is in force.
        """
        if clause.groups:
            return list(clause.groups)
        beside = [kinds for other in clause.sentence for kinds in other.groups]
        return [(in_force(noun, self.model, self.config),), *beside]

    def voices(self, kind: SourceKind, noun: Noun, table: str = "") -> tuple[Said, ...]:
        """What the source says of the noun, once for each of its files that speaks for itself."""
        saids = ask_all(kind, noun, self.model)
        return tuple(said.of(table) for said in saids) if table else saids

    def others(self, noun: Noun) -> Iterator[Said]:
        """What every source says that a claim can name."""
        for kind in SOURCES:
            yield ask_all(kind, noun, self.model)[0]


def unreal(words: Sequence[str]) -> bool:
    """Whether one of the words says that this is no claim about the present."""
    return any(word in _UNREAL for word in words)


def refuted(juries: Sequence[Sequence[Answer]]) -> Answer | None:
    """The first contradiction, when every jury has a member who contradicts; else None."""
    against = [next((answer for answer in jury if answer.holds is False), None) for jury in juries]
    return against[0] if against and all(against) else None


def best(answers: Sequence[Answer]) -> Answer:
    """The answer of a source that has several voices: that of one which supports the claim, if there is one."""
    return next((answer for answer in answers if answer.holds is not False), answers[0])
