"""Splits the lists of roles in plans and approval matrices."""

from __future__ import annotations

from collections.abc import Iterator

from bbws_readiness.parsers.promotion_plan.reading import split_list
from bbws_readiness.patterns import regex

NO_ROLE = frozenset({"stakeholder", "stakeholders", "business", "everyone", "all"})
_ROLE = regex(r"[A-Z][\w&/-]*(?:[ ][A-Z&][\w&/-]*){0,4}")
_BETWEEN = regex(r"(?:^|[ ])(?:and|\+|/)[ ]")
_INSIDE = regex(r"[ ]&[ ]|/|\+|&")
_LEADING = regex(r"^(?:the|from)[ ]+")
_SHORT = frozenset({"DBA", "QA", "SRE", "CTO", "CIO", "CEO", "CFO", "CISO", "PO", "PM"})
_NOUNS = frozenset(
    {"lead", "owner", "manager", "engineer", "architect", "developer", "administrator", "admin", "analyst", "officer"}
    | {"director", "sponsor", "tester"}
)


def split_roles(text: str) -> list[str]:
    """The roles in `Tech Lead, DBA, and FinOps Lead`; what is no role is left out."""
    names = [_LEADING.sub("", part.strip(" .;:")) for piece in split_list(text) for part in separate_roles(piece)]
    return [name for name in names if _ROLE.fullmatch(name) and name.casefold() not in NO_ROLE]


def separate_roles(text: str) -> Iterator[str]:
    """The roles that one entry of a list names together: `Tech Lead + DBA`, `DBA/QA Lead`, `Tech Lead & DBA`.

    A sign that may be part of a name (`QA & Release`, `CI/CD Lead`) separates only where a role stands on either side.
    """
    for part in _BETWEEN.split(text):
        yield from _apart(part)


def _apart(text: str) -> Iterator[str]:
    pieces, signs = _INSIDE.split(text), [*_INSIDE.findall(text), ""]
    name = ""
    for position, (piece, sign) in enumerate(zip(pieces, signs, strict=True)):
        name += piece
        if sign and _is_role(name) and _is_role(pieces[position + 1]):
            yield name
            name = ""
        else:
            name += sign
    yield name


def _is_role(text: str) -> bool:
    words = text.split()
    return bool(words) and (words[-1] in _SHORT or words[-1].lower() in _NOUNS)
