"""Follows where and as whom the commands of one section run, from fence to fence."""

from __future__ import annotations

import posixpath
import re

from msgspec import Struct, field

from bbws_readiness.parsers.workflows import shell
from bbws_readiness.patterns import regex

_UNKNOWN = regex(r"[$<>`*{}]")
_TOP = regex(r"\$\(git rev-parse --show-toplevel\)|`git rev-parse --show-toplevel`")
_CLONED = regex(r"([\w.-]{1,100}?)(?:\.git)?/?")


class Spot(Struct, frozen=True):
    """A working directory, relative to the project."""

    path: str = ""
    known: bool = True
    assumed: bool = False
    """It lies in a clone that is taken to be one of this project."""

    def below(self, target: str, folder: str, clone: str) -> Spot:
        """Where `cd target` leads from here; `folder` is the project's name, `clone` what was cloned before."""
        inside = below_project(target, folder)
        if inside is not None:
            return Spot(inside)
        if found := _TOP.match(target):
            rest = target[found.end() :].strip("/")
            return Spot("", known=False) if _UNKNOWN.search(rest) else Spot(rest)
        first, _, rest = target.removeprefix("./").partition("/")
        if clone and first == clone and not _UNKNOWN.search(rest):
            return Spot(posixpath.normpath(rest) if rest else "", assumed=True)
        if not self.known or target.startswith(("/", "~", "-")) or _UNKNOWN.search(target):
            return Spot("", known=False)
        joined = posixpath.normpath(posixpath.join(self.path, target))
        if joined.startswith(".."):
            return Spot("", known=False)
        return Spot("" if joined == "." else joined, assumed=self.assumed)


class Place(Struct):
    """Where and as whom the next command of a fence runs."""

    folder: str
    spot: Spot = field(default_factory=Spot)
    carried: Spot | None = None
    """Where it runs when the shell of the section's earlier fences goes on; None in the first one."""
    profile: str = ""
    workspace: str = ""
    clone: str = ""
    _left: list[tuple[Spot, Spot | None]] = field(default_factory=list)
    _outside: list[tuple[int, Spot, Spot | None]] = field(default_factory=list)

    def next_fence(self) -> Place:
        """The place at the start of the section's next fence: a new shell, or the old one."""
        return Place(self.folder, carried=self.carried or self.spot, clone=self.clone)

    def enter(self, command: shell.Command) -> None:
        """Comes back from the parentheses that the command stands outside of, and notes those it stands in."""
        while self._outside and self._outside[-1][0] not in command.subshells:
            _, self.spot, self.carried = self._outside.pop()
        inside = {number for number, _, _ in self._outside}
        for number in command.subshells:
            if number not in inside:
                self._outside.append((number, self.spot, self.carried))

    def follow(self, command: shell.Command) -> None:
        """What the command does to the directory of those after it."""
        words = command.texts
        if words[:2] == ("git", "clone"):
            operands = [word for word in words[2:] if not word.startswith("-")]
            named = _CLONED.fullmatch(operands[-1].rstrip("/").rpartition("/")[2]) if operands else None
            self.clone = named[1] if named else ""
        elif words[:1] == ("popd",) and self._left:
            self.spot, self.carried = self._left.pop()
        elif words[:1] in (("cd",), ("pushd",)):
            if words[0] == "pushd":
                self._left.append((self.spot, self.carried))
            target = words[1] if len(words) > 1 else "~"
            self.spot = self.spot.below(target, self.folder, self.clone)
            self.carried = self.carried.below(target, self.folder, self.clone) if self.carried else None


def below_project(target: str, folder: str) -> str | None:
    """What follows the last component that is the project's folder, or None when there is no such component."""
    parts = [part for part in re.split(r"[\\/]", target) if part]
    if not folder or folder not in parts:
        return None
    last = len(parts) - 1 - parts[::-1].index(folder)
    below = "/".join(parts[last + 1 :])
    return None if _UNKNOWN.search(below) else below
