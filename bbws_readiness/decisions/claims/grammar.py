"""Reads the strict language of evidence: a claim about what sources say, or the citation of a line.

    claim     = number | names | agreement | state | window | consumers | citation
    number    = source noun [ of ] "=" digits                         terraform indexes = 7
    names     = source noun [ of ] "=" name { "," name }              script indexes of products = OldIndex, ActiveIndex
    agreement = source { "," source } "and" source "agree on" noun [ of ]
    state     = [ source ] feature ( "on" | "off" ) "for" ( "all" | table )          recovery on for all
    window    = [ source ] "recovery window" "=" ( "default" | digits "days" )
    consumers = "nothing consumes changes of" table
    citation  = path ":" line                                         promotions/04_plan.md:43
    of        = "of" table
    source    = "terraform" | "schemas" | "plan" | "readme" | "script" | "workflows"
    noun      = "tables" | "indexes" | "keys" | "recovery" | "streams" | "backups" | "encryption" | "names"
              | "environments" | "outputs" | "workflows"
    feature   = "recovery" | "streams" | "backups" | "encryption"

Words may be in any case; names, tables and paths are as they are written in the project.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from bbws_readiness.decisions.claims.said import SOURCES, Noun
from bbws_readiness.errors import near_name
from bbws_readiness.patterns import regex
from bbws_readiness.source import SourceKind

FEATURES = (Noun.RECOVERY, Noun.STREAMS, Noun.BACKUPS, Noun.ENCRYPTION)
"""What can be on or off for a table."""

FORMS = "terraform indexes = 7; terraform and schemas agree on indexes; recovery on for all; README.md:14"
"""One claim of each common form, for messages."""

_NUMBER = r"[0-9]{1,6}"
_CITATION = regex(rf"(?P<path>[^\s:](?:[^:\n]*[^\s:])?):(?P<line>{_NUMBER})")
_EQUALS = regex(r"(?P<left>[^=]*)=(?P<right>.*)", re.DOTALL)
_NOTHING = regex(r"nothing\s+consumes\s+changes\s+of\s+(?P<table>\S+)", re.IGNORECASE)
_DAYS = regex(rf"(?P<days>{_NUMBER})\s+days?", re.IGNORECASE)


class NotAClaim(Exception):
    """A text of evidence that is no claim; `summary` says why, `hint` the way out, each in one line."""

    def __init__(self, summary: str, hint: str) -> None:
        self.summary = summary
        self.hint = hint
        super().__init__(f"{summary}; {hint}")


class Size(Struct, frozen=True):
    """A source gives a number for a noun."""

    source: SourceKind
    noun: Noun
    number: int
    table: str = ""


class Names(Struct, frozen=True):
    """A source lists exactly these names."""

    source: SourceKind
    noun: Noun
    names: tuple[str, ...]
    table: str = ""


class Agreement(Struct, frozen=True):
    """Several sources can all be true at once."""

    sources: tuple[SourceKind, ...]
    noun: Noun
    table: str = ""


class State(Struct, frozen=True):
    """A feature is on, or off; `source` None asks the one that is in force, `table` empty means all."""

    noun: Noun
    on: bool
    source: SourceKind | None = None
    table: str = ""


class Window(Struct, frozen=True):
    """Recovery reaches back so many days; `days` None is the service's default."""

    days: int | None
    source: SourceKind | None = None


class NoConsumer(Struct, frozen=True):
    """Nothing in the configuration reads the changes of a table."""

    table: str


class Citation(Struct, frozen=True):
    """The text of one line of a file that is read."""

    path: str
    line: int


Claim = Size | Names | Agreement | State | Window | NoConsumer | Citation


def parse(text: str) -> Claim:
    """The claim that a text of evidence makes; raises `NotAClaim` with a near word where there is one."""
    text = text.strip()
    if found := _NOTHING.fullmatch(text):
        return NoConsumer(found["table"])
    words = text.split()
    lowered = [word.lower() for word in words]
    agree = next((at for at in range(1, len(words) - 2) if lowered[at : at + 2] == ["agree", "on"]), None)
    if agree:
        return Agreement(_sources(" ".join(words[:agree])), *_noun_of(words[agree + 2 :]))
    if found := _EQUALS.fullmatch(text):
        return _equation(found["left"].split(), found["right"].strip())
    if len(words) > 3 and lowered[-3] in ("on", "off") and lowered[-2] == "for":
        return _state(words[:-3], on=lowered[-3] == "on", table=words[-1])
    if found := _CITATION.fullmatch(text):
        return Citation(found["path"], int(found["line"]))
    raise NotAClaim("this is no claim that can be checked", f"write for example: {FORMS}")


def _equation(left: Sequence[str], right: str) -> Claim:
    lowered = [word.lower() for word in left]
    if lowered[-2:] == ["recovery", "window"]:
        source = _source(left[0]) if len(left) == 3 else None
        return Window(_days(right), source)
    if len(left) < 2:
        raise NotAClaim("a source and a noun are needed before the =", "write for example: terraform indexes = 7")
    source = _source(left[0])
    noun, table = _noun_of(left[1:])
    if re.fullmatch(_NUMBER, right):
        return Size(source, noun, int(right), table)
    names = tuple(dict.fromkeys(name.strip() for name in right.split(",") if name.strip()))
    if not names or any(" " in name for name in names):
        raise NotAClaim("after the = a number or names are needed", "part names with commas: A, B")
    return Names(source, noun, names, table)


def _state(words: Sequence[str], *, on: bool, table: str) -> State:
    if not 1 <= len(words) <= 2:
        hint = "write for example: recovery on for all, or terraform streams off for products"
        raise NotAClaim("on and off are said of one feature", hint)
    source = _source(words[0]) if len(words) == 2 else None
    noun = _noun(words[-1])
    if noun not in FEATURES:
        features = ", ".join(FEATURES)
        raise NotAClaim(f"{noun} cannot be on or off", f"say it of one of these: {features}")
    return State(noun, on, source, "" if table.lower() in ("all", "every", "each") else table)


def _days(text: str) -> int | None:
    if text.lower() == "default":
        return None
    if found := _DAYS.fullmatch(text):
        return int(found["days"])
    raise NotAClaim("a recovery window is a number of days", "write `= default` or `= 35 days`")


def _noun_of(words: Sequence[str]) -> tuple[Noun, str]:
    if len(words) == 1:
        return _noun(words[0]), ""
    if len(words) == 3 and words[1].lower() == "of":
        return _noun(words[0]), words[2]
    raise NotAClaim("a noun is one word, with `of TABLE` behind it or not", f"the nouns are {', '.join(Noun)}")


def _noun(word: str) -> Noun:
    try:
        return Noun(word.lower())
    except ValueError:
        pass
    raise NotAClaim(f'"{word}" is no noun of claims', _near(word, [noun.value for noun in Noun], "the nouns are"))


def _sources(text: str) -> tuple[SourceKind, ...]:
    words = re.sub(r",|\band\b", " ", text, flags=re.IGNORECASE).split()
    found = tuple(dict.fromkeys(_source(word) for word in words))
    if len(found) < 2:
        raise NotAClaim("only two sources or more can agree", "write for example: terraform and schemas agree on keys")
    return found


def _source(word: str) -> SourceKind:
    try:
        kind = SourceKind(word.lower())
    except ValueError:
        kind = None
    if kind in SOURCES:
        return kind
    raise NotAClaim(
        f'"{word}" is no source of claims', _near(word, [kind.value for kind in SOURCES], "the sources are")
    )


def _near(word: str, known: list[str], otherwise: str) -> str:
    near = near_name(word.lower(), known)
    return f'did you mean "{near}"?' if near else f"{otherwise} {', '.join(known)}"
