"""What runs of Terraform leave behind in a checkout, and which files git passes by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from msgspec import Struct

from bbws_readiness.memory import remembered
from bbws_readiness.source import Location, SourceKind

_Token: TypeAlias = tuple[str, str]
"""`("*", "")`, `("?", "")`, `("[", members)`, `("^", members)`, or `("", character)`."""
_Fits: TypeAlias = Callable[[str], bool]
_ANY = "**"


class WrittenFile(Struct, frozen=True):
    """A state, plan or output file that a command of a workflow or a document creates."""

    path: str
    """Relative to the project; expressions and variables as written."""
    at: Location
    source: SourceKind


class _Form(Struct, frozen=True):
    """What the names of a path must be to fit a pattern."""

    names: tuple[_Fits | None, ...]
    """One after the other; None for `**`."""
    folders: bool
    """Only folders fit."""
    anywhere: _Fits | None = None
    """Where the last name alone decides, which is what most lines are about."""


class IgnoreRule(Struct, frozen=True, dict=True):
    """One line of an ignore file."""

    text: str
    at: Location
    base: str = ""
    """The folder of the ignore file; empty for the root."""

    @property
    def negated(self) -> bool:
        """Whether it takes back what an earlier line ignores."""
        return self.text.startswith("!")

    @cached_property
    def _form(self) -> _Form:
        return _form(self.text.removeprefix("!"))

    def fits(self, names: Sequence[str], *, folder: bool) -> bool:
        """Whether the path, given by its names from the root of the project down, is one it speaks of."""
        form = self._form
        if form.folders and not folder:
            return False
        if self.base:
            base = self.base.split("/")
            if list(names[: len(base)]) != base or len(names) == len(base):
                return False
            names = names[len(base) :]
        if form.anywhere:
            return form.anywhere(names[-1])
        return bool(form.names) and _fits(form.names, names)


class Ignores(Struct, frozen=True, dict=True):
    """Every line of the project's ignore files, those nearer to the root first."""

    rules: tuple[IgnoreRule, ...] = ()
    more_above: bool = False
    """The project lies in a larger checkout, whose ignore files further up are not read."""
    unread: Location | None = None
    """The first ignore file that could not be read."""

    @cached_property
    def _folders(self) -> dict[tuple[str, ...], IgnoreRule | None]:
        return {}

    def rule_for(self, path: str) -> IgnoreRule | None:
        """The line that makes git pass by the file, or None when it would be committed.

        As in git the last line that fits decides, and nothing in an ignored folder is taken back.
        """
        names = path.split("/")
        for depth in range(1, len(names)):
            if found := self._of_folder(tuple(names[:depth])):
                return found
        return self._ignoring(names, folder=False)

    def _of_folder(self, names: tuple[str, ...]) -> IgnoreRule | None:
        """The line that speaks of the folder itself; looked for once, as many files lie in one folder."""
        if names not in self._folders:
            self._folders[names] = self._ignoring(names, folder=True)
        return self._folders[names]

    def _ignoring(self, names: Sequence[str], *, folder: bool) -> IgnoreRule | None:
        found = self._last(names, folder=folder)
        return found if found and not found.negated else None

    def _last(self, names: Sequence[str], *, folder: bool) -> IgnoreRule | None:
        for rule in reversed(self.rules):
            if rule.fits(names, folder=folder):
                return rule
        return None


def patterns(texts: Iterable[str], at: Location) -> Ignores:
    """Patterns that stand elsewhere than in an ignore file, read by the same grammar."""
    return Ignores(tuple(IgnoreRule(text, at) for text in texts))


@remembered
def _form(pattern: str) -> _Form:
    folders = pattern.endswith("/")
    pattern = pattern.rstrip("/") if folders else pattern
    names = [None if name == _ANY else _taking(tuple(_tokens(name))) for name in pattern.split("/") if name]
    if "/" in pattern:
        return _Form(tuple(names), folders)
    return _Form((None, *names), folders, anywhere=names[0] if names else None)


def _taking(tokens: tuple[_Token, ...]) -> _Fits:
    """Whether a name matches, in one step where the pattern is a plain name or an ending."""
    stars = [place for place, (kind, _) in enumerate(tokens) if kind]
    plain = "".join(character for _, character in tokens)
    if not stars:
        return lambda name: name == plain
    if stars == [0] and tokens[0][0] == "*":
        return lambda name: name.endswith(plain)
    # Few names hold all that is written between the signs.
    written = ["".join(map(itemgetter(1), run)) for signs, run in groupby(tokens, lambda token: token[0]) if not signs]
    return lambda name: all(text in name for text in written) and _name_fits(tokens, name)


def _fits(form: Sequence[_Fits | None], names: Sequence[str]) -> bool:
    """Whether the names match one after the other; `**` takes any number of folders, at the end at least one name."""
    reached = {0}
    for number, wanted in enumerate(form):
        last = number == len(form) - 1
        if wanted is None:
            first = min(reached, default=len(names)) + (1 if last else 0)
            reached = set(range(first, len(names) + 1))
        else:
            reached = {place + 1 for place in reached if place < len(names) and wanted(names[place])}
    return len(names) in reached


def _name_fits(tokens: Sequence[_Token], name: str) -> bool:
    """Whether one name matches, in time proportional to both lengths: only the last star is gone back to."""
    token, character, star, resumed = 0, 0, -1, 0
    while character < len(name):
        if token < len(tokens) and tokens[token][0] == "*":
            star, resumed = token, character
            token += 1
        elif token < len(tokens) and _one_fits(tokens[token], name[character]):
            token += 1
            character += 1
        elif star >= 0:
            resumed += 1
            token, character = star + 1, resumed
        else:
            return False
    return all(kind == "*" for kind, _ in tokens[token:])


def _one_fits(token: _Token, character: str) -> bool:
    kind, members = token
    if kind == "":
        return members == character
    return kind == "?" or (character in members) is (kind == "[")


def _tokens(name: str) -> Iterator[_Token]:
    position = 0
    while position < len(name):
        sign = name[position]
        position += 1
        if sign == "\\" and position < len(name):
            yield "", name[position]
            position += 1
        elif sign in "*?":
            yield sign, ""
        elif sign == "[" and (end := name.find("]", position + 1)) > 0:
            inside = name[position:end]
            yield ("^" if inside[0] in "!^" else "["), _members(inside.lstrip("!^"))
            position = end + 1
        else:
            yield "", sign


def _members(inside: str) -> str:
    """The characters of a class, ranges written out as far as ASCII goes."""
    found, position = [], 0
    while position < len(inside):
        if inside[position + 1 : position + 2] == "-" and position + 2 < len(inside):
            first, last = ord(inside[position]), min(ord(inside[position + 2]), 0x7F)
            found += [chr(code) for code in range(first, last + 1)]
            position += 3
        else:
            found.append(inside[position])
            position += 1
    return "".join(found)
