"""Holds a claim of evidence against the model, with the places it rests on and a digest of what stands there."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.config import Config
from bbws_readiness.decisions.claims.consumers import consumers_of
from bbws_readiness.decisions.claims.grammar import (
    Agreement,
    Citation,
    Claim,
    Names,
    NoConsumer,
    NotAClaim,
    Size,
    State,
    Window,
    parse,
)
from bbws_readiness.decisions.claims.said import SOURCES, Noun, Said, digest_of, digest_of_text
from bbws_readiness.decisions.claims.verdicts import Answer, agree, names_are, number_is, state_is, window_is
from bbws_readiness.decisions.claims.witnesses import ask, in_force, known_tables, logical_name
from bbws_readiness.disclosure import disclosed
from bbws_readiness.errors import near_name
from bbws_readiness.model.model import Model
from bbws_readiness.source import Location, SourceKind

MAX_LINE = 120
"""Characters of a cited line that are shown."""


class Examined(Struct, frozen=True):
    """What came of one claim."""

    claim: str
    holds: bool | None
    """None when the files cannot tell."""
    said: str
    """What the sources say, in one line; names in it are those of the project."""
    at: tuple[Location, ...]
    """The places it rests on, the most telling first."""
    digest: str
    """Twelve hex digits of what the sources say, whether or not it supports the claim: no lines, no order of files."""


def examine(claim: str, *, model: Model, config: Config) -> Examined:
    """Whether the claim holds today; raises `NotAClaim` for a text that cannot be checked."""
    parsed = parse(claim)
    answer, digest = _judged(parsed, model, config)
    return Examined(claim, answer.holds, answer.said, answer.at, digest)


def _judged(claim: Claim, model: Model, config: Config) -> tuple[Answer, str]:
    match claim:
        case Citation():
            return _cited(claim, model)
        case NoConsumer(table):
            found = consumers_of(_table(table, model), model)
            return found.answer, found.digest
        case Agreement(sources, noun, table):
            saids = [_said(kind, noun, table, model) for kind in sources]
            return agree(saids), digest_of(saids)
        case Window(days, source):
            said = ask(source or in_force(Noun.RECOVERY, model, config), Noun.RECOVERY, model)
            others = [ask(kind, Noun.RECOVERY, model) for kind in SOURCES]
            return window_is(said, days, others=others), digest_of([said])
        case State(noun, on, source, table):
            said = _said(source or in_force(noun, model, config), noun, table, model)
            return state_is(said, on=on, table=_table(table, model) if table else ""), digest_of([said])
        case Size(source, noun, number, table):
            said = _said(source, noun, table, model)
            return number_is(said, number), digest_of([said])
        case Names(source, noun, names, table):
            said = _said(source, noun, table, model)
            return names_are(said, names), digest_of([said])


def _said(kind: SourceKind, noun: Noun, table: str, model: Model) -> Said:
    said = ask(kind, noun, model)
    return said.of(_table(table, model)) if table else said


def _table(name: str, model: Model) -> str:
    """The logical name of a table that a claim names; raises `NotAClaim` when no source knows it."""
    found = logical_name(name, model)
    if found is None:
        known = sorted(known_tables(model))
        near = near_name(name, known)
        hint = f'did you mean "{near}"?' if near else f"the tables are {', '.join(known[:12]) or 'none'}"
        raise NotAClaim(f'no source names a table "{name}"', hint)
    return found


def _cited(claim: Citation, model: Model) -> tuple[Answer, str]:
    source = model.sources.get(claim.path)
    if source is None:
        near = near_name(claim.path, sorted(model.sources))
        hint = f'did you mean "{near}"?' if near else "cite a file that the assessment reads"
        raise NotAClaim(f'"{claim.path}" is no file that was read', hint)
    lines = source.lines
    at = Location(claim.path, claim.line)
    if not 1 <= claim.line <= len(lines) or not lines[claim.line - 1].strip():
        return Answer(False, f"{at} has no text", (Location(claim.path, 0),)), digest_of_text("")
    text = " ".join(lines[claim.line - 1].split())
    shown = disclosed(text)
    shown = shown if len(shown) <= MAX_LINE else f"{shown[: MAX_LINE - 1]}…"
    return Answer(True, shown, (at,)), digest_of_text(text)
