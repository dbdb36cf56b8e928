"""Terraform's version constraints: `>= 1.6, < 2.0`, `~> 5.40`."""

from __future__ import annotations

from msgspec import Struct

from bbws_readiness.patterns import regex

_VERSION = regex(r"v?(\d{1,9}(?:\.\d{1,9}){0,3})(?:-([0-9A-Za-z.-]{1,60}))?(?:\+[0-9A-Za-z.-]{1,60})?")
_CONDITION = regex(r"\s{0,9}(=|!=|>=|<=|~>|>|<)?\s{0,9}(\S{1,80})\s{0,9}")
_EXACT = regex(r"v?\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]{1,60})?")
MAX_CONDITIONS = 20


class Version(Struct, frozen=True):
    """A version as it was written: as many numbers as there are, and a pre-release."""

    numbers: tuple[int, ...]
    prerelease: str = ""

    @property
    def full(self) -> tuple[int, int, int]:
        """Major, minor and patch, those not written as 0."""
        major, minor, patch, *_ = (*self.numbers, 0, 0, 0)
        return (major, minor, patch)

    @property
    def order(self) -> tuple[tuple[int, int, int], bool, tuple[tuple[bool, int, str], ...]]:
        """Sorts as semantic versions do: a pre-release comes before its release."""
        parts = [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in self.prerelease.split(".")]
        return (self.full, not self.prerelease, tuple(parts))


class Condition(Struct, frozen=True):
    """One operator with its version."""

    operator: str
    version: Version

    def admits(self, version: Version) -> bool:
        """Whether `version` keeps it; a pre-release is admitted only where it is named itself, as in Terraform."""
        wanted = self.version
        if version.prerelease and (version.full, version.prerelease) != (wanted.full, wanted.prerelease):
            return self.operator == "!="
        match self.operator:
            case "=":
                return version.order == wanted.order
            case "!=":
                return version.order != wanted.order
            case ">":
                return version.order > wanted.order
            case ">=":
                return version.order >= wanted.order
            case "<":
                return version.order < wanted.order
            case "<=":
                return version.order <= wanted.order
        # `~>`: only the last number that is written may grow.
        kept = max(len(wanted.numbers[:3]) - 1, 1)
        return version.order >= wanted.order and version.full[:kept] == wanted.full[:kept]


def parse_constraint(text: str) -> tuple[Condition, ...] | None:
    """The conditions that must all hold, or None for a text that Terraform would refuse."""
    parts = text.split(",")
    if len(parts) > MAX_CONDITIONS:
        return None
    conditions = []
    for part in parts:
        found = _CONDITION.fullmatch(part)
        version = parse_version(found[2]) if found else None
        if found is None or version is None:
            return None
        conditions.append(Condition(found[1] or "=", version))
    return tuple(conditions)


def parse_version(text: str) -> Version | None:
    """A version with one to four numbers, or None for any other text."""
    found = _VERSION.fullmatch(text.strip())
    return Version(tuple(map(int, found[1].split("."))), found[2] or "") if found else None


def is_exact(text: str) -> bool:
    """Whether an installer that is given `text` can choose one version only: all three numbers and no operator."""
    return _EXACT.fullmatch(text.strip()) is not None
